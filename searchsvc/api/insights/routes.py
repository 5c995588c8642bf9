"""What people look for and do not find. Counting is off unless the setting `insights` is on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.insights.counting import objects
from searchsvc.api.insights.schemas import InsightsBody, PositionBody, SearchedForBody
from searchsvc.search.insights import LAST_POSITION, LONGEST, SearchedFor

__all__ = ["router"]

router = APIRouter(tags=["insights"])


class ClickBody(BaseModel):
    """A result that was opened."""

    model_config = ConfigDict(extra="forbid", strict=True)

    q: str = Field(min_length=1, max_length=LONGEST)
    position: int = Field(ge=1, le=LAST_POSITION)


@router.get("/v1/insights", dependencies=[Writer])
def get_insights(
    service: ServiceNow,
    days: Annotated[
        int | None, Query(ge=1, le=3650, description="Of the last days; all that is kept when not given.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Of each list of searches.")] = 20,
) -> InsightsBody:
    """What people look for, what they do not find, and which results they open."""
    since, report = service.insights.report(days)
    clicks = sum(report.positions.values())
    return InsightsBody(
        counting=service.settings.insights,
        since=since,
        searches=sum(one.searches for one in report.queries),
        nothing=sum(one.nothing for one in report.queries),
        clicks=clicks,
        frequent=[_body(one) for one in report.queries[:limit]],
        not_found=[_body(one) for one in report.not_found[:limit]],
        positions=[
            PositionBody(position=position, clicks=count, share=count / clicks)
            for position, count in report.positions.items()
        ],
        candidates=[_body(one) for one in report.candidates[:limit]],
    )


@router.post("/v1/clicks", status_code=204, dependencies=[Writer])
def count_click(request: Request, service: ServiceNow, body: ClickBody) -> None:
    """Count that a result was opened, as the search page tells; no key is needed from there."""
    if not objects(request):
        service.insights.clicked(body.q, body.position)


def _body(one: SearchedFor) -> SearchedForBody:
    return SearchedForBody(query=one.query, searches=one.searches, nothing=one.nothing, clicks=one.clicks)
