"""What a source says of a thing, beside what stands in its file: it goes before, and is kept with the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ingest.sources.protocol import Stated
from searchsvc.model import Author, DateKind, Document, Kind, Publication, WorkType

__all__ = ["as_stated", "as_values", "with_stated"]


def as_values(stated: Stated | None) -> dict[str, Any] | None:
    """As JSON has it, without what says nothing; None when all does."""
    if stated is None:
        return None
    values = {**asdict(stated), "authors": [asdict(one) for one in stated.authors], "kind": str(stated.kind or "")}
    values["identifiers"] = dict(stated.identifiers)
    values["publication"] = _said(stated.publication)
    return {name: value for name, value in values.items() if value} or None


def as_stated(values: Mapping[str, Any]) -> Stated:
    """Back from `as_values`."""
    given = dict(values)
    given["authors"] = tuple(Author(**one) for one in given.get("authors", ()))
    if published := given.pop("publication", None):
        work = published.get("type")
        given["publication"] = Publication(**{**published, "type": WorkType(work) if work else None})
    if given.get("kind"):
        given["kind"] = Kind(given["kind"])
    return Stated(**given)


def with_stated(document: Document, values: Mapping[str, Any] | None) -> Document:
    """The document as the source calls it."""
    if not values:
        return document
    stated = as_stated(values)
    given = {
        "title": stated.title,
        "authors": stated.authors,
        "url": stated.url if (stated.url or "").startswith(("http://", "https://")) else None,
        "kind": stated.kind,
        "language": stated.language,
        "summary": stated.summary,
    }
    said: dict[str, Any] = {name: value for name, value in given.items() if value}
    if stated.date:
        said |= {"date": stated.date, "date_kind": DateKind.PUBLISHED}
    return replace(
        document,
        **said,
        identifiers={**document.identifiers, **stated.identifiers},
        publication=replace(document.publication, **_said(stated.publication)),
    )


def _said(publication: Publication) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in asdict(publication).items() if value}
