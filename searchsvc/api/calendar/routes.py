"""What happens when: what comes up, and what is over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.calendar.present import found, happening_body
from searchsvc.api.calendar.schemas import CalendarBody
from searchsvc.api.context import ServiceNow
from searchsvc.api.search.filters import Where

__all__ = ["router"]

router = APIRouter(tags=["calendar"])


@router.get("/v1/calendar")
def get_calendar(
    service: ServiceNow,
    where: Where,
    q: Annotated[str, Query(description="Words, as for a search.")] = "",
    past: Annotated[bool, Query(description="What is over, the latest first.")] = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> CalendarBody:
    """Events, and deadlines of funding opportunities and events, soonest first."""
    listed = found(service, q, where, past=past)
    return CalendarBody(
        happenings=[happening_body(one, is_over=past) for one in listed[offset : offset + limit]], total=len(listed)
    )
