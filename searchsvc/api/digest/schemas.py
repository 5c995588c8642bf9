"""What the API answers about what is new, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.schemas import Band, LocatorBody, NamedBody


class NewsWhyBody(BaseModel):
    """A sentence of the work that says why it matters."""

    text: str
    locator: LocatorBody | None = Field(description="Where it stands; null for one of the abstract.")
    path: str = Field(description="Opens the resource there.")


class NewsBody(BaseModel):
    id: str
    title: str
    kind: str
    authors: list[str]
    date: str | None = Field(description="ISO 8601: a year, a month or a day.")
    date_kind: str | None
    language: str | None
    path: str = Field(description="Of its page.")
    at: str = Field(description="When it came, or changed.")
    updated: list[str] = Field(
        description="What changed of what was there before: title, authors, date, summary, publication, text. "
        "Nothing of what is new."
    )
    why: NewsWhyBody | None
    band: Band | None = Field(description="How well it answers the wish of its topic.")


class TopicBody(BaseModel):
    """What answers one wish, or what answers none, by kind."""

    wish: str | None = Field(description="In the words of who needs it, or is interested.")
    wish_kind: Literal["need", "interest", "goal", "watch"] | None
    kind: str | None = Field(description="Of all its items, where they answer no wish.")
    items: list[NewsBody]


class DeadlineBody(BaseModel):
    date: str = Field(description="ISO 8601: a year, a month or a day.")
    end: str | None
    name: str
    kind: Literal["event", "funding"]
    place: str | None
    path: str | None = Field(description="Of the page of the resource that tells of it.")
    moment: str = Field(description="With its time and zone (RFC 9557), where these are known.")


class NewEntryBody(BaseModel):
    id: str
    name: str
    about: str = Field(description="What a person does and where, or what a project is for.")
    path: str


class SuggestedBody(BaseModel):
    id: str
    a: NamedBody
    b: NamedBody
    about: str = Field(description="What they have to talk about.")


class DigestBody(BaseModel):
    """What is new from `since` on and before `until`, the most useful first."""

    site: str
    since: str
    until: str
    person: NamedBody | None = Field(description="For whom; null: for everybody who may search.")
    topics: list[TopicBody]
    left_out: int = Field(description="How much else is new and not listed.")
    deadlines: list[DeadlineBody] = Field(description="What comes up, soonest first.")
    people: list[NewEntryBody]
    projects: list[NewEntryBody]
    introductions: list[SuggestedBody]

    @property
    def news(self) -> int:
        return sum(len(one.items) for one in self.topics) + self.left_out
