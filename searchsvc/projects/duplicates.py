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
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix, Vector
from searchsvc.projects.dossier import AspectName

__all__ = ["Compared", "Identical", "Pair", "Same", "nearly_identical", "possible", "shingles"]

RUN = 5  # words
SAME_SHARE = 0.75  # of the runs of both texts together; texts from one template share less than this
SHORTEST = 20  # words
_LONGEST = 5000  # words of one project that are read
_AT_ONCE = 512  # rows
_SAMPLED = 500  # rows, of which the distribution over pairs is told
_ROUNDED = 1e-5  # what likenesses differ by when they are computed in another order
_AGAIN = 0.01  # of the projects may have changed before all are compared again
_RESERVE = 2  # times as many pairs as are wanted are kept, so that some may go
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


@dataclass(frozen=True, slots=True)
class Identical:
    """All pairs of texts that are nearly the same, and of which texts they are."""

    texts: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()

    def now(self, texts: Mapping[str, frozenset[int]]) -> Identical:
        """Of these texts; when few are others than before, these alone are compared with all."""
        changed = {key for key, runs in texts.items() if self.texts.get(key) is not runs}
        if len(changed) > _AGAIN * len(texts):
            return Identical(texts, tuple(nearly_identical(texts)))
        kept = [one for one in self.pairs if {one.a, one.b} <= texts.keys() and changed.isdisjoint((one.a, one.b))]
        for key in changed:
            others = (one for one in texts if one not in changed or one > key)
            kept += (pair for one in others if (pair := _nearly_same(min(key, one), max(key, one), texts)))
        return Identical(texts, tuple(kept))


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
                    if pair := _nearly_same(other, key, texts):
                        found.append(pair)
            holding[run].append(key)
    return found


def _nearly_same(a: str, b: str, texts: Mapping[str, frozenset[int]]) -> Pair | None:
    shared = len(texts[a] & texts[b])
    share = shared / (len(texts[a]) + len(texts[b]) - shared) if shared else 0.0
    return Pair(a, b, share, True) if share >= SAME_SHARE else None


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """pairs: of all that reach `bound`, the best first. aspects: of which they are; measures: by which they were told.
    moved: how many are others since these were taken.

    What is near is measured once, for as long as little changes.
    """

    ids: Sequence[str]
    aspects: Sequence[Matrix]
    measures: Sequence[_Measure]
    pairs: Sequence[Pair]
    bound: float
    moved: int = 0


def possible(
    ids: Sequence[str], aspects: Sequence[Matrix], *, most: int, least: float = 0.0, before: Compared | None = None
) -> Compared:
    """The pairs that are the most alike in all aspects together, best first: `most` or more. ids: ascending.

    aspects: one (n, d) each, rows as `ids`, all zeros for what is not known. The likenesses of what is known of both,
    less the mean of all, are standardized over pairs, summed, and divided by the root of how many there are, so that a
    sum of more says no more by chance (Stouffer 1949). least: standard deviations above any two. before: of an earlier
    state, by whose measures is told what is near, and of which only what changed is compared again.
    """
    changed = _changed(ids, aspects, before) if before else None
    moved = before.moved + len(changed) if before and changed is not None else 0
    if moved > _AGAIN * len(ids):
        changed, moved = None, 0
    if before and changed is not None:
        found = _again(ids, _Alike.of(aspects, before.measures), changed, before)
        if len(found) >= most or before.bound <= least:
            return Compared(ids, aspects, before.measures, found, before.bound, moved)
    measures = before.measures if before and changed is not None else [_Measure.of(one) for one in aspects]
    alike = _Alike.of(aspects, measures)
    pairs, bound = _best(alike, _RESERVE * most, least)
    told = [Pair(ids[a], ids[b], value, False) for value, a, b in pairs]
    return Compared(ids, aspects, measures, told, bound, moved)


