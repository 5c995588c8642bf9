"""The largest of each row are those that a look at everything finds."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.matching.largest import largest


@pytest.mark.parametrize(("columns", "most"), [(5, 5), (40, 3), (1000, 7), (1003, 30), (3, 0)])
def test_the_largest_of_each_row_are_found(columns: int, most: int) -> None:
    rows = np.random.default_rng(columns).normal(size=(9, columns)).astype(np.float32)
    found = largest(rows, most)
    assert found.shape == (9, most)
    for row, places in zip(rows, found, strict=True):
        assert sorted(places.tolist()) == sorted(np.argsort(-row)[:most].tolist())
