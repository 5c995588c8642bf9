"""What the API answers and takes for the work list."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CompleteBody",
    "CompletedBody",
    "CurationBody",
    "DecideTaskBody",
    "DecisionBody",
    "DecisionsBody",
    "ProposalBody",
    "TaskBody",
    "UndoneBody",
]  # fmt: skip

Does = Literal["accept", "correct", "merge", "hide", "reject", "later"]


class TaskBody(BaseModel):
    """One thing to decide."""

    id: str
    kind: str = Field(description="What is doubted: title, authors, date, no_text, duplicate and so on.")
    why: str = Field(description="In a sentence.")
    about: str = Field(description="A title, a search, two names.")
    resource: str | None = Field(description="Id; of two resources, the one that `hide` would hide.")
    other: str | None = Field(description="Id of the second of two resources.")
    sure: float = Field(description="How surely something is wrong, 0 to 1.")
    actions: list[Does]
    facts: dict[str, Any] = Field(description="The evidence: what it says, how much text is shared, when and by whom.")
    suggestions: list[str] = Field(description="What may be right instead, of titles, authors and dates.")


class CurationBody(BaseModel):
    """What is to be decided, the most useful first."""

    tasks: list[TaskBody]
    total: int = Field(description="Of these kinds.")
    counts: dict[str, int] = Field(description="By kind.")
    seen: int = Field(description="The number of the last decision: what was decided later is not counted in.")


class DecideTaskBody(BaseModel):
    """On a task; or on a resource that is not doubted: correct a field of it, hide it, merge it with another one."""

    model_config = ConfigDict(extra="forbid")

    action: Does
    task: str | None = Field(None, max_length=100)
    resource: str | None = Field(None, max_length=100, description="Id, when it is about no task.")
    other: str | None = Field(None, max_length=100, description="The resource that it is merged with.")
    field: str | None = Field(
        None,
        max_length=20,
        description="What is corrected: title, authors, date, kind, url, summary, doi, type, container, volume, issue, "
        "pages, publisher, issn, licence or retracted.",
    )
    value: str | list[str] | None = Field(None, description="What is true; authors with semicolons between, or a list.")
    note: str = Field("", max_length=1000)
    by: str = Field("", max_length=200, description="Who decides; whose key it is when not given.")
    seen: int = Field(0, ge=0, description="As the list had it; what somebody else decided later is a conflict.")


class DecisionBody(BaseModel):
    """What somebody decided."""

    id: str
    number: int = Field(description="In the order in which all were decided.")
    kind: str
    action: str
    about: str
    resource: str | None
    other: str | None
    value: Any = Field(description="What is true from then on; null for other actions.")
    before: Any = Field(description="What it said before.")
    by: str
    at: str
    note: str
    undoes: str | None = Field(description="Id of another decision.")
    stands: bool = Field(description="Whether it holds.")
    undone_by: str | None = Field(description="Who undid it.")


class DecisionsBody(BaseModel):
    decisions: list[DecisionBody] = Field(description="The latest first.")
    total: int


class UndoneBody(BaseModel):
    decision: DecisionBody = Field(description="What undoes it; undo that to have it hold again.")
    undone: DecisionBody


class CompleteBody(BaseModel):
    """What services are asked about. They learn what the archive has."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = Field([], max_length=1000, description="Of resources, people and organizations; all when empty.")
    services: list[str] = Field([], max_length=10, description="Only these of what the setting complete_from names.")
    restricted: bool = Field(False, description="Ask also about what not everybody may see.")
    apply: bool = Field(False, description="Change what is proposed; else it is only shown.")
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=1000, description="Of those with an identifier, so many are looked at.")


class ProposalBody(BaseModel):
    kind: str = Field(description="resource, person or organization.")
    id: str
    about: str = Field(description="What it is called.")
    field: str
    before: Any = Field(description="What it says now.")
    value: Any = Field(description="What the service says.")
    why: str = Field(description="missing, doubtful, contradicts or retracted.")
    service: str
    key: str = Field(description="What was asked for, such as doi:10.1000/x.")


class CompletedBody(BaseModel):
    proposals: list[ProposalBody] = Field(description="What would be changed, or what was.")
    problems: list[str] = Field(description="What could not be asked for, or is of another work; a line each.")
    applied: bool
    total: int = Field(description="Resources and entries with an identifier that may be asked for.")
    looked: int = Field(description="Of these, how many this time, from `offset` on.")
    kept_back: int = Field(description="Restricted ones, which nobody was asked about.")
    asked: int = Field(description="Requests that were sent; the rest was known.")
