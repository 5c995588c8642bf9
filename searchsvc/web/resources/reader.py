"""The reader: the text of a resource with a passage marked; a PDF as its pages, a presentation as its slides."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from ingest.extract.types import HTML, PDF, PPTX
from ingest.facsimile.values import Part
from searchsvc.api.context import ServiceNow
from searchsvc.catalogue.veiled import veiled
from searchsvc.errors import AwayError, BusyError, IngestError, NotFoundError
from searchsvc.model import Resource
from searchsvc.service import Service
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.render import HEADERS, READER_POLICY, download, page
from searchsvc.web.resources.pictured import pictured
from searchsvc.web.resources.reading import read_view
from searchsvc.web.resources.slide_picture import POLICY, no_picture, slide_picture
from searchsvc.web.search.pages import Words, marker
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

_UNDRAWN = (IngestError, BusyError, NotFoundError, AwayError)  # then there is its text


@_get("/resources/{resource_id}/read")
def read(
    request: Request, service: ServiceNow, visit: Here, resource_id: str, q: Words = "", passage: str | None = None
) -> Response:
    """Its text with a passage marked; a PDF as its pages where scripts run."""
    shown = service.catalogue.resource(resource_id)
    words = " ".join(q.split())
    view = read_view(
        shown,
        service.catalogue.passages_of(resource_id),
        current=passage,
        mark=marker(service, words),
        words=words,
        visit=visit,
        notes=_notes(service, shown),
        parts=_parts(service, shown),
    )
    return page(request, "read.html", visit=visit, view=view, words=words, policy=READER_POLICY)


def _notes(service: Service, resource: Resource) -> tuple[str, ...] | None:
    """Those of each slide; None where the slides cannot be drawn."""
    if resource.media_type != PPTX.media_type:
        return None
    try:
        notes = service.facsimiles.notes(resource)
    except _UNDRAWN:
        return None
    return tuple(veiled(one, resource.hidden_authors) for one in notes) or None


def _parts(service: Service, resource: Resource) -> tuple[Part, ...]:
    """The blocks of a web page; none where it is shown as its text."""
    if resource.media_type != HTML.media_type:
        return ()
    try:
        return service.facsimiles.page(resource, service.catalogue.text(resource.id)[0])
    except _UNDRAWN:
        return ()


@_get("/resources/{resource_id}/slides/{number}.svg")
def slide(
    request: Request, service: ServiceNow, visit: Here, resource_id: str, number: int, q: Words = "",
    passage: str | None = None,
) -> Response:  # fmt: skip
    """A slide as a picture, with the words of a search and the passage marked."""
    shown = service.catalogue.resource(resource_id)
    if shown.media_type != PPTX.media_type:
        raise _no_slide(visit, number)
    words = " ".join(q.split())
    try:
        drawn = service.facsimiles.slide(shown, number)
    except NotFoundError:
        raise _no_slide(visit, number) from None
    except IngestError:
        drawn = None
    if drawn is None or drawn.missing:
        return download(request, no_picture(visit.text("read.no_picture")), _SVG, policy=POLICY)
    here = ""
    if passage:
        here = next((one.passage.text for one in service.catalogue.passages_of(resource_id) if one.id == passage), "")
    picture = slide_picture(
        drawn,
        passage=here,
        mark=marker(service, words),
        veil=lambda text: veiled(text, shown.hidden_authors),
    )
    return download(request, picture, _SVG, policy=POLICY)


@_get("/resources/{resource_id}/pages/{number}.jpg")
def page_picture(request: Request, service: ServiceNow, visit: Here, resource_id: str, number: int) -> Response:
    """A page of a PDF as a small picture, beside results; none of works whose authors are hidden."""
    shown = service.catalogue.resource(resource_id)
    none = UnknownHereError(visit.text("read.no_page", n=number))
    if shown.media_type != PDF.media_type or not pictured(shown):
        raise none
    tag = f'W/"{shown.content_hash[:24]}-{number}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**HEADERS, "ETag": tag})
    try:
        drawn = service.facsimiles.pdf_page(shown, number)
    except (IngestError, NotFoundError):
        raise none from None
    return Response(drawn.data, media_type=drawn.media_type, headers={**HEADERS, "ETag": tag})


_SVG = "image/svg+xml"


def _no_slide(visit: Visit, number: int) -> UnknownHereError:
    return UnknownHereError(visit.text("read.no_slide", n=number))
