"""Feedback: the query moves towards what a first look found, and never loses its own words."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.model import Point, SparseVector
from searchsvc.search.feedback import SHARE, TERMS, expanded_terms, moved


def point(name: int, dense: list[float], terms: dict[int, float]) -> Point:
    indices = tuple(sorted(terms))
    sparse = SparseVector(indices, tuple(terms[index] for index in indices))
    return Point(f"00000000-0000-0000-0000-{name:012d}", np.array(dense, np.float32), sparse, {})


QUERY = np.array([1.0, 0.0, 0.0], np.float32)


def test_a_moved_query_has_unit_length_and_lies_between_itself_and_the_best() -> None:
    best = [point(1, [0.0, 1.0, 0.0], {}), point(2, [0.0, 1.0, 0.0], {})]
    found = moved(QUERY, best)
    assert np.linalg.norm(found) == pytest.approx(1.0)
    assert found == pytest.approx([2**-0.5, 2**-0.5, 0.0])


def test_only_the_best_three_pull() -> None:
    best = [point(n, [0.0, 1.0, 0.0], {}) for n in range(3)]
    assert moved(QUERY, [*best, point(9, [0.0, 0.0, 1.0], {})]) == pytest.approx(moved(QUERY, best))


def test_without_anything_found_the_query_stays_as_it_is() -> None:
    sparse = SparseVector((3,), (1.0,))
    assert moved(QUERY, []) is QUERY
    assert expanded_terms(sparse, [], []) is sparse


def test_new_terms_weigh_their_share_together_and_own_terms_the_rest() -> None:
    expanded = expanded_terms(SparseVector((1, 2), (1.0, 1.0)), [point(1, [1, 0, 0], {5: 2.0, 6: 1.0})], [4.0])
    weights = dict(zip(expanded.indices, expanded.values, strict=True))
    assert (weights[1], weights[2]) == pytest.approx(((1 - SHARE) / 2, (1 - SHARE) / 2))
    assert (weights[5], weights[6]) == pytest.approx((SHARE * 2 / 3, SHARE / 3))
    assert list(expanded.indices) == sorted(expanded.indices)


def test_a_passage_that_is_worse_says_less() -> None:
    good, bad = point(1, [1, 0, 0], {5: 1.0}), point(2, [1, 0, 0], {6: 1.0})
    found = expanded_terms(SparseVector((1,), (1.0,)), [good, bad], [6.0, 0.0])
    weights = dict(zip(found.indices, found.values, strict=True))
    assert weights[5] > 15 * weights[6]


def test_no_more_terms_are_added_than_help() -> None:
    many = point(1, [1, 0, 0], {index: float(index) for index in range(100, 200)})
    found = expanded_terms(SparseVector((1,), (1.0,)), [many], [1.0])
    assert len(found.indices) == TERMS + 1
    assert set(found.indices) == {1, *range(200 - TERMS, 200)}
