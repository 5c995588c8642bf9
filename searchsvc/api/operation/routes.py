"""For those who run the service: whether it is up, and what it holds."""

from __future__ import annotations

import contextlib

from fastapi import APIRouter, HTTPException, Request, Response

from searchsvc.access.callers import Scope
from searchsvc.api.access import Writer, may, may_watch
from searchsvc.api.context import Running, ServiceNow
from searchsvc.api.operation.present import backup_body, restored_body, status_body, verified_body
from searchsvc.api.operation.schemas import (
    BackupBody,
    BackupOrder,
    RestoredBody,
    RestoreOrder,
    StatusBody,
    VerifiedBody,
    VerifyBody,
)
from searchsvc.errors import NotFoundError

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
    ready, text = running.state if may(request, Scope.ADMIN) else running.state_for_strangers
    if ready and (lacking := running.service().upkeep.lacking):
        text += (
            f"{'; and' if ',' in text else ', but'} the index lacks {lacking} passages, which are being written again."
        )
    if not ready:
        response.status_code = 503
    return {"status": text}


@router.post("/v1/verify", dependencies=[Writer])
def verify(service: ServiceNow, body: VerifyBody) -> VerifiedBody:
    """Compare catalogue, originals and index, all of them, and mend what can be; takes as long as reading all does."""
    found_in = service.verification.traces(body.absent) if body.absent else []
    return verified_body(service.verification.compare(repair=body.repair), found_in)


@router.post("/v1/backup", dependencies=[Writer])
def backup(service: ServiceNow, body: BackupOrder) -> BackupBody:
    """Copy catalogue and originals to another place, and read them again; what is there already is not copied again."""
    vault = service.vault(body.target, make=True)
    return backup_body(service.backup.make(vault, keep=body.keep or service.settings.backup_keep))


@router.post("/v1/restore", dependencies=[Writer])
def restore(service: ServiceNow, body: RestoreOrder) -> RestoredBody:
    """Put a backup back, verify it, and make the index again; the archive must be empty unless `replace` is set."""
    vault = service.vault(body.target)
    restored = service.restorer.restore(vault, date=body.date, replace=body.replace)
    service.jobs.take_up()
    return restored_body(restored)


@router.get("/metrics", response_class=Response)
def get_metrics(request: Request) -> Response:
    """Counts and times of this process for Prometheus, for whoever has a key or asks on this machine itself."""
    running: Running = request.app.state.running
    if not may_watch(request):
        raise HTTPException(
            401, "the metrics need SEARCHSVC_METRICS_KEY: the header `Authorization: Bearer KEY`.",
            {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
    if running.metrics is None:
        raise NotFoundError("nothing is counted here: `searchsvc serve` counts.")
    passages, jobs = None, None
    if running.started:
        with contextlib.suppress(Exception):  # the database is away, which the errors and `ready` tell
            catalogue = running.service().catalogue
            passages, jobs = catalogue.passage_count(), catalogue.item_counts()
    text = running.metrics.text(ready=running.state[0], passages=passages, jobs=jobs)
    return Response(text, media_type="text/plain; version=0.0.4")


@router.get("/v1/status")
def get_status(request: Request, service: ServiceNow) -> StatusBody:
    """How much is in the archive, and what became of the files that were handed in."""
    return status_body(service, nodes=may(request, Scope.ADMIN))
