"""People, organizations, projects, investments and events of the network, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from searchsvc.register.kinds import KINDS, Entry

__all__ = ["Decision", "Event", "Investment", "Organization", "Person", "Project", "typed"]

Extra = Mapping[str, Any]
Verdict = Literal["same", "different"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the network. organizations: ids, the first is the main one. extra: fields that searchsvc gives no meaning.

    hidden: nothing of this person is to be shown. merged: ids of entries that turned out to be this person.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    orcid: str | None = None
    organizations: tuple[str, ...] = ()
    role: str | None = None
    interests: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    hidden: bool = False
    merged_into: str | None = None
    merged: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Organization:
    """type: such as university, product developer, funder. covers: of a funder, what it pays for."""

    id: str
    name: str
    acronym: str | None = None
    aliases: tuple[str, ...] = ()
    type: str | None = None
    country: str | None = None
    city: str | None = None
    about: str | None = None
    covers: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Project:
    """A product in development or a study. people, organizations and funders are ids; resources are paths of files."""

    id: str
    name: str
    goal: str | None = None
    approach: str | None = None
    population: str | None = None
    setting: str | None = None
    stage: str | None = None
    region: str | None = None
    status: str | None = None
    start: str | None = None
    end: str | None = None
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Investment:
    """Money of a funder for a project. amount: in units of `currency` (ISO 4217). start and end: ISO 8601."""

    id: str
    funder: str
    project: str
    amount: float | None = None
    currency: str | None = None
    start: str | None = None
    end: str | None = None
    extra: Extra = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting, webinar or course. date and end: ISO 8601. resources: paths of files."""

    id: str
    name: str
    date: str | None = None
    end: str | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: that `person` is, or is not, an author of `resource`, or the same as `other`.

    resource: an id, or the path of a file. author: the name as the resource has it; None for any.
    """

    person: str
    verdict: Verdict
    resource: str | None = None
    author: str | None = None
    other: str | None = None
    decided: str | None = None


T = TypeVar("T")


def typed(cls: type[T], entry: Entry) -> T:
    """The entry as a value. What is missing is empty; what is unknown goes into `extra`."""
    kind = KINDS[entry.type]
    known = {name: _value(kind.is_list(name), value) for name, value in entry.data.items() if name in kind.fields}
    slots: tuple[str, ...] = cls.__slots__  # type: ignore[attr-defined]
    values: dict[str, Any] = {name: value for name, value in known.items() if name in slots}
    if "name" in slots:
        values["name"] = entry.name
    if "id" in slots:
        values["id"] = entry.id
    if "organizations" in slots and (main := known.get("organization")):
        values["organizations"] = tuple(dict.fromkeys((main, *values.get("organizations", ()))))
    if "amount" in slots and values.get("amount") is not None:
        values["amount"] = float(values["amount"])
    if "hidden" in slots:
        values["hidden"] = bool(known.get("hidden"))
    if "extra" in slots:
        values["extra"] = {
            name: value for name, value in entry.data.items() if name not in kind.fields and name != "title"
        }
    return cls(**values)


def _value(listed: bool, value: Any) -> Any:
    if listed:
        return tuple(str(one) for one in value or ())
    return value if value is None or isinstance(value, (bool, float)) else str(value)
