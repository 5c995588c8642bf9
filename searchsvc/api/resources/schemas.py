"""What the API answers, as pydantic models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from searchsvc.search.related.labels import Facet
from searchsvc.search.relevance import Band
from searchsvc.search.suggest import SuggestedKind


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
    did_you_mean: str | None = Field(None, description="The query with its typing errors corrected.")
    corrected: bool = Field(False, description="`did_you_mean` was searched, and not what was typed.")
    nothing_relevant: bool = Field(description="Something was asked, and nothing in the archive is about it.")
    hits: list[HitBody]
    facets: dict[str, list[FacetValueBody]]
    took_ms: float


class SuggestionBody(BaseModel):
    kind: SuggestedKind
    text: str
    id: str | None = Field(None, description="Of the resource or of the register's entry; a term has none.")


class SuggestBody(BaseModel):
    query: str
    suggestions: list[SuggestionBody]


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
    facet: Facet | None = Field(None, description="What they are compared by; null when by the whole.")
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


class StatusBody(BaseModel):
    """What the service holds, for `searchsvc doctor` and for those who watch it."""

    version: str
    encoder: str
    resources: int
    passages: int = Field(description="As the catalogue knows them.")
    indexed: int = Field(description="Passages in the vector store; fewer than `passages` while files are taken in.")
    jobs: dict[str, int] = Field(description="Files that were handed in, by status.")
