"""Work done twice: projects whose texts are nearly the same, and those that possibly do the same in other words.

What is nearly identical is said to be the same work. All else is a question: how alike they are in what they say of
themselves, what they need and offer and what they wrote, together, orders it, and likeness and differences are shown
side by side.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix, Vector
from searchsvc.projects.dossier import AspectName

__all__ = ["Pair", "Same", "nearly_identical", "possible", "shingles"]

RUN = 5  # words
SAME_SHARE = 0.75  # of the runs of both texts together; texts from one template share less than this
SHORTEST = 20  # words
_LONGEST = 5000  # words of one project that are read
_AT_ONCE = 512  # rows
_SAMPLED = 500  # rows, of which the distribution over pairs is told
_ROUNDED = 1e-5  # what likenesses differ by when they are computed in another order
_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x100000001B3)


@dataclass(frozen=True, slots=True)
class Same:
    """An aspect, as each says it."""

    aspect: AspectName
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids a < b. score: for an order. sure: their texts are nearly the same."""

    a: str
    b: str
    score: float
    sure: bool


def shingles(text: str) -> frozenset[int]:
    """Hashes of all runs of five words, whatever their case and the space between.

    Of a short text the whole is one run, since a goal alone is often nearly the same for different work; less than five
    words have none.
    """
    words = _WORD.findall(text.casefold())[:_LONGEST]
    size = RUN if len(words) >= SHORTEST else max(RUN, len(words))
    if len(words) < size:
        return frozenset()
    numbers = np.array([_number(word) for word in words], np.uint64)
    runs = np.zeros(len(words) - size + 1, np.uint64)
    for at in range(size):
        runs = runs * _PRIME + numbers[at : at + len(runs)]
    return frozenset(runs.tolist())


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def nearly_identical(texts: Mapping[str, frozenset[int]]) -> list[Pair]:
    """All pairs that share SAME_SHARE of the runs of both together (Jaccard). texts: id -> `shingles`.

    Two such sets have one of the rarest runs in common when a quarter of each is looked at, so only few pairs are
    compared in full (Bayardo et al. 2007, Scaling up all pairs similarity search).
    """
    counts = Counter(run for runs in texts.values() for run in runs)
    holding: dict[int, list[str]] = defaultdict(list)
    found: list[Pair] = []
    compared: set[tuple[str, str]] = set()
    for key in sorted(texts):
        runs = texts[key]
        prefix = sorted(runs, key=lambda run: (counts[run], run))[: len(runs) - math.ceil(SAME_SHARE * len(runs)) + 1]
        for run in prefix:
            for other in holding[run]:
                if (other, key) not in compared:
                    compared.add((other, key))
                    shared = len(runs & texts[other])
                    share = shared / (len(runs) + len(texts[other]) - shared)
                    if share >= SAME_SHARE:
                        found.append(Pair(other, key, share, True))
            holding[run].append(key)
    return found


def possible(ids: Sequence[str], aspects: Sequence[Matrix], *, most: int, least: float = 0.0) -> list[Pair]:
    """The pairs that are the most alike in all aspects together, best first. ids: ascending.

    aspects: one (n, d) each, rows as `ids`, all zeros for what is not known; each less the mean of its rows. The
    likenesses of what is known of both are standardized over pairs, summed, and divided by the root of how many there
    are, so that a sum of more says no more by chance (Stouffer 1949). least: standard deviations above any two.
    """
    alike = _Alike.of(aspects)
    pairs: list[tuple[float, int, int]] = []
    bound = least  # what a pair must reach by now to be among the best
    for start in range(0, len(ids) if aspects else 0, _AT_ONCE):
        block = alike.block(start)
        rows, columns = np.nonzero(block >= bound - _ROUNDED)
        after = columns > rows
        rows, columns = rows[after], columns[after]
        values = block[rows, columns]
        best = np.argsort(-values, kind="stable")[:most]
        found = (values[best].tolist(), (rows[best] + start).tolist(), (columns[best] + start).tolist())
        pairs += zip(*found, strict=True)
        pairs.sort(key=lambda one: (-one[0], one[1], one[2]))
        del pairs[most:]
        if len(pairs) == most:
            bound = max(least, pairs[-1][0])
    return [Pair(ids[a], ids[b], value, False) for value, a, b in pairs]


@dataclass(frozen=True, slots=True, eq=False)
class _Alike:
    """rows: (n, sum of d), each aspect by the root of its deviation. known: (n, aspects). shift: of each, its mean."""

    rows: Matrix
    known: Matrix
    shift: Vector

    @classmethod
    def of(cls, aspects: Sequence[Matrix]) -> _Alike:
        rows, known, shift = [], [], []
        for one in aspects:
            said: NDArray[np.bool_] = np.any(one != 0, axis=1).reshape(-1)
            sample = np.flatnonzero(said)[:: max(1, int(said.sum()) // _SAMPLED)]
            cosines = one[sample] @ one[sample].T
            apart = cosines[~np.eye(len(sample), dtype=bool)]
            deviation = float(apart.std()) if apart.size else 0.0
            deviation = deviation if deviation > _ROUNDED else 1.0
            rows.append(one / np.float32(math.sqrt(deviation)))
            known.append(said)
            shift.append(float(apart.mean()) / deviation if apart.size else 0.0)
        return (
            cls(np.concatenate(rows, axis=1), np.array(known, np.float32).T.copy(), np.array(shift, np.float32))
            if aspects
            else cls(np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        )

    def block(self, start: int) -> Matrix:
        """(m, n - start): how alike those from `start` are to all from there; -1 where nothing is known of both."""
        end = start + _AT_ONCE
        block: Matrix = self.rows[start:end] @ self.rows[start:].T
        some, others = self.known[start:end], self.known[start:]
        block -= (some * self.shift) @ others.T
        both = some @ others.T
        block /= np.sqrt(np.maximum(both, 1))
        block[both == 0] = -1.0
        return block
