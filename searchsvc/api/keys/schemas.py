"""Keys of the API, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from searchsvc.api.schemas import GroupName
from searchsvc.settings import Origin

__all__ = ["KeyBody", "KeysBody", "NewKeyBody", "ScopeName", "ShownKeyBody"]

ScopeName = Literal["search", "people", "ingest", "curate", "admin"]
_Origin = Annotated[Origin, Field(max_length=300)]


def _told(name: str) -> str:
    """Lists of keys show it: signs that are not seen, or turn what follows around, would make it look like another."""
    if not name.isprintable() or name != name.strip():
        raise ValueError("a name has signs that are seen, and no space at its ends")
    return name


class NewKeyBody(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(_told)] = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="What it is for."
    )
    scopes: set[ScopeName] = Field(min_length=1, description="What it may do; `admin` is everything.")
    groups: set[GroupName] = Field(
        default=set(), max_length=100, description="Whose entries it sees besides those that everybody sees."
    )
    origins: list[_Origin] = Field(
        default=[],
        max_length=50,
        description="Sites whose pages may search with it; everybody sees such a key, so it can do nothing else.",
    )
    per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Requests; no limit of its own without."
    )
    days: int | None = Field(default=None, ge=1, le=3650, description="Until it expires; it does not without.")

    @model_validator(mode="after")
    def _shows_little(self) -> Self:
        if self.origins and (self.scopes != {"search"} or self.groups):
            raise ValueError("everybody sees a key with origins, so its scope is `search` and no other, without groups")
        return self


class KeyBody(BaseModel):
    """A key as it is kept: not the key itself. Moments are ISO 8601, in UTC."""

    id: str
    name: str
    scopes: list[ScopeName]
    groups: list[str]
    origins: list[str]
    per_minute: int | None
    status: Literal["valid", "revoked", "expired"]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    used_at: str | None = Field(description="When it was used last, give or take some seconds.")


class ShownKeyBody(KeyBody):
    """A key that was just made."""

    key: str = Field(description="Shown this once, and kept by nobody here.")


class KeysBody(BaseModel):
    keys: list[KeyBody]
