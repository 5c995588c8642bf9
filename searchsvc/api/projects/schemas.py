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
    """A need and an offer that may meet it. `of` and `by` are projects, people or organizations."""

    need: str
    of: NamedBody
    offer: str
    by: NamedBody
    clear: bool = Field(False, description="The wording makes plain that it meets; otherwise it is a question.")


class DuplicateOfBody(BaseModel):
    """A project that does the same work, or possibly does."""

    project: NamedBody
    sure: bool = Field(description="The texts are nearly the same; otherwise it is a question.")
    same: list[SameBody]
    differs: list[DifferenceBody]
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
        description="Needs of either side and the nearest offers of the other, the clear ones first."
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
        description="Those that do the same work (sure) are not among the suggestions; those that may be are."
    )


class OpinionBody(BaseModel):
    """What a language model said, which decides nothing. Not there when it said nothing, or is unsure."""

    model: str
    says: Literal["yes", "no"]


class DuplicateWorkBody(BaseModel):
    """Two projects that do the same work, or possibly do."""

    projects: tuple[NamedBody, NamedBody]
    score: float
    sure: bool = Field(description="The texts are nearly the same; otherwise it is a question.")
    same: list[SameBody] = Field(description="What both say, side by side.")
    differs: list[DifferenceBody]
    meetings: list[BothBody]
    people: list[NamedBody] = Field(description="Whom to talk to, of both.")
    known: list[NamedBody]
    opinion: OpinionBody | None = Field(None, description="Whether a language model says that they do the same work.")


class DuplicatesBody(BaseModel):
    duplicates: list[DuplicateWorkBody]


class NearestBody(BaseModel):
    offer: str
    by: NamedBody
    missing: list[str] = Field(description="Words of the need that the offer does not have.")
    shared: bool = Field(description="It has one of them, at least.")
    opinion: OpinionBody | None = Field(None, description="Whether a language model says that it meets the need.")


class UnmetNeedBody(BaseModel):
    need: str
    of: NamedBody
    kind: Literal["need", "generic", "condition", "negation"] = Field(
        description="What no offer can meet is told apart: anybody's needs, conditions, and what is not wanted."
    )
    owners: list[NamedBody] = Field(description="All who say it in these words.")
    nearest: NearestBody | None = Field(description="The first of `offers`; null when nobody offers anything.")
    offers: list[NearestBody] = Field(description="The three nearest offers, as a question, best first.")


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
    met: list[MetNeedBody] = Field(description="Needs that an offer meets by its wording, with this offer.")
    unmet: list[UnmetNeedBody] = Field(description="All others, those with the least near offers first.")
    unfunded: list[GoalBody]
    funders: list[FunderBody]


class AskedBody(BaseModel):
    """What came of asking the language model."""

    model: str
    asked: int = Field(description="Questions that were put to it, each a need and an offer or two projects.")
    yes: int
    no: int
    unsure: int
    left: int = Field(description="Questions that it was not asked yet.")
    failed: str = Field(description="Why it ended early; empty when it did not.")


class DecideBody(BaseModel):
    """What somebody decided. Of the same work: two projects. Of a need that is met: who needs and who offers, and what.

    It wins over what is computed, in every answer, also after the register is imported again.
    """

    kind: Literal["same work", "meets"]
    a: str = Field(description="Id or name of a project, or of whose the need is.")
    b: str = Field(description="Id or name of another project, or of whose the offer is.")
    verdict: Literal["yes", "no", "later"] = Field(
        description="`later`: not now; it is not shown until this is undone."
    )
    need: str = Field("", description="Word for word; for `meets`.", max_length=2000)
    offer: str = Field("", description="Word for word; for `meets`.", max_length=2000)
    by: str = Field(
        "", description="Who decides; without it the name of the key, or the system's user of the home.", max_length=200
    )
    note: str = Field("", max_length=2000)


class VerdictBody(BaseModel):
    id: str
    kind: Literal["same work", "meets"]
    a: NamedBody
    b: NamedBody
    need: str
    offer: str
    verdict: Literal["yes", "no", "later"]
    by: str
    at: str
    note: str


class VerdictsBody(BaseModel):
    verdicts: list[VerdictBody]
