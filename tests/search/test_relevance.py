"""What is relevant, and what it is called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searchsvc.search.relevance import BANDS, Evidence, bands_of, least_strength, relevant

evidence = st.builds(Evidence, st.floats(-1, 1), st.floats(0, 1), st.booleans(), st.booleans(), semantic=st.just(True))


@given(st.lists(evidence, max_size=30))
def test_no_band_is_better_than_one_above_it(ranked: list[Evidence]) -> None:
    ranks = [BANDS.index(band) for band in bands_of(ranked)]
    assert len(ranks) == len(ranked) and ranks == sorted(ranks)


def test_bands_are_those_of_the_strengths_where_the_order_agrees() -> None:
    ranked = [Evidence(0, 0, exact=True), Evidence(0.8, 0), Evidence(0.6, 0), Evidence(0.2, 0, words=True)]
    assert bands_of(ranked) == ["strong", "strong", "fair", "weak"]
    assert bands_of([Evidence(0.5, 0), Evidence(0.7, 0)]) == ["fair", "fair"]  # they share .6
    assert bands_of([]) == []


def test_nothing_is_relevant_by_its_meaning_when_the_best_falls_short() -> None:
    near, far, named = Evidence(0.43, 0), Evidence(0.1, 0), Evidence(0.1, 0, words=True)
    assert relevant([near, far, named]) == [False, False, True]
    assert relevant([Evidence(0.45, 0), Evidence(0.39, 0), far]) == [True, True, False]
    assert relevant([Evidence(0.9, 0), Evidence(0.5, 0)]) == [True, False]  # far behind the best
    assert least_strength([far]) == float("inf") and least_strength([]) == float("inf")


def test_only_words_is_said_of_what_would_not_be_shown_for_its_meaning() -> None:
    assert Evidence(0.2, 1.0, words=True).only_words
    assert not Evidence(0.5, 1.0, words=True).only_words and not Evidence(0.2, 1.0).only_words
    assert not Evidence(0.2, 1.0, exact=True, words=True).only_words
    assert not Evidence(0.0, 1.0, words=True, semantic=False).only_words
