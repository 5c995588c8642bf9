"""Projects that complement each other: the same goal or problem, another way, and needs that offers meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from searchsvc.catalogue import StoredPassage
from searchsvc.matching.needs import Met, meetings_of
from searchsvc.matching.statements import likeness
from searchsvc.projects.dossier import AspectName, Dossier
from searchsvc.projects.duplicates import alike
from searchsvc.projects.nearness import Field
from searchsvc.register import Project
from searchsvc.remarks import Remark
from searchsvc.search.related.finder import one_to_one
from searchsvc.search.relevance import Band, Bands

__all__ = ["DIFFERENCES", "Complement", "Difference", "SharedPassages", "suggest", "suggestions"]

DIFFERENCES: tuple[AspectName, ...] = ("approach", "population", "setting", "stage")
GATE = 0.34
"""What two must share before anything else counts. On the sample archive nine in ten of the pairs worth a mention have
more, and so has half of all others: it is a field, and most that is in it is near. Without passages it is a cosine of
goals of about .5."""
FLOOR = 0.22  # of nearness alone: words of other fields, such as railways or mathematics, stay below .20 here
_NEED, _APPROACH = 0.30, 0.20  # what a need that is met, and another approach, add; from .1 to .5, nDCG@5 moved by .01
_BANDS = Bands(0.70, 0.58)  # what is weak is shown, too
_SAME_WORDS = 0.80  # likeness from which two texts say the same
_SHOWN = 2  # pairs of passages
_CLOSE = 0.35  # cosine of passages that are worth quoting


@dataclass(frozen=True, slots=True)
class Difference:
    """What each says of an aspect in which they differ. sources: passages that say it, where the register does not."""

    aspect: AspectName
    here: str
    there: str
    sources: tuple[StoredPassage | None, StoredPassage | None] = (None, None)


@dataclass(frozen=True, slots=True)
class SharedPassages:
    """Passages of both in which they meet. None: this side has no passages, and its goal is what meets."""

    here: StoredPassage | None
    there: StoredPassage | None
    cosine: float


@dataclass(frozen=True, slots=True)
class Complement:
    """A project worth knowing, and all that speaks for it and against it.

    score: comparable within one answer. shared: how much they share, of which at least GATE is needed. goals: of both,
    None where it is not known. goal_sources: passages that say them, where the register does not. met: needs of either
    side that the other's offers meet. known: ids of people in both.
    """

    project: Project
    band: Band
    score: float
    shared: float
    goals: tuple[str | None, str | None]
    goal_sources: tuple[StoredPassage | None, StoredPassage | None]
    meetings: tuple[SharedPassages, ...]
    differs: tuple[Difference, ...]
    met: tuple[Met, ...]
    against: tuple[Remark, ...]
    known: tuple[str, ...] = ()


def suggestions(dossier: Dossier, field: Field, *, all_: bool = False) -> list[Complement]:
    """Best first. all_: those who are known already, too, since somebody is in both."""
    usual = (
        field.usual.get(dossier.project.id)
        if field.dossiers.get(dossier.project.id) is dossier
        else field.usual_of(dossier)
    )
    complements: Iterable[Complement | None] = (
        suggest(dossier, other, field, usual=usual)
        for other in field.dossiers.values()
        if other.project.id != dossier.project.id and (all_ or not _known(dossier, other))
    )
    return sorted((one for one in complements if one), key=lambda one: (-one.score, one.project.id))


def suggest(dossier: Dossier, other: Dossier, field: Field, *, usual: float | None = None) -> Complement | None:
    """None: they share too little, do the same work, or differ in nothing. usual: of `dossier`, when it is known.

    score = shared + .3 m + .2 (1 - a), m the likeness of the surest need and offer that meet, a that of the approaches.
    """
    shared = field.shared(dossier, other, usual=usual)
    if shared < GATE or field.nearness(dossier, other) < FLOOR or alike(dossier, other, field, shared):
        return None
    differs = _differences(dossier, other, field)
    if not differs and any(dossier.text(name) and other.text(name) for name in DIFFERENCES):
        return None
    met = _met(dossier, other, field)
    score = (
        shared
        + _NEED * max((one.likeness for one in met), default=0.0)
        + _APPROACH * _other_approach(dossier, other, field)
    )
    goals = dossier.text("goal"), other.text("goal")
    return Complement(
        project=other.project,
        band=_BANDS.of(score) or "weak",
        score=score,
        shared=shared,
        goals=(goals[0].words if goals[0] else None, goals[1].words if goals[1] else None),
        goal_sources=_sources("goal", dossier, other),
        meetings=meetings(dossier, other),
        differs=differs,
        met=tuple(met),
        against=tuple(_against(dossier, other, met)),
        known=tuple(sorted(_known(dossier, other))),
    )


def meetings(dossier: Dossier, other: Dossier) -> tuple[SharedPassages, ...]:
    """The passages in which the two meet, closest first; of one side alone when the other has none."""
    if len(dossier.vectors) and len(other.vectors):
        pairs = one_to_one(dossier.vectors @ other.vectors.T, _SHOWN)
        found = [
            SharedPassages(dossier.pages[row].stored, other.pages[column].stored, close) for row, column, close in pairs
        ]
    else:
        found = [SharedPassages(None, one, close) for one, close in _closest(dossier, other)]
        found += [SharedPassages(one, None, close) for one, close in _closest(other, dossier)]
    return tuple(one for one in found if one.cosine >= _CLOSE)


def _closest(dossier: Dossier, other: Dossier) -> list[tuple[StoredPassage, float]]:
    """The passages of `other` that are closest to the goal of `one`, which has no passages."""
    goal = dossier.text("goal")
    if goal is None or len(dossier.vectors) or not len(other.vectors):
        return []
    cosines = other.vectors @ goal.vector
    best = np.argsort(-cosines, kind="stable")[:_SHOWN]
    return [(other.pages[at].stored, float(cosines[at])) for at in best]


def _differences(dossier: Dossier, other: Dossier, field: Field) -> tuple[Difference, ...]:
    differs = []
    for name in DIFFERENCES:
        mine, theirs = dossier.text(name), other.text(name)
        if mine and theirs and mine.words.casefold() != theirs.words.casefold():
            if name in ("approach", "population") and likeness(mine, theirs, field.words) >= _SAME_WORDS:
                continue
            differs.append(Difference(name, mine.words, theirs.words, _sources(name, dossier, other)))
    return tuple(differs)


def _sources(name: AspectName, dossier: Dossier, other: Dossier) -> tuple[StoredPassage | None, StoredPassage | None]:
    mine, theirs = dossier.aspects.get(name), other.aspects.get(name)
    return (mine.passage if mine else None, theirs.passage if theirs else None)


def _other_approach(dossier: Dossier, other: Dossier, field: Field) -> float:
    mine, theirs = dossier.text("approach"), other.text("approach")
    return 1 - max(0.0, likeness(mine, theirs, field.words)) if mine and theirs else 0.0


def _met(dossier: Dossier, other: Dossier, field: Field) -> list[Met]:
    both = meetings_of(dossier.needs, other.offers, field.wants) + meetings_of(other.needs, dossier.offers, field.wants)
    return sorted(both, key=lambda one: -one.likeness)


def _known(dossier: Dossier, other: Dossier) -> set[str]:
    return set(dossier.project.people) & set(other.project.people)


def _against(dossier: Dossier, other: Dossier, met: Iterable[Met]) -> Iterable[Remark]:
    if not other.pages:
        yield Remark("near.no_pages")
    if not other.project.people:
        yield Remark("near.no_people")
    regions = dossier.text("region"), other.text("region")
    if regions[0] and regions[1] and regions[0].words.casefold() != regions[1].words.casefold():
        yield Remark("near.other_region", {"here": regions[0].words, "there": regions[1].words})
    ended = (other.project.status or "").casefold() in ("ended", "completed", "closed")
    if when := other.project.end or (other.project.status if ended else None):
        yield Remark("near.ends", {"when": when})
    if not list(met) and (dossier.needs or other.needs):
        yield Remark("near.none_met")
