"""Projects that complement each other: the same goal or problem, gone about in another way, and needs that offers meet."""

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
"""What two must share before anything else counts. On the sample archive nine in ten of the pairs worth a mention have more,
and so has half of all others: it is a field, and most that is in it is near. Without passages it is a cosine of goals of about .5."""
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

    score: comparable within one answer. shared: how much they share, of which at least GATE is needed. goals: of both, None
    where it is not known. goal_sources: passages that say them, where the register does not. met: needs of either side that the other's offers meet. known: ids of people in both.
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


def suggestions(here: Dossier, field: Field, *, all_: bool = False) -> list[Complement]:
    """Best first. all_: those who are known already, too, since somebody is in both."""
    usual = field.usual.get(here.project.id) if field.dossiers.get(here.project.id) is here else field.usual_of(here)
    found: Iterable[Complement | None] = (
        suggest(here, there, field, usual=usual)
        for there in field.dossiers.values()
        if there.project.id != here.project.id and (all_ or not _known(here, there))
    )
    return sorted((one for one in found if one), key=lambda one: (-one.score, one.project.id))


def suggest(here: Dossier, there: Dossier, field: Field, *, usual: float | None = None) -> Complement | None:
    """None: they share too little, do the same work, or differ in nothing. usual: of `here`, when it is known.

    score = shared + .3 m + .2 (1 - a), m the likeness of the surest need and offer that meet, a that of the approaches.
    """
    shared = field.shared(here, there, usual=usual)
    if shared < GATE or field.nearness(here, there) < FLOOR or alike(here, there, field, shared):
        return None
    differs = _differences(here, there, field)
    if not differs and any(here.text(name) and there.text(name) for name in DIFFERENCES):
        return None
    met = _met(here, there, field)
    score = (
        shared
        + _NEED * max((one.likeness for one in met), default=0.0)
        + _APPROACH * _other_approach(here, there, field)
    )
    goals = here.text("goal"), there.text("goal")
    return Complement(
        project=there.project,
        band=_BANDS.of(score) or "weak",
        score=score,
        shared=shared,
        goals=(goals[0].words if goals[0] else None, goals[1].words if goals[1] else None),
        goal_sources=_sources("goal", here, there),
        meetings=meetings(here, there),
        differs=differs,
        met=tuple(met),
        against=tuple(_against(here, there, met)),
        known=tuple(sorted(_known(here, there))),
    )


def meetings(here: Dossier, there: Dossier) -> tuple[SharedPassages, ...]:
    """The passages in which the two meet, closest first; of one side alone when the other has none."""
    if len(here.vectors) and len(there.vectors):
        pairs = one_to_one(here.vectors @ there.vectors.T, _SHOWN)
        found = [
            SharedPassages(here.pages[row].stored, there.pages[column].stored, close) for row, column, close in pairs
        ]
    else:
        found = [SharedPassages(None, one, close) for one, close in _closest(here, there)]
        found += [SharedPassages(one, None, close) for one, close in _closest(there, here)]
    return tuple(one for one in found if one.cosine >= _CLOSE)


def _closest(one: Dossier, other: Dossier) -> list[tuple[StoredPassage, float]]:
    """The passages of `other` that are closest to the goal of `one`, which has no passages."""
    goal = one.text("goal")
    if goal is None or len(one.vectors) or not len(other.vectors):
        return []
    cosines = other.vectors @ goal.vector
    best = np.argsort(-cosines, kind="stable")[:_SHOWN]
    return [(other.pages[at].stored, float(cosines[at])) for at in best]


def _differences(here: Dossier, there: Dossier, field: Field) -> tuple[Difference, ...]:
    differs = []
    for name in DIFFERENCES:
        mine, theirs = here.text(name), there.text(name)
        if mine and theirs and mine.words.casefold() != theirs.words.casefold():
            if name in ("approach", "population") and likeness(mine, theirs, field.words) >= _SAME_WORDS:
                continue
            differs.append(Difference(name, mine.words, theirs.words, _sources(name, here, there)))
    return tuple(differs)


def _sources(name: AspectName, here: Dossier, there: Dossier) -> tuple[StoredPassage | None, StoredPassage | None]:
    mine, theirs = here.aspects.get(name), there.aspects.get(name)
    return (mine.passage if mine else None, theirs.passage if theirs else None)


def _other_approach(here: Dossier, there: Dossier, field: Field) -> float:
    mine, theirs = here.text("approach"), there.text("approach")
    return 1 - max(0.0, likeness(mine, theirs, field.words)) if mine and theirs else 0.0


def _met(here: Dossier, there: Dossier, field: Field) -> list[Met]:
    both = meetings_of(here.needs, there.offers, field.wants) + meetings_of(there.needs, here.offers, field.wants)
    return sorted(both, key=lambda one: -one.likeness)


def _known(here: Dossier, there: Dossier) -> set[str]:
    return set(here.project.people) & set(there.project.people)


def _against(here: Dossier, there: Dossier, met: Iterable[Met]) -> Iterable[Remark]:
    if not there.pages:
        yield Remark("near.no_pages")
    if not there.project.people:
        yield Remark("near.no_people")
    regions = here.text("region"), there.text("region")
    if regions[0] and regions[1] and regions[0].words.casefold() != regions[1].words.casefold():
        yield Remark("near.other_region", {"here": regions[0].words, "there": regions[1].words})
    ended = (there.project.status or "").casefold() in ("ended", "completed", "closed")
    if when := there.project.end or (there.project.status if ended else None):
        yield Remark("near.ends", {"when": when})
    if not list(met) and (here.needs or there.needs):
        yield Remark("near.none_met")
