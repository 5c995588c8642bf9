"""What somebody decided teaches what is plain in this network.

How much of a need's words an offer has orders what wording says. From which share on it is plain is told by isotonic
regression (Ayer et al. 1955: the best curve that never falls) of yes and no over twentieths of that share, with a
prior as if so many verdicts had been given before: half of them yes below PLAIN, CERTAIN of them from it on. So it
takes two of no to move what seemed plain, and some twenty of yes where wording alone does not say it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

__all__ = ["CLEAR", "PLAIN", "plain_share"]

PLAIN = 0.75
"""The share of a need's words, by how rare they are, that an offer has when wording alone makes plain that it meets.

Three quarters, as with texts that are nearly the same. On the sample, precision .86 at .6, .88 at .75.
"""
CLEAR = 0.9  # of what is plain, so much is right
_CERTAIN = 0.95
_PARTS = 20
_BEFORE_BELOW, _BEFORE_FROM = 1.0, 20.0  # verdicts in each twentieth that the prior counts as


def plain_share(judged: Iterable[tuple[float, bool]]) -> float:
    """The least share from which on CLEAR of the offers meet the need; more than 1 when none does.

    judged: the share of the need's words that an offer has, and whether somebody said that it meets the need.
    """
    below = round(PLAIN * _PARTS)
    weights = np.array([_BEFORE_BELOW] * below + [_BEFORE_FROM] * (_PARTS + 1 - below))
    yes = weights * np.array([0.5] * below + [_CERTAIN] * (_PARTS + 1 - below))
    for share, meets in judged:
        at = min(int(share * _PARTS + 1e-9), _PARTS)
        weights[at] += 1
        yes[at] += meets
    for at, value in enumerate(_never_falling(yes, weights)):
        if value >= CLEAR:
            return at / _PARTS
    return np.inf


def _never_falling(sums: np.ndarray, weights: np.ndarray) -> list[float]:
    """The means that never fall and are nearest to sums / weights: neighbours that fall are pooled."""
    pools: list[tuple[float, float, int]] = []
    for total, weight in zip(sums.tolist(), weights.tolist(), strict=True):
        pool = (total, weight, 1)
        while pools and pools[-1][0] / pools[-1][1] >= pool[0] / pool[1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    return [total / weight for total, weight, size in pools for _ in range(size)]
