"""What the API answers of the calendar."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["CalendarBody", "HappeningBody"]


class HappeningBody(BaseModel):
    key: str = Field(description="The same for the same thing at every time.")
    what: Literal["event", "deadline"]
    name: str
    starts: str = Field(
        description="A day, or a moment in RFC 9557 as far as it was said: with `+01:00`, with `[Europe/Brussels]`, or "
        "without a zone; of some a month or a year."
    )
    ends: str | None
    zone_known: bool = Field(description="False where a time is told and nobody says by which clock.")
    place: str | None
    online: bool
    cancelled: bool
    amount: str | None = Field(description="As it is written.")
    path: str | None = Field(description="Of the page of the resource that tells of it.")
    url: str | None = Field(description="Where it was published.")
    over: bool


class CalendarBody(BaseModel):
    """Soonest first; with what is over the latest first."""

    happenings: list[HappeningBody]
    total: int
