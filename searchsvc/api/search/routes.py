"""Search and related resources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from searchsvc.api.context import ServiceNow
from searchsvc.api.insights.counting import count_search
from searchsvc.api.search.filters import Where, look_up
from searchsvc.api.search.present import named_bodies, related_body, search_body
from searchsvc.api.search.schemas import RelatedBody, SearchBody
from searchsvc.search.query import parse
from searchsvc.search.ranker import Mode
from searchsvc.search.related.labels import Facet
from searchsvc.search.searcher import MAX_LIMIT, Sort

router = APIRouter()


@router.get("/v1/search", tags=["search"])
def search(
    request: Request,
    service: ServiceNow,
    where: Where,
    q: Annotated[str, Query(description='Words, a question, "a phrase", -without.')] = "",
    mode: Mode = "hybrid",
    sort: Annotated[Sort, Query(description="`date`: what is relevant, newest first.")] = "relevance",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
    as_typed: Annotated[bool, Query(description="Search what was typed, whatever was meant.")] = False,
) -> SearchBody:
    """Resources with their best passages, best first; without words, what passes the filter, newest first."""
    look_up(where, service.archive.current(), service.register)
    answer = service.searcher.search(q, where, mode=mode, sort=sort, limit=limit, offset=offset, as_typed=as_typed)
    count_search(request, service, answer, where, offset)
    resources = answer.archive.resources
    found = () if offset else service.name_finder.named(parse(q).words)
    named = named_bodies(found, service.register, resources.values())
    return search_body(
        answer, resources, answer.archive.names, limit=limit, offset=offset, named=named,
        unindexed=service.upkeep.lacking,
    )  # fmt: skip


@router.get("/v1/resources/{resource_id}/related", tags=["search"])
def related_resources(
    service: ServiceNow,
    resource_id: str,
    facet: Annotated[
        Facet | None, Query(description="Compare by this alone: problem and goal, method, or result.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> RelatedBody:
    """Resources about the same, and the passages in which the two meet; copies of it are left out."""
    resource = service.catalogue.resource(resource_id)
    if facet is None:
        found = service.related.related(resource_id, limit=limit)
    else:
        found = service.related_by_facet.related(resource_id, facet, limit=limit)
    archive = service.archive.current()
    return related_body(resource, found, archive.resources, archive.names, facet)
