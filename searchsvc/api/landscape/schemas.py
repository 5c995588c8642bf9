"""What the API answers about the landscape, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, Field

from searchsvc.api.projects.schemas import UnmetNeedBody
from searchsvc.api.resources.schemas import ResourceBody
from searchsvc.api.schemas import NamedBody


class PeriodBody(BaseModel):
    """Years, both included."""

    first: int
    last: int


class CountBody(BaseModel):
    """How many, and where they are listed."""

    n: int
    href: str


class TopicCountedBody(BaseModel):
    id: str
    name: str = Field(description="Its first words.")
    words: list[str] = Field(description="The most telling first.")
    works: CountBody = Field(description="Copies of one work count once.")
    periods: list[CountBody] = Field(description="Works of each of the `periods` of the landscape.")
    undated: CountBody
    people: int = Field(description="Who have works in it.")
    href: str


class ProductBody(BaseModel):
    """A product in development, or a study."""

    project: NamedBody
    stage: str | None
    approach: str | None
    known: list[str] = Field(description="Of what is asked of each, what is known.")
    unknown: list[str]
    funders: list[NamedBody]
    href: str


class StageBody(BaseModel):
    stage: str | None = Field(description="null: projects that say none.")
    projects: CountBody


class TopicCountBody(BaseModel):
    topic: str
    name: str
    works: CountBody = Field(description="Of projects that the funder pays for.")


class FundingBody(BaseModel):
    funder: NamedBody
    projects: CountBody
    sums: dict[str, float] = Field(description="Currency -> sum of the amounts that the register knows.")
    topics: list[TopicCountBody]


class LandscapeBody(BaseModel):
    works: int = Field(description="Of copies of one work one.")
    periods: list[PeriodBody]
    topics: list[TopicCountedBody] = Field(description="The largest first; each work is in one.")
    untold: int = Field(description="Works without text that could be read; they are in no topic.")
    stages: list[StageBody] = Field(description="The earliest first.")
    projects: list[ProductBody]
    funding: list[FundingBody]
    needs: CountBody = Field(description="That no offer plainly meets. Whether one does is a question.")
    unmet: list[UnmetNeedBody] = Field(description="The first of these, those with the least near offers first.")


class TopicPersonBody(BaseModel):
    person: NamedBody
    works: CountBody


class TopicDetailBody(TopicCountedBody):
    total: int = Field(description="Works that pass what was asked.")
    found: list[ResourceBody] = Field(description="These, newest first, `limit` from `offset` on.")
    who: list[TopicPersonBody] = Field(description="People with works in the topic, most first.")
