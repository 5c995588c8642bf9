"""Parties of one kind, compared with each other and with whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from searchsvc.matching.judgement import (
    WEIGHTS,
    Centres,
    PartyKind,
    Said,
    Scale,
    centred,
    less,
    middle_of,
    middles_of,
)
from searchsvc.matching.needs import Wish
from searchsvc.matching.statements import TextRarity
from searchsvc.matching.wording import Wording, Words
from searchsvc.model import Matrix, Vector

__all__ = ["Board"]

_WORDING = 1.0  # weight of the words of works, in the place of their vectors; from .7 to 1.5 hits@10 move by .01
_SAMPLE = 200  # parties, evenly from all, of which the distribution over pairs is told
_Index = NDArray[np.int64]
_Part = tuple[float, Scale, Vector]  # weight, and values that are to be standardized


class _Bags:
    """Some of `rows` (u, d) for each party, so that the best of each is found at once. What several say is one row."""

    def __init__(self, rows: Matrix, bags: Sequence[Sequence[int]]) -> None:
        sizes = np.array([len(bag) for bag in bags], np.int64)
        self._parties = len(bags)
        self._sizes = sizes
        self._full: _Index = np.flatnonzero(sizes)
        self._starts: _Index = (np.cumsum(sizes) - sizes)[self._full]
        self._at: _Index = np.array([one for bag in bags for one in bag], np.int64)
        self._rows = rows
        self.bags = bags

    def best(self, rows: Matrix) -> Vector:
        """(parties,) the largest product of any of `rows` with any of the bag; nan for an empty one."""
        found = np.full(self._parties, np.nan, np.float32)
        if len(rows) and len(self._at):
            found[self._full] = np.maximum.reduceat((self._rows @ rows.T).max(axis=1)[self._at], self._starts)
        return found

    def best_of(self, others: _Bags, parties: Sequence[int]) -> Matrix:
        """(len(parties), parties) the same of each of some of the parties, by what they have in `others`."""
        found = np.full((len(parties), self._parties), np.nan, np.float32)
        asking = np.array([at for at, party in enumerate(parties) if len(others.bags[party])], np.int64)
        if not len(asking) or not len(self._at):
            return found
        bags = [others.bags[parties[at]] for at in asking.tolist()]
        used, places = np.unique(np.concatenate([np.asarray(bag, np.int64) for bag in bags]), return_inverse=True)
        each = _largest_of(others._rows[used] @ self._rows.T, places, np.array([len(bag) for bag in bags], np.int64))
        # whole rows are copied and compared, which is several times as fast as places here and there
        best = _largest_of(np.ascontiguousarray(each.T), self._at, self._sizes[self._full]).T
        if len(asking) == len(parties) and len(self._full) == self._parties:
            return best
        found[np.ix_(asking, self._full)] = best
        return found


def _largest_of(rows: Matrix, at: _Index, sizes: _Index) -> Matrix:
    """(len(sizes), k) the largest in each column of so many rows; the rows are those `at` these places, in turn."""
    starts = np.cumsum(sizes) - sizes
    best: Matrix = rows[at[starts]]
    for number in range(1, int(sizes.max(initial=0))):
        more = np.flatnonzero(sizes > number)
        best[more] = np.maximum(best[more], rows[at[starts[more] + number]])
    return best


class Board:
    """Parties of one kind, such as all projects, ready to be compared with whoever asks."""

    def __init__(
        self,
        kind: PartyKind,
        said: Mapping[str, Said],
        centres: Centres,
        *,
        scales: tuple[Scale, ...] | None = None,
        rare: TextRarity | None = None,
    ) -> None:
        """scales: of an earlier state, with the same centres. rare: of words in works, where these are compared."""
        self.ids = tuple(said)
        self.said = said
        self.centres = centres
        self._weights = WEIGHTS[kind]
        self._topic = centres.topics[kind]
        self.rows = {one: at for at, one in enumerate(self.ids)}
        parties = tuple(said.values())
        self._needs = _bags([one.needs for one in parties], centres.need)
        self._offers = _bags([one.offers for one in parties], centres.offer)
        self._topics = _matrices(middles_of([one.topics for one in parties], self._topic), np.zeros_like(self._topic))
        self._works = _matrices([one.works for one in parties], centres.work)
        nothing = Words.together(())
        self._wording = Wording([one.words or nothing for one in parties], rare) if rare else None
        self.scales = scales or self._measured()

    def _measured(self) -> tuple[Scale, ...]:
        n = len(self.ids)
        sample = [n * at // _SAMPLE for at in range(_SAMPLE)] if n > _SAMPLE else list(range(n))
        nobody = np.zeros((0, 0), np.float32)
        columns = [*self._raw_of(sample), self._works.best_of(self._works, sample)] if sample else [nobody] * 3
        if self._wording:
            columns.append(self._wording.alike_of(sample))
        for column in columns:
            column[range(len(sample)), sample] = np.nan
        return tuple(Scale.of(column, self.centres.prior) for column in columns)

    @cached_property
    def together(self) -> list[int]:
        """Places of all, those beside each other who have the same needs and offers: such a block has fewer rows."""
        needs, offers = self._needs.bags, self._offers.bags
        return sorted(range(len(self.ids)), key=lambda at: (needs[at][-1:], offers[at][-1:]))

    @property
    def silent(self) -> bool:
        """Hardly anybody says what they need or offer: ties and the words of works tell what these do not."""
        return self._wording is not None

    def scores(self, asked: Said) -> Vector:
        """(n,): the sum of the parts by their weights. About 0 for any two of the network; -inf where nothing is known
        of the one or the other."""
        exchange = np.fmax(
            self._offers.best(centred(asked.needs, self.centres.need)),
            self._needs.best(centred(asked.offers, self.centres.offer)),
        )
        topic = self._topics.best(middle_of(asked.topics, self._topic))
        by_words = self._wording.alike(asked.words) if self._wording and asked.words else None
        work = self._works.best(less(asked.works, self.centres.work)) if by_words is None else by_words
        return self._sum(exchange, topic, work, by_words is not None)

    def scores_of(self, parties: Sequence[int]) -> Matrix:
        """(len(parties), n): of those at these places with all, as `scores`."""
        wording = self._wording
        work = wording.alike_of(parties) if wording else self._works.best_of(self._works, parties)
        return self._sum(*self._raw_of(parties), work, wording is not None)

    def topics_of(self, parties: Sequence[int]) -> Matrix:
        """(len(parties), n): how near what they are about is, of those at these places with all, in standard
        deviations."""
        return self.scales[1].standard(self._topics.best_of(self._topics, parties))

    def score(self, asked: Said, other: Said) -> float:
        """The same for whoever is not on the board, or with less than stands there."""
        centres = self.centres
        exchange = _largest(
            (centred(asked.needs, centres.need), centred(other.offers, centres.offer)),
            (centred(asked.offers, centres.offer), centred(other.needs, centres.need)),
        )
        topic = _largest((middle_of(asked.topics, self._topic), middle_of(other.topics, self._topic)))
        if self._wording and asked.words and other.words:
            by_words = np.array([self._wording.of_two(asked.words, other.words)], np.float32)
            return float(self._sum(exchange, topic, by_words, True)[0])
        work = _largest((less(asked.works, centres.work), less(other.works, centres.work)))
        return float(self._sum(exchange, topic, work, False)[0])

    def _sum(self, exchange: Vector, topic: Vector, work: Vector, by_words: bool) -> Vector:
        """by_words: work is how alike the words of works are."""
        weights, scales = self._weights, self.scales
        parts: tuple[_Part, ...] = (
            (weights[0], scales[0], exchange),
            (weights[1], scales[1], topic),
            (_WORDING, scales[3], work) if by_words else (weights[2], scales[2], work),
        )
        total = np.zeros(exchange.shape, np.float32)
        nothing = np.isnan(exchange)
        for weight, scale, values in parts:
            nothing &= np.isnan(values)
            total += weight * scale.standard(values)
        total[nothing] = -np.inf
        return total

    def _raw_of(self, parties: Sequence[int]) -> tuple[Matrix, Matrix]:
        exchange = np.fmax(self._offers.best_of(self._needs, parties), self._needs.best_of(self._offers, parties))
        return exchange, self._topics.best_of(self._topics, parties)


def _bags(wishes: Sequence[Sequence[Wish]], mean: Vector) -> _Bags:
    """Of needs or offers; a text stands once, whoever says it."""
    places: dict[str, int] = {}
    texts: list[Wish] = []
    bags: list[list[int]] = []
    for some in wishes:
        bag = []
        for one in some:
            at = places.setdefault(one.text.words, len(texts))
            if at == len(texts):
                texts.append(one)
            bag.append(at)
        bags.append(bag)
    return _Bags(centred(texts, mean), bags)


def _matrices(bags: Sequence[Matrix], mean: Vector) -> _Bags:
    """Of rows, less the mean; those that are the same stand once."""
    places: dict[bytes, int] = {}
    numbers = [[places.setdefault(row.tobytes(), len(places)) for row in bag] for bag in bags]
    rows = np.frombuffer(b"".join(places), np.float32).reshape(-1, len(mean))
    return _Bags(less(rows, mean), numbers)


def _largest(*pairs: tuple[Matrix, Matrix]) -> Vector:
    """(1,) nan where there is nothing to compare."""
    found = [float((a @ b.T).max()) for a, b in pairs if len(a) and len(b)]
    return np.array([max(found, default=np.nan)], np.float32)
