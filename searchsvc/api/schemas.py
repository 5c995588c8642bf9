"""What several domains of the API answer with, as pydantic models. Bodies need pydantic and nothing else of weight."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from searchsvc.sight import GROUP

Band = Literal["strong", "fair", "weak"]


class Problem(BaseModel):
    """RFC 9457, `application/problem+json`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = Field(None, description="Also in `X-Request-ID`, and in the log of the service.")


def _group(given: str) -> str:
    if not GROUP.fullmatch(given):
        raise ValueError(f"{given[:80]!r} is no name of a group: letters, digits and - . _ and at most 64 of them")
    return given


GroupName = Annotated[str, AfterValidator(_group)]


class NamedBody(BaseModel):
    """Somebody or something of the register."""

    id: str
    name: str


class AuthorBody(BaseModel):
    name: str
    affiliation: str | None = None
    orcid: str | None = None


class LocatorBody(BaseModel):
    kind: Literal["page", "slide", "time", "heading", "whole"]
    number: int | None = Field(
        None, description="Page or slide, counted from 1; of a recording, seconds from its start."
    )
    heading: str | None = None
    name: str | None = Field(
        None, description='What the document calls the page, such as "iv"; null where that is its number.'
    )
    label: str = Field(
        description='What people read: "page 4", "page iv", "slide 12", "12:34", \'section "Methods"\', or nothing.'
    )


class ReadingBody(BaseModel):
    """A passage with its tables read out: each cell after the heading of its column, rows in lines."""

    text: str
    highlights: list[tuple[int, int]] = Field([], description="(start, end) in characters into this text.")
    answer: tuple[int, int] | None = None


class PassageBody(BaseModel):
    id: str
    text: str
    reading: ReadingBody | None = Field(
        None, description="The passage as people read it, where it has a table; null where `text` is that."
    )
    highlights: list[tuple[int, int]] = Field([], description="(start, end) in characters into `text`.")
    answer: tuple[int, int] | None = Field(
        None, description="(start, end) of the sentence with most of what was asked."
    )
    locator: LocatorBody
    heading_path: list[str] = []
    hidden: bool = Field(False, description="On a slide that the presentation hides.")
    start: int = Field(description="Where it stands in the resource's extracted text, in characters.")
    end: int
    href: str = Field(description="Opens the resource at this passage.")
    media_href: str | None = Field(
        None,
        description="Starts the recording where this is said; null where there is none or nobody knows its address.",
    )
