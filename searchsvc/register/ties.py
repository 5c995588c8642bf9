"""What people of the network already share, each with the evidence for it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Literal, NamedTuple

from searchsvc.model import Resource
from searchsvc.register.register import Register
from searchsvc.search.archive import Archive

__all__ = ["KINDS_OF_TIES", "LARGEST_GROUP", "Tie", "TieCache", "TieKind", "ties"]

TieKind = Literal["co-authorship", "project", "introduced", "event", "funder", "organization"]
KINDS_OF_TIES: tuple[TieKind, ...] = (  # the closest first
    "co-authorship", "project", "introduced", "event", "funder", "organization",
)  # fmt: skip

LARGEST_GROUP = 25
"""People at one event, in one organization or paid by one funder; in larger groups not everybody knows everybody."""


class Tie(NamedTuple):  # there are hundreds of thousands, which are hashed, ordered and compared
    """a and b: ids of people, a < b. evidence: the id of a resource, project, event or organization; of an
    introduction.

    date: ISO 8601, of the work, the event, the start of the project or the first investment; None where nothing is
    known.
    """

    a: str
    b: str
    kind: TieKind
    evidence: str
    date: str | None = None

    @property
    def year(self) -> int | None:
        head = (self.date or "")[:4]
        return int(head) if len(head) == 4 and head.isdigit() else None

    def other(self, person_id: str) -> str:
        return self.b if person_id == self.a else self.a


def ties(register: Register, resources: Iterable[Resource]) -> tuple[Tie, ...]:
    """All ties between people who are shown, ordered by the people, the kind and the date.

    co-authorship: they made one work; copies of one work count once, with the date of the first.
    project and event: both are named with it. funder: two different projects of theirs are paid by the same one.
    organization: both belong to it. An event, funder or organization of more than LARGEST_GROUP people ties nobody.
    """
    known = {
        *_co_authors(register, resources),
        *_projects(register),
        *_events(register),
        *_funders(register),
        *_colleagues(register),
    }
    order = {kind: number for number, kind in enumerate(KINDS_OF_TIES)}
    return tuple(sorted(known, key=lambda tie: (tie.a, tie.b, order[tie.kind], tie.date or "9", tie.evidence)))


class TieCache:
    """The ties as they are now: the same tuple as before when nothing changed that makes one. Safe to use from many
    threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[Register, Archive] | None = None
        self._facts: object = None
        self._ties: tuple[Tie, ...] = ()

    def current(self, register: Register, archive: Archive) -> tuple[Tie, ...]:
        with self._lock:
            if self._of is None or self._of[0] is not register or self._of[1] is not archive:
                facts = _facts(register, archive)
                if facts != self._facts:
                    self._facts, self._ties = facts, ties(register, archive.resources.values())
                self._of = register, archive
            return self._ties


def _facts(register: Register, archive: Archive) -> object:
    """All that `ties` looks at."""
    facts: list[tuple[Any, ...]] = [
        (one.id, one.copy_group, one.people, one.date, one.year) for one in archive.resources.values() if one.people
    ]
    facts += ((one.id, one.people, one.start, register.funders_of(one)) for one in register.projects.values())
    facts += ((one.id, one.people, one.date) for one in register.events.values())
    facts += ((one.id, one.organizations) for one in register.people.values())
    facts += ((one.funder, one.project, one.start) for one in register.investments.values())
    return facts


def _co_authors(register: Register, resources: Iterable[Resource]) -> Iterator[Tie]:
    works: dict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        works[one.copy_group or one.id].append(one)
    for copies in works.values():
        first = min(copies, key=lambda one: (one.public_date is None, one.date or str(one.year or "9"), one.id))
        people = {person for one in copies for person in one.people if person in register.people}
        date = first.date or (str(first.year) if first.year else None)
        yield from _pairs(people, "co-authorship", first.id, date)


def _projects(register: Register) -> Iterator[Tie]:
    for project in register.projects.values():
        yield from _pairs(project.people, "project", project.id, project.start)


def _events(register: Register) -> Iterator[Tie]:
    for event in register.events.values():
        if len(event.people) <= LARGEST_GROUP:
            yield from _pairs(event.people, "event", event.id, event.date)


def _funders(register: Register) -> Iterator[Tie]:
    paid: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))  # funder -> person -> projects
    for project in register.projects.values():
        for funder in register.funders_of(project):
            for person in project.people:
                paid[funder][person].add(project.id)
    since: dict[tuple[str, str], str] = {}
    for one in register.investments.values():
        if one.start:
            since[one.funder, one.project] = min(one.start, since.get((one.funder, one.project), one.start))
    for funder, people in paid.items():
        if len(people) > LARGEST_GROUP:
            continue
        for a, b in combinations(sorted(people), 2):
            if len(people[a] | people[b]) > 1 and people[a] != people[b]:
                starts = [since[funder, project] for project in people[a] ^ people[b] if (funder, project) in since]
                yield Tie(a, b, "funder", funder, min(starts, default=None))


def _colleagues(register: Register) -> Iterator[Tie]:
    for organization, people in register.members.items():
        if len(people) <= LARGEST_GROUP:
            yield from _pairs(people, "organization", organization, None)


def _pairs(people: Iterable[str], kind: TieKind, evidence: str, date: str | None) -> Iterator[Tie]:
    for a, b in combinations(sorted({*people}), 2):
        yield Tie(a, b, kind, evidence, date)
