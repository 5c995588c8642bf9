"""What the API answers about files on their way in, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

JobStatus = Literal["queued", "indexed", "unchanged", "duplicate", "failed"]


class JobBody(BaseModel):
    """One file on its way in."""

    id: str
    batch: str
    uri: str
    name: str
    source: str
    size_bytes: int
    status: JobStatus
    reason: str | None
    resource_id: str | None
    attempt: int
    created_at: str
    finished_at: str | None


class JobsBody(BaseModel):
    jobs: list[JobBody]
    counts: dict[str, int] = Field(description="By status: of the batch asked for, or of all.")


class AcceptedBody(BaseModel):
    """Files that were taken; they are worked on from now on, whatever happens to the process."""

    batch: str
    jobs: list[JobBody]
