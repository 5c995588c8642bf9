"""How near people are by their ties: who may well work together next (Liben-Nowell and Kleinberg 2007)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchsvc.model import Vector
from searchsvc.register.ties import Tie

__all__ = ["Closeness"]

_RESTART = 0.3  # chance of a walk to begin again at the asker's
_STEPS = 30
_AGE = 0.7  # what a tie weighs a year later
_DEGREE = 0.5  # weight of the logarithm of the number of acquaintances, beside the two others
_KINDS = ("co-authorship", "project", "introduced")  # who only shares a place or a funder need not know each other
_Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Closeness:
    """Edges both ways, of weight; people: id -> number."""

    people: dict[str, int]
    source: _Index
    target: _Index
    weight: NDArray[np.float64]
    degree: NDArray[np.float64]

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
        first = np.array([people[a] for a, _ in weights], np.int64)
        second = np.array([people[b] for _, b in weights], np.int64)
        values = np.array(list(weights.values()), np.float64)
        source, target = np.concatenate([first, second]), np.concatenate([second, first])
        degree = np.bincount(source, minlength=len(people)).astype(np.float64)
        return cls(people, source, target, np.concatenate([values, values]), degree)

    def near(self, askers: Collection[str], others: Sequence[str]) -> Vector:
        """(len(others),): personalized PageRank from the askers, Adamic-Adar, and half of the logarithm of the degree,
        each standardized over the others, summed. All zeros where nobody is tied to anybody."""
        started = [self.people[one] for one in askers if one in self.people]
        n = len(self.people)
        nothing = np.zeros(len(others), np.float32)
        if not n:
            return nothing
        rows = np.array([self.people.get(one, n) for one in others], np.int64)
        total = _DEGREE * _standard(np.append(np.log1p(self.degree), 0.0)[rows])
        if started:
            begin = np.zeros(n)
            begin[started] = 1 / len(started)
            total = total + _standard(np.append(np.sqrt(self._walk(begin)), 0.0)[rows])
            total = total + _standard(np.append(self._adamic_adar(started), 0.0)[rows])
        return np.asarray(total, np.float32)

    def _walk(self, begin: NDArray[np.float64]) -> NDArray[np.float64]:
        n = len(begin)
        out = np.bincount(self.source, self.weight, minlength=n)
        share = self.weight / out[self.source]
        at = begin
        for _ in range(_STEPS):
            at = _RESTART * begin + (1 - _RESTART) * np.bincount(self.target, at[self.source] * share, minlength=n)
        return at

    def _adamic_adar(self, started: Sequence[int]) -> NDArray[np.float64]:
        """The sum over common acquaintances of 1 / log of how many these have."""
        n = len(self.people)
        known = np.zeros(n)
        known[self.target[np.isin(self.source, started)]] = 1
        worth = known / np.log(np.maximum(self.degree, 2))
        found: NDArray[np.float64] = np.bincount(self.target, worth[self.source], minlength=n).astype(np.float64)
        return found


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std()
    return (values - values.mean()) / spread if spread else np.zeros_like(values)
