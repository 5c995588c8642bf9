"""Rows as values, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from searchsvc.filters import linked_fields
from searchsvc.model import Author, DateKind, Kind, Locator, Occasion, Passage, Publication, Resource, WorkType
from searchsvc.text.terms import stream

ItemStatus = Literal["queued", "indexed", "unchanged", "duplicate", "failed"]
UNFINISHED: tuple[ItemStatus, ...] = ("queued", "failed")  # the original is needed; a failed one may be tried again


Place = tuple[str, str, bool]  # where a word stands: resource, passage, whether that is prose


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the ids it has in catalogue and store."""

    id: str
    resource_id: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Removal:
    """Points of a resource and a file that may be needed no more: whether they are is for the catalogue to say."""

    id: int
    resource_id: str
    point_ids: list[str]
    content_hash: str | None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a resource was found: a file, a web address, an upload."""

    uri: str
    resource_id: str
    source: str
    added_at: str


@dataclass(frozen=True, slots=True)
class Item:
    """One file on its way in."""

    id: str
    batch: str
    number: int
    uri: str
    name: str
    source: str
    content_hash: str
    size_bytes: int
    status: ItemStatus = "queued"
    reason: str | None = None
    resource_id: str | None = None
    attempt: int = 1
    created_at: str = ""
    finished_at: str | None = None
    again: bool = False  # the archive has the file, and it is to be read anew
    lost: int = 0  # workers that ended while working on it, without being told to
    groups: str = ""  # that alone are to see the resource, with commas between; as it is, when empty


def resource_of(row: Mapping[str, Any], links: Mapping[str, tuple[str, ...]]) -> Resource:
    """links: field -> values, for this resource."""
    values = dict(row)
    del values["changed"]
    values["kind"] = Kind(values["kind"])
    values["date_kind"] = DateKind(values["date_kind"])
    values["authors"] = tuple(Author(**author) for author in values["authors"])
    values["publication"] = _publication_of(values["publication"])
    values["occasion"] = _occasion_of(values["occasion"])
    values |= {one.attribute: links.get(one.name, ()) for one in linked_fields()}
    confirmed = sorted(map(json.loads, links.get("author", ())))
    return Resource(
        **values,
        hidden_authors=links.get("hidden", ()),
        confirmed_authors=tuple(
            Author(name, affiliation or None, orcid or None) for _, name, affiliation, orcid in confirmed
        ),
    )


def author_value(place: int, author: Author) -> str:
    """One of `Resource.confirmed_authors` as a link has it. place: among them, from 0."""
    return json.dumps([place, author.name, author.affiliation or "", author.orcid or ""], ensure_ascii=False)


def _publication_of(values: Mapping[str, Any]) -> Publication:
    return Publication(**{**values, "type": WorkType(values["type"])} if "type" in values else values)


def _occasion_of(values: Mapping[str, Any]) -> Occasion:
    lists = {name: tuple(values[name]) for name in ("deadlines", "unsure") if name in values}
    return Occasion(**{**values, **lists}) if values else Occasion()


def resource_row(resource: Resource) -> dict[str, Any]:
    values = asdict(resource)
    for linked in (*(one.attribute for one in linked_fields()), "hidden_authors", "confirmed_authors"):
        del values[linked]
    values["kind"] = str(resource.kind)
    values["date_kind"] = str(resource.date_kind)
    values["authors"] = [asdict(author) for author in resource.authors]
    values["identifiers"] = dict(resource.identifiers)
    values["publication"] = {name: value for name, value in asdict(resource.publication).items() if value}
    values["occasion"] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(resource.occasion).items() if value
    }  # fmt: skip
    return values


def passage_of(row: Mapping[str, Any]) -> StoredPassage:
    locator = Locator(row["locator_kind"], row["locator_number"], row["locator_heading"], row["locator_name"])
    passage = Passage(
        ordinal=row["ordinal"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        locator=locator,
        heading_path=tuple(row["heading_path"]),
        context=row["context"],
        hidden=row["hidden"],
        matter=row["matter"],
    )
    return StoredPassage(row["id"], row["resource_id"], passage)


def passage_row(stored: StoredPassage, language: str | None) -> dict[str, Any]:
    """language: of the resource."""
    passage = stored.passage
    return {
        "id": stored.id,
        "resource_id": stored.resource_id,
        "ordinal": passage.ordinal,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "locator_kind": passage.locator.kind,
        "locator_number": passage.locator.number,
        "locator_heading": passage.locator.heading,
        "locator_name": passage.locator.name,
        "heading_path": list(passage.heading_path),
        "context": passage.context,
        "hidden": passage.hidden,
        "matter": passage.matter,
        "terms": stream(passage.text, *passage.heading_path, language=language),
    }
