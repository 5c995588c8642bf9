"""For those who run the service: whether it is up, and what it holds."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

import searchsvc
from searchsvc.api.context import Running, ServiceNow
from searchsvc.api.resources.schemas import StatusBody
from searchsvc.service import Service

__all__ = ["router", "status_body"]

router = APIRouter(tags=["operation"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request, response: Response) -> dict[str, str]:
    """Whether searches are answered; 503 and the reason while they are not."""
    running: Running = request.app.state.running
    ready, text = running.state
    if not ready:
        response.status_code = 503
    return {"status": text}


@router.get("/v1/status")
def status(service: ServiceNow) -> StatusBody:
    """How much is in the archive, and what became of the files that were handed in."""
    return status_body(service)


def status_body(service: Service) -> StatusBody:
    return StatusBody(
        version=searchsvc.__version__,
        encoder=service.settings.encoder,
        resources=len(service.archive.current().resources),
        passages=service.catalogue.passage_count(),
        indexed=service.store.count(),
        jobs=service.catalogue.item_counts(),
    )
