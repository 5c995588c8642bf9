"""Resources: what is known of them, their files, their text, and taking them out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from searchsvc.access.callers import Scope
from searchsvc.api.access import Writer, may, may_write
from searchsvc.api.context import ServiceNow
from searchsvc.api.resources.files import HARMLESS, file_response
from searchsvc.api.resources.present import (
    detail_body,
    doubts_body,
    passage_body,
    report_body,
    resource_body,
    seen_body,
)
from searchsvc.api.resources.schemas import (
    ChangedResourceBody,
    DoubtsBody,
    ReportBody,
    ResourceDetailBody,
    RestrictedBody,
    SeenBody,
    SurroundedPassageBody,
)
from searchsvc.api.resources.text import text_page
from searchsvc.errors import NotFoundError

router = APIRouter(tags=["archive"])

MAX_AROUND = 20  # passages on either side of one
_VIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


@router.get("/v1/resources/{resource_id}")
def get_resource(
    request: Request,
    service: ServiceNow,
    resource_id: str,
    passages: Annotated[bool, Query(description="Also its passages, in the order of the text.")] = False,
) -> ResourceDetailBody:
    """One resource, where it was found, and its copies."""
    resource = service.catalogue.resource(resource_id)
    archive = service.archive.current()
    group = resource.copy_group
    return detail_body(
        resource,
        locations=service.catalogue.locations(resource_id),
        whole=may(request, Scope.INGEST),
        copies=[one for one, of in archive.copy_groups.items() if group and of == group and one != resource_id],
        resources=archive.resources,
        names=archive.names,
        passages=service.catalogue.passages_of(resource_id) if passages else None,
        report=service.catalogue.text(resource_id)[1],
        groups=service.catalogue.groups_of(resource_id) if may_write(request) else None,
    )


@router.patch("/v1/resources/{resource_id}", dependencies=[Writer])
def change_resource(service: ServiceNow, resource_id: str, body: ChangedResourceBody) -> RestrictedBody:
    """Restrict it to groups, or open it to all who may search, at once and everywhere."""
    service.catalogue.restrict(resource_id, body.groups)
    return RestrictedBody(id=resource_id, groups=service.catalogue.groups_of(resource_id))


@router.get("/v1/resources/{resource_id}/report")
def get_extraction_report(service: ServiceNow, resource_id: str) -> ReportBody:
    """How its extraction went: characters by page, empty pages, warnings, doubts."""
    service.catalogue.resource(resource_id)
    return report_body(resource_id, service.catalogue.text(resource_id)[1])


@router.get("/v1/doubts")
def list_doubts(
    service: ServiceNow, limit: Annotated[int, Query(ge=1, le=10_000, description="Of resources.")] = 20
) -> DoubtsBody:
    """The resources whose text may not be what stands in their files, those that lost most first."""
    return doubts_body(service.catalogue.doubts(), service.archive.current().resources, limit)


@router.get("/v1/resources/{resource_id}/file", response_class=Response)
def get_file(service: ServiceNow, resource_id: str, request: Request) -> Response:
    """The original file; ranges of it too. `#page=4` opens a PDF there."""
    return file_response(service, service.catalogue.resource(resource_id), request)


@router.get("/v1/resources/{resource_id}/seen")
def get_seen(
    service: ServiceNow, resource_id: str, place: Annotated[str, Query(description="Such as `page 3`.", max_length=200)]
) -> SeenBody:
    """The lines that OCR saw on a page, with their places: what a reader marks. None where the page has text."""
    resource = service.catalogue.resource(resource_id)
    return seen_body(place, service.catalogue.seen(resource, place))


@router.get("/v1/resources/{resource_id}/view", response_class=HTMLResponse)
def view_resource(service: ServiceNow, resource_id: str) -> HTMLResponse:
    """Its text as a page, with an anchor for every page, slide and passage."""
    found = service.catalogue.resource(resource_id)
    page = text_page(found, service.catalogue.passages_of(resource_id))
    return HTMLResponse(page, headers={**HARMLESS, "Content-Security-Policy": _VIEW_POLICY})


@router.get("/v1/passages/{passage_id}")
def get_passage(
    service: ServiceNow,
    passage_id: str,
    before: Annotated[int, Query(ge=0, le=MAX_AROUND, description="Passages before it.")] = 1,
    after: Annotated[int, Query(ge=0, le=MAX_AROUND, description="Passages after it.")] = 1,
) -> SurroundedPassageBody:
    """One passage, and what stands around it."""
    known = service.catalogue.passage(passage_id)
    resource = service.catalogue.resource(known.resource_id)
    passages = service.catalogue.passages_of(resource.id)
    bodies = [passage_body(resource, one.id, one.passage) for one in passages]
    at = next((number for number, one in enumerate(passages) if one.id == passage_id), None)
    if at is None:  # changed since
        raise NotFoundError(f"no passage has the id {passage_id!r} any more; search again.")
    return SurroundedPassageBody(
        resource=resource_body(resource, service.archive.current().names),
        passage=bodies[at],
        before=bodies[max(0, at - before) : at],
        after=bodies[at + 1 : at + 1 + after],
    )


@router.delete("/v1/resources/{resource_id}", status_code=204, dependencies=[Writer])
def remove_resource(service: ServiceNow, resource_id: str) -> None:
    """Take a resource out of everything: search, related, facets, files."""
    service.pipeline.remove(resource_id)
