"""What the API answers and takes for searches that people follow, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Every = Literal["weekly", "monthly"]


class NewWatchBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    person: str = Field(min_length=1, max_length=200, description="Id, ORCID iD or name in the register.")
    q: str = Field("", max_length=1000, description="Words, as in a search.")
    filters: dict[str, list[str] | int] = Field({}, description="As the parameters of a search are called.")
    every: Every = "weekly"


class WatchBody(BaseModel):
    """A search that somebody follows. The address of its feed is not kept."""

    id: str
    person: str | None = Field(description="Id in the register; null for an account that is nobody of it.")
    account: str | None = Field(description="Id of the account that follows it; null where a coordinator set it up.")
    search: str = Field(description="As it stands in an address.")
    every: Every
    created_at: str
    has_address: bool = Field(description="Whether its feed has an address; none of a restored backup has.")


class ShownWatchBody(WatchBody):
    """With the address of its feed. This answer is the only place where it stands."""

    address: str


class WatchesBody(BaseModel):
    watches: list[WatchBody]
