"""Who cites a work by names and year finds it first."""

from __future__ import annotations

import pytest

from searchsvc.model import Author, Kind, Resource
from searchsvc.search.citations import Citation, citation_of

WORK = Resource(
    "a", Kind.PAPER, "Tides", content_hash="a" * 64, added_at="1", year=2021,
    authors=(Author("Amara C. Okonjo"), Author("Béla Varga"), Author("Inês O'Brien"), Author("Li Wei")),
)  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["Okonjo 2021", "okonjo & varga 2021", "Okonjo et al. (2021a)", "Varga, Béla 2021", "Varga and Okonjo",
     "O'Brien 2021", "Okonjo AC, Varga B. 2021", "Okonjo Varga O'Brien Wei", "Okonjo, A., & Varga, B. (2021).",
     "Okonjo A.C., Varga B 2021",
     "wei li 2021"],
)  # fmt: skip
def test_authors_and_year_cite(query: str) -> None:
    cited = citation_of(query)
    assert cited is not None and cited.fits(WORK)


@pytest.mark.parametrize(
    "query", ["Okonjo 2020", "Okonjo Lind", "Amara Okonjo", "Béla 2020", "tides 2021", "Okonjo tides 2021"]
)
def test_what_does_not_fit_is_not_meant(query: str) -> None:
    cited = citation_of(query)
    assert cited is not None and not cited.fits(WORK)


@pytest.mark.parametrize(
    "query", ["", "2021", "Okonjo", "from 2019 to 2021", "p24 2021", "et al", "a b c d e f g h 2021", "\u037a 2021"]
)
def test_what_is_no_citation(query: str) -> None:
    assert citation_of(query) is None


def test_the_first_author_is_told_from_the_others() -> None:
    assert [Citation((name,), 2021).begins(WORK) for name in ("Okonjo", "Varga")] == [True, False]


def test_the_year_is_the_year() -> None:
    assert citation_of("Okonjo (2021b).") == Citation(("Okonjo",), 2021)
