"""People, organizations and projects of the register, as their pages show them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from searchsvc.catalogue import Catalogue
from searchsvc.model import Resource
from searchsvc.search.archive import Archive, linked
from searchsvc.search.query import folded
from searchsvc.web.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["PATHS", "Entries", "EntriesCache", "Entry", "EntryView", "FactView", "ListedEntry", "entry_view", "listed"]

PATHS = {"person": "people", "organization": "organizations", "project": "projects"}

# field of the register -> shown as a fact, in this order. Values that are ids become links.
_FACTS = {
    "person": ("role", "organization", "aliases"),
    "organization": ("acronym", "type", "city", "country"),
    "project": ("goal", "approach", "population", "setting", "stage", "region", "funders"),
}
# field -> a list of things people look for; each leads to a search for it
_WISHES = ("offers", "needs", "interests", "covers")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register. data: as it was imported."""

    id: str
    type: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """The register as one state of it."""

    by_id: Mapping[str, Entry] = field(default_factory=dict)
    version: str | None = None

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, Mapping[str, Any]]], version: str | None = None) -> Entries:
        return cls({row[0]: Entry(*row) for row in rows}, version)

    def of_type(self, kind: str) -> list[Entry]:
        """By name."""
        return sorted((one for one in self.by_id.values() if one.type == kind), key=lambda one: folded(one.name))

    def find(self, kind: str, entry_id: str) -> Entry | None:
        entry = self.by_id.get(entry_id)
        return entry if entry and entry.type == kind else None

    def authors_of(self, resource: Resource) -> dict[str, str]:
        """ORCID and folded names of the people whom the register links with the resource -> id."""
        known: dict[str, str] = {}
        for person in (self.by_id[one] for one in resource.people if one in self.by_id):
            for name in (person.name, *_texts(person.data.get("aliases"))):
                known[folded(name)] = person.id
            if person.data.get("orcid"):
                known[str(person.data["orcid"])] = person.id
        return known


class EntriesCache:
    """The current register; read again when it has changed. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries = Entries(version="none yet")

    def current(self, catalogue: Catalogue, archive: Archive) -> Entries:
        with self._lock:
            if self._entries.version != archive.register_version:
                self._entries = Entries.of(catalogue.register(), archive.register_version)
            return self._entries


@dataclass(frozen=True, slots=True)
class FactView:
    """values: with an address where there is something to open."""

    name: str
    label: str
    values: tuple[LinkView, ...]


Work = tuple[Resource, tuple[str, ...]]  # and the ids of its copies


@dataclass(frozen=True, slots=True)
class EntryView:
    """works: newest first, copies folded. wishes: offers, needs, interests. connected: people, organizations and projects by kind."""

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


def entry_view(entry: Entry, entries: Entries, archive: Archive, here: Visit) -> EntryView:
    data = entry.data
    return EntryView(
        id=entry.id,
        type=entry.type,
        type_label=here.text(f"entry.{entry.type}"),
        name=entry.name,
        about=str(data.get("about") or ""),
        orcid=str(data["orcid"]) if data.get("orcid") else None,
        facts=tuple(_facts(entry, entries, here)),
        wishes=tuple(_wishes(entry, here)),
        connected=tuple(_connected(entry, entries, here)),
        works=tuple(_folded(one for one in archive.newest_first if entry.id in linked(one))),
    )


def _folded(resources: Iterable[Resource]) -> list[Work]:
    groups: dict[str, list[Resource]] = {}
    for one in resources:
        groups.setdefault(one.copy_group or one.id, []).append(one)
    return [(first, tuple(copy.id for copy in copies)) for first, *copies in groups.values()]


def _facts(entry: Entry, entries: Entries, here: Visit) -> Iterable[FactView]:
    for name in _FACTS[entry.type]:
        values = tuple(_value(one, entries, here) for one in _texts(entry.data.get(name)))
        if values:
            yield FactView(name, here.text(f"fact.{name}"), values)


def _wishes(entry: Entry, here: Visit) -> Iterable[FactView]:
    for name in _WISHES:
        values = tuple(LinkView(one, here.link("/", [("q", one)])) for one in _texts(entry.data.get(name)))
        if values:
            yield FactView(name, here.text(f"fact.{name}"), values)


def _connected(entry: Entry, entries: Entries, here: Visit) -> Iterable[FactView]:
    """Those whom the entry names, and those who name it."""
    for kind, path in PATHS.items():
        if entry.type == "person" and kind == "organization":
            continue  # among the facts
        named = [one for one in _texts(entry.data.get(path)) if entries.find(kind, one)]
        naming = [one.id for one in entries.of_type(kind) if entry.id in _named_by(one)]
        ids = list(dict.fromkeys([*named, *naming]))
        if ids:
            values = tuple(_value(one, entries, here) for one in ids if one != entry.id)
            yield FactView(path, here.text(f"entries.{kind}"), values)


def _named_by(entry: Entry) -> set[str]:
    named = {one for name in (*PATHS.values(), "funders") for one in _texts(entry.data.get(name))}
    return named | set(_texts(entry.data.get("organization")))


def _value(text: str, entries: Entries, here: Visit) -> LinkView:
    known = entries.by_id.get(text)
    if known is None:
        return LinkView(text, "")
    note = str(known.data.get("role") or known.data.get("acronym") or "")
    return LinkView(known.name, here.link(f"/{PATHS[known.type]}/{known.id}"), note)


def _texts(value: object) -> list[str]:
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else [str(value)]


@dataclass(frozen=True, slots=True)
class ListedEntry:
    name: str
    href: str
    note: str
    resources: int


def listed(kind: str, entries: Entries, archive: Archive, here: Visit) -> tuple[ListedEntry, ...]:
    """All of one kind, by name, with the number of their resources."""
    counts: dict[str, int] = {}
    for resource in archive.resources.values():
        for one in linked(resource):
            counts[one] = counts.get(one, 0) + 1

    def note(entry: Entry) -> str:
        data = entry.data
        of = entries.by_id.get(str(data.get("organization") or ""))
        parts = {
            "person": (data.get("role"), of.name if of else None),
            "organization": (data.get("type"), data.get("country")),
            "project": (data.get("goal"),),
        }[kind]
        return ", ".join(str(one) for one in parts if one)

    return tuple(
        ListedEntry(one.name, here.link(f"/{PATHS[kind]}/{one.id}"), note(one), counts.get(one.id, 0))
        for one in entries.of_type(kind)
    )
