"""Resources: what is known of them, their files, their text, and taking them out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from searchsvc.api.access import Writer
from searchsvc.api.bodies import ReportBody, ResourceDetailBody, detail_body, report_body
from searchsvc.api.context import ServiceNow
from searchsvc.api.view import text_page

router = APIRouter(tags=["archive"])

# A saved page is somebody else's: it may be looked at, and may neither run scripts nor load or send anything.
_FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
_VIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_GZIP = b"\x1f\x8b"
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_SHOWN_IN_BROWSERS = ("application/pdf", "text/html", "application/xhtml+xml", "text/plain", "text/markdown")


@router.get("/v1/resources/{resource_id}")
def resource(
    service: ServiceNow,
    resource_id: str,
    passages: Annotated[bool, Query(description="Also its passages, in the order of the text.")] = False,
) -> ResourceDetailBody:
    """One resource, where it was found, and its copies."""
    found = service.catalogue.resource(resource_id)
    archive = service.archive.current()
    group = found.copy_group
    return detail_body(
        found,
        locations=service.catalogue.locations(resource_id),
        copies=[one for one, of in archive.copy_groups.items() if group and of == group and one != resource_id],
        resources=archive.resources,
        names=archive.names,
        passages=service.catalogue.passages_of(resource_id) if passages else None,
    )


@router.get("/v1/resources/{resource_id}/report")
def report(service: ServiceNow, resource_id: str) -> ReportBody:
    """How its extraction went: characters by page, empty pages, warnings."""
    service.catalogue.resource(resource_id)
    return report_body(resource_id, service.catalogue.text(resource_id)[1])


@router.get("/v1/resources/{resource_id}/file", response_class=Response)
def file(service: ServiceNow, resource_id: str) -> Response:
    """The original file. `#page=4` opens a PDF there."""
    found = service.catalogue.resource(resource_id)
    data = service.files.read(found.content_hash)
    shown = found.media_type in _SHOWN_IN_BROWSERS
    name = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in found.file_name)
    headers = {
        **_HEADERS,
        "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "ETag": f'"{found.content_hash}"',
    }
    if data.startswith(_GZIP):  # the media type is that of what is inside
        headers["Content-Encoding"] = "gzip"
        headers["Content-Disposition"] = headers["Content-Disposition"].replace('.gz"', '"')
    if found.media_type != "application/pdf":  # a browser's own PDF viewer does not run inside a sandbox
        headers["Content-Security-Policy"] = _FILE_POLICY
    return Response(data, media_type=found.media_type, headers=headers)


@router.get("/v1/resources/{resource_id}/view", response_class=HTMLResponse)
def view(service: ServiceNow, resource_id: str) -> HTMLResponse:
    """Its text as a page, with an anchor for every page, slide and passage."""
    found = service.catalogue.resource(resource_id)
    page = text_page(found, service.catalogue.passages_of(resource_id))
    return HTMLResponse(page, headers={**_HEADERS, "Content-Security-Policy": _VIEW_POLICY})


@router.delete("/v1/resources/{resource_id}", status_code=204, dependencies=[Writer])
def remove(service: ServiceNow, resource_id: str) -> None:
    """Take a resource out of everything: search, related, facets, files."""
    service.pipeline.remove(resource_id)


