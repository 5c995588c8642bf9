"""What people of the network already share, each with the evidence for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from searchsvc.model import Resource
from searchsvc.register.register import Register

__all__ = ["KINDS_OF_TIES", "Tie", "TieKind", "ties"]

TieKind = Literal["co-authorship", "project", "introduced", "event", "funder", "organization"]
KINDS_OF_TIES: tuple[TieKind, ...] = (  # the closest first
    "co-authorship", "project", "introduced", "event", "funder", "organization",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Tie:
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
    organization: both belong to it.
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


def _co_authors(register: Register, resources: Iterable[Resource]) -> Iterator[Tie]:
    works: dict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        works[one.copy_group or one.id].append(one)
    for copies in works.values():
        first = min(copies, key=lambda one: (one.date or str(one.year or "9"), one.id))
        people = {person for one in copies for person in one.people if person in register.people}
        date = first.date or (str(first.year) if first.year else None)
        yield from _pairs(people, "co-authorship", first.id, date)


def _projects(register: Register) -> Iterator[Tie]:
    for project in register.projects.values():
        yield from _pairs(project.people, "project", project.id, project.start)


def _events(register: Register) -> Iterator[Tie]:
    for event in register.events.values():
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
        for a, b in combinations(sorted(people), 2):
            if len(people[a] | people[b]) > 1 and people[a] != people[b]:
                starts = [since[funder, project] for project in people[a] ^ people[b] if (funder, project) in since]
                yield Tie(a, b, "funder", funder, min(starts, default=None))


def _colleagues(register: Register) -> Iterator[Tie]:
    staff: dict[str, list[str]] = defaultdict(list)
    for person in register.people.values():
        for organization in person.organizations:
            staff[organization].append(person.id)
    for organization, people in staff.items():
        yield from _pairs(people, "organization", organization, None)


def _pairs(people: Iterable[str], kind: TieKind, evidence: str, date: str | None) -> Iterator[Tie]:
    for a, b in combinations(sorted({*people}), 2):
        yield Tie(a, b, kind, evidence, date)
