"""Search and related resources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.answers import related_body, search_body
from searchsvc.api.bodies import RelatedBody, SearchBody
from searchsvc.api.context import ServiceNow
from searchsvc.errors import QueryError
from searchsvc.model import Filter, Kind
from searchsvc.network.sentences import Facet
from searchsvc.search.ranker import Mode
from searchsvc.search.searcher import MAX_LIMIT

router = APIRouter()

Values = Annotated[list[str], Query(description="Any of these; repeat the parameter for several.")]
_NO_VALUES: list[str] = []


@router.get("/v1/search", tags=["search"])
def search(
    service: ServiceNow,
    q: Annotated[str, Query(description='Words, a question, "a phrase", -without.')] = "",
    kind: Values = _NO_VALUES,
    year_from: Annotated[int | None, Query(ge=0, le=9999)] = None,
    year_to: Annotated[int | None, Query(ge=0, le=9999)] = None,
    person: Values = _NO_VALUES,
    organization: Values = _NO_VALUES,
    project: Values = _NO_VALUES,
    language: Values = _NO_VALUES,
    source: Values = _NO_VALUES,
    mode: Mode = "hybrid",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> SearchBody:
    """Resources with their best passages, best first; without words, what passes the filter, newest first."""
    kinds = [str(one) for one in Kind]
    for one in kind:
        if one not in kinds:
            raise QueryError(f"kind is one of {', '.join(kinds)}, not {one!r}.")
    if year_from is not None and year_to is not None and year_from > year_to:
        raise QueryError(f"year_from ({year_from}) is after year_to ({year_to}).")
    where = Filter(
        kind=tuple(kind),
        year_from=year_from,
        year_to=year_to,
        person=tuple(person),
        organization=tuple(organization),
        project=tuple(project),
        language=tuple(language),
        source=tuple(source),
    )
    answer = service.searcher.search(q, where, mode=mode, limit=limit, offset=offset)
    archive = service.archive.current()
    return search_body(answer, archive.resources, archive.names, limit=limit, offset=offset)


@router.get("/v1/resources/{resource_id}/related", tags=["search"])
def related(
    service: ServiceNow,
    resource_id: str,
    facet: Annotated[Facet | None, Query(description="Compare by this alone: problem and goal, method, or result.")] = None,
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
