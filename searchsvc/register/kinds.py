"""The kinds of entries: what each is called, and what follows from how its fields are declared in `model`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_origin

from searchsvc.register.model import (
    INNER,
    SEARCHED,
    Authorship,
    Decision,
    Entry,
    EntryModel,
    Event,
    Investment,
    Organization,
    Person,
    Project,
    Ref,
    Rule,
    SaidAs,
)

__all__ = ["BY_SECTION", "KINDS", "EntryKind", "entry_of"]


@dataclass(frozen=True)
class EntryKind:
    """A kind of entries. section: the list in files that has them. noun: with its article."""

    name: str
    section: str
    noun: str
    model: type[EntryModel]

    @property
    def key(self) -> str:
        """The field that tells entries apart."""
        return self.model.key

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """All that are known, in the order in which they are written."""
        return tuple(self.model.model_fields)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Fields, and the other word for a name."""
        return (*self.fields, "title") if "name" in self.fields else self.fields

    @cached_property
    def said_as(self) -> Mapping[str, frozenset[str]]:
        """Fields that are called otherwise, too -> in which words."""
        return {name: mark.words for name, mark in self._marks() if isinstance(mark, SaidAs)}

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Fields without which there is no entry."""
        return tuple(name for name, field in self.model.model_fields.items() if field.is_required())

    @cached_property
    def lists(self) -> frozenset[str]:
        return self._of_type(tuple)

    @cached_property
    def flags(self) -> frozenset[str]:
        return self._of_type(bool)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return self._of_type(float)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        return {name: mark for name, mark in self._marks() if isinstance(mark, Rule)}

    @cached_property
    def dates(self) -> frozenset[str]:
        return frozenset(name for name, rule in self.rules.items() if rule.date)

    @cached_property
    def refs(self) -> Mapping[str, str]:
        """Fields that name entries of another kind, by their ids -> that kind."""
        return {name: mark.kind for name, mark in self._marks() if isinstance(mark, Ref)}

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Fields that whoever asks for an entry gets to know."""
        inner = {name for name, mark in self._marks() if mark is INNER}
        return tuple(name for name in self.fields if name not in inner)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Lists of which each item is something to search for."""
        return tuple(name for name, mark in self._marks() if mark is SEARCHED)

    def references(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(field, kind of what it names, id)."""
        for name, kind in self.refs.items():
            value = data.get(name)
            if value:
                for target in value if name in self.lists else (value,):
                    yield name, kind, str(target)

    def _marks(self) -> Iterator[tuple[str, object]]:
        for name, field in self.model.model_fields.items():
            for mark in field.metadata:
                yield name, mark

    def _of_type(self, wanted: type) -> frozenset[str]:
        return frozenset(
            name for name, field in self.model.model_fields.items()
            if wanted in (field.annotation, get_origin(field.annotation), *get_args(field.annotation))
        )  # fmt: skip


KINDS: Mapping[str, EntryKind] = {
    kind.name: kind
    for kind in (
        EntryKind("person", "people", "a person", Person),
        EntryKind("organization", "organizations", "an organization", Organization),
        EntryKind("project", "projects", "a project", Project),
        EntryKind("investment", "investments", "an investment", Investment),
        EntryKind("event", "events", "an event", Event),
        EntryKind("resource", "resources", "a resource", Authorship),
        EntryKind("decision", "decisions", "a decision", Decision),
    )
}
BY_SECTION: Mapping[str, EntryKind] = {kind.section: kind for kind in KINDS.values()}


def entry_of(kind: EntryKind, data: Mapping[str, Any]) -> Entry:
    """data: with all that is needed. A decision has no id of its own: what it is about tells it from others."""
    name = str(data.get("name") or data.get("title") or data.get(kind.key) or "")
    if kind.name == "decision":
        about = (data["person"], data.get("resource") or "", data.get("author") or "", data.get("other") or "")
        digest = hashlib.sha256("\0".join(map(str, about)).encode()).hexdigest()[:32]
        return Entry(digest, kind.name, digest, data)
    return Entry(str(data[kind.key]), kind.name, name, data)
