"""The reader: the text of a resource with a passage marked; a PDF as its pages, a presentation as its slides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request, Response

from ingest.extract.types import HTML, PDF, PPTX
from ingest.facsimile.values import Deck, Part
from searchsvc.api.context import ServiceNow
from searchsvc.catalogue.veiled import veiled
from searchsvc.errors import AwayError, BusyError, IngestError, NotFoundError
from searchsvc.model import Resource
from searchsvc.service import Service
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.render import HEADERS, READER_POLICY, download, page
from searchsvc.web.resources.hits import about, hits_view, standing
from searchsvc.web.resources.pictured import pictured
from searchsvc.web.resources.reading import read_view
from searchsvc.web.resources.slide_picture import POLICY, no_picture, slide_picture
from searchsvc.web.search.pages import Words, cited_as, marker, passages_about
from searchsvc.web.search.views import Mark
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_get = partial(router.api_route, methods=["GET", "HEAD"])

Sought = Annotated[str, Query(alias="find")]
_DRAWING = CapacityLimiter(8)  # threads: two of them draw, the others wait or find what is kept
LONGEST_FOUND = 200  # characters of what is looked for in a text
_SVG = "image/svg+xml"
_UNDRAWN = (IngestError, BusyError, NotFoundError, AwayError)  # then there is its text


@_get("/resources/{resource_id}/read")
def read(
    request: Request, service: ServiceNow, visit: Here, resource_id: str, q: Words = "", find: Sought = "",
    passage: str | None = None,
) -> Response:  # fmt: skip
    """Its text with a passage marked, else the one that answers best; a PDF as its pages where scripts run.

    find: something that stands in it, as it is written.
    """
    shown = service.catalogue.resource(resource_id)
    words, sought = " ".join(q.split()), " ".join(find.split())[:LONGEST_FOUND]
    passages = service.catalogue.passages_of(resource_id)
    mark = _mark(service, words, sought)
    if sought:
        found = [one.id for one in passages if mark(one.passage.text)]
    else:
        found = about(passages, mark) if words else []
    current = passage or _best(service, resource_id, words, sought, found)
    view = read_view(
        shown,
        passages,
        current=current,
        mark=mark,
        words=words,
        visit=visit,
        hits=hits_view(resource_id, passages, found, current=current, words=words, find=sought, visit=visit),
        reference=cited_as(service, shown, visit),
        best=not passage,
        deck=_deck(service, shown),
        parts=_parts(service, shown),
    )
    return page(request, "read.html", visit=visit, view=view, words=words, policy=READER_POLICY)


def _mark(service: Service, words: str, sought: str) -> Mark:
    """Where what is looked for stands, else the words of the search."""
    return standing(sought) if sought else marker(service, words)


def _best(service: Service, resource_id: str, words: str, sought: str, found: Sequence[str]) -> str | None:
    """The passage that answers best; of those in which something stands, the first."""
    if not words or sought:
        return found[0] if found else None
    answering: list[str] = [one.id for one in passages_about(service, resource_id, words)]
    among = [one for one in answering if one in found] or list(found) or answering
    return among[0] if among else None


def _deck(service: Service, resource: Resource) -> Deck | None:
    """Its slides, with the notes as they may be shown; None where they cannot be drawn."""
    if resource.media_type != PPTX.media_type:
        return None
    try:
        deck = service.facsimiles.deck(resource)
    except _UNDRAWN:
        return None
    notes = tuple(veiled(one, resource.hidden_authors) for one in deck.notes)
    return replace(deck, notes=notes) if notes else None


def _parts(service: Service, resource: Resource) -> tuple[Part, ...]:
    """The blocks of a web page; none where it is shown as its text."""
    if resource.media_type != HTML.media_type:
        return ()
    try:
        return service.facsimiles.page(resource, service.catalogue.text(resource.id)[0])
    except _UNDRAWN:
        return ()


@_get("/resources/{resource_id}/slides/{number}.svg")
async def slide(
    request: Request, service: ServiceNow, visit: Here, resource_id: str, number: int, q: Words = "",
    find: Sought = "", passage: str | None = None,
) -> Response:  # fmt: skip
    """A slide as a picture, with the words of a search and the passage marked."""
    return await _apart(partial(_slide, request, service, visit, resource_id, number, q, find, passage))


@_get("/resources/{resource_id}/pages/{number}.jpg")
async def page_picture(request: Request, service: ServiceNow, visit: Here, resource_id: str, number: int) -> Response:
    """A page of a PDF as a small picture, beside results; none of works whose authors are hidden."""
    return await _apart(partial(_page_picture, request, service, visit, resource_id, number))


async def _apart(draw: Callable[[], Response]) -> Response:
    """In a thread of those for pictures, so that no other request waits for one."""
    return await to_thread.run_sync(draw, limiter=_DRAWING)


def _slide(
    request: Request, service: Service, visit: Visit, resource_id: str, number: int, q: str, find: str,
    passage: str | None,
) -> Response:  # fmt: skip
    shown = service.catalogue.resource(resource_id)
    if shown.media_type != PPTX.media_type:
        raise _no_slide(visit, number)
    mark = _mark(service, " ".join(q.split()), " ".join(find.split())[:LONGEST_FOUND])
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
        mark=mark,
        veil=lambda text: veiled(text, shown.hidden_authors),
    )
    return download(request, picture, _SVG, policy=POLICY)


def _page_picture(request: Request, service: Service, visit: Visit, resource_id: str, number: int) -> Response:
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


def _no_slide(visit: Visit, number: int) -> UnknownHereError:
    return UnknownHereError(visit.text("read.no_slide", n=number))
