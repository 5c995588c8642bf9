"""Projects that complement each other: what one needs and the other offers, and goals that are near.

An order and no verdict: `matching.judgement` says how near, and everything that is nearer than two projects of this
network usually are is shown, best first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.catalogue import StoredPassage
from searchsvc.matching.board import Board
from searchsvc.matching.judgement import BANDS, met_of
from searchsvc.matching.needs import Clear, Met
from searchsvc.projects.dossier import AspectName, Dossier
from searchsvc.register import Project
from searchsvc.remarks import Remark
from searchsvc.search.related.finder import one_to_one, own_words
from searchsvc.search.relevance import Band
from searchsvc.text.folding import folded

__all__ = ["DIFFERENCES", "Complement", "Difference", "SharedPassages", "differences", "suggest", "suggestions"]

DIFFERENCES: tuple[AspectName, ...] = ("approach", "population", "setting", "stage")
_SHOWN = 2  # pairs of passages, and of needs and offers in each direction
_CLOSE = 0.35  # cosine of passages that are worth quoting
_EVERYWHERE = frozenset({"worldwide", "global", "world", "international"})
_Questions = Callable[[Sequence[Met]], list[Met]]


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

    score: by the board of projects; 0 for any two. goals: of both, None where it is not known. goal_sources: passages
    that say them, where the register does not. met: needs of either side with the other's nearest offers, best first;
    those that are not `clear` are questions. known: ids of people in both.
    """

    project: Project
    band: Band
    score: float
    goals: tuple[str | None, str | None]
    goal_sources: tuple[StoredPassage | None, StoredPassage | None]
    meetings: tuple[SharedPassages, ...]
    differs: tuple[Difference, ...]
    met: tuple[Met, ...]
    against: tuple[Remark, ...]
    known: tuple[str, ...] = ()


def suggestions(
    dossier: Dossier,
    board: Board,
    clear: Clear,
    dossier_of: Callable[[str], Dossier],
    *,
    limit: int,
    all_: bool = False,
    same: Collection[str] = (),
    possibly: str | None = None,
    today: str = "",
    twins: Callable[[str], Collection[str]] = lambda key: (),
    questions: _Questions = list,
) -> list[Complement]:
    """Best first. dossier_of: by id, of those that are shown. same: ids that do the same work, never suggested.

    possibly: the id of one that may do the same work; it is said of it. today: ISO 8601, to tell what has ended.
    twins: ids that do the same work as another one: of these the first is suggested.
    questions: what of needs and offers that may fit is shown. all_: those that are known already, too, since somebody
    is in both.
    """
    scores = board.scores(dossier.said)
    own = dossier.project
    found: list[Complement] = []
    told: set[str] = set()
    for at in np.argsort(-scores, kind="stable"):
        key = board.ids[at]
        if scores[at] <= 0 or len(found) == limit:
            break
        if key == own.id or key in same or key in told:
            continue
        other = dossier_of(key)
        if all_ or not _known(dossier, other):
            told.update(twins(key))
            found.append(
                suggest(
                    dossier,
                    other,
                    board,
                    clear,
                    score=float(scores[at]),
                    possibly=key == possibly,
                    today=today,
                    questions=questions,
                )
            )
    return found


def suggest(
    dossier: Dossier,
    other: Dossier,
    board: Board,
    clear: Clear,
    *,
    score: float | None = None,
    possibly: bool = False,
    today: str = "",
    questions: _Questions = list,
) -> Complement:
    """The one, whatever its score. score: when it is known already."""
    value = board.score(dossier.said, other.said) if score is None else score
    met = questions(_met(dossier, other, board, clear))
    goals = dossier.text("goal"), other.text("goal")
    return Complement(
        project=other.project,
        band=BANDS.of(value) or "weak",
        score=value,
        goals=(goals[0].words if goals[0] else None, goals[1].words if goals[1] else None),
        goal_sources=_sources("goal", dossier, other),
        meetings=meetings(dossier, other),
        differs=differences(dossier, other),
        met=tuple(met),
        against=tuple(_against(dossier, other, met, possibly, today)),
        known=tuple(sorted(_known(dossier, other))),
    )


def meetings(dossier: Dossier, other: Dossier) -> tuple[SharedPassages, ...]:
    """The passages in which the two meet, closest first; of one side alone when the other has none."""
    if len(dossier.vectors) and len(other.vectors):
        left, right = own_words([one.passage.text for one in dossier.pages], [one.passage.text for one in other.pages])
        pairs = one_to_one(dossier.vectors[left] @ other.vectors[right].T, _SHOWN)
        found = [SharedPassages(dossier.pages[left[row]], other.pages[right[at]], close) for row, at, close in pairs]
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
    return [(other.pages[at], float(cosines[at])) for at in best]


def differences(dossier: Dossier, other: Dossier) -> tuple[Difference, ...]:
    differs = []
    for name in DIFFERENCES:
        mine, theirs = dossier.text(name), other.text(name)
        if mine and theirs and _folded(mine.words) != _folded(theirs.words):
            differs.append(Difference(name, mine.words, theirs.words, _sources(name, dossier, other)))
    return tuple(differs)


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _sources(name: AspectName, dossier: Dossier, other: Dossier) -> tuple[StoredPassage | None, StoredPassage | None]:
    mine, theirs = dossier.aspects.get(name), other.aspects.get(name)
    return (mine.passage if mine else None, theirs.passage if theirs else None)


def _met(dossier: Dossier, other: Dossier, board: Board, clear: Clear) -> list[Met]:
    here = met_of(dossier.needs, other.offers, board.centres, most=_SHOWN, clear=clear)
    there = met_of(other.needs, dossier.offers, board.centres, most=_SHOWN, clear=clear)
    return sorted((*here, *there), key=lambda one: (not one.clear, -one.likeness))


def _apart(here: str, there: str) -> bool:
    """Neither is in the other: East Africa is in Africa, and all are in the whole world."""
    mine, theirs = (frozenset(folded(one).split()) for one in (here, there))
    return not (mine <= theirs or theirs <= mine or _EVERYWHERE & (mine | theirs))


def _known(dossier: Dossier, other: Dossier) -> set[str]:
    return set(dossier.project.people) & set(other.project.people)


def _against(dossier: Dossier, other: Dossier, met: Sequence[Met], possibly: bool, today: str) -> Iterable[Remark]:
    if possibly:
        yield Remark("near.possibly_same")
    if not other.pages:
        yield Remark("near.no_pages")
    if not other.project.people:
        yield Remark("near.no_people")
    regions = dossier.text("region"), other.text("region")
    if regions[0] and regions[1] and _apart(regions[0].words, regions[1].words):
        yield Remark("near.other_region", {"here": regions[0].words, "there": regions[1].words})
    end, status = other.project.end or "", other.project.status or ""
    if status.casefold() in ("ended", "completed", "closed") or (end and end < today[: len(end)]):
        yield Remark("near.ended", {"when": end or status})
    if not met and (dossier.needs or other.needs):
        yield Remark("near.none_met")
