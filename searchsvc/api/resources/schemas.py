"""What the API answers about resources, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.schemas import AuthorBody, GroupName, NamedBody, PassageBody


class PublicationBody(BaseModel):
    """How a work was published, as far as its file, a curator or a service says so."""

    type: str | None = Field(
        description="article, conference paper, preprint, report, thesis, book, chapter, presentation or web page."
    )
    container: str | None = Field(description="The journal, proceedings, book or server that it is part of.")
    volume: str | None
    issue: str | None
    pages: str | None = Field(description="Such as 45-67, or the number of an article.")
    number: str | None = Field(description="Of a report or preprint.")
    publisher: str | None
    issn: str | None
    genre: str | None = Field(description="Such as PhD thesis.")
    licence: str | None = Field(description="Its address, or its short name.")
    retracted: str | None = Field(
        description="It was taken back by those who published it: the DOI or address of the notice, or `yes`."
    )


class OccasionBody(BaseModel):
    """When and where an event is; until when one can apply, and for how much. Moments: RFC 9557, as far as was said."""

    starts: str | None
    ends: str | None
    deadlines: list[str]
    place: str | None = Field(description="As it is written.")
    online: bool = Field(description="Whether one can take part online.")
    cancelled: bool
    amount: str | None = Field(description="As it is written.")
    currency: str | None = Field(description="Three letters, or the sign where several have it.")
    least: int | None
    most: int | None
    unsure: list[str] = Field(description="Dates that can be read in two ways, and times whose zone can, as written.")


class ResourceBody(BaseModel):
    id: str
    kind: str
    title: str
    authors: list[AuthorBody]
    date: str | None = Field(description="ISO 8601: a year, a month or a day.")
    date_kind: str | None = Field(
        description="What happened then: published, presented, held (an event), modified (the file, which says nothing "
        "of when the work came out) or retrieved. null without a date."
    )
    year: int | None = Field(description="Of the date.")
    language: str | None
    source: str
    url: str | None
    site: str | None
    summary: str | None
    identifiers: dict[str, str]
    publication: PublicationBody
    occasion: OccasionBody = Field(description="Of events and funding opportunities; empty for others.")
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


class LocationBody(BaseModel):
    uri: str
    source: str
    added_at: str


class DoubtBody(BaseModel):
    """What of a file may not have been read as it stands there: all of one kind."""

    code: str = Field(description="One of those that docs/http.md lists.")
    count: int
    places: list[str] = Field(description="Such as `page 4`, in the order of the file; none for the whole of it.")
    details: list[str] = Field(description="Names and reasons, where the file or its parser gives any.")
    lost: bool = Field(
        description="Text is missing or not to be trusted; otherwise there is only less than there could be."
    )
    message: str
    advice: str = Field(description="What to do.")


class DoubtfulBody(BaseModel):
    """A resource with the doubts about its text, the heaviest first."""

    id: str
    title: str
    file_name: str
    source: str
    href: str
    doubts: list[DoubtBody]


class DoubtsBody(BaseModel):
    """The resources that lost most, most first."""

    resources: list[DoubtfulBody]
    total: int = Field(description="How many resources have doubts.")
    counts: dict[str, int] = Field(description="How many resources each code stands in.")
    unknown: int = Field(description="Resources that were read before doubts were kept.")


class ResourceDetailBody(ResourceBody):
    """A resource with where it was found, its copies, doubts about its text, and its passages when asked for."""

    locations: list[LocationBody]
    copies: list[CopyBody]
    doubts: list[DoubtBody]
    groups: list[str] | None = Field(
        None, description="That alone see it, all when empty; told to whoever may change that."
    )
    text_passages: list[PassageBody] | None = None


class ChangedResourceBody(BaseModel):
    """Who may see a resource from now on, also when it is taken in again."""

    model_config = ConfigDict(extra="forbid")

    groups: set[GroupName] = Field(max_length=100, description="That alone see it; all who may search, when empty.")


class RestrictedBody(BaseModel):
    id: str
    groups: list[str]


class SurroundedPassageBody(BaseModel):
    """A passage with those that stand before and after it in its resource."""

    resource: ResourceBody
    passage: PassageBody
    before: list[PassageBody] = Field(description="In the order of the text, the last one next to the passage.")
    after: list[PassageBody]


class UnitBody(BaseModel):
    """What was read from one page or slide, or from the whole of a file without either."""

    label: str
    characters: int
    words: int
    notes: list[str] = Field([], description='Such as "no text: needs OCR".')


class ReportBody(BaseModel):
    """How extraction went; lost text shows here."""

    resource_id: str
    extractor: str
    characters: int
    words: int
    passages: int
    duration_ms: float
    units: list[UnitBody]
    empty_units: list[str]
    warnings: list[str]
    doubts: list[DoubtBody]


class SeenLineBody(BaseModel):
    """A line that OCR saw, and where."""

    text: str
    x: tuple[float, float, float, float] = Field(
        description="Of its corners, as shares of the page's width, from the upper left one on as one reads."
    )
    y: tuple[float, float, float, float] = Field(description="Likewise, of its height, from the top.")
    sure: float = Field(description="From 0 to 1.")


class SeenBody(BaseModel):
    """What OCR saw on a page."""

    place: str
    sure: float = Field(description="From 0 to 1, over all letters.")
    lines: list[SeenLineBody]
