"""What the API answers about the service itself, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class VerifyBody(BaseModel):
    """What is to be verified."""

    model_config = ConfigDict(extra="forbid")

    repair: bool = Field(
        False, description="Mend what can be: the index, the index of words, originals still in place."
    )


class FaultFoundBody(BaseModel):
    kind: Literal["catalogue", "files", "store"]
    what: str
    count: int
    examples: list[str] = Field(description="Some ids of resources or passages, or hashes of originals.")
    advice: str = Field(description="What to do; nothing is left to do where it was mended.")
    mended: bool


class VerifiedBody(BaseModel):
    """What catalogue, files and store hold, and in what they differ."""

    whole: bool = Field(description="They do not differ, or what differed was mended.")
    resources: int
    passages: int
    points: int = Field(description="Passages in the index.")
    files: int = Field(description="Originals that must be there; each was read and its checksum compared.")
    differences: list[FaultFoundBody]


class StatusBody(BaseModel):
    """What the service holds, for `searchsvc doctor` and for those who watch it."""

    version: str
    encoder: str
    resources: int
    passages: int = Field(description="As the catalogue knows them.")
    indexed: int = Field(description="Passages in the vector store; fewer than `passages` while files are taken in.")
    unindexed: int = Field(
        0, description="Passages that the index has lost; the service writes them again by itself while it runs."
    )
    away: list[str] = Field([], description="What does not answer: store, database, files.")
    jobs: dict[str, int] = Field(description="Files that were handed in, by status.")
