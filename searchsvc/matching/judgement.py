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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from searchsvc.matching.needs import Clear, Met, Wish
from searchsvc.matching.wording import Words
from searchsvc.model import Matrix, Vector
from searchsvc.search.relevance import Bands

__all__ = [
    "BANDS",
    "PARTIES",
    "PRIOR",
    "PRIOR_PAIRS",
    "PRIOR_TEXTS",
    "WEIGHTS",
    "Centres",
    "PartyKind",
    "Said",
    "Scale",
    "best_of_many",
    "centred",
    "less",
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
_NORMAL = NormalDist()
_FAR_OUT = 8.0  # standard deviations, from which on it makes no difference
PartyKind = Literal["projects", "people", "organizations"]
PARTIES: tuple[PartyKind, ...] = ("projects", "people", "organizations")
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

    topics: (t, d), what it is about, together. works: (w, d), a row each. Rows have unit length. words: of the works,
    where these are compared by their words.
    """

    needs: tuple[Wish, ...]
    offers: tuple[Wish, ...]
    topics: Matrix
    works: Matrix
    words: Words | None = None

    @property
    def owners(self) -> set[str]:
        return {one.owner for one in (*self.needs, *self.offers)}


def best_of_many(value: float, pairs: int) -> float:
    """In standard deviations: how far out one pair alone would have to be, to be as rare as the best of so many is
    (Bonferroni). People of ten interests each have two that are alike by chance; people of one do not."""
    rare = pairs * _NORMAL.cdf(-value)
    return value if pairs == 1 or value > _FAR_OUT else -_NORMAL.inv_cdf(rare) if rare < 1 else -np.inf


def centred(wishes: Sequence[Wish], mean: Vector) -> Matrix:
    """(n, d)."""
    rows: Matrix = np.array([one.text.vector for one in wishes], np.float32).reshape(len(wishes), len(mean))
    return less(rows, mean)


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


def less(rows: Matrix, mean: Vector) -> Matrix:
    return rows - mean if len(rows) else rows.reshape(0, len(mean))


def middle_of(rows: Matrix, mean: Vector) -> Matrix:
    """(1, d), or (0, d) for no rows: what the rows are about together."""
    return less(rows.mean(axis=0, keepdims=True), mean) if len(rows) else rows.reshape(0, len(mean))


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
