"""What the API answers about complementary projects, work done twice and gaps, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.schemas import Band, LocatorBody, NamedBody


class QuoteBody(BaseModel):
    """A passage of a project's resource."""

    resource: NamedBody
    passage: str = Field(description="Id of the passage.")
    text: str
    locator: LocatorBody
    href: str = Field(description="Opens the resource at this passage.")


class BothBody(BaseModel):
    """Where the two meet. Null: this side has no passages, and its goal is what meets."""

    here: QuoteBody | None
    there: QuoteBody | None


class GoalsBody(BaseModel):
    here: str | None
    there: str | None
    here_source: QuoteBody | None = Field(None, description="The passage that says it, where the register does not.")
    there_source: QuoteBody | None = None


class DifferenceBody(BaseModel):
    aspect: str = Field(description="approach, population, setting or stage.")
    here: str
    there: str
    here_source: QuoteBody | None = Field(None, description="The passage that says it, where the register does not.")
    there_source: QuoteBody | None = None


class SameBody(BaseModel):
    aspect: str = Field(description="goal, approach, population or stage.")
    here: str
    there: str


class MetNeedBody(BaseModel):
    """A need and the offer that meets it. `of` and `by` are projects, people or organizations."""

    need: str
    of: NamedBody
    offer: str
    by: NamedBody


class DuplicateOfBody(BaseModel):
    """A project that does the same work."""

    project: NamedBody
    same: list[SameBody]
    meetings: list[BothBody]
    known: list[NamedBody] = Field(description="People in both.")


class ComplementBody(BaseModel):
    """A project that complements the one asked about."""

    project: NamedBody
    band: Band
    score: float = Field(description="Comparable within one answer.")
    goals: GoalsBody
    meetings: list[BothBody]
    differs: list[DifferenceBody]
    met: list[MetNeedBody] = Field(
        description="Needs of either side that an offer of the other meets, the surest first."
    )
    against: list[str] = Field(description="What speaks against it.")
    people: list[NamedBody] = Field(description="Whom to talk to.")
    known: list[NamedBody] = Field(
        description="People in both projects, so that they know of each other; only when asked for."
    )


class ComplementaryBody(BaseModel):
    project: NamedBody | None = Field(description="Null for words and drafts.")
    suggestions: list[ComplementBody]
    duplicates: list[DuplicateOfBody] = Field(
        description="They do the same work, so they are not among the suggestions."
    )


class DuplicateWorkBody(BaseModel):
    """Two projects that do the same work."""

    projects: tuple[NamedBody, NamedBody]
    score: float
    same: list[SameBody]
    meetings: list[BothBody]
    people: list[NamedBody] = Field(description="Whom to talk to, of both.")
    known: list[NamedBody]


class DuplicatesBody(BaseModel):
    duplicates: list[DuplicateWorkBody]


class NearestBody(BaseModel):
    offer: str
    by: NamedBody
    missing: list[str] = Field(description="Words of the need that the offer does not have.")


class UnmetNeedBody(BaseModel):
    need: str
    of: NamedBody
    nearest: NearestBody | None = Field(
        description="The offer that comes nearest and is not enough; null when there is none."
    )


class GoalBody(BaseModel):
    """Projects that share a goal and have no funder."""

    projects: list[NamedBody]
    goals: list[str]
    funded: list[NamedBody] = Field(description="Projects with a funder that share the goal with all of them.")


class FittingBody(BaseModel):
    project: NamedBody
    aspect: str
    says: str


class CoverBody(BaseModel):
    text: str
    kind: Literal["pays for", "does not pay for", "only"]
    fitting: list[FittingBody] = Field(description="Projects that fit and have no money of this funder.")
    asked: bool = Field(description="Some project, paid or not, fits.")


class FunderBody(BaseModel):
    funder: NamedBody
    funds: list[NamedBody]
    covers: list[CoverBody]


class GapsBody(BaseModel):
    needs: int
    met: list[MetNeedBody] = Field(description="The best offer for each need that is met.")
    unmet: list[UnmetNeedBody]
    unfunded: list[GoalBody]
    funders: list[FunderBody]
