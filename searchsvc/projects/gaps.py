"""What the network lacks: needs that no offer meets, goals without money, what funders cover and nobody asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.matching.needs import MEETS, Met, Wish, best_offer, lacking
from searchsvc.matching.statements import Statement, likeness
from searchsvc.projects.dossier import Dossier
from searchsvc.projects.nearness import Field
from searchsvc.register import Organization

__all__ = ["Cover", "Fitting", "Funder", "Gaps", "Goal", "Unmet", "funders", "unfunded", "wanted"]

CoverKind = Literal["pays for", "does not pay for", "only"]
ONE_GOAL = 0.42
"""What all projects of one goal share with each other. Two projects of one field share .35."""
COVERED = 0.40  # likeness of what a funder covers and what a project says of itself
_NOT = re.compile(r"^(?:no|not|without|except|excluding)\b", re.I)
_ONLY = re.compile(r"\bonly\b", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class Unmet:
    """A need, the nearest offer of somebody else (None: nobody offers anything), and the words it does not answer."""

    need: Wish
    nearest: Met | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """Projects that share a goal and have no funder. shared: of the two that share least. funded: others near them."""

    projects: tuple[str, ...]
    shared: float
    funded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A project that a cover fits, and what of it says so: one of its aspects, a need or an offer."""

    project: str
    aspect: str
    says: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Cover:
    """One of the things that a funder says of what it pays for. fitting: projects without money of this funder."""

    text: str
    kind: CoverKind
    fitting: tuple[Fitting, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class Funder:
    """funds: ids of projects that it pays for. covers: in the order of the register."""

    id: str
    funds: tuple[str, ...]
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """needs: how many there are. met: the best offer for each that is met."""

    needs: int
    met: tuple[Met, ...]
    unmet: tuple[Unmet, ...]
    unfunded: tuple[Goal, ...]
    funders: tuple[Funder, ...]


def wanted(
    needs: Sequence[Wish], offers: Sequence[Wish], field: Field, lexical: LexicalEncoder
) -> tuple[list[Met], list[Unmet]]:
    """Needs that are met, with the best offer, and needs that are not, in the order given."""
    met, unmet = [], []
    for need in needs:
        best = best_offer(need, offers, field.wants)
        if best and best.likeness >= MEETS:
            met.append(best)
        else:
            missing = lacking(need.text, best.offer.text, lexical.terms(need.text.words)) if best else []
            unmet.append(Unmet(need, best, tuple(missing)))
    return met, unmet


def unfunded(field: Field, paid: Iterable[str]) -> list[Goal]:
    """Goals of at least two projects without a funder, the largest first. paid: ids of projects that have one.

    Clusters by complete linkage: every two of a cluster share at least ONE_GOAL.
    """
    funded = {*paid}
    poor = [one for one in field.dossiers if one not in funded]
    near = {frozenset(pair): _shared(field, *pair) for pair in combinations(poor, 2)}
    clusters: list[tuple[str, ...]] = [(one,) for one in poor]

    def least(*members: str) -> float:
        return min(near[frozenset(pair)] for pair in combinations(members, 2))

    while len(clusters) > 1:
        first, second = max(combinations(clusters, 2), key=lambda pair: least(*pair[0], *pair[1]))
        if least(*first, *second) < ONE_GOAL:
            break
        clusters = [one for one in clusters if one not in (first, second)] + [(*first, *second)]
    goals: list[Goal] = []
    for cluster in clusters:
        if len(cluster) > 1:
            others = [one for one in field.dossiers if one in funded]
            around = [one for one in others if all(_shared(field, one, member) >= ONE_GOAL for member in cluster)]
            goals.append(Goal(cluster, least(*cluster), tuple(around)))
    return sorted(goals, key=lambda one: (-len(one.projects), -one.shared))


def _shared(field: Field, first: str, second: str) -> float:
    return field.shared(field.dossiers[first], field.dossiers[second])


def funders(given: Sequence[tuple[Organization, Sequence[Statement], Sequence[str]]], field: Field) -> list[Funder]:
    """given: funder, its covers encoded, ids of the projects that it pays for.

    A project fits a funder by a cover that is like one of its aspects, unless one that excludes is.
    """
    made = []
    for organization, covers, funds in given:
        kinds = [_kind(one.words) for one in covers]
        fits = [[fit for one in field.dossiers.values() if (fit := _fit(cover, one, field))] for cover in covers]
        out = {
            fit.project
            for kind, fitting in zip(kinds, fits, strict=True)
            if kind == "does not pay for"
            for fit in fitting
        }
        made.append(
            Funder(
                organization.id,
                tuple(funds),
                tuple(
                    Cover(
                        cover.words, kind, _new(found, {*funds} | (out if kind == "pays for" else set())), bool(found)
                    )
                    for cover, kind, found in zip(covers, kinds, fits, strict=True)
                ),
            )
        )
    return made


def _kind(cover: str) -> CoverKind:
    return "does not pay for" if _NOT.search(cover) else "only" if _ONLY.search(cover) else "pays for"


def _new(found: Sequence[Fitting], gone: set[str]) -> tuple[Fitting, ...]:
    return tuple(sorted((one for one in found if one.project not in gone), key=lambda one: -one.likeness))


def _fit(cover: Statement, project: Dossier, field: Field) -> Fitting | None:
    """By whatever the project says that is most like the cover."""
    said = [(str(name), aspect.text) for name, aspect in project.aspects.items()]
    said += [("need", wish.text) for wish in project.needs] + [("offer", wish.text) for wish in project.offers]
    fits = [Fitting(project.project.id, name, text.words, likeness(cover, text, field.words)) for name, text in said]
    best = max(fits, key=lambda fit: fit.likeness, default=None)
    return best if best and best.likeness >= COVERED else None
