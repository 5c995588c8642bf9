"""A passage counts as much as those around it do."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.model import Candidate
from searchsvc.search.neighbours import smoothed


def _found(**scores: float) -> list[Candidate]:
    return [Candidate(name, f"r-{name}", 0, score) for name, score in scores.items()]


def test_what_is_near_to_the_best_comes_before_what_stands_alone() -> None:
    near, alone = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    vectors = np.array([near, alone, near], np.float32)
    ranking = smoothed(_found(best=3.0, alone=1.5, beside=1.0), vectors)
    assert [one.point_id for one in ranking] == ["best", "beside", "alone"]
    assert ranking[0].score == ranking[1].score == pytest.approx(2.0, abs=1e-3)


def test_what_nothing_is_near_to_keeps_its_score_and_its_place() -> None:
    found = _found(a=2.0, b=1.0, c=-1.0)
    ranking = smoothed(found, np.eye(3, dtype=np.float32))
    assert [one.point_id for one in ranking] == ["a", "b", "c"]
    assert [one.score for one in ranking] == pytest.approx([2.0, 1.0, -1.0], abs=1e-3)
    assert [one.resource_id for one in ranking] == [one.resource_id for one in found]


def test_equal_means_are_ordered_by_their_own_score_then_by_id_and_nothing_gives_nothing() -> None:
    ranking = smoothed(_found(b=1.0, a=1.0), np.ones((2, 1), np.float32))
    assert [one.point_id for one in ranking] == ["a", "b"]
    assert smoothed([], np.zeros((0, 4), np.float32)) == []
