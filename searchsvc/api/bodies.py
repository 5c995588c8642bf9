"""What the API answers: pydantic models, and how they are made from the domain's values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from searchsvc.catalogue import Item, Location, StoredPassage
from searchsvc.model import Locator, Passage, Resource
from searchsvc.search.link import href
from searchsvc.search.related import Related
from searchsvc.search.relevance import Band
from searchsvc.search.searcher import Answer, Hit

_HTML = ("text/html", "application/xhtml+xml")


class Problem(BaseModel):
    """RFC 9457, `application/problem+json`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class AuthorBody(BaseModel):
    name: str
    affiliation: str | None = None
    orcid: str | None = None


class NamedBody(BaseModel):
    """Somebody or something of the register."""

    id: str
    name: str


class LocatorBody(BaseModel):
    kind: Literal["page", "slide", "heading", "whole"]
    number: int | None = Field(None, description="Page or slide, counted from 1.")
    heading: str | None = None
    label: str = Field(description='What people read: "page 4", "slide 12", \'section "Methods"\', or nothing.')


class PassageBody(BaseModel):
    id: str
    text: str
    highlights: list[tuple[int, int]] = Field([], description="(start, end) in characters into `text`.")
    locator: LocatorBody
    heading_path: list[str] = []
    hidden: bool = Field(False, description="On a slide that the presentation hides.")
    start: int = Field(description="Where it stands in the resource's extracted text, in characters.")
    end: int
    href: str = Field(description="Opens the resource at this passage.")


class ResourceBody(BaseModel):
    id: str
    kind: str
    title: str
    authors: list[AuthorBody]
    date: str | None = Field(description="ISO 8601: a year, a month or a day.")
    year: int | None
    language: str | None
    source: str
    url: str | None
    site: str | None
    summary: str | None
    identifiers: dict[str, str]
    media_type: str
    file_name: str
    size_bytes: int
    words: int
    passages: int
    people: list[NamedBody]
    organizations: list[NamedBody]
    projects: list[NamedBody]
    added_at: str
    updated_at: str
    href: str = Field(description="The original file.")
    view_href: str = Field(description="Its text as a page, with an anchor for every page and slide.")


class CopyBody(BaseModel):
    id: str
    title: str
    href: str


class HitBody(BaseModel):
    resource: ResourceBody
    band: Band | None = Field(description="How relevant: strong, fair or weak; null when nothing was asked.")
    passages: list[PassageBody]
    copies: list[CopyBody] = Field([], description="Near duplicates that were found too.")


class FacetValueBody(BaseModel):
    value: str
    label: str
    count: int = Field(description="Resources that would be found with this value chosen.")


class SearchBody(BaseModel):
    query: str
    mode: Literal["hybrid", "semantic", "keyword"]
    total: int
    limit: int
    offset: int
    nothing_relevant: bool = Field(description="Something was asked, and nothing in the archive is about it.")
    hits: list[HitBody]
    facets: dict[str, list[FacetValueBody]]
    took_ms: float


class MeetingBody(BaseModel):
    here: PassageBody = Field(description="A passage of the resource asked for.")
    there: PassageBody = Field(description="The passage of the related resource that it meets.")


class RelatedHitBody(BaseModel):
    resource: ResourceBody
    band: Band
    meetings: list[MeetingBody]
    copies: list[CopyBody] = []


class RelatedBody(BaseModel):
    resource_id: str
    related: list[RelatedHitBody]


class LocationBody(BaseModel):
    uri: str
    source: str
    added_at: str


class ResourceDetailBody(ResourceBody):
    """A resource with where it was found, its copies, and its passages when asked for."""

    locations: list[LocationBody]
    copies: list[CopyBody]
    text_passages: list[PassageBody] | None = None


class ReportBody(BaseModel):
    """How extraction went; lost text shows here."""

    resource_id: str
    extractor: str
    characters: int
    words: int
    passages: int
    duration_ms: float
    units: list[dict[str, Any]]
    empty_units: list[str]
    warnings: list[str]


class JobBody(BaseModel):
    """One file on its way in."""

    id: str
    batch: str
    uri: str
    name: str
    source: str
    size_bytes: int
    status: Literal["queued", "indexed", "unchanged", "duplicate", "failed"]
    reason: str | None
    resource_id: str | None
    attempt: int
    created_at: str
    finished_at: str | None


class JobsBody(BaseModel):
    jobs: list[JobBody]
    counts: dict[str, int] = Field(description="By status: of the batch asked for, or of all.")


class AcceptedBody(BaseModel):
    """Files that were taken; they are worked on from now on, whatever happens to the process."""

    batch: str
    jobs: list[JobBody]


