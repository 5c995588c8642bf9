"""What the API answers about what people look for, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, Field


class SearchedForBody(BaseModel):
    """What was typed, in lower case."""

    query: str
    searches: int
    nothing: int = Field(description="How many of the searches found nothing.")
    clicks: int = Field(description="How many results were opened from the search page.")


class PositionBody(BaseModel):
    position: int = Field(description="Of the result, from 1.")
    clicks: int
    share: float = Field(description="Of all clicks, from 0 to 1.")


class InsightsBody(BaseModel):
    counting: bool = Field(description="Whether searches are counted now: the setting `insights`.")
    since: str = Field(description="The first day, in UTC.")
    searches: int
    nothing: int
    clicks: int
    frequent: list[SearchedForBody] = Field(description="The most frequent searches.")
    not_found: list[SearchedForBody] = Field(description="Searches that found nothing, the most frequent first.")
    positions: list[PositionBody]
    candidates: list[SearchedForBody] = Field(
        description="Searches that found nothing, or of which nothing was opened."
    )
