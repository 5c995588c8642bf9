"""Who could help."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.context import ServiceNow
from searchsvc.api.people.present import collaborators_body
from searchsvc.api.people.schemas import CollaboratorsBody
from searchsvc.errors import QueryError
from searchsvc.people.collaborators import MAX_LIMIT

router = APIRouter(tags=["network"])


@router.get("/v1/collaborators")
def find_collaborators(
    service: ServiceNow,
    person: Annotated[
        str | None, Query(description="Id, ORCID iD or name of a person who looks for collaborators.")
    ] = None,
    project: Annotated[str | None, Query(description="Id or name of a project whose team does.")] = None,
    resource: Annotated[str | None, Query(description="Id of a resource whose authors do.")] = None,
    q: Annotated[str | None, Query(description="What they should know about, or have.", max_length=10_000)] = None,
    about: Annotated[
        str | None, Query(description="Any of these: what it is, is found out.", max_length=10_000)
    ] = None,
    partners: Annotated[bool, Query(description="Also those who work together already.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 10,
) -> CollaboratorsBody:
    """People and organizations worth an introduction, best first, each with what speaks for it and against it."""
    if sum(one is not None for one in (person, project, resource, q, about)) != 1:
        raise QueryError("name one of person, project, resource, q and about.")
    finder = service.collaborators
    if person is not None:
        found = finder.for_person(person, limit=limit, partners=partners)
    elif project is not None:
        found = finder.for_project(project, limit=limit, partners=partners)
    elif resource is not None:
        found = finder.for_resource(resource, limit=limit, partners=partners)
    elif about is not None:
        found = finder.for_any(about, limit=limit, partners=partners)
    else:
        found = finder.for_words(q or "", limit=limit)
    return collaborators_body(found, service.archive.current())
