"""The register of the network, ready to be asked: who and what there is, and what belongs to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar, cast

from searchsvc.errors import NotFoundError, UnknownError
from searchsvc.model import Resource
from searchsvc.register.model import (
    Authorship,
    Decision,
    Entry,
    EntryModel,
    Event,
    Investment,
    Organization,
    Person,
    Project,
)
from searchsvc.text.folding import folded
from searchsvc.text.nearest import unknown

__all__ = ["HasRegister", "Register"]

T = TypeVar("T", Person, Organization, Project, Investment, Event)
P = TypeVar("P", Project, Event)
M = TypeVar("M", bound=EntryModel)
_SAID = "id or name"


@dataclass(frozen=True)
class Register:
    """One state of the register; nothing in it changes. Everything is by id, in the order of the file.

    people: those who are shown; entries that were merged into another and people who are hidden are not among them.
    hidden: the people nothing of whom is to be shown. redirects: id of a merged entry -> id of the person it is.
    authors: path of a file -> ids of people, as the register's own list of resources has them.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    organizations: Mapping[str, Organization] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    investments: Mapping[str, Investment] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    hidden: Mapping[str, Person] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    authors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    made: Mapping[tuple[str, str], tuple[Entry, EntryModel]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry], before: Register | None = None) -> Register:
        """entries: of the catalogue. References to a merged entry lead to the person it is; those to hidden people are
        left out. before: an earlier state, of which what has not changed is taken over.
        """
        by_type: dict[str, list[Entry]] = defaultdict(list)
        made: dict[tuple[str, str], tuple[Entry, EntryModel]] = {}
        earlier = before.made if before else {}
        for entry in entries:
            by_type[entry.type].append(entry)

        def of(model: type[M], entry: Entry) -> M:
            key = (entry.type, entry.id)
            known = earlier.get(key)
            if known is None or known[0] != entry:
                known = entry, model.of(entry)
            made[key] = known
            return cast(M, known[1])

        everybody = {entry.id: of(Person, entry) for entry in by_type["person"]}
        redirects = _redirects(everybody)
        merged = _merged(everybody, redirects)
        hidden = {person.id: person for person in merged.values() if person.hidden}

        def current(person_id: str) -> str:
            return redirects.get(person_id, person_id)

        def shown(one: P) -> P:
            people = tuple(key for key in dict.fromkeys(map(current, one.people)) if key not in hidden)
            return one if people == one.people else one.model_copy(update={"people": people})

        authors: dict[str, tuple[str, ...]] = {}
        for authorship in (of(Authorship, one) for one in by_type["resource"]):
            authors[authorship.file] = tuple(dict.fromkeys(map(current, authorship.authors)))
        for entry in by_type["person"]:  # of a catalogue that notes works with the person
            for path in map(str, entry.data.get("works") or ()):
                authors[path] = tuple(dict.fromkeys((*authors.get(path, ()), current(entry.id))))
        projects = [of(Project, entry) for entry in by_type["project"]]
        events = [of(Event, entry) for entry in by_type["event"]]
        decisions = [of(Decision, entry) for entry in by_type["decision"]]
        return cls(
            people={person.id: person for person in merged.values() if not person.hidden},
            organizations={entry.id: of(Organization, entry) for entry in by_type["organization"]},
            projects={project.id: shown(project) for project in projects},
            investments={entry.id: of(Investment, entry) for entry in by_type["investment"]},
            events={event.id: shown(event) for event in events},
            hidden=hidden,
            redirects=redirects,
            authors=authors,
            decisions=tuple(
                decision.model_copy(
                    update={"person": current(decision.person), "other": decision.other and current(decision.other)}
                )
                for decision in decisions
            ),
            made=made,
        )

    @cached_property
    def everybody(self) -> Mapping[str, Person]:
        """People who are shown, and those who are hidden."""
        return {**self.people, **self.hidden}

    # -- who and what -------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Mapping[str, str]:
        """id -> name, of everybody and everything that has one and is shown."""
        people = {one.id: one.name for one in self.people.values()}
        organizations = {one.id: one.name for one in self.organizations.values()}
        projects = {one.id: one.name for one in self.projects.values()}
        events = {one.id: one.name for one in self.events.values()}
        return {**people, **organizations, **projects, **events}

    def person(self, key: str) -> Person:
        """By id, by the id of an entry that was merged, by ORCID, or by a name that only one person has.

        Raises NotFoundError with the nearest names.
        """
        current = self.redirects.get(key, key)
        if current in self.people:
            return self.people[current]
        fitting = self.people_called(key)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            ids = ", ".join(person.id for person in fitting)
            raise NotFoundError(f"several people have the name {key!r}: {ids}; give one of these ids.")
        raise _unknown("person", key, self.people)

    def people_called(self, key: str) -> list[Person]:
        """Those with this ORCID, name or alias."""
        orcid, name = key.rpartition("/")[2], folded(key)
        return [
            person for person in self.people.values()
            if (person.orcid and person.orcid == orcid) or (name and name in map(folded, person.names))
        ]  # fmt: skip

    def organization(self, key: str) -> Organization:
        """By id, name, acronym or alias. Raises NotFoundError with the nearest names."""
        return _found("organization", key, self.organizations)

    def project(self, key: str) -> Project:
        """By id or name. Raises NotFoundError with the nearest names."""
        return _found("project", key, self.projects)

    def event(self, key: str) -> Event:
        """By id or name. Raises NotFoundError with the nearest names."""
        return _found("event", key, self.events)

    def find(self, kind: str, key: str) -> Person | Organization | Project:
        """kind: person, organization or project. By all that names it. Raises NotFoundError with the nearest."""
        if kind == "person":
            return self.person(key)
        return self.organization(key) if kind == "organization" else self.project(key)

    def owner(self, key: str) -> str:
        """The id of a person, a project or an organization, by id or name. Raises NotFoundError with the nearest."""
        for find in (self.person, self.project, self.organization):
            try:
                return find(key).id
            except NotFoundError:
                continue
        every = {one: (name,) for one, name in self.names.items() if one not in self.events}
        raise unknown("person, project or organization", key, every, said=_SAID)

    def wishes(self, owner: str, side: str) -> tuple[str, ...]:
        """side: needs or offers."""
        for known in (self.people, self.projects, self.organizations):
            if owner in known:
                said: tuple[str, ...] = getattr(known[owner], side)
                return said
        return ()

    def funders_of(self, project: Project) -> tuple[str, ...]:
        """Ids: those that the project names, and those with an investment in it."""
        return tuple(dict.fromkeys((*project.funders, *self._invested.get(project.id, ()))))

    @cached_property
    def _invested(self) -> Mapping[str, Sequence[str]]:
        """Project -> those with an investment in it."""
        invested: dict[str, list[str]] = defaultdict(list)
        for one in self.investments.values():
            invested[one.project].append(one.funder)
        return invested

    def projects_of(self, person_id: str) -> tuple[Project, ...]:
        return self._projects_of.get(person_id, ())

    @cached_property
    def _projects_of(self) -> Mapping[str, tuple[Project, ...]]:
        return _by_person(self.projects.values())

    def events_of(self, person_id: str) -> tuple[Event, ...]:
        return self._events_of.get(person_id, ())

    @cached_property
    def _events_of(self) -> Mapping[str, tuple[Event, ...]]:
        return _by_person(self.events.values())

    @cached_property
    def projects_at(self) -> Mapping[str, tuple[str, ...]]:
        """Organization -> ids of the projects that it is in."""
        projects: dict[str, list[str]] = defaultdict(list)
        for project in self.projects.values():
            for organization in dict.fromkeys(project.organizations):
                projects[organization].append(project.id)
        return {one: tuple(some) for one, some in projects.items()}

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Organization -> ids of its people who are shown."""
        members: dict[str, list[str]] = defaultdict(list)
        for person in self.people.values():
            for organization in person.organizations:
                members[organization].append(person.id)
        return {one: tuple(some) for one, some in members.items()}

    def works(self, resources: Iterable[Resource]) -> Mapping[str, tuple[Resource, ...]]:
        """id of a person -> the resources that are certainly theirs, newest first, without copies of one work."""
        works: dict[str, dict[str, Resource]] = defaultdict(dict)
        for resource in sorted(resources, key=lambda work: (work.date or "", work.added_at, work.id), reverse=True):
            for person in resource.people:
                if person in self.people:
                    works[person].setdefault(resource.copy_group or resource.id, resource)
        return {person: tuple(mine.values()) for person, mine in works.items()}


def _by_person(entries: Iterable[P]) -> Mapping[str, tuple[P, ...]]:
    by_person: dict[str, list[P]] = defaultdict(list)
    for one in entries:
        for person in dict.fromkeys(one.people):
            by_person[person].append(one)
    return {person: tuple(some) for person, some in by_person.items()}


class HasRegister(Protocol):
    @property
    def register(self) -> Register:
        """As it is now."""


def _unknown(kind: str, key: str, known: Mapping[str, T]) -> UnknownError:
    return unknown(kind, key, {one.id: _names(one) for one in known.values()}, said=_SAID)


def _found(kind: str, key: str, known: Mapping[str, T]) -> T:
    if key in known:
        return known[key]
    fitting = [entry.id for entry in known.values() if folded(key) in map(folded, _names(entry)) and folded(key)]
    if len(fitting) == 1:
        return known[fitting[0]]
    if fitting:
        raise NotFoundError(f"several have the name {key!r}: {', '.join(fitting)}; give one of these ids.")
    raise _unknown(kind, key, known)


def _names(entry: T) -> tuple[str, ...]:
    if isinstance(entry, Investment):
        return ()
    if isinstance(entry, Organization):
        return (*entry.names, entry.acronym) if entry.acronym else entry.names
    return entry.names if isinstance(entry, Person) else (entry.name,)


def _redirects(everybody: Mapping[str, Person]) -> dict[str, str]:
    """Of every merged entry, the one at the end of the chain. A circle, and an end that is nobody, merges nothing."""
    ends = {}
    for person in everybody.values():
        seen, end = {person.id}, person
        while end.merged_into and end.merged_into in everybody and end.merged_into not in seen:
            seen.add(end.merged_into)
            end = everybody[end.merged_into]
        if end is not person and not (end.merged_into and end.merged_into in seen):
            ends[person.id] = end.id
    return ends


def _merged(everybody: Mapping[str, Person], redirects: Mapping[str, str]) -> dict[str, Person]:
    """Those that are left, each with what is known of the entries that were merged into it."""
    others: dict[str, list[Person]] = defaultdict(list)
    for gone, end in redirects.items():
        others[end].append(everybody[gone])
    left = (person for person in everybody.values() if person.id not in redirects)
    return {person.id: person.with_merged(others.get(person.id, ())) for person in left}
