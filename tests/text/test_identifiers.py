"""DOIs and ORCID iDs are found as papers and pages print them."""

from __future__ import annotations

import pytest

from searchsvc.text.identifiers import bare_identifier, doi_in, dois_in, orcid_in, orcid_of, without_orcids


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.5555/Ring.2021.", "10.5555/ring.2021"),
        ("(doi:10.5555/ring-1)", "10.5555/ring-1"),
        ("10.5555/S0140-6736(20)30183-5", "10.5555/s0140-6736(20)30183-5"),
        ("10.5555/ring(1)", "10.5555/ring(1)"),
        ("https://doi.org/10.5555/ring?from=here", "10.5555/ring"),
        ("version 10.2/3", None),
    ],
)
def test_a_doi_ends_where_the_sentence_goes_on(text: str, doi: str | None) -> None:
    assert doi_in(text) == doi


def test_an_orcid_is_found_in_an_address_and_in_small_letters() -> None:
    assert orcid_in("https://orcid.org/0000-0002-1694-233x") == "0000-0002-1694-233X"
    assert orcid_in("00000-0002-1694-2333") is None
    assert without_orcids("Okonjo 0000-0002-1694-233X, Berg").split() == ["Okonjo", ",", "Berg"]


def test_what_is_typed_before_an_identifier_does_not_count() -> None:
    assert bare_identifier(" DOI: 10.5555/Ring ") == bare_identifier("https://doi.org/10.5555/ring") == "10.5555/ring"


@pytest.mark.parametrize("end", [")", "]", "(", ").", "a"])
def test_a_doi_of_any_length_is_read_at_once(end: str) -> None:
    assert dois_in("10.1234/" + ")" * 5) == []
    for doi in dois_in("see 10.1234/a" + end * (200_000 // len(end))):
        assert doi.startswith("10.1234/a") and len(doi) < 320


def test_only_the_digits_that_identifiers_have_are_digits() -> None:
    assert orcid_of("\u0660\u0660\u0660\u0660-0002-1825-0097") is None
    assert orcid_in("0000-0002-1825-009\u0667") is None
