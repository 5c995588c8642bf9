"""What the network lacks: needs with no offer near, goals without money, what funders cover and nobody asks for.

Which offer meets a need takes knowledge of the field. So needs are put in an order, those with the least near offers
first, and each is shown with the three nearest offers, as a question. Clear is only what wording makes plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from searchsvc.matching.judgement import Board, Centres, centred
from searchsvc.matching.needs import Clear, Met, NeedKind, Wish, kind_of, once
from searchsvc.matching.statements import Statement
from searchsvc.register import Organization, Project

__all__ = ["NEAREST", "Cover", "Fitting", "Funder", "Gaps", "Goal", "Told", "Wanted", "funders", "unfunded", "wanted"]

CoverKind = Literal["pays for", "does not pay for", "only"]
NEAREST = 3  # offers shown with a need
NEAR = 2.0  # standard deviations above any two: goals that are one, and covers that fit
_MOST_PAIRS = 500  # of goals that are joined
_FITTING = 20  # projects shown with one cover
_AT_ONCE = 1024
_NOT = re.compile(r"^(?:no|not|without|except|excluding)\b", re.I)
_ONLY = re.compile(r"\bonly\b", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A need. owners: all who say it in these words. nearest: the nearest offers of others, best first.

    kind: what no offer can meet is told apart. clear: wording makes plain that the first offer meets it.
    """

    need: Wish
    owners: tuple[str, ...]
    kind: NeedKind
    nearest: tuple[Met, ...]

    @property
    def clear(self) -> bool:
        return bool(self.nearest and self.nearest[0].clear)


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
    """needs: those with the least near offers first; the clear ones last."""

    needs: tuple[Wanted, ...]
    unfunded: tuple[Goal, ...]
    funders: tuple[Funder, ...]


def wanted(
    needs: Sequence[Wish], offers: Sequence[Wish], centres: Centres, clear: Clear, *,
    together: Mapping[str, frozenset[str]] = {},
) -> list[Wanted]:  # fmt: skip
    """Each need once, with the nearest offers. together: owner -> ids of its people or projects, whose offers are no
    news to it."""
    single = once(needs)
    columns = centred(offers, centres.offer)
    found: list[tuple[float, Wanted]] = []
    for start in range(0, len(single), _AT_ONCE):
        some = single[start : start + _AT_ONCE]
        near = centred([need for need, _ in some], centres.need) @ columns.T
        for (need, owners), row in zip(some, near, strict=True):
            own = {*owners}.union(*(together.get(one, ()) for one in owners))
            nearest: dict[str, Met] = {}
            for at in np.argsort(-row, kind="stable")[: 20 * NEAREST]:
                offer = offers[at]
                if offer.owner not in own and len(nearest) < NEAREST:
                    key = offer.text.words.casefold()
                    nearest.setdefault(key, Met(need, offer, float(row[at]), clear(need.text, offer.text)))
            best = sorted(nearest.values(), key=lambda one: not one.clear)
            found.append((max((one.likeness for one in best), default=-2.0), Wanted(
                need, owners, kind_of(need.text.words), tuple(best)
            )))  # fmt: skip
    return [one for _, one in sorted(found, key=lambda pair: (pair[1].clear, pair[0]))]


def unfunded(board: Board, projects: Mapping[str, Project], paid: Iterable[str]) -> list[Goal]:
    """Goals of at least two projects without a funder, the largest first. paid: ids of projects that have one.

    Every two of a group are nearer by NEAR than two projects usually are.
    """
    funded = {*paid}
    poor = [one for one in board.ids if one not in funded and projects[one].goal]
    near: dict[tuple[str, str], float] = {}
    rows = {one: at for at, one in enumerate(board.ids)}
    likeness = {one: board.parts(board.said[one]).topic for one in poor}
    goal = {one: " ".join(str(projects[one].goal).casefold().split()) for one in poor}
    for one in poor:
        for other in poor:
            if one < other and (goal[one] == goal[other] or likeness[one][rows[other]] >= NEAR):
                near[one, other] = float(likeness[one][rows[other]])
    group: dict[str, tuple[str, ...]] = {one: (one,) for one in poor}
    for one, other in sorted(near, key=lambda pair: (-near[pair], pair))[:_MOST_PAIRS]:
        first, second = group[one], group[other]
        if first != second and all((min(a, b), max(a, b)) in near for a in first for b in second):
            for member in (*first, *second):
                group[member] = (*first, *second)
    goals: list[Goal] = []
    for members in dict.fromkeys(group.values()):
        if len(members) > 1:
            around = [
                one for one in board.ids if one in funded and all(likeness[it][rows[one]] >= NEAR for it in members)
            ]
            least = min(near[min(a, b), max(a, b)] for a in members for b in members if a != b)
            goals.append(Goal(members, least, tuple(around)))
    return sorted(goals, key=lambda one: (-len(one.projects), -one.shared))


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One thing that a project says of itself. aspect: its name, "need" or "offer"."""

    project: str
    aspect: str
    text: Statement


def funders(
    given: Sequence[tuple[Organization, Sequence[Statement], Sequence[str]]], told: Sequence[Told]
) -> list[Funder]:
    """given: funder, its covers encoded, ids of the projects that it pays for. told: of all projects.

    A project fits a funder by a cover that is near to something it says, unless one that excludes is.
    """
    fits = iter(_fits([cover for _, covers, _ in given for cover in covers], told))
    made = []
    for organization, covers, funds in given:
        kinds = [_kind(one.words) for one in covers]
        fitting = [next(fits) for _ in covers]
        out = {
            one.project for kind, some in zip(kinds, fitting, strict=True) if kind == "does not pay for" for one in some
        }
        made.append(
            Funder(
                organization.id,
                tuple(funds),
                tuple(
                    Cover(
                        cover.words, kind, _new(found, {*funds} | (out if kind == "pays for" else set())), bool(found)
                    )
                    for cover, kind, found in zip(covers, kinds, fitting, strict=True)
                ),
            )
        )
    return made


def _fits(covers: Sequence[Statement], told: Sequence[Told]) -> list[list[Fitting]]:
    """For each cover the projects nearest to it, each by whatever of it is most like the cover."""
    if not covers or not told:
        return [[] for _ in covers]
    rows = np.array([one.vector for one in covers], np.float32)
    columns = np.array([one.text.vector for one in told], np.float32)
    near = rows @ columns.T
    standard = (near - near.mean()) / (near.std() or 1.0)
    found: list[list[Fitting]] = []
    for row in standard:
        best: dict[str, Fitting] = {}
        for at in np.argsort(-row, kind="stable"):
            if row[at] < NEAR or len(best) == _FITTING:
                break
            one = told[at]
            best.setdefault(one.project, Fitting(one.project, one.aspect, one.text.words, float(row[at])))
        found.append(list(best.values()))
    return found


def _kind(cover: str) -> CoverKind:
    return "does not pay for" if _NOT.search(cover) else "only" if _ONLY.search(cover) else "pays for"


def _new(found: Sequence[Fitting], gone: set[str]) -> tuple[Fitting, ...]:
    return tuple(one for one in found if one.project not in gone)
