"""People, organizations and projects of the register, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searchsvc.model import Resource
from searchsvc.register import KINDS, EntryKind, Event, Organization, Person, Project, Register
from searchsvc.register.fields import Seen
from searchsvc.search.archive import Archive, linked
from searchsvc.text.brief import brief
from searchsvc.text.folding import folded
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = [
    "PATHS",
    "Entry",
    "EntryView",
    "FactView",
    "ListedEntry",
    "authors_of",
    "entry_view",
    "fact_names",
    "listed",
]

Entry = Person | Organization | Project
Work = tuple[Resource, tuple[str, ...]]  # and the ids of its copies

PATHS = {"person": "people", "organization": "organizations", "project": "projects"}

_NOTE = 160  # characters of what stands beside a name
_LONG = 160  # characters
_APART = {"id", "name", "about", "orcid"}  # have a place of their own on the page
_ORDER = (  # of facts and wishes; others come after these, as they are declared
    "role", "acronym", "aliases", "type", "city", "country",
    "goal", "approach", "population", "setting", "stage", "status", "region", "start", "end",
    "offers", "needs", "interests", "covers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactView:
    """values: with an address where there is something to open."""

    name: str
    label: str
    values: tuple[LinkView, ...]

    @property
    def long(self) -> bool:
        """Whether it is a text rather than a word or two: it has a row of its own."""
        return sum(len(one.label) for one in self.values) > _LONG


@dataclass(frozen=True, slots=True)
class EntryView:
    """works: newest first, copies folded. wishes: offers, needs, interests. connected: what it has to do with."""

    id: str
    type: str
    type_label: str
    name: str
    about: str
    orcid: str | None
    facts: tuple[FactView, ...]
    wishes: tuple[FactView, ...]
    connected: tuple[FactView, ...]
    works: tuple[Work, ...]


def entry_view(kind: str, entry: Entry, register: Register, archive: Archive, visit: Visit, seen: Seen) -> EntryView:
    """seen: which of the fields that the register does not know are shown, by their own names."""
    return EntryView(
        id=entry.id,
        type=kind,
        type_label=visit.text(f"entry.{kind}"),
        name=entry.name,
        about=(entry.about or "") if isinstance(entry, Organization) else "",
        orcid=entry.orcid if isinstance(entry, Person) else None,
        facts=(*_facts(KINDS[kind], entry, register, visit), *_more(KINDS[kind], entry, seen, visit)),
        wishes=tuple(_wishes(KINDS[kind], entry, visit)),
        connected=tuple(_connected(entry, register, visit)),
        works=tuple(_folded(one for one in archive.newest_first if entry.id in linked(one))),
    )


def _folded(resources: Iterable[Resource]) -> list[Work]:
    groups: dict[str, list[Resource]] = {}
    for one in resources:
        groups.setdefault(one.copy_group or one.id, []).append(one)
    return [(first, tuple(copy.id for copy in copies)) for first, *copies in groups.values()]


def _facts(kind: EntryKind, entry: Entry, register: Register, visit: Visit) -> Iterable[FactView]:
    """What stands in the entry itself, then what others it names."""
    for name in fact_names(kind):
        value = getattr(entry, name)
        texts = value if name in kind.lists else [visit.text.date(value) if name in kind.dates else value]
        values = tuple(LinkView(str(text), "") for text in texts if text)
        if values:
            yield FactView(name, visit.text(f"fact.{name}"), values)
    named = {
        "organizations": entry.organizations if isinstance(entry, Person) else (),
        "funders": register.funders_of(entry) if isinstance(entry, Project) else (),
    }
    for name, ids in named.items():
        if values := _organizations(ids, register, visit):
            yield FactView(name, visit.text(f"fact.{name}"), values)


def _more(kind: EntryKind, entry: Entry, seen: Seen, visit: Visit) -> Iterable[FactView]:
    for name, value in seen.of(kind, entry.extra).items():
        values = value if isinstance(value, list) else [value]
        shown = [visit.text.amount(one) if isinstance(one, float) else str(one) for one in values]
        yield FactView(name, name, tuple(LinkView(one, "") for one in shown))


def fact_names(kind: EntryKind) -> list[str]:
    """Fields that are shown as facts; each needs a label, `fact.NAME`."""
    left_out = {*_APART, *kind.searched, *kind.refs, *kind.flags}
    return _ordered(name for name in kind.told if name not in left_out)


def _wishes(kind: EntryKind, entry: Entry, visit: Visit) -> Iterable[FactView]:
    for name in _ordered(kind.searched):
        values = tuple(LinkView(wish, visit.link("/", [("q", wish)])) for wish in getattr(entry, name))
        if values:
            yield FactView(name, visit.text(f"fact.{name}"), values)


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


def _connected(entry: Entry, register: Register, visit: Visit) -> Iterable[FactView]:
    people: Iterable[Person] = ()
    projects: Iterable[Project] = ()
    organizations: tuple[LinkView, ...] = ()
    funded: Iterable[Project] = ()
    every = register.projects.values()
    if isinstance(entry, Person):
        projects = register.projects_of(entry.id)
    elif isinstance(entry, Organization):
        people = [one for one in register.people.values() if entry.id in one.organizations]
        projects = [one for one in every if entry.id in one.organizations]
        funded = [one for one in every if entry.id in register.funders_of(one)]
    else:
        people = [register.people[one] for one in entry.people if one in register.people]
        organizations = _organizations(entry.organizations, register, visit)
    shown = {
        "person": tuple(LinkView(one.name, _href("person", one.id, visit), one.role or "") for one in people),
        "organization": organizations,
        "project": tuple(LinkView(one.name, _href("project", one.id, visit)) for one in projects),
        "funded": tuple(LinkView(one.name, _href("project", one.id, visit)) for one in funded),
        "event": tuple(_event(one, visit) for one in register.events.values() if entry.id in _named_by(one)),
    }
    for name, values in shown.items():
        if values:
            yield FactView(name, visit.text(f"entries.{name}"), values)


def _organizations(ids: Sequence[str], register: Register, visit: Visit) -> tuple[LinkView, ...]:
    known = [register.organizations[one] for one in ids if one in register.organizations]
    return tuple(LinkView(one.name, _href("organization", one.id, visit), one.acronym or "") for one in known)


def _event(event: Event, visit: Visit) -> LinkView:
    note = ", ".join(part for part in (visit.text.date(event.date), event.place) if part)
    return LinkView(event.name, visit.link("/", [("q", event.name)]), note)


def _named_by(event: Event) -> tuple[str, ...]:
    return (*event.people, *event.organizations, *event.projects)


def _href(kind: str, entry_id: str, visit: Visit) -> str:
    return visit.link(f"/{PATHS[kind]}/{entry_id}")


# -- all of one kind --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedEntry:
    name: str
    href: str
    note: str
    resources: int

    def has(self, words: Sequence[str]) -> bool:
        """Whether all of the words stand in its line. words: `folded`."""
        line = folded(f"{self.name} {self.note}")
        return all(word in line for word in words)


def listed(kind: str, register: Register, archive: Archive, visit: Visit) -> tuple[ListedEntry, ...]:
    """All of one kind, by name, with the number of their resources."""
    counts: dict[str, int] = {}
    for resource in archive.resources.values():
        for one in linked(resource):
            counts[one] = counts.get(one, 0) + 1
    entries = sorted(_all(kind, register).values(), key=lambda one: folded(one.name))
    return tuple(
        ListedEntry(one.name, _href(kind, one.id, visit), _note(one, register), counts.get(one.id, 0))
        for one in entries
    )


def _all(kind: str, register: Register) -> Mapping[str, Entry]:
    known: Mapping[str, Mapping[str, Entry]] = {
        "person": register.people, "organization": register.organizations, "project": register.projects,
    }  # fmt: skip
    return known[kind]


def _note(entry: Entry, register: Register) -> str:
    if isinstance(entry, Project):
        return brief(entry.goal or "", _NOTE)
    if isinstance(entry, Organization):
        return ", ".join(part for part in (entry.type, entry.country) if part)
    main = register.organizations.get(entry.organizations[0]) if entry.organizations else None
    return ", ".join(part for part in (entry.role, main.name if main else None) if part)


def authors_of(resource: Resource, register: Register) -> dict[str, str]:
    """ORCID and folded names of the people whom the register links with the resource -> id."""
    known: dict[str, str] = {}
    for person in (register.people[one] for one in resource.people if one in register.people):
        known.update(dict.fromkeys(map(folded, person.names), person.id))
        if person.orcid:
            known[person.orcid] = person.id
    return known
