"""Sources over HTTP: who may take files in sets them up; who may do everything also those that read this machine."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from ingest.sources.keeper import every_of
from ingest.sources.registry import kind_of
from ingest.sources.web.address import is_address
from searchsvc.access.callers import Scope
from searchsvc.api.access import Writer, may
from searchsvc.api.context import ServiceNow
from searchsvc.api.sources.present import source_body, sources_body, whole_body
from searchsvc.api.sources.schemas import NewSourceBody, SourceBody, SourcesBody, SourceWholeBody
from searchsvc.catalogue.sources import KeptSource
from searchsvc.service import Service

__all__ = ["router", "set_up"]

router = APIRouter(tags=["sources"])


@router.get("/v1/sources", dependencies=[Writer])
def list_sources(service: ServiceNow) -> SourcesBody:
    """All sources, by name, how each is, and which kinds there are."""
    return sources_body(service.sources.all())


@router.post("/v1/sources", status_code=201, dependencies=[Writer])
def add_source(request: Request, service: ServiceNow, body: NewSourceBody) -> SourceBody:
    """Set a source up. Unless it is visited by hand alone, the first visit begins at once."""
    source = set_up(request, service, body)
    return source_body(service.sources.one(source.id))


@router.get("/v1/sources/{source_id}", dependencies=[Writer])
def show_source(service: ServiceNow, source_id: str) -> SourceWholeBody:
    """By id or name, with what could not be had and why."""
    state = service.sources.one(source_id)
    return whole_body(state, service.sources.failing(state.source.id))


@router.post("/v1/sources/{source_id}/sync", status_code=202, dependencies=[Writer])
def sync_source(
    request: Request,
    service: ServiceNow,
    source_id: str,
    dry: Annotated[bool, Query(description="Only say what would be done.")] = False,
) -> SourceBody:
    """Visit it now. It is done when `asked` is null again; `visit` says what came of it."""
    return _answer(request, service, service.sources.ask(source_id, dry=dry))


@router.post("/v1/sources/{source_id}/pause", dependencies=[Writer])
def pause_source(request: Request, service: ServiceNow, source_id: str) -> SourceBody:
    """Visit it no more until it is resumed; what came from it stays."""
    return _answer(request, service, service.sources.pause(source_id))


@router.post("/v1/sources/{source_id}/resume", dependencies=[Writer])
def resume_source(request: Request, service: ServiceNow, source_id: str) -> SourceBody:
    """Visit it again."""
    return _answer(request, service, service.sources.resume(source_id))


@router.post("/v1/sources/{source_id}/confirm", status_code=202, dependencies=[Writer])
def confirm_source(request: Request, service: ServiceNow, source_id: str) -> SourceBody:
    """That what is gone at once is meant to be gone: it is marked, and taken out after the usual days."""
    return _answer(request, service, service.sources.confirm(source_id))


@router.delete("/v1/sources/{source_id}", status_code=202, dependencies=[Writer])
def remove_source(
    request: Request,
    service: ServiceNow,
    source_id: str,
    keep: Annotated[bool, Query(description="Leave what came from it in the archive.")] = False,
) -> SourceBody:
    """Take a source out, and what came from it alone. What another source has, too, stays."""
    state = service.sources.remove(source_id, keep=keep)
    request.state.about = state.source.id
    return source_body(state)


def set_up(request: Request, service: Service, body: NewSourceBody) -> KeptSource:
    """Raises QueryError, and HTTPException for what whoever asks may not do."""
    if kind_of(body.kind).of_machine and not is_address(body.location) and not may(request, Scope.ADMIN):
        raise HTTPException(
            403, f"a source of kind {body.kind} reads files of the machine that the service runs on; this needs the "
            "scope `admin`.",
        )  # fmt: skip
    source = service.sources.add(
        body.kind, body.location, name=body.name, every_s=every_of(body.every), groups=body.into
    )
    request.state.about = source.id
    return source


def _answer(request: Request, service: Service, source: KeptSource) -> SourceBody:
    request.state.about = source.id
    return source_body(service.sources.one(source.id))
