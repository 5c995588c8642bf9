"""What the API answers and takes for an archive that its own people judge."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AgreementBody", "CorpusBody", "DocumentBody", "GradeBody", "JudgeQueriesBody", "JudgedQueryBody", "JudgingBody",
    "PooledBody", "QrelsBody", "UndoGradeBody", "UngradedBody",
]  # fmt: skip


class JudgedQueryBody(BaseModel):
    id: str
    words: str
    origin: Literal["insights", "own"]
    depth: int = Field(description="How many of each way of searching were pooled.")
    results: int = Field(description="To grade.")
    graded: int = Field(description="By anybody.")
    relevant: int = Field(description="Partly or wholly.")


class AgreementBody(BaseModel):
    """How far people agree beyond chance, over what two of them graded."""

    judges: int
    results: int
    same: float = Field(description="Share of the same grade.")
    kappa: float | None = Field(description="Cohen's; null where chance alone would make them agree.")
    weighted: float | None = Field(description="Cohen's with linear weights.")


class JudgingBody(BaseModel):
    queries: list[JudgedQueryBody]
    judges: dict[str, int] = Field(description="Who -> how many results they graded.")
    agreement: AgreementBody | None = Field(description="Null when nothing was graded by two people.")


class JudgeQueriesBody(BaseModel):
    """Queries to judge: of one's own, the most frequent that people asked, or all once more."""

    model_config = ConfigDict(extra="forbid")
    queries: list[str] = Field([], max_length=1000)
    asked: int = Field(0, ge=0, le=1000, description="So many of those that people asked most, from insights.")
    again: bool = Field(False, description="Search for all that are there again; what is new is added.")
    depth: int | None = Field(None, ge=1, le=100, description="How many of each way of searching; 10 without.")


class PooledBody(BaseModel):
    added: int = Field(description="Results that are to be graded and were not before.")
    queries: int


class GradeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    query: str = Field(max_length=100)
    resource: str = Field(max_length=100)
    grade: Literal[0, 1, 2] | None = Field(description="0 no, 1 partly, 2 yes; null: it cannot be said.")
    by: str = Field("", max_length=200, description="Who grades; whose key it is when not given.")


class UndoGradeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    by: str = Field("", max_length=200)


class UngradedBody(BaseModel):
    query: str
    resource: str
    grade: int | None


class QrelsBody(BaseModel):
    queries: dict[str, str]
    grades: dict[str, dict[str, int]] = Field(description="Query -> resource -> grade; of several people the median.")


class DocumentBody(BaseModel):
    id: str
    title: str
    text: str


class CorpusBody(BaseModel):
    documents: list[DocumentBody]
    total: int
