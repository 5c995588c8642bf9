"""What the API answers and takes for the register, as pydantic models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.schemas import AuthorBody, NamedBody

Extra = dict[str, Any]


class EntryBody(BaseModel):
    """An entry of the register. Fields that its model has and this body does not name stand in it, too."""

    model_config = ConfigDict(extra="allow")


class FaultBody(BaseModel):
    file: str
    line: int = Field(description="Counted from 1; 0 when it is about the whole file.")
    says: str


class RegisterBody(BaseModel):
    """What was imported. With faults, nothing was."""

    people: int = 0
    organizations: int = 0
    projects: int = 0
    investments: int = 0
    events: int = 0
    resources: int = Field(0, description="Files whose authors the register names.")
    decisions: int = 0
    relinked: int = Field(description="Resources whose people, organizations or projects changed.")
    edits: int = Field(description="Entries with changes made by hand, which lie over what the files say.")
    left_out: int = Field(0, description="People who were erased, and are not taken in again.")
    faults: list[FaultBody] = []


Rows = list[dict[str, Any]]


class ExportBody(BaseModel):
    """The whole register, as it is imported: a list for each kind that has entries."""

    model_config = ConfigDict(extra="forbid")
    people: Rows = []
    organizations: Rows = []
    projects: Rows = []
    investments: Rows = []
    events: Rows = []
    resources: Rows = []
    decisions: Rows = []


class ChangedBody(BaseModel):
    id: str
    relinked: int = Field(description="Resources whose people, organizations or projects changed.")


class WorkBody(BaseModel):
    id: str
    title: str
    kind: str
    date: str | None
    reason: str | None = Field(None, description="Why it is certain that it is theirs.")


class PersonSummaryBody(NamedBody):
    role: str | None
    organizations: list[NamedBody]


class PersonBody(PersonSummaryBody, EntryBody):
    aliases: list[str]
    orcid: str | None
    interests: list[str]
    offers: list[str]
    needs: list[str]
    merged: list[str] = Field(description="Ids of entries that turned out to be this person.")
    projects: list[NamedBody]
    events: list[NamedBody]
    works: list[WorkBody] = Field(description="Certainly theirs, newest first; copies of one work once.")
    extra: Extra


class PeopleBody(BaseModel):
    people: list[PersonSummaryBody]


class OrganizationSummaryBody(NamedBody):
    acronym: str | None
    type: str | None
    country: str | None


class OrganizationBody(OrganizationSummaryBody, EntryBody):
    aliases: list[str]
    ror: str | None = Field(description="Id in the Research Organization Registry.")
    city: str | None
    about: str | None
    covers: list[str] = Field(description="Of a funder: what it pays for.")
    offers: list[str]
    needs: list[str]
    people: list[NamedBody]
    projects: list[NamedBody]
    funds: list[NamedBody] = Field(description="Projects that it pays for.")
    extra: Extra


class OrganizationsBody(BaseModel):
    organizations: list[OrganizationSummaryBody]


class InvestmentBody(EntryBody):
    id: str
    funder: NamedBody
    project: NamedBody
    amount: float | None
    currency: str | None
    start: str | None
    end: str | None
    extra: Extra


class InvestmentsBody(BaseModel):
    investments: list[InvestmentBody]


class ProjectSummaryBody(NamedBody):
    goal: str | None
    stage: str | None
    region: str | None


class ProjectBody(ProjectSummaryBody, EntryBody):
    approach: str | None
    population: str | None
    setting: str | None
    status: str | None
    start: str | None
    end: str | None
    offers: list[str]
    needs: list[str]
    people: list[NamedBody]
    organizations: list[NamedBody]
    funders: list[NamedBody]
    investments: list[InvestmentBody]
    events: list[NamedBody]
    works: list[WorkBody]
    extra: Extra


class ProjectsBody(BaseModel):
    projects: list[ProjectSummaryBody]


class EventBody(NamedBody, EntryBody):
    date: str | None
    end: str | None
    place: str | None
    people: list[NamedBody]
    organizations: list[NamedBody]
    projects: list[NamedBody]
    resources: list[str] = Field(description="Paths of files.")
    extra: Extra


class EventsBody(BaseModel):
    events: list[EventBody]


class CandidateBody(NamedBody):
    reasons: list[str]


class LikelyBody(BaseModel):
    """An author who is likely somebody of the register; to be confirmed or rejected."""

    resource: NamedBody
    author: AuthorBody
    candidates: list[CandidateBody]


class DuplicateBody(BaseModel):
    people: list[NamedBody]
    reasons: list[str]
    against: list[str]


class LikelyAffiliationBody(BaseModel):
    affiliation: str
    organizations: list[NamedBody]
    authors: int


class IdentitiesBody(BaseModel):
    counts: dict[Literal["certain", "likely", "unknown"], int] = Field(description="Authors of all resources.")
    likely: list[LikelyBody]
    duplicates: list[DuplicateBody] = Field(description="Entries of the register that may be one person.")
    affiliations: list[LikelyAffiliationBody] = Field(description="Affiliations that are likely an organization's.")


class MergeBody(BaseModel):
    into: str = Field(description="The person whom this entry is.")


class SplitBody(BaseModel):
    """Empty to undo a merge."""

    into: str | None = Field(None, description="Whose the works are: an id, which may be new.")
    name: str | None = Field(None, description="Of a person who is new.")
    works: list[str] = Field([], description="Ids of resources.")


class AboutBody(BaseModel):
    """What is decided about: an author of a resource, or another person."""

    resource: str | None = None
    author: str | None = Field(None, description="As the resource has the name; needed when it is not clear.")
    other: str | None = None
