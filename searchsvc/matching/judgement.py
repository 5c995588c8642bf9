"""How near needs and offers, goals, interests and works are to each other, as told from the network they stand in.

An encoder puts all that is said in one field close together, and some statements close to everything. So what is near
is told from the network itself: from the cosine of a need and an offer are taken the need's mean over all offers and
the offer's mean over all needs (Conneau et al. 2018, section 2.3, with all others as neighbours). For unit vectors this
is the product of both less their means:

    n.o - mean over o'(n.o') - mean over n'(n'.o) + mean over both = (n - mean n') . (o - mean o')

Goals, interests and works are less the mean of their own kind. A few statements tell little of a mean. So each is drawn
towards the mean of statements of no field, as if there were PRIOR more of these. How near two are is then said in
standard deviations over pairs of this network. Nothing here says yes or no: what comes out is an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from searchsvc.matching.needs import Clear, Met, Wish
from searchsvc.model import Matrix, Vector
from searchsvc.search.relevance import Bands

__all__ = [
    "BANDS",
    "PARTIES",
    "PRIOR",
    "PRIOR_PAIRS",
    "PRIOR_TEXTS",
    "WEIGHTS",
    "Board",
    "Centres",
    "Parts",
    "PartyKind",
    "Said",
    "Scale",
    "centred",
    "met_of",
    "middle_of",
    "middles_of",
]

PRIOR_TEXTS = (
    "somebody to work with", "a place to meet", "data of earlier years", "people who take part in a survey",
    "help with the writing of a report", "advice on the law", "a room and a table", "training for new staff",
    "a translation into other languages", "instruments on loan", "samples to compare with",
    "software and somebody who knows it",
    "a list of addresses", "students for the summer", "pictures and maps", "a method that is cheap and quick",
    "experience with local groups", "a laboratory with free time", "results that can be published", "an office abroad",
)  # fmt: skip
"""Needs and offers of no field."""
PRIOR = 3
"""Statements that the mean of no field counts as: the variance within a field by that between fields (James and Stein
1961). It is 1.5 for goals and works, 5 to 6 for needs and offers, on two networks."""
PRIOR_PAIRS = 10  # that what is known of pairs of no field counts as
BANDS = Bands(2.5, 1.2)
"""In standard deviations above any two of the network: about one pair in a hundred, one in six. The weak are shown."""
PartyKind = Literal["projects", "people", "organizations"]
PARTIES: tuple[PartyKind, ...] = ("projects", "people", "organizations")
_SAMPLE = 200  # parties, evenly from all, of which the distribution over pairs is told
_Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Parts:
    """What speaks for two parties: the best need and offer, what they are about, and their works; one value each.

    In standard deviations from the mean over pairs of the network; 0 where it is not known of one of them. Either
    values or arrays over parties.
    """

    exchange: Vector
    topic: Vector
    work: Vector


WEIGHTS: Mapping[PartyKind, tuple[float, float, float]] = {
    "projects": (1.0, 0.5, 0.5), "people": (1.0, 0.5, 0.3),
}  # fmt: skip
"""What exchange, topic and work weigh. Simple on purpose: from .3 to 1, nDCG@5 and @10 move by .02 on two networks."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Of the values over pairs of a network."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Vector, prior: Scale) -> Scale:
        """values: any shape, nan where nothing is known. prior counts as PRIOR_PAIRS values."""
        known = np.asarray(values, np.float64)[~np.isnan(values)]
        n = len(known)
        mean = (known.sum() + PRIOR_PAIRS * prior.mean) / (n + PRIOR_PAIRS)
        squares = ((known - mean) ** 2).sum() + PRIOR_PAIRS * (prior.deviation**2 + (prior.mean - mean) ** 2)
        return cls(float(mean), float(np.sqrt(squares / (n + PRIOR_PAIRS))) or 1.0)

    def standard(self, values: Vector) -> Vector:
        """In standard deviations from the mean; 0 for nan."""
        standard: Vector = (values - np.float32(self.mean)) * np.float32(1 / self.deviation)
        standard[np.isnan(standard)] = 0
        return standard


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """Means (d,) that are taken off. topics: of what parties of each kind are about.

    prior: of what two statements of no field reach.
    """

    need: Vector
    offer: Vector
    topics: Mapping[PartyKind, Vector]
    work: Vector
    prior: Scale

    @classmethod
    def of(
        cls, needs: Matrix, offers: Matrix, topics: Mapping[PartyKind, Matrix], works: Matrix, neutral: Matrix
    ) -> Centres:
        """Each (n, d); n may be 0. neutral: what PRIOR_TEXTS say."""
        middle = neutral.mean(axis=0)
        cosines = (neutral - middle) @ (neutral - middle).T
        apart = cosines[~np.eye(len(neutral), dtype=bool)]

        def mean(rows: Matrix) -> Vector:
            drawn: Vector = (rows.sum(axis=0) + PRIOR * middle) / np.float32(len(rows) + PRIOR)
            return drawn

        nothing = neutral[:0]
        return cls(
            mean(needs), mean(offers), {kind: mean(topics.get(kind, nothing)) for kind in PARTIES}, mean(works),
            Scale(float(apart.mean()), float(apart.std()) or 1.0),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What one party says and wrote, or whoever asks. needs and offers: its own and those of who stands behind it.

    topics: (t, d), what it is about, together. works: (w, d), a row each. Rows have unit length.
    """

    needs: tuple[Wish, ...]
    offers: tuple[Wish, ...]
    topics: Matrix
    works: Matrix

    @property
    def owners(self) -> set[str]:
        return {one.owner for one in (*self.needs, *self.offers)}


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
    ) -> None:
        """scales: of an earlier state, with the same centres."""
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
        self.scales = scales or self._measured()

    def _measured(self) -> tuple[Scale, ...]:
        n = len(self.ids)
        sample = [n * at // _SAMPLE for at in range(_SAMPLE)] if n > _SAMPLE else list(range(n))
        columns = self._raw_of(sample) if sample else [np.zeros((0, 0), np.float32)] * 3
        for column in columns:
            column[range(len(sample)), sample] = np.nan
        return tuple(Scale.of(column, self.centres.prior) for column in columns)

    @cached_property
    def together(self) -> list[int]:
        """Places of all, those beside each other who have the same needs and offers: such a block has fewer rows."""
        needs, offers = self._needs.bags, self._offers.bags
        return sorted(range(len(self.ids)), key=lambda at: (needs[at][-1:], offers[at][-1:]))

    @cached_property
    def silent(self) -> bool:
        """Nobody says what they need or offer."""
        return not any(one.needs or one.offers for one in self.said.values())

    def parts(self, asked: Said) -> Parts:
        """(n,) each, in the order of `ids`."""
        raw = self._raw(asked)
        return Parts(*(scale.standard(part) for scale, part in zip(self.scales, raw, strict=True)))

    def scores(self, asked: Said) -> Vector:
        """(n,): the sum of the parts by their weights. About 0 for any two of the network; -inf where nothing is known
        of the one or the other."""
        raw = self._raw(asked)
        return self._sum(raw)

    def scores_of(self, parties: Sequence[int]) -> Matrix:
        """(len(parties), n): of those at these places with all, as `scores`."""
        return self._sum(self._raw_of(parties))

    def topics_of(self, parties: Sequence[int]) -> Matrix:
        """(len(parties), n): what `parts` has of topics, of those at these places with all."""
        return self.scales[1].standard(self._topics.best_of(self._topics, parties))

    def score(self, asked: Said, other: Said) -> float:
        """The same for whoever is not on the board, or with less than stands there."""
        centres = self.centres
        pairs = [
            np.array([np.nan if a is None else a], np.float32)
            for a in (
                _largest(
                    (centred(asked.needs, centres.need), centred(other.offers, centres.offer)),
                    (centred(asked.offers, centres.offer), centred(other.needs, centres.need)),
                ),
                _largest((middle_of(asked.topics, self._topic), middle_of(other.topics, self._topic))),
                _largest((_less(asked.works, centres.work), _less(other.works, centres.work))),
            )
        ]
        return float(self._sum((pairs[0], pairs[1], pairs[2]))[0])

    def _sum(self, raw: Iterable[Vector]) -> Vector:
        raw = tuple(raw)
        total = np.zeros(raw[0].shape, np.float32)
        for weight, scale, part in zip(self._weights, self.scales, raw, strict=True):
            total += weight * scale.standard(part)
        nothing = np.isnan(raw[0])
        for part in raw[1:]:
            nothing &= np.isnan(part)
        total[nothing] = -np.inf
        return total

    def _raw(self, asked: Said) -> tuple[Vector, Vector, Vector]:
        centres = self.centres
        exchange = np.fmax(
            self._offers.best(centred(asked.needs, centres.need)),
            self._needs.best(centred(asked.offers, centres.offer)),
        )
        topic = self._topics.best(middle_of(asked.topics, self._topic))
        return exchange, topic, self._works.best(_less(asked.works, centres.work))

    def _raw_of(self, parties: Sequence[int]) -> tuple[Matrix, Matrix, Matrix]:
        exchange = np.fmax(self._offers.best_of(self._needs, parties), self._needs.best_of(self._offers, parties))
        return exchange, self._topics.best_of(self._topics, parties), self._works.best_of(self._works, parties)


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
    return _Bags(_less(rows, mean), numbers)


def centred(wishes: Sequence[Wish], mean: Vector) -> Matrix:
    """(n, d)."""
    rows: Matrix = np.array([one.text.vector for one in wishes], np.float32).reshape(len(wishes), len(mean))
    return _less(rows, mean)


def met_of(needs: Sequence[Wish], offers: Sequence[Wish], centres: Centres, *, most: int, clear: Clear) -> list[Met]:
    """The nearest pairs of a need and an offer of somebody else, best first; each need and each offer once."""
    if not needs or not offers:
        return []
    near = centred(needs, centres.need) @ centred(offers, centres.offer).T
    own = np.array([[need.owner == offer.owner for offer in offers] for need in needs])
    near = np.where(own, -np.inf, near)
    judged = clear.judged(near, [one.text.words for one in needs], [one.text.words for one in offers])
    found: list[Met] = []
    said: set[str] = set()
    for at in np.argsort(-judged, axis=None, kind="stable"):
        row, column = divmod(int(at), len(offers))
        if len(found) == most or judged[row, column] == -np.inf:
            break
        need, offer = needs[row], offers[column]
        if said.isdisjoint((need.text.words, offer.text.words)):
            said |= {need.text.words, offer.text.words}
            found.append(Met(need, offer, float(near[row, column]), clear(need.text, offer.text)))
    return found


def _less(rows: Matrix, mean: Vector) -> Matrix:
    return rows - mean if len(rows) else rows.reshape(0, len(mean))


def middle_of(rows: Matrix, mean: Vector) -> Matrix:
    """(1, d), or (0, d) for no rows: what the rows are about together."""
    return _less(rows.mean(axis=0, keepdims=True), mean) if len(rows) else rows.reshape(0, len(mean))


def middles_of(bags: Sequence[Matrix], mean: Vector) -> list[Matrix]:
    """`middle_of` of each."""
    sizes = np.array([len(bag) for bag in bags], np.int64)
    full = sizes > 0
    if not full.any():
        return [bag.reshape(0, len(mean)) for bag in bags]
    starts = (np.cumsum(sizes) - sizes)[full]
    middles = np.add.reduceat(np.concatenate([bag for bag in bags if len(bag)]), starts) / sizes[full, None] - mean
    made = iter(middles.astype(np.float32)[:, None])
    return [next(made) if size else bag.reshape(0, len(mean)) for size, bag in zip(sizes, bags, strict=True)]


def _largest(*pairs: tuple[Matrix, Matrix]) -> float | None:
    found = [float((a @ b.T).max()) for a, b in pairs if len(a) and len(b)]
    return max(found, default=None)
