"""An entry of the declaration is a filter in the store, in what is counted, in addresses, in the API, as an option."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from typing import Any

import pytest

from searchsvc.filters import FILTERS, Filter, Span, linked_fields
from searchsvc.model import Kind, Resource
from searchsvc.search.archive import Archive
from searchsvc.search.relevance import Bands
from tests.conftest import ROOT
from tests.web.conftest import Elements

RESOURCE = Resource(
    "r", Kind.PAPER, "Rings", year=2021, language="en", people=("p",), organizations=("o",), projects=("j",)
)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What becomes of the two entries that tests/search/added_filter.py declares."""
    home = tmp_path_factory.mktemp("added") / "home"
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.added_filter", home], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_added_filter_is_in_the_store_and_old_points_are_written_anew(added: dict[str, Any]) -> None:
    assert (added["indexed"]["media_type"], added["indexed"]["words"]) == ("word", "number")
    assert added["payload"] == ["text/html", "text/markdown"]
    assert added["points"] == "points-6"


def test_an_added_filter_is_a_parameter_an_option_and_a_facet(added: dict[str, Any]) -> None:
    assert {"media_type", "words_from", "words_to"} <= {*added["parameters"]}
    for how in ("searched", "listed", "command"):
        assert added[how] == ["long.md"], how
    for how in ("searched_facets", "listed_facets"):
        assert added[how]["media_type"] == {"text/markdown": 1}
        assert added[how]["words"].keys() == {"10", "86"}, "as if its own choice were not made"


def test_an_added_filter_is_in_the_page_and_its_addresses(added: dict[str, Any]) -> None:
    page = Elements(added["page"])
    assert page.all("input", name="words_from", value="30") and page.all(
        "input", name="media_type", value="text/markdown"
    )
    hrefs = [one["href"] for one in page.all("a")]
    bars = {
        "/?q=ring&media_type=text%2Fmarkdown&words_to=85",
        "/?q=ring&media_type=text%2Fmarkdown&words_from=86&words_to=86",
    }
    assert bars <= {*hrefs}, "10 words stand too far from 86 for a bar of their own"
    assert {"/?q=ring&words_from=30", "/?q=ring&media_type=text%2Fmarkdown"} <= {*hrefs}, "without one, and the other"


def test_what_is_declared_is_there() -> None:
    assert {one.attribute for one in FILTERS.values()} <= {one.name for one in fields(Resource)}
    assert FILTERS["kind"].one_of == tuple(Kind)
    assert [one.name for one in linked_fields()] == ["person", "organization", "project"]


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_tells_who_passes_and_stands_in_the_address(name: str) -> None:
    archive, known = Archive.empty(), FILTERS[name]
    [value] = [one[0] if isinstance(one, tuple) else one for one in [getattr(RESOURCE, known.attribute)]]
    asked = (Filter({name: Span(value, value)}), Filter({name: Span(value + 1)})) if known.bounds else (
        Filter({name: (str(value), "else")}), Filter({name: ("else",)})
    )  # fmt: skip
    assert [archive.passes(RESOURCE, one) for one in asked] == [True, False]
    assert {parameter for parameter, _ in asked[0].parameters()} == {*known.parameters}
    assert asked[0].without(name) == Filter()


def test_nothing_is_known_of_what_has_no_value() -> None:
    bare = Resource("r", Kind.PAPER, "Rings")
    assert not Archive.empty().passes(bare, Filter({"year": Span(None, 3000)}))
    assert Archive.empty().passes(bare, Filter({"year": Span(), "person": ()}))


def test_a_band_begins_at_its_limit() -> None:
    bands = Bands(0.7, 0.5, 0.3)
    assert [bands.of(score) for score in (0.7, 0.69, 0.5, 0.3, 0.29)] == ["strong", "fair", "fair", "weak", None]
    assert Bands(0.7, 0.5).of(-1.0) == "weak"
