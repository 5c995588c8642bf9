"""For those who run the service: whether it is up, and what it holds."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from searchsvc.api.context import Running, ServiceNow
from searchsvc.api.operation.present import status_body, verified_body
from searchsvc.api.operation.schemas import StatusBody, VerifiedBody, VerifyBody

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get("/healthz")
def get_health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def get_readiness(request: Request, response: Response) -> dict[str, str]:
    """Whether searches are answered; 503 and the reason while they are not. Asks store, database and files."""
    running: Running = request.app.state.running
    ready, text = running.state
    if ready:
        service = running.service()
        if away := service.away():
            ready, text = False, f"{' and '.join(away)} cannot be reached or read."
        elif lacking := service.upkeep.lacking:
            text = f"ready, but the index lacks {lacking} passages, which are being written again."
    if not ready:
        response.status_code = 503
    return {"status": text}


@router.post("/v1/verify")
def verify(service: ServiceNow, body: VerifyBody) -> VerifiedBody:
    """Compare catalogue, originals and index, all of them, and mend what can be; takes as long as reading all does."""
    return verified_body(service.verification.compare(repair=body.repair))


@router.get("/v1/status")
def get_status(service: ServiceNow) -> StatusBody:
    """How much is in the archive, and what became of the files that were handed in."""
    return status_body(service)
