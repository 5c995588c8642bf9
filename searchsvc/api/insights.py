"""What people look for and do not find. Counting is off unless the setting `insights` is on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from searchsvc.api.access import Writer, may_write
from searchsvc.api.context import ServiceNow
from searchsvc.model import Filter
from searchsvc.search.insights import LAST_POSITION, LONGEST, SearchedFor
from searchsvc.search.searcher import Answer
from searchsvc.service import Service

__all__ = ["count_search", "router"]

router = APIRouter(tags=["insights"])


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
    candidates: list[SearchedForBody] = Field(description="Searches that found nothing, or of which nothing was opened.")


class ClickBody(BaseModel):
    """A result that was opened."""

    model_config = ConfigDict(extra="forbid", strict=True)

    q: str = Field(min_length=1, max_length=LONGEST)
    position: int = Field(ge=1, le=LAST_POSITION)


def count_search(request: Request, service: Service, answer: Answer, where: Filter, offset: int) -> None:
    """Count a search: the first page of one with words and without filters. Other pages and filters refine it."""
    if request.method == "GET" and not offset and where == Filter() and not _objects(request):
        service.insights.searched(answer.query.raw, answer.total)


def _objects(request: Request) -> bool:
    """Whether the browser asks that nothing be noted: Global Privacy Control, or Do Not Track."""
    return "1" in (request.headers.get("sec-gpc"), request.headers.get("dnt"))


def _keeper(request: Request) -> None:
    """What others searched is not for everybody."""
    if not may_write(request):
        raise HTTPException(401, "insights are shown with the key only.", {"WWW-Authenticate": "Bearer"})


@router.get("/v1/insights", dependencies=[Writer, Depends(_keeper)])
def insights(
    service: ServiceNow,
    days: Annotated[int | None, Query(ge=1, le=3650, description="Of the last days; all that is kept when not given.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Of each list of searches.")] = 20,
) -> InsightsBody:
    """What people look for, what they do not find, and which results they open."""
    since, found = service.insights.report(days)
    clicks = sum(found.positions.values())
    return InsightsBody(
        counting=service.settings.insights,
        since=since,
        searches=sum(one.searches for one in found.queries),
        nothing=sum(one.nothing for one in found.queries),
        clicks=clicks,
        frequent=[_body(one) for one in found.queries[:limit]],
        not_found=[_body(one) for one in found.not_found[:limit]],
        positions=[
            PositionBody(position=position, clicks=count, share=count / clicks)
            for position, count in found.positions.items()
        ],
        candidates=[_body(one) for one in found.candidates[:limit]],
    )


@router.post("/v1/clicks", status_code=204, dependencies=[Writer])
def click(request: Request, service: ServiceNow, body: ClickBody) -> None:
    """Count that a result was opened, as the search page tells; no key is needed from there."""
    if not _objects(request):
        service.insights.clicked(body.q, body.position)


def _body(one: SearchedFor) -> SearchedForBody:
    return SearchedForBody(query=one.query, searches=one.searches, nothing=one.nothing, clicks=one.clicks)
