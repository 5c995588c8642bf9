"""The largest of each row, without sorting whole rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix

__all__ = ["largest"]

_WIDE = 16


def largest(rows: Matrix, most: int) -> NDArray[np.int64]:
    """(n, most): places of the largest of each row, in no order. most: at most as many as there are columns.

    Of long rows they are looked for in the groups of columns whose best are the best: each of the largest is in one.
    """
    n, columns = rows.shape
    groups = columns // _WIDE
    if groups <= 2 * most:
        return np.argpartition(-rows, most - 1, axis=1)[:, :most] if most else np.zeros((n, 0), np.int64)
    whole = rows[:, : groups * _WIDE].reshape(n, groups, _WIDE)
    chosen = np.argpartition(-whole.max(axis=2), most - 1, axis=1)[:, :most]
    places = (chosen[:, :, None] * _WIDE + np.arange(_WIDE)).reshape(n, -1)
    rest = np.broadcast_to(np.arange(groups * _WIDE, columns), (n, columns - groups * _WIDE))
    places = np.concatenate([places, rest], axis=1)
    inside = np.argpartition(-np.take_along_axis(rows, places, axis=1), most - 1, axis=1)[:, :most]
    return np.take_along_axis(places, inside, axis=1)
