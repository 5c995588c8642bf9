"""What the API answers about collaborators, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.schemas import Band, NamedBody, PassageBody


class PlaceBody(BaseModel):
    """A passage and the resource it stands in."""

    resource: NamedBody
    passage: PassageBody


class WhyBody(BaseModel):
    """Where the two meet."""

    here: PlaceBody | None = Field(
        description="Of the one who asks; null when words were asked, or nothing is in the archive."
    )
    there: PlaceBody = Field(description="Of the one suggested.")


class ExchangeBody(BaseModel):
    """What one of the two needs and the other offers, which may meet it."""

    need: str
    offer: str
    whose: Literal["asker", "other"] = Field(description="Whose need it is.")
    clear: bool = Field(False, description="The wording makes plain that it meets; otherwise it is a question.")


class WayStepBody(BaseModel):
    """From one person to the next, and what ties them."""

    source: NamedBody
    target: NamedBody
    tie: str = Field(description="co-authorship, project, event, organization or introduced.")
    evidence: NamedBody = Field(description="The resource, project, event or organization that ties them.")
    date: str | None


class CollaboratorBody(BaseModel):
    """Somebody worth an introduction, and why."""

    id: str
    kind: Literal["person", "organization"]
    name: str
    role: str | None
    organizations: list[NamedBody]
    band: Band
    why: list[WhyBody]
    met: list[ExchangeBody]
    shared: list[str] = Field(description="Of their interests and offers, what is near.")
    new: list[str] = Field(description="What they bring besides.")
    way: list[WayStepBody] = Field(description="How they could meet: by whom, from the one who asks to them.")
    against: list[str] = Field(description="What speaks against it.")
    partner: str | None = Field(
        description="How they work together already; such are left out unless `partners` is true."
    )
    people: list[NamedBody] = Field(description="Of an organization, whom to talk to.")


class CollaboratorsBody(BaseModel):
    kind: Literal["person", "project", "resource", "words"]
    id: str | None
    title: str
    collaborators: list[CollaboratorBody]
