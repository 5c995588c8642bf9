"""Resources: what is known of them, their files, their text, and taking them out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from searchsvc.api.access import Writer, may_write
from searchsvc.api.context import ServiceNow
from searchsvc.api.resources.files import HARMLESS, file_response
from searchsvc.api.resources.present import detail_body, report_body
from searchsvc.api.resources.schemas import ReportBody, ResourceDetailBody
from searchsvc.api.resources.text import text_page

router = APIRouter(tags=["archive"])

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
        whole=may_write(request),
        copies=[one for one, of in archive.copy_groups.items() if group and of == group and one != resource_id],
        resources=archive.resources,
        names=archive.names,
        passages=service.catalogue.passages_of(resource_id) if passages else None,
    )


@router.get("/v1/resources/{resource_id}/report")
def get_extraction_report(service: ServiceNow, resource_id: str) -> ReportBody:
    """How its extraction went: characters by page, empty pages, warnings."""
    service.catalogue.resource(resource_id)
    return report_body(resource_id, service.catalogue.text(resource_id)[1])


@router.get("/v1/resources/{resource_id}/file", response_class=Response)
def get_file(service: ServiceNow, resource_id: str, request: Request) -> Response:
    """The original file; ranges of it too. `#page=4` opens a PDF there."""
    return file_response(service, service.catalogue.resource(resource_id), request)


@router.get("/v1/resources/{resource_id}/view", response_class=HTMLResponse)
def view_resource(service: ServiceNow, resource_id: str) -> HTMLResponse:
    """Its text as a page, with an anchor for every page, slide and passage."""
    found = service.catalogue.resource(resource_id)
    page = text_page(found, service.catalogue.passages_of(resource_id))
    return HTMLResponse(page, headers={**HARMLESS, "Content-Security-Policy": _VIEW_POLICY})


@router.delete("/v1/resources/{resource_id}", status_code=204, dependencies=[Writer])
def remove_resource(service: ServiceNow, resource_id: str) -> None:
    """Take a resource out of everything: search, related, facets, files."""
    service.pipeline.remove(resource_id)
