"""What the network lacks: needs with no offer near, goals without money, what funders cover and nobody asks for.

Which offer meets a need takes knowledge of the field. So needs are put in an order, those with the least near offers
first, and each is shown with the three nearest offers, as a question. Clear is only what wording makes plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchsvc.catalogue import Decided, folded_words
from searchsvc.matching.board import Board
from searchsvc.matching.covers import CoverKind, cover_kind
from searchsvc.matching.judgement import Centres
from searchsvc.matching.largest import largest
from searchsvc.matching.nearest import COMPARED, NEAREST, Behind
from searchsvc.matching.needs import Clear, Met, NeedKind, Wish, kind_of, once
from searchsvc.matching.statements import Statement
from searchsvc.model import Matrix
from searchsvc.register import Organization, Project

__all__ = [
    "Cover",
    "Fitting",
    "Funder",
    "Gaps",
    "Goal",
    "Nearby",
    "Told",
    "Wanted",
    "funders",
    "unfunded",
    "wanted",
]

NEAR = 2.0  # standard deviations above any two: goals that are one, and covers that fit
_MOST_PAIRS = 500  # of goals that are joined
_FITTING = 20  # projects shown with one cover
_AT_ONCE = 512
_TOLD_BY = 20  # of these, whose change tells that there is something new to say


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


_Index = NDArray[np.int64]
_Key = tuple[str, str]  # owner, words


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """Each need's nearest offers, and how near: (n, k), places in `offers`; -inf for what is none.

    needs: key -> row. entries: owner -> `Behind.entry`. made: what was made of a row, with what it was made of.
    """

    centres: Centres
    needs: Mapping[_Key, int]
    offers: tuple[_Key, ...]
    entries: Mapping[str, object]
    places: _Index
    values: Matrix
    made: dict[_Key, tuple[object, float, Wanted]]

    @classmethod
    def of(cls, needs: Sequence[Wish], offers: Sequence[Wish], behind: Behind, before: Nearby | None = None) -> Nearby:
        """needs: each once. before: an earlier state, of which with the same centres only what changed is compared."""
        centres = behind.centres
        keys = tuple((one.owner, one.text.words) for one in offers)
        rows = {(one.owner, one.text.words): at for at, one in enumerate(needs)}
        entries = {one.owner: behind.entry(one.owner) for one in (*needs, *offers)}
        if before is None or before.centres is not centres:
            return cls(centres, rows, keys, entries, *_nearest(needs, range(len(offers)), offers, behind), {})
        same = {one for one, entry in entries.items() if before.entries.get(one, before) is entry}
        at = {key: place for place, key in enumerate(keys) if key[0] in same}
        moved = np.array([at.get(key, -1) for key in before.offers] or [-1], np.int64)
        old = [before.needs.get(key, -1) if key[0] in same else -1 for key in rows]
        known = np.array([row for row, was in enumerate(old) if was >= 0], np.int64)
        was = np.array([one for one in old if one >= 0], np.int64)
        width = before.places.shape[1]
        places = np.full((len(needs), width), -1, np.int64)
        values = np.full((len(needs), width), -np.inf, np.float32)
        places[known] = moved[before.places[was]]
        values[known] = np.where(places[known] >= 0, before.values[was], -np.inf)
        compared = {*before.offers} & at.keys()
        if fresh := [place for place, key in enumerate(keys) if key not in compared]:
            more, scores = _nearest([needs[row] for row in known], fresh, offers, behind)
            room = min(COMPARED, width + more.shape[1])
            places, values = _wider(places, room, -1), _wider(values, room, -np.inf)
            if more.shape[1]:
                better = scores.max(axis=1) > values[known].min(axis=1)
                rows_of = known[better]
                both = np.concatenate([values[rows_of], scores[better]], axis=1)
                best = largest(both, room)
                joined = np.concatenate([places[rows_of], more[better]], axis=1)
                places[rows_of] = np.take_along_axis(joined, best, axis=1)
                values[rows_of] = np.take_along_axis(both, best, axis=1)
        # needs that are new, and those that lost most of their nearest offers
        again = np.flatnonzero(np.count_nonzero(places >= 0, axis=1) < min(_TOLD_BY, len(offers)))
        if len(again):
            more, scores = _nearest([needs[row] for row in again.tolist()], range(len(offers)), offers, behind)
            width = max(places.shape[1], more.shape[1])
            places, values = _wider(places, width, -1), _wider(values, width, -np.inf)
            places[again], values[again] = -1, -np.inf
            places[again, : more.shape[1]], values[again, : more.shape[1]] = more, scores
        return cls(centres, rows, keys, entries, places, values, before.made)

    def best(self, row: int) -> Iterator[tuple[int, float]]:
        """Places and likeness, best first; of equals the first in the register."""
        places, values = self.places[row], self.values[row]
        for at in np.lexsort((places, -values)).tolist():
            if values[at] > -np.inf:
                yield int(places[at]), float(values[at])


def _nearest(
    needs: Sequence[Wish], columns: Sequence[int], offers: Sequence[Wish], behind: Behind
) -> tuple[_Index, Matrix]:
    """Of these offers the nearest to each need."""
    most = min(COMPARED, len(columns))
    names = np.asarray(columns, np.int64)
    matrix = behind.offers([offers[one] for one in columns])
    places, values = np.zeros((len(needs), most), np.int64), np.zeros((len(needs), most), np.float32)
    for start in range(0, len(needs) if most else 0, _AT_ONCE):
        near = behind.needs(needs[start : start + _AT_ONCE]) @ matrix.T
        best = largest(near, most)
        places[start : start + _AT_ONCE] = names[best]
        values[start : start + _AT_ONCE] = np.take_along_axis(near, best, axis=1)
    return places, values


def _wider(rows: NDArray[Any], width: int, empty: float) -> NDArray[Any]:
    return np.pad(rows, ((0, 0), (0, max(0, width - rows.shape[1]))), constant_values=empty)


def wanted(
    needs: Sequence[Wish], offers: Sequence[Wish], behind: Behind, clear: Clear, *,
    together: Mapping[str, frozenset[str]] = {}, before: Nearby | None = None,
) -> tuple[list[Wanted], Nearby]:  # fmt: skip
    """Each need once, with the nearest offers; and what of it helps next time.

    together: owner -> ids of its people or projects, whose offers are no news to it. before: of an earlier state.
    """
    single = once(needs)
    nearby = Nearby.of([need for need, _ in single], offers, behind, before)
    found: list[tuple[bool, float, Wanted]] = []
    said = _offers_said_to_meet(clear.decided, offers)
    for row, (need, owners) in enumerate(single):
        own = frozenset({*owners}.union(*(together.get(one, ()) for one in owners)))
        key = need.owner, need.text.words
        of = (owners, own, [nearby.offers[one] for one in nearby.places[row, :_TOLD_BY].tolist() if one >= 0])
        known = nearby.made.get(key)
        decided = clear.decided.of_need(need.text.words)
        affirmed = [at for one, word in decided.items() if word == "yes" for at in said.get(one, ())]
        told_by = of, nearby.values[row].tobytes(), decided, [nearby.offers[at] for at in affirmed], clear.plain
        if known is None or known[0] != told_by:
            first = [(at, _likeness(need, offers[at], behind)) for at in affirmed]
            known = told_by, *_told(need, owners, own, chain(first, nearby.best(row)), offers, clear)
            nearby.made[key] = known
        found.append((known[2].clear, known[1], known[2]))
    for gone in nearby.made.keys() - nearby.needs.keys():
        del nearby.made[gone]
    found.sort(key=lambda one: (one[0], one[1]))
    return [one for _, _, one in found], nearby


def _offers_said_to_meet(decided: Decided, offers: Sequence[Wish]) -> Mapping[str, Sequence[int]]:
    """Words, folded -> places of the offers that say so. Of those alone that somebody said meet a need."""
    said: dict[str, list[int]] = {
        folded_words(one.offer): [] for one in decided.verdicts if one.kind == "meets" and one.verdict == "yes"
    }
    for at, one in enumerate(offers if said else ()):
        if (key := folded_words(one.text.words)) in said:
            said[key].append(at)
    return said


def _likeness(need: Wish, offer: Wish, behind: Behind) -> float:
    return float((behind.needs([need]) @ behind.offers([offer]).T)[0, 0])


def _told(
    need: Wish, owners: tuple[str, ...], own: frozenset[str], best: Iterable[tuple[int, float]],
    offers: Sequence[Wish], clear: Clear,
) -> tuple[float, Wanted]:  # fmt: skip
    """How near the nearest is, and the need with the nearest offers of others; those that are clear come first, and
    are looked for among all that are near."""
    nearest: dict[str, Met] = {}
    for at, value in best:
        offer = offers[at]
        key = offer.text.words.casefold()
        if offer.owner in own or key in nearest or clear.refuses(need.text.words, offer.text.words):
            continue
        plain = clear(need.text, offer.text)
        if plain or len(nearest) < NEAREST:
            nearest[key] = Met(need, offer, value, plain)
    ordered = sorted(nearest.values(), key=lambda one: not one.clear)[:NEAREST]
    most = max((one.likeness for one in nearest.values()), default=-2.0)
    return most, Wanted(need, owners, kind_of(need.text.words), tuple(ordered))


def unfunded(board: Board, projects: Mapping[str, Project], paid: Iterable[str]) -> list[Goal]:
    """Goals of at least two projects without a funder, the largest first. paid: ids of projects that have one.

    Every two of a group are nearer by NEAR than two projects usually are.
    """
    funded = {*paid}
    poor = [one for one in board.ids if one not in funded and projects[one].goal]
    columns = [board.rows[one] for one in poor]
    rich = [board.rows[one] for one in board.ids if one in funded]
    goals = np.unique([" ".join(str(projects[one].goal).casefold().split()) for one in poor], return_inverse=True)[1]
    among = np.zeros((len(poor), len(poor)), np.float32)  # how near
    around = np.zeros((len(poor), len(rich)), bool)
    for start in range(0, len(poor), _AT_ONCE):
        topics = board.topics_of(columns[start : start + _AT_ONCE])
        among[start : start + _AT_ONCE] = topics[:, columns]
        around[start : start + _AT_ONCE] = topics[:, rich] >= NEAR
    near = (among >= NEAR) | (goals[:, None] == goals[None])
    first, second = np.nonzero(np.triu(near, 1))
    strongest = np.argsort(-among[first, second], kind="stable")[:_MOST_PAIRS]
    group: dict[int, tuple[int, ...]] = {one: (one,) for one in range(len(poor))}
    for a, b in zip(first[strongest].tolist(), second[strongest].tolist(), strict=True):
        one, other = group[a], group[b]
        if one != other and near[np.ix_(one, other)].all():
            for member in (*one, *other):
                group[member] = (*one, *other)
    found: list[Goal] = []
    for members in dict.fromkeys(group.values()):
        if len(members) > 1:
            least = min(float(among[a, b]) for a in members for b in members if a < b)
            with_money = np.flatnonzero(around[list(members)].all(axis=0)).tolist()
            found.append(Goal(
                tuple(poor[one] for one in members), least, tuple(board.ids[rich[one]] for one in with_money)
            ))  # fmt: skip
    return sorted(found, key=lambda one: (-len(one.projects), -one.shared))


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
        kinds = [cover_kind(one.words) for one in covers]
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


def _new(found: Sequence[Fitting], gone: set[str]) -> tuple[Fitting, ...]:
    return tuple(one for one in found if one.project not in gone)
