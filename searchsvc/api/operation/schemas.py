"""What the API answers about the service itself, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, Field


class StatusBody(BaseModel):
    """What the service holds, for `searchsvc doctor` and for those who watch it."""

    version: str
    encoder: str
    resources: int
    passages: int = Field(description="As the catalogue knows them.")
    indexed: int = Field(description="Passages in the vector store; fewer than `passages` while files are taken in.")
    jobs: dict[str, int] = Field(description="Files that were handed in, by status.")
