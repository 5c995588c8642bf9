"""The best of many pairs is rarer than it looks."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.matching.judgement import best_of_many


@given(st.floats(-5, 12), st.integers(1, 400))
def test_the_best_of_many_says_no_more_than_the_only_one(value: float, pairs: int) -> None:
    assert best_of_many(value, pairs) <= value + 1e-9
    assert best_of_many(value, pairs) >= best_of_many(value, pairs + 1) - 1e-9


@given(st.floats(1.5, 7.5), st.integers(2, 400))
def test_it_is_as_rare_as_the_best_of_so_many(value: float, pairs: int) -> None:
    normal = NormalDist()
    found = best_of_many(value, pairs)
    if math.isfinite(found):
        assert normal.cdf(-found) == pytest.approx(pairs * normal.cdf(-value), rel=1e-6)


def test_one_pair_is_what_it_is_and_what_is_said_word_for_word_stays() -> None:
    assert best_of_many(2.5, 1) == 2.5
    assert best_of_many(9.3, 9) == 9.3
    assert best_of_many(0.1, 50) == -math.inf
