"""How near people are by their ties: who may well work together next (Liben-Nowell and Kleinberg 2007)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Matrix, Vector
from searchsvc.register.ties import Tie

__all__ = ["Closeness"]

_RESTART = 0.3  # chance of a walk to begin again at the asker's
_STEPS = 30
_LEAST = 1e-3  # chance below which a walk is not followed; hits@10 of new co-authors: .318; .322 at 0, .311 at .003
_AGE = 0.7  # what a tie weighs a year later
_DEGREE = 0.5  # weight of the logarithm of the number of acquaintances, beside the two others
_KINDS = ("co-authorship", "project", "introduced")  # who only shares a place or a funder need not know each other
_NONE = 1e-9  # a variance that is less of the mean square is rounding
_Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Closeness:
    """people: id -> number. target and share: whom each knows, and where a walk from there goes on with which chance;
    those of person i are at [first[i] : first[i + 1]].
    """

    people: dict[str, int]
    first: _Index
    target: _Index
    share: Vector
    degree: Vector

    @classmethod
    def of(cls, ties: Iterable[Tie]) -> Closeness:
        """A work or a project of n people is shared out among n - 1; each year before the latest takes three tenths."""
        known = [one for one in ties if one.kind in _KINDS]
        size: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in known:
            size[one.kind, one.evidence] |= {one.a, one.b}
        latest = max((one.year for one in known if one.year), default=0)
        weights: Counter[tuple[str, str]] = Counter()
        for one in known:
            age = max(0, latest - one.year) if one.year else 0
            weights[one.a, one.b] += _AGE**age / (len(size[one.kind, one.evidence]) - 1)  # type: ignore[assignment]
        people = {one: at for at, one in enumerate(sorted({it for pair in weights for it in pair}))}
        one_way = [np.array([people[pair[side]] for pair in weights], np.int64) for side in (0, 1)]
        source, target = np.concatenate(one_way), np.concatenate(one_way[::-1])
        weight = np.tile(np.array(list(weights.values()), np.float64), 2)
        order = np.argsort(source, kind="stable")
        degree = np.bincount(source, minlength=len(people))
        out = np.bincount(source, weight, minlength=len(people))
        return cls(
            people, np.concatenate([[0], np.cumsum(degree)]), target[order],
            (weight / out[source])[order].astype(np.float32), degree.astype(np.float32),
        )  # fmt: skip

    def near(self, askers: Collection[str], others: Sequence[str]) -> Vector:
        """(len(others),): as `near_of`, for one party of askers."""
        near: Vector = self.near_of([askers], others)[0]
        return near

    def near_of(self, askers: Sequence[Collection[str]], others: Sequence[str]) -> Matrix:
        """(len(askers), len(others)): personalized PageRank from the askers, Adamic-Adar, and half of the logarithm of
        the degree, each standardized over the others, summed. All zeros where nobody is tied to anybody."""
        n = len(self.people)
        if not n:
            return np.zeros((len(askers), len(others)), np.float32)
        place = np.array([self.people.get(one, n) for one in others], np.int64)
        column = np.full(n + 1, -1, np.int64)
        column[place] = np.arange(len(others))
        column[n] = -1
        degree = np.append(np.log1p(self.degree), np.float32(0))[place]
        begun = [[self.people[one] for one in some if one in self.people] for some in askers]
        sizes = [len(some) for some in begun]
        row = np.repeat(np.arange(len(begun)), sizes)
        at = np.array([one for some in begun for one in some], np.int64)
        chance = np.repeat(np.array([1 / max(1, one) for one in sizes], np.float32), sizes)
        walked = self._walk(row, at, chance, len(begun))
        common = self._adamic_adar(row, at, len(begun))
        total: Matrix = np.repeat(_DEGREE * _standard(degree[None]), len(askers), axis=0)
        _add_standard(total, walked, column, np.sqrt)
        _add_standard(total, common, column)
        return total

    def reached(self, people: Collection[str]) -> set[str]:
        """All who are found on a walk from these, and so these from them: ties go both ways."""
        at = np.array(sorted(self.people[one] for one in people if one in self.people), np.int64)
        walked = self._walk(np.arange(len(at)), at, np.ones(len(at), np.float32), len(at))
        ids = list(self.people)
        return {ids[one] for one in np.flatnonzero(walked[:, :-1].any(axis=0)).tolist()}

    def known(self, askers: Sequence[Collection[str]]) -> Matrix:
        """(len(askers), 1): 1 for those of whom somebody has a tie, else 0: of these `near_of` says who is well known,
        the same for all, which is worth nothing where most have no ties."""
        return np.array([[any(one in self.people for one in some)] for some in askers], np.float32).reshape(-1, 1)

    def _walk(self, row: _Index, at: _Index, chance: Vector, rows: int) -> Matrix:
        """(rows, n + 1), the last column zeros: where a walk is found that begins again with _RESTART.

        What is less likely than _LEAST goes no further (Andersen, Chung and Lang 2006, Local graph partitioning).
        """
        n = len(self.people)
        found = np.zeros((rows, n + 1), np.float32)
        for _ in range(_STEPS):
            found[row, at] += _RESTART * chance
            likely = chance > _LEAST
            row, at, chance = row[likely], at[likely], chance[likely]
            if not len(row):
                break
            row, place, step = self._onward(row, at)
            cells = np.bincount(row * n + self.target[place], (1 - _RESTART) * chance[step] * self.share[place])
            filled = np.flatnonzero(cells > 0)  # several times as fast as of the numbers themselves
            row, at, chance = filled // n, filled % n, cells[filled].astype(np.float32)
        return found

    def _adamic_adar(self, row: _Index, at: _Index, rows: int) -> Matrix:
        """(rows, n + 1): the sum over common acquaintances of 1 / log of how many these have."""
        n = len(self.people)
        knows, place, _ = self._onward(row, at)
        cells = np.unique(knows * n + self.target[place])
        row, at = cells // n, cells % n
        worth = 1 / np.log(np.maximum(self.degree[at], 2))
        row, place, step = self._onward(row, at)
        sums = np.bincount(row * n + self.target[place], worth[step], minlength=rows * n)
        return np.pad(sums.astype(np.float32).reshape(rows, n), ((0, 0), (0, 1)))

    def _onward(self, row: _Index, at: _Index) -> tuple[_Index, _Index, _Index]:
        """All ways from people: the row of each, its place in `target`, and which of the people it begins with."""
        counts = self.first[at + 1] - self.first[at]
        step = np.repeat(np.arange(len(at)), counts)
        within = np.arange(len(step)) - np.repeat(np.cumsum(counts) - counts, counts)
        return row[step], self.first[at][step] + within, step


def _standard(values: Matrix) -> Matrix:
    """Each row less its mean, by its deviation."""
    spread = values.std(axis=1, keepdims=True)
    less: Matrix = values - values.mean(axis=1, keepdims=True)
    standard: Matrix = np.divide(less, spread, out=np.zeros_like(less), where=spread > 0)
    return standard


def _add_standard(total: Matrix, found: Matrix, column: _Index, of: Callable[[Vector], Vector] = np.asarray) -> None:
    """Add each row of `found`, most of which is 0, less its mean, by its deviation. column: of each of its places.

    of: what is made of a value before; of 0 it makes 0.
    """
    filled = np.flatnonzero(found > 0)
    row, at = filled // found.shape[1], column[filled % found.shape[1]]
    row, at, filled = row[at >= 0], at[at >= 0], filled[at >= 0]
    values = of(found.reshape(-1)[filled])
    rows, n = total.shape
    mean = np.bincount(row, values, minlength=rows) / n
    squares = np.bincount(row, np.square(values, dtype=np.float64), minlength=rows) / n
    variance = squares - mean**2
    by = np.where(variance > _NONE * squares, 1 / np.sqrt(np.maximum(variance, _NONE * squares + 1e-300)), 0)
    total -= (mean * by).astype(np.float32)[:, None]
    total[row, at] += values * by[row].astype(np.float32)
