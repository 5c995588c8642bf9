"""What is relevant, and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.encode.models import BUNDLED, MULTILINGUAL
from searchsvc.errors import SettingsError
from searchsvc.search.relevance import (
    BANDS,
    BUNDLED_LIMITS,
    Bands,
    Evidence,
    Limits,
    bands_of,
    least_strength,
    limits_of,
    relevant,
)

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


OTHERS = Limits(Bands(0.6, 0.5, 0.3), answers=0.4, behind=0.2, coverage_weight=0.0, foreign=0.1)


def test_each_encoder_has_limits_of_its_own() -> None:
    assert relevant([Evidence(0.41, 0)]) == [False] and relevant([Evidence(0.41, 0, limits=OTHERS)]) == [True]
    assert bands_of([Evidence(0.61, 0, limits=OTHERS)]) == ["strong"]
    assert relevant([Evidence(0.6, 0, limits=OTHERS), Evidence(0.39, 0, limits=OTHERS)]) == [True, False]


def test_a_text_in_another_language_than_the_query_may_be_less_near() -> None:
    assert relevant([Evidence(0.31, 0, limits=OTHERS)]) == [False]
    assert relevant([Evidence(0.31, 0, limits=OTHERS, foreign=True)]) == [True]
    assert Evidence(0.25, 1.0, words=True, limits=OTHERS).only_words
    assert not Evidence(0.25, 1.0, words=True, limits=OTHERS, foreign=True).only_words


def test_limits_that_are_kept_in_the_home_come_before_those_that_are_shipped(tmp_path: Path) -> None:
    kept = tmp_path / "limits.json"
    assert limits_of("some/encoder", kept) == limits_of(BUNDLED) == BUNDLED_LIMITS
    assert limits_of(MULTILINGUAL, kept).foreign > 0
    kept.write_text('{"some/encoder": {"strong": 0.6, "fair": 0.5, "weak": 0.3, "answers": 0.4, "behind": 0.2, '
                    '"coverage_weight": 0, "foreign": 0.1}}')  # fmt: skip
    assert limits_of("some/encoder", kept) == OTHERS == Limits.read(OTHERS.written())
    assert limits_of(MULTILINGUAL, kept) == limits_of(MULTILINGUAL)
    kept.write_text('{"some/encoder": {"strong": 0.6}}')
    with pytest.raises(SettingsError, match="delete it"):
        limits_of("some/encoder", kept)