def _again(ids: Sequence[str], alike: _Alike, changed: NDArray[np.int64], before: Compared) -> list[Pair]:
    """Pairs of those that did not change, as they were, and of those that did."""
    gone = {*before.ids} - {*ids} | {ids[at] for at in changed.tolist()}
    found = [pair for pair in before.pairs if gone.isdisjoint((pair.a, pair.b))]
    rows = alike.of_rows(changed)
    others = np.ones(rows.shape, bool)
    for row in range(len(changed)):
        others[row, changed[: row + 1]] = False  # two that changed are one pair
    one, other = np.nonzero((rows >= before.bound - _ROUNDED) & others)
    for value, a, b in zip(rows[one, other].tolist(), changed[one].tolist(), other.tolist(), strict=True):
        found.append(Pair(ids[min(a, b)], ids[max(a, b)], value, False))
    return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _changed(ids: Sequence[str], aspects: Sequence[Matrix], before: Compared) -> NDArray[np.int64] | None:
    """Places of those of whom something else is known than before; None when there are many."""
    at = {one: place for place, one in enumerate(before.ids)}
    was = np.array([at.get(one, -1) for one in ids], np.int64)
    same = was >= 0
    for now, earlier in zip(aspects, before.aspects, strict=True):
        same[same] &= (now[same] == earlier[was[same]]).all(axis=1)
    changed = np.flatnonzero(~same)
    return changed if len(changed) <= _AGAIN * len(ids) else None


def _best(alike: _Alike, most: int, least: float) -> tuple[list[tuple[float, int, int]], float]:
    """The best of all pairs, and what all others are below."""
    pairs: list[tuple[float, int, int]] = []
    bound = least  # what a pair must reach by now to be among the best
    for start in range(0, len(alike.rows), _AT_ONCE):
        block = alike.block(start)
        rows, columns = np.nonzero(block >= bound - _ROUNDED)
        after = columns > rows
        rows, columns = rows[after], columns[after]
        values = block[rows, columns]
        best = np.argsort(-values, kind="stable")[:most]
        found = (values[best].tolist(), (rows[best] + start).tolist(), (columns[best] + start).tolist())
        pairs += zip(*found, strict=True)
        pairs.sort(key=lambda one: (-one[0], one[1], one[2]))
        if len(pairs) >= most:
            del pairs[most:]
            bound = max(least, pairs[-1][0])
    return pairs, bound


@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """Of one aspect: the mean of what is known, (d,), and of the likenesses less it the mean and the deviation."""

    middle: Vector
    mean: float
    deviation: float

    @classmethod
    def of(cls, rows: Matrix) -> _Measure:
        said = rows[_known(rows)]
        if not len(said):
            return cls(np.zeros(rows.shape[1], np.float32), 0.0, 1.0)
        middle = said.mean(axis=0)
        sample = said[:: max(1, len(said) // _SAMPLED)] - middle
        apart = (sample @ sample.T)[~np.eye(len(sample), dtype=bool)]
        mean, deviation = (float(apart.mean()), float(apart.std())) if apart.size else (0.0, 0.0)
        return cls(middle, mean, deviation if deviation > _ROUNDED else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Alike:
    """rows: (n, sum of d), each aspect by the root of its deviation. known: (n, aspects). shift: of each, its mean."""

    rows: Matrix
    known: Matrix
    shift: Vector

    @classmethod
    def of(cls, aspects: Sequence[Matrix], measures: Sequence[_Measure]) -> _Alike:
        if not aspects:
            return cls(np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        known = [_known(one) for one in aspects]
        rows = [
            np.where(said[:, None], one - measure.middle, 0) / np.float32(math.sqrt(measure.deviation))
            for one, said, measure in zip(aspects, known, measures, strict=True)
        ]
        shift = [one.mean / one.deviation for one in measures]
        return cls(
            np.concatenate(rows, axis=1).astype(np.float32, copy=False), np.array(known, np.float32).T.copy(),
            np.array(shift, np.float32),
        )  # fmt: skip

    def block(self, start: int) -> Matrix:
        """(m, n - start): how alike those from `start` are to all from there; -1 where nothing is known of both."""
        return self._with(slice(start, start + _AT_ONCE), slice(start, None))

    def of_rows(self, places: NDArray[np.int64]) -> Matrix:
        """(len(places), n): the same of those at these places to all."""
        return self._with(places, slice(None))

    def _with(self, some: slice | NDArray[np.int64], others: slice) -> Matrix:
        block: Matrix = self.rows[some] @ self.rows[others].T
        known, theirs = self.known[some], self.known[others]
        block -= (known * self.shift) @ theirs.T
        both = known @ theirs.T
        block /= np.sqrt(np.maximum(both, 1))
        block[both == 0] = -1.0
        return block


def _known(rows: Matrix) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.any(rows != 0, axis=1).reshape(-1)
    return known
