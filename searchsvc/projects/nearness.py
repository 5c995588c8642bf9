"""How much two projects share a goal or a problem, among all the projects there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchsvc.matching.statements import TextRarity, rarity
from searchsvc.model import Matrix
from searchsvc.projects.dossier import Dossier
from searchsvc.search.related.finder import one_to_one

__all__ = ["Field"]

Unit = tuple[NDArray[np.int64], NDArray[np.float64]]  # terms, ascending, and their weights

CLOSEST = 3  # passages, or pairs of them, that count
REFERENCE = 100  # projects, evenly from all, by which it is known how near a project is to any


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """All projects of the register. words and wants: how rare terms are in passages, and in needs and offers.

    usual: id -> mean nearness to the others. typical: the mean of these. units: id -> all its words by tf-idf.
    """

    dossiers: Mapping[str, Dossier]
    words: TextRarity
    wants: TextRarity
    usual: Mapping[str, float]
    typical: float
    units: Mapping[str, Unit]
    pairs: dict[tuple[str, str], float]  # what was found already, by ids in order

    @classmethod
    def of(cls, dossiers: Iterable[Dossier], *, other_wants: Iterable[Iterable[int]] = ()) -> Field:
        """other_wants: terms of the needs and offers of people and organizations."""
        known = {one.project.id: one for one in dossiers}
        words = rarity(
            terms
            for one in known.values()
            for terms in (*(page.terms for page in one.pages), *(aspect.text.terms for aspect in one.aspects.values()))
        )
        wants = rarity(
            [*(wish.text.terms for one in known.values() for wish in (*one.needs, *one.offers)), *other_wants]
        )
        units = {one.project.id: _unit(one.terms, words) for one in known.values()}
        pairs: dict[tuple[str, str], float] = {}
        bare = cls(known, words, wants, {}, 0.0, units, pairs)
        usual = {one.project.id: bare.usual_of(one) for one in known.values()}
        return cls(known, words, wants, usual, sum(usual.values()) / len(usual) if usual else 0.0, units, pairs)

    def usual_of(self, dossier: Dossier) -> float:
        """The mean nearness of a project, or of what is asked, to the projects of the field."""
        others = [other for other in self.dossiers.values() if other.project.id != dossier.project.id]
        sample = (
            [others[at * len(others) // REFERENCE] for at in range(REFERENCE)] if len(others) > REFERENCE else others
        )
        return sum(self.nearness(dossier, other) for other in sample) / len(sample) if sample else 0.0

    def shared(self, dossier: Dossier, other: Dossier, *, usual: float | None = None) -> float:
        """Nearness, less by how near both are to anything: about 0 to 1, .35 between any two projects of one field.

        usual: of `dossier`, when it is known already. Some projects are near to all others, as some vectors are in any
        high space (hubs); what counts is how much nearer these two are (Conneau et al. 2018, section 2.3).
        """
        mine = self._usual(dossier) if usual is None else usual
        return self.nearness(dossier, other) - (mine + self._usual(other)) / 2 + self.typical

    def nearness(self, dossier: Dossier, other: Dossier) -> float:
        """The mean of three, from about 0 to 1; what is not known counts as 0.

        The goal of each and the three texts of the other that are closest to it, by cosine; the three pairs of passages
        in which the two meet; and the cosine of all their words by tf-idf.
        """
        if not (self._has(dossier) and self._has(other)):
            return self._compared(dossier, other)
        first, second = sorted((dossier.project.id, other.project.id))
        if (first, second) not in self.pairs:
            self.pairs[first, second] = self._compared(dossier, other)
        return self.pairs[first, second]

    def _compared(self, dossier: Dossier, other: Dossier) -> float:
        words = _dot(self._unit_of(dossier), self._unit_of(other))
        return (_goals(dossier, other) + _meetings(dossier, other) + words) / 3

    def _usual(self, one: Dossier) -> float:
        return self.usual[one.project.id] if self._has(one) else self.usual_of(one)

    def _unit_of(self, one: Dossier) -> Unit:
        return self.units[one.project.id] if self._has(one) else _unit(one.terms, self.words)

    def _has(self, one: Dossier) -> bool:
        """Whether it is of the field as it stands there, and not what was asked, nor less of it."""
        return self.dossiers.get(one.project.id) is one


def _goals(dossier: Dossier, other: Dossier) -> float:
    return (_towards(dossier, other) + _towards(other, dossier)) / 2


def _towards(one: Dossier, other: Dossier) -> float:
    goal, texts = one.text("goal"), other.statements
    if goal is None or not len(texts):
        return 0.0
    closest = np.sort(texts @ goal.vector)[-CLOSEST:]
    return float(closest.mean())


def _meetings(dossier: Dossier, other: Dossier) -> float:
    mine, theirs = _spoken(dossier), _spoken(other)
    if not len(mine) or not len(theirs):
        return 0.0
    pairs = one_to_one(mine @ theirs.T, CLOSEST)
    return sum(cosine for _, _, cosine in pairs) / len(pairs)


def _spoken(one: Dossier) -> Matrix:
    """Its passages; its goal when it has none."""
    return one.vectors if len(one.vectors) else one.statements


def _unit(terms: Mapping[int, int], rare: TextRarity) -> Unit:
    """By tf-idf: (1 + log f) times how rare the term is, of length 1."""
    indices = np.array(sorted(terms), np.int64)
    values = np.array([(1 + math.log(terms[int(term)])) * rare[int(term)] for term in indices], np.float64)
    return indices, values / (np.linalg.norm(values) or 1.0)


def _dot(dossier: Unit, other: Unit) -> float:
    _, mine, theirs = np.intersect1d(dossier[0], other[0], assume_unique=True, return_indices=True)
    return float(dossier[1][mine] @ other[1][theirs])
