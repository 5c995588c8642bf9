"""Sources as pydantic models. Moments are ISO 8601, in UTC."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.schemas import GroupName

__all__ = [
    "FailingBody",
    "NewSourceBody",
    "SourceBody",
    "SourceKindBody",
    "SourceWholeBody",
    "SourcesBody",
    "VisitBody",
]

Status = Literal["new", "running", "good", "waiting", "broken", "paused", "leaving"]


class NewSourceBody(BaseModel):
    """A source to be set up."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(min_length=1, max_length=64, description="One of `kinds`, such as `sitemap`.")
    location: str = Field(min_length=1, max_length=2000, description="What the kind says that it is.")
    name: str | None = Field(
        None, max_length=200, description="What its resources are filtered by; made of the location without."
    )
    every: str = Field(
        "daily",
        max_length=20,
        description="How often it is visited: such as 6h, 1d, 2w, hourly, daily, weekly or never.",
    )
    into: list[GroupName] = Field(
        [], max_length=50, description="Groups that alone see what comes from it; everybody does without."
    )


class TroubleBody(BaseModel):
    """Something that could not be had."""

    shown: str
    why: str


class VisitBody(BaseModel):
    """What a visit found and did, or, where it was dry, would do."""

    dry: bool = False
    listed: int = Field(0, description="How many things there are at the source.")
    added: int = 0
    changed: int = 0
    restated: int = Field(0, description="Those of which the source says something else now, such as another title.")
    moved: int = Field(0, description="Those whose bytes stand elsewhere at the source now.")
    unchanged: int = Field(0, description="Those that were asked for and are as they were.")
    gone: int = Field(0, description="Those that the source has no longer; they are marked, and stay for a while.")
    removed: int = Field(0, description="Those that were gone for so long that they were taken out.")
    declined: int = Field(0, description="Those that somebody took out by hand, and that are not asked for again.")
    failed: int = 0
    held: int = Field(0, description="More than a third are gone at once: so many wait for somebody to confirm it.")
    to_ask: int = Field(0, description="Of a dry visit: those that a visit would ask for, to see whether they changed.")
    error: str = Field("", description="Why the list is not whole; then nothing is taken to be gone.")
    examples: dict[str, list[str]] = Field({}, description="The first of each sort, as the source calls them.")
    troubles: list[TroubleBody] = Field([], description="The first that could not be had.")


class SourceBody(BaseModel):
    """A source and how it is."""

    id: str
    name: str
    kind: str
    location: str
    every: str
    into: list[str]
    status: Status
    asked: Literal["sync", "dry"] | None = Field(description="A visit by hand that has not ended.")
    there: int = Field(description="How many of its things are in the archive or on their way.")
    waiting: int = Field(description="How many of these are on their way.")
    failing: int
    gone: int
    declined: int
    held: int
    visits: int
    created_at: str
    began_at: str | None = Field(description="The last visit.")
    ended_at: str | None
    good_at: str | None = Field(description="When everything was listed last.")
    due_at: str | None = Field(description="The next visit.")
    failing_since: str | None
    failing_why: str | None
    advice: str | None = Field(description="What to do.")
    visit: VisitBody | None = Field(description="The last one; while one is under way, how far it is.")


class FailingBody(BaseModel):
    """Something that could not be had. since: when that began."""

    shown: str
    uri: str
    since: str
    why: str


class SourceWholeBody(SourceBody):
    """The same with what could not be had, those that failed longest first; a hundred at most."""

    troubles: list[FailingBody]


class SourceKindBody(BaseModel):
    """A kind of source. location: what its location is."""

    name: str
    location: str
    help: str


class SourcesBody(BaseModel):
    sources: list[SourceBody]
    kinds: list[SourceKindBody] = Field(description="Those that there are.")
