"""Suggestions while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.context import ServiceNow
from searchsvc.api.search.schemas import SuggestBody, SuggestionBody
from searchsvc.search.suggest import MAX_SUGGESTIONS

__all__ = ["router"]

router = APIRouter()


@router.get("/v1/suggest", tags=["search"])
def suggest(
    service: ServiceNow,
    q: Annotated[str, Query(description="What is typed so far; nothing is suggested under two letters.")] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS)] = 8,
) -> SuggestBody:
    """Titles, names of the register, and words and phrases of the archive that continue what is typed."""
    found = service.suggester.suggest(q, limit)
    return SuggestBody(query=q, suggestions=[SuggestionBody(kind=one.kind, text=one.text, id=one.id) for one in found])
