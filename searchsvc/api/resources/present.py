"""Answers about resources and their passages, made from the domain's values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ingest.extract.registry import type_of
from searchsvc.api.ingest.present import public_uri
from searchsvc.api.resources.schemas import (
    CopyBody,
    DoubtBody,
    DoubtfulBody,
    DoubtsBody,
    LocationBody,
    OccasionBody,
    PublicationBody,
    ReportBody,
    ResourceBody,
    ResourceDetailBody,
    SeenBody,
    SeenLineBody,
)
from searchsvc.api.schemas import AuthorBody, LocatorBody, NamedBody, PassageBody, ReadingBody
from searchsvc.catalogue import Location, StoredPassage
from searchsvc.doubts import Told, doubts_in, told, weight
from searchsvc.model import Locator, Passage, Resource, Seen
from searchsvc.search.link import href
from searchsvc.search.recording import media_href
from searchsvc.search.shown import Reading, reading
from searchsvc.texts import texts


def resource_values(resource: Resource, names: Mapping[str, str]) -> dict[str, Any]:
    """The fields of ResourceBody."""

    def named(ids: Sequence[str]) -> list[NamedBody]:
        return [NamedBody(id=one, name=names.get(one, one)) for one in ids]

    plain = ("id", "title", "date", "year", "language", "source", "url", "site", "summary", "media_type", "file_name")
    counted = ("size_bytes", "words", "passages", "added_at", "updated_at")
    return {
        **{name: getattr(resource, name) for name in (*plain, *counted)},
        "kind": str(resource.kind),
        "date_kind": str(resource.date_kind) if resource.date else None,
        "authors": [AuthorBody(name=a.name, affiliation=a.affiliation, orcid=a.orcid) for a in resource.shown_authors],
        "identifiers": dict(resource.identifiers),
        "publication": PublicationBody(**asdict(resource.publication)),
        "occasion": OccasionBody(**asdict(resource.occasion)),
        "people": named(resource.people),
        "organizations": named(resource.organizations),
        "projects": named(resource.projects),
        "href": file_href(resource),
        "view_href": view_href(resource),
    }


def resource_body(resource: Resource, names: Mapping[str, str]) -> ResourceBody:
    return ResourceBody(**resource_values(resource, names))


def file_href(resource: Resource) -> str:
    return f"/v1/resources/{resource.id}/file"


def view_href(resource: Resource) -> str:
    return f"/v1/resources/{resource.id}/view"


def passage_href(resource: Resource, passage: Passage) -> str:
    """Into the file where browsers can open it at a place, as PDF and web pages; else into the view of its text."""
    opens = type_of(resource.media_type).anchored
    return href(file_href(resource) if opens else view_href(resource), passage)


def passage_body(
    resource: Resource,
    passage_id: str,
    passage: Passage,
    highlights: Sequence[tuple[int, int]] = (),
    answer: tuple[int, int] | None = None,
    read: Reading | None = None,
) -> PassageBody:
    """read: as the search made it, which knows the rows above; otherwise it is made here."""
    read = read or reading(passage.text, highlights, answer)
    return PassageBody(
        id=passage_id,
        text=passage.text,
        reading=ReadingBody(**asdict(read)) if read else None,
        highlights=list(highlights),
        answer=answer,
        locator=locator_body(passage.locator),
        heading_path=list(passage.heading_path),
        hidden=passage.hidden,
        start=passage.start,
        end=passage.end,
        href=passage_href(resource, passage),
        media_href=media_href(resource, passage),
    )


def locator_body(locator: Locator) -> LocatorBody:
    return LocatorBody(
        kind=locator.kind, number=locator.number, heading=locator.heading, name=locator.name, label=locator.label
    )


def copy_bodies(ids: Sequence[str], resources: Mapping[str, Resource]) -> list[CopyBody]:
    return [
        CopyBody(id=one, title=resources[one].title, href=file_href(resources[one])) for one in ids if one in resources
    ]


def detail_body(
    resource: Resource,
    *,
    locations: Sequence[Location],
    whole: bool,
    copies: Sequence[str],
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    passages: Sequence[StoredPassage] | None,
    report: Mapping[str, Any],
    groups: Sequence[str] | None,
) -> ResourceDetailBody:
    return ResourceDetailBody(
        **resource_values(resource, names),
        locations=[
            LocationBody(uri=one.uri if whole else public_uri(one.uri), source=one.source, added_at=one.added_at)
            for one in locations
        ],
        copies=copy_bodies(copies, resources),
        doubts=doubt_bodies(told(doubts_in(report.get("doubts")))),
        groups=None if groups is None else list(groups),
        text_passages=None if passages is None else [passage_body(resource, one.id, one.passage) for one in passages],
    )


def report_body(resource_id: str, report: Mapping[str, Any]) -> ReportBody:
    made = {name: report[name] for name in ReportBody.model_fields if name not in ("resource_id", "doubts")}
    doubts = doubt_bodies(told(doubts_in(report.get("doubts"))))
    return ReportBody(resource_id=resource_id, doubts=doubts, **made)


def seen_body(place: str, seen: Seen | None) -> SeenBody:
    lines = seen.lines if seen else ()
    return SeenBody(
        place=place, sure=round(seen.sure, 3) if seen else 0.0,
        lines=[SeenLineBody(text=one.text, x=one.x, y=one.y, sure=one.sure) for one in lines],
    )  # fmt: skip


def doubt_bodies(doubts: Iterable[Told]) -> list[DoubtBody]:
    english = texts("en")
    return [
        DoubtBody(
            code=one.code,
            count=one.count,
            places=list(one.places),
            details=list(one.whats),
            lost=one.lost,
            message=english(f"doubt.{one.code}", n=one.count),
            advice=english(f"doubt_do.{one.code}"),
        )
        for one in doubts
    ]


def doubts_body(
    found: Iterable[tuple[str, list[dict[str, Any]] | None]], resources: Mapping[str, Resource], limit: int
) -> DoubtsBody:
    """found: as the catalogue gives it. Resources that are gone by now are left out."""
    all_told = {one: None if kept is None else told(doubts_in(kept)) for one, kept in found if one in resources}
    known = {one: doubts for one, doubts in all_told.items() if doubts}
    worst = sorted(known, key=lambda one: (-weight(known[one]), one))[:limit]
    return DoubtsBody(
        resources=[
            DoubtfulBody(
                id=one,
                title=resources[one].title,
                file_name=resources[one].file_name,
                source=resources[one].source,
                href=file_href(resources[one]),
                doubts=doubt_bodies(known[one]),
            )
            for one in worst
        ],
        total=len(known),
        counts=dict(Counter(doubt.code for doubts in known.values() for doubt in doubts).most_common()),
        unknown=sum(doubts is None for doubts in all_told.values()),
    )
