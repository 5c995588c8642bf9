"""What the register holds: its kinds of entries, and the fields of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["BY_SECTION", "KINDS", "Entry", "Kind", "entry_of"]


class Entry(NamedTuple):
    """One entry as the catalogue keeps it. type: the name of its kind. data: its fields as they were given."""

    id: str
    type: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entries. one and many: fields that name entries of another kind, by their ids -> that kind.

    key: the field that tells entries apart. needed: fields without which there is no entry. Fields that stand nowhere
    here are kept and given out again as they came.
    """

    name: str
    section: str
    noun: str  # "a person"
    needed: tuple[str, ...] = ("id", "name")
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    one: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    key: str = "id"

    @property
    def fields(self) -> tuple[str, ...]:
        """All that are known, in the order in which they are written."""
        plain = (
            self.key,
            *self.needed,
            *self.texts,
            *self.one,
            *self.numbers,
            *self.dates,
            *self.many,
            *self.lists,
            *self.flags,
        )
        return tuple(dict.fromkeys(plain))

    def is_list(self, name: str) -> bool:
        return name in self.lists or name in self.many

    def references(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(field, kind of what it names, id)."""
        for name, kind in self.one.items():
            if data.get(name):
                yield name, kind, str(data[name])
        for name, kind in self.many.items():
            for value in data.get(name) or ():
                yield name, kind, str(value)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "person", "people", "a person",
            texts=("orcid", "role"), lists=("aliases", "interests", "offers", "needs"),
            one={"organization": "organization", "merged_into": "person"}, many={"organizations": "organization"},
            flags=("hidden",),
        ),
        Kind(
            "organization", "organizations", "an organization",
            texts=("acronym", "type", "country", "city", "about"), lists=("aliases", "covers", "offers", "needs"),
        ),
        Kind(
            "project", "projects", "a project",
            texts=("goal", "approach", "population", "setting", "stage", "region", "status"), dates=("start", "end"),
            lists=("offers", "needs", "resources"),
            many={"people": "person", "organizations": "organization", "funders": "organization"},
        ),
        Kind(
            "investment", "investments", "an investment",
            needed=("id", "funder", "project"), texts=("currency",), numbers=("amount",), dates=("start", "end"),
            one={"funder": "organization", "project": "project"},
        ),
        Kind(
            "event", "events", "an event",
            texts=("place",), dates=("date", "end"), lists=("resources",),
            many={"people": "person", "organizations": "organization", "projects": "project"},
        ),
        Kind("resource", "resources", "a resource", needed=("file",), many={"authors": "person"}, key="file"),
        Kind(
            "decision", "decisions", "a decision",
            needed=("person", "verdict"), texts=("resource", "author"), dates=("decided",),
            one={"person": "person", "other": "person"},
        ),
    )
}  # fmt: skip
BY_SECTION: Mapping[str, Kind] = {kind.section: kind for kind in KINDS.values()}


def entry_of(kind: Kind, data: Mapping[str, Any]) -> Entry:
    """data: with all that is needed. A decision has no id of its own: what it is about tells it from others."""
    name = str(data.get("name") or data.get("title") or data.get(kind.key) or "")
    if kind.name == "decision":
        about = (data["person"], data.get("resource") or "", data.get("author") or "", data.get("other") or "")
        digest = hashlib.sha256("\0".join(map(str, about)).encode()).hexdigest()[:32]
        return Entry(digest, kind.name, digest, data)
    return Entry(str(data[kind.key]), kind.name, name, data)
