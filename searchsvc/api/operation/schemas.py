"""What the API answers about the service itself, as pydantic models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class VerifyBody(BaseModel):
    """What is to be verified."""

    model_config = ConfigDict(extra="forbid")

    absent: str | None = Field(
        None,
        min_length=3,
        max_length=1000,
        description="A text that must stand in no file of the home, such as one that was deleted.",
    )
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
    found_in: list[str] = Field([], description="Files of the home in which the text stands that must be absent.")


class BackupOrder(BaseModel):
    """Where a backup goes."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field(min_length=1, max_length=2000, description="A folder, or an fsspec URL.")
    keep: int | None = Field(None, ge=1, description="Backups that stay; `backup_keep` when null.")


class BackupBody(BaseModel):
    """A backup that was made, and read again."""

    date: str = Field(description="Its name.")
    resources: int
    passages: int
    originals: int
    copied: int = Field(description="Originals that were not there yet.")
    missing: list[str] = Field(description="Hashes of originals that the home has lost, so the backup has them not.")
    kept: list[str] = Field(description="Backups that are there now.")
    encrypted: bool


class RestoreOrder(BaseModel):
    """What is put back."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field(min_length=1, max_length=2000, description="A folder, or an fsspec URL.")
    date: str | None = Field(None, max_length=40, description="Which backup; the last that was finished when null.")
    replace: bool = Field(False, description="Put it in the place of what is there.")


class DifferingBody(BaseModel):
    setting: str
    backup: Any
    here: Any


class RestoredBody(BaseModel):
    """What was put back, and verified."""

    date: str
    resources: int
    passages: int
    originals: int
    missing: list[str] = Field(description="Hashes of originals that neither the backup nor this archive has.")
    unfinished: list[str] = Field(description="Backups at the target that were begun and not finished.")
    whole: bool = Field(description="Catalogue, originals and index do not differ.")
    searched: str = Field(description="A title that was searched for, and found; empty when there is none.")
    differing: list[DifferingBody] = Field(description="Settings that were others when the backup was made.")
    before: str | None = Field(description="Where the catalogue is that was there before.")


class StatusBody(BaseModel):
    """What the service holds, for `searchsvc doctor` and for those who watch it."""

    version: str
    encoder: str
    resources: int
    passages: int = Field(description="As the catalogue knows them.")
    not_english: int = Field(0, description="Passages of resources in another language than English.")
    indexed: int = Field(description="Passages in the vector store; fewer than `passages` while files are taken in.")
    unindexed: int = Field(
        0, description="Passages that the index has lost; the service writes them again by itself while it runs."
    )
    away: list[str] = Field([], description="What does not answer: store, database, files.")
    nodes_away: list[str] = Field([], description="Nodes of the store that do not answer, while others do.")
    jobs: dict[str, int] = Field(description="Files that were handed in, by status.")
