"""Nothing found, few, nothing that fits: each is said as it is, with what to do next."""

from __future__ import annotations

import pytest

from searchsvc.filters import Filter
from searchsvc.search.hits import Hit
from searchsvc.search.query import parse
from searchsvc.search.searcher import Answer
from searchsvc.web.search.outcome import outcome
from searchsvc.web.search.state import SearchState
from tests.web.conftest import Browser

SOME = Filter(asked={"kind": ("paper",)})


def hits(*bands: str) -> tuple[Hit, ...]:
    return tuple(Hit(None, band or None, ()) for band in bands)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "total", "state", "more", "expected"),
    [
        ([], 0, SearchState("ring"), {"resources": 0}, "empty"),
        ([], 0, SearchState("ring"), {}, "nothing"),
        ([], 0, SearchState("ring"), {"unindexed": 1}, ""),
        ([], 0, SearchState("ring", SOME), {"outside": 4}, "filtered"),
        ([], 0, SearchState("ring", SOME), {}, "nothing"),
        ([], 0, SearchState("", SOME), {}, "filtered"),
        ([], 9, SearchState("ring", page=2), {}, "past"),
        (["fair"], 3, SearchState("ring"), {}, "few"),
        (["strong"], 4, SearchState("ring"), {}, ""),
        (["weak", "weak"], 20, SearchState("ring"), {}, "weak"),
        (["weak"], 20, SearchState("ring", page=2), {}, ""),
        ([""], 1, SearchState(""), {}, ""),
    ],
)
def test_how_a_search_turned_out(
    found: list[str], total: int, state: SearchState, more: dict[str, int], expected: str
) -> None:
    answer = Answer(parse(state.q), "hybrid", total, hits(*found))
    assert outcome(answer, state, **{"resources": 9, "outside": 0, "unindexed": 0, **more}) == expected


def test_nothing_relevant_is_an_answer_with_ways_out(site: Browser) -> None:
    text = site.page('/?q="zebra+crossing"+qwxyz&kind=page')
    assert "Nothing in the archive is about" in text
    assert 'href="/?q=zebra%20crossing%20qwxyz&amp;kind=page"' in text
    assert 'href="/?q=%22zebra%20crossing%22%20qwxyz"' in text


def test_of_words_that_are_found_elsewhere_it_is_not_said_that_nothing_has_them(site: Browser) -> None:
    text = site.page("/?q=diaphragm&kind=funding")
    assert "Nothing in the archive is about" not in text and "Nothing passes these filters" in text
    assert "Without them there is 1 result." in text and 'href="/?q=diaphragm"' in text


def test_filters_that_nothing_passes(site: Browser) -> None:
    assert "Nothing passes these filters" in site.page("/?kind=funding")


def test_who_searched_for_words_alone_is_led_to_meaning(site: Browser) -> None:
    text = site.page("/?q=zebra+qwxyz&mode=keyword")
    assert "No text holds these words.<" in text
    assert '<a href="/?q=zebra%20qwxyz">search by meaning and words</a>' in text


def test_few_results_end_with_other_ways(site: Browser) -> None:
    assert "Not what you look for?" in site.page("/?q=%22A+diaphragm+is+fitted%22")
    assert "Not what you look for?" not in site.page("/?q=cervical+cap") + site.page("/")


def test_what_was_searched_is_what_the_heading_says(site: Browser) -> None:
    text = site.page("/?q=cervcial+cap&kind=page")
    assert ">for “cervical cap”<" in text and ">for “cervcial cap”<" not in text
