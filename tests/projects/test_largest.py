"""The largest of each row, and the pairs most alike, are those that a look at everything finds."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.matching.largest import largest
from searchsvc.projects.duplicates import possible


@pytest.mark.parametrize(("columns", "most"), [(5, 5), (40, 3), (1000, 7), (1003, 30), (3, 0)])
def test_the_largest_of_each_row_are_found(columns: int, most: int) -> None:
    rows = np.random.default_rng(columns).normal(size=(9, columns)).astype(np.float32)
    found = largest(rows, most)
    assert found.shape == (9, most)
    for row, places in zip(rows, found, strict=True):
        assert sorted(places.tolist()) == sorted(np.argsort(-row)[:most].tolist())


def test_the_pairs_most_alike_are_those_that_a_look_at_all_finds() -> None:
    random = np.random.default_rng(3)
    n = 700
    aspects = [random.normal(size=(n, 8)).astype(np.float32) for _ in range(3)]
    aspects[0][random.random(n) < 0.3] = 0
    aspects[2][random.random(n) < 0.5] = 0
    ids = [f"p{at:03}" for at in range(n)]
    lowest = np.full((n, n), np.inf)
    for rows in aspects:
        known = np.any(rows != 0, axis=1)
        sample = np.flatnonzero(known)[:: max(1, int(known.sum()) // 500)]
        cosines = rows[sample] @ rows[sample].T
        apart = cosines[~np.eye(len(sample), dtype=bool)]
        standard = (rows @ rows.T - apart.mean()) / apart.std()
        lowest = np.where(known[:, None] & known[None], np.minimum(lowest, standard), lowest)
    lowest[~np.isfinite(lowest)] = -np.inf
    first, second = np.triu_indices(n, 1)
    order = np.argsort(-lowest[first, second], kind="stable")[:50]
    found = possible(ids, aspects, most=50)
    assert [(one.a, one.b) for one in found] == [(ids[first[at]], ids[second[at]]) for at in order]