class RegisterBody(BaseModel):
    people: int
    organizations: int
    projects: int
    relinked: int = Field(description="Resources whose people, organizations or projects changed.")


def resource_values(resource: Resource, names: Mapping[str, str]) -> dict[str, Any]:
    """The fields of ResourceBody."""

    def named(ids: Sequence[str]) -> list[NamedBody]:
        return [NamedBody(id=one, name=names.get(one, one)) for one in ids]

    plain = ("id", "title", "date", "year", "language", "source", "url", "site", "summary", "media_type", "file_name")
    counted = ("size_bytes", "words", "passages", "added_at", "updated_at")
    return {
        **{name: getattr(resource, name) for name in (*plain, *counted)},
        "kind": str(resource.kind),
        "authors": [AuthorBody(name=a.name, affiliation=a.affiliation, orcid=a.orcid) for a in resource.authors],
        "identifiers": dict(resource.identifiers),
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
    """Into the file where browsers can open it at a place: PDF pages and web pages; into the view of its text otherwise."""
    opens = resource.media_type == "application/pdf" or resource.media_type in _HTML
    return href(file_href(resource) if opens else view_href(resource), passage)


def passage_body(
    resource: Resource, passage_id: str, passage: Passage, highlights: Sequence[tuple[int, int]] = ()
) -> PassageBody:
    return PassageBody(
        id=passage_id,
        text=passage.text,
        highlights=list(highlights),
        locator=locator_body(passage.locator),
        heading_path=list(passage.heading_path),
        hidden=passage.hidden,
        start=passage.start,
        end=passage.end,
        href=passage_href(resource, passage),
    )


def locator_body(locator: Locator) -> LocatorBody:
    return LocatorBody(kind=locator.kind, number=locator.number, heading=locator.heading, label=locator.label)


def copy_bodies(ids: Sequence[str], resources: Mapping[str, Resource]) -> list[CopyBody]:
    return [CopyBody(id=one, title=resources[one].title, href=file_href(resources[one])) for one in ids if one in resources]


def search_body(
    answer: Answer, resources: Mapping[str, Resource], names: Mapping[str, str], *, limit: int, offset: int
) -> SearchBody:
    """resources and names: of the archive, for copies and labels."""
    asked = bool(answer.query.words)

    def hit_body(hit: Hit) -> HitBody:
        return HitBody(
            resource=resource_body(hit.resource, names),
            band=hit.band if asked else None,
            passages=[passage_body(hit.resource, one.id, one.passage, one.highlights) for one in hit.passages],
            copies=copy_bodies(hit.copies, resources),
        )

    return SearchBody(
        query=answer.query.raw,
        mode=answer.mode,
        total=answer.total,
        limit=limit,
        offset=offset,
        nothing_relevant=asked and answer.total == 0,
        hits=[hit_body(hit) for hit in answer.hits],
        facets={
            name: [FacetValueBody(value=v, label=names.get(v, v), count=n) for v, n in counts.items()]
            for name, counts in answer.facets.items()
        },
        took_ms=answer.took_ms,
    )


def related_body(
    resource: Resource, found: Sequence[Related], resources: Mapping[str, Resource], names: Mapping[str, str]
) -> RelatedBody:
    def stored_body(of: Resource, stored: StoredPassage) -> PassageBody:
        return passage_body(of, stored.id, stored.passage)

    return RelatedBody(
        resource_id=resource.id,
        related=[
            RelatedHitBody(
                resource=resource_body(one.resource, names),
                band=one.band,
                meetings=[
                    MeetingBody(here=stored_body(resource, pair.here), there=stored_body(one.resource, pair.there))
                    for pair in one.meetings
                ],
                copies=copy_bodies(one.copies, resources),
            )
            for one in found
        ],
    )


def detail_body(
    resource: Resource,
    *,
    locations: Sequence[Location],
    copies: Sequence[str],
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    passages: Sequence[StoredPassage] | None,
) -> ResourceDetailBody:
    return ResourceDetailBody(
        **resource_values(resource, names),
        locations=[LocationBody(uri=one.uri, source=one.source, added_at=one.added_at) for one in locations],
        copies=copy_bodies(copies, resources),
        text_passages=None if passages is None else [passage_body(resource, one.id, one.passage) for one in passages],
    )


def report_body(resource_id: str, report: Mapping[str, Any]) -> ReportBody:
    return ReportBody(resource_id=resource_id, **{name: report[name] for name in ReportBody.model_fields if name != "resource_id"})


def job_body(item: Item) -> JobBody:
    values: Callable[[str], Any] = item.__getattribute__
    return JobBody(**{name: values(name) for name in JobBody.model_fields})
