"""What the API answers and takes for the work list."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CurationBody", "DecideTaskBody", "DecisionBody", "DecisionsBody", "TaskBody", "UndoneBody"]

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
    field: str | None = Field(None, max_length=20, description="What is corrected: title, authors, date, kind or url.")
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
