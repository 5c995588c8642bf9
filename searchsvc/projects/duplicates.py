"""Work done twice: projects whose texts are nearly the same, and those that possibly do the same in other words.

What is nearly identical is said to be the same work. All else is a question: the smallest of the likenesses of goal,
approach and works, as far as both say them, orders it, and likeness and differences are shown side by side.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
_PAIRS_AT_ONCE = 20_000
_FEW = 0.05  # of all pairs: so many are computed one by one
_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x100000001B3)
_Index = NDArray[np.int64]


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


def possible(ids: Sequence[str], aspects: Iterable[Matrix], *, most: int, least: float = 0.0) -> list[Pair]:
    """The pairs with the largest of the smallest standardized likenesses, best first. ids: ascending.

    aspects: one (n, d) each, rows as `ids`, all zeros for what is not known; each less the mean of its rows. What is
    not known of one of two is not counted. least: standard deviations above any two.
    """
    known = [_Standard.of(rows) for rows in aspects]
    pairs: list[tuple[float, int, int]] = []
    bound = least  # what a pair must reach by now to be among the best
    for start in range(0, len(ids), _AT_ONCE):
        values, rows, columns = _least_alike(known, start, bound)
        best = np.argsort(-values, kind="stable")[:most]
        pairs += zip(values[best].tolist(), rows[best].tolist(), columns[best].tolist(), strict=True)
        pairs.sort(key=lambda one: (-one[0], one[1], one[2]))
        del pairs[most:]
        if len(pairs) == most:
            bound = max(least, pairs[-1][0])
    return [Pair(ids[a], ids[b], value, False) for value, a, b in pairs]


def _least_alike(known: Sequence[_Standard], start: int, bound: float) -> tuple[Vector, _Index, _Index]:
    """Pairs (row, column) of the rows from `start`, with the smallest of their likenesses, of those that reach `bound`.

    Few pairs are left after the first aspect; of these alone the others are computed.
    """
    lowest: Matrix | None = None
    for number, one in enumerate(known):
        block = one.block(start)
        lowest = block if lowest is None else np.fmin(lowest, block)
        left = ~(lowest < bound)
        left &= np.arange(start, start + left.shape[1])[None] > np.arange(start, start + len(left))[:, None]
        if np.count_nonzero(left) <= _FEW * left.size:
            rows, columns = np.nonzero(left)
            values = lowest[rows, columns]
            for other in known[number + 1 :]:
                values = np.fmin(values, other.of_pairs(rows + start, columns + start))
            break
    else:
        if lowest is None:
            return np.zeros(0, np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64)
        rows, columns = np.nonzero(left)
        values = lowest[rows, columns]
    reached = values >= bound  # not where nothing is known of both
    return values[reached], rows[reached] + start, columns[reached] + start


@dataclass(frozen=True, slots=True, eq=False)
class _Standard:
    rows: Matrix
    known: NDArray[np.bool_]
    mean: float
    deviation: float

    @classmethod
    def of(cls, rows: Matrix) -> _Standard:
        known: NDArray[np.bool_] = np.any(rows != 0, axis=1).reshape(-1)
        sample = np.flatnonzero(known)[:: max(1, int(known.sum()) // 500)]
        cosines = rows[sample] @ rows[sample].T
        apart = cosines[~np.eye(len(sample), dtype=bool)]
        return cls(
            rows, known, float(apart.mean()) if apart.size else 0.0, (float(apart.std()) if apart.size else 0.0) or 1.0
        )

    def block(self, start: int) -> Matrix:
        """(m, n - start) standardized, of those from `start`; nan where it is not known of either."""
        end = start + _AT_ONCE
        block: Matrix = (self.rows[start:end] @ self.rows[start:].T - self.mean) / self.deviation
        block[~self.known[start:end]] = np.nan
        block[:, ~self.known[start:]] = np.nan
        return block

    def of_pairs(self, rows: _Index, columns: _Index) -> Vector:
        """The same of some pairs."""
        values = np.zeros(len(rows), np.float32)
        for at in range(0, len(rows), _PAIRS_AT_ONCE):
            some = slice(at, at + _PAIRS_AT_ONCE)
            values[some] = np.einsum("ij,ij->i", self.rows[rows[some]], self.rows[columns[some]])
        values = (values - self.mean) / np.float32(self.deviation)
        values[~(self.known[rows] & self.known[columns])] = np.nan
        return values
