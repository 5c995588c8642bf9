"""The work list: what is doubtful, what somebody decides of it, and what was decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from searchsvc.api.access import Writer
from searchsvc.api.callers import name_of
from searchsvc.api.context import ServiceNow
from searchsvc.api.curation.present import completed_body, curation_body, decision_body, decisions_body
from searchsvc.api.curation.schemas import (
    CompleteBody,
    CompletedBody,
    CurationBody,
    DecideTaskBody,
    DecisionBody,
    DecisionsBody,
    UndoneBody,
)
from searchsvc.catalogue import Decision
from searchsvc.curation import KINDS
from searchsvc.errors import QueryError
from searchsvc.service import Service

router = APIRouter(tags=["curation"])

_NONE: list[str] = []


@router.get("/v1/curation", dependencies=[Writer])
def list_tasks(
    service: ServiceNow,
    kind: Annotated[list[str], Query(description="Only what is of these kinds.")] = _NONE,
    limit: Annotated[int, Query(ge=1, le=1000)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> CurationBody:
    """What is doubtful and nobody decided, the most useful first, each with why, the evidence and what can be done."""
    if unknown := [one for one in kind if one not in KINDS]:
        raise QueryError(f"{unknown[0]!r} is no kind; there are {', '.join(KINDS)}.")
    worked = service.worklist.now(kind)
    return curation_body(worked, worked.tasks[offset : offset + limit], service)


@router.post("/v1/curation", dependencies=[Writer])
def decide_task(request: Request, service: ServiceNow, body: DecideTaskBody) -> DecisionBody:
    """Decide a task, or correct, hide or merge what nobody doubts. 409 when somebody decided it meanwhile."""
    by = body.by or name_of(request.scope)
    request.scope.setdefault("state", {})["about"] = body.task or body.resource
    return decision_body(_decided(service, body, by), service.catalogue.curation.curated())


def _decided(service: Service, body: DecideTaskBody, by: str) -> Decision:
    curator, told = service.curator, {"by": by, "note": body.note}
    if (body.task is None) == (body.resource is None):
        raise QueryError("give either a task or a resource.")
    if body.task is not None:
        return curator.decide(body.task, body.action, value=body.value, seen=body.seen, **told)
    assert body.resource is not None
    if body.action == "correct" and body.field:
        return curator.correct(body.resource, body.field, body.value, **told)
    if body.action == "hide":
        return curator.hide(body.resource, **told)
    if body.action == "merge" and body.other:
        return curator.merge(body.resource, body.other, **told)
    raise QueryError("of a resource without a task: correct with a field, hide, or merge with another one.")


@router.get("/v1/curation/decisions", dependencies=[Writer])
def list_decisions(
    service: ServiceNow,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> DecisionsBody:
    """What was decided, by whom and when, and whether it holds; the latest first."""
    return decisions_body(service.catalogue.curation.curated(), limit, offset)


@router.post("/v1/curation/decisions/{decision_id}/undo", dependencies=[Writer])
def undo_decision(request: Request, service: ServiceNow, decision_id: str) -> UndoneBody:
    """Take it back. An undo can be undone, too; 409 when somebody did so already."""
    undoing, before = service.curator.undo(decision_id, by=name_of(request.scope))
    curated = service.catalogue.curation.curated()
    return UndoneBody(decision=decision_body(undoing, curated), undone=decision_body(before, curated))


@router.post("/v1/curation/completions", dependencies=[Writer])
def complete_metadata(request: Request, service: ServiceNow, body: CompleteBody) -> CompletedBody:
    """What Crossref, DataCite, PubMed, arXiv, ORCID and ROR know of the identifiers here, where something is missing,
    doubtful or contradicts; with `apply` it is changed, each by a decision that can be undone."""
    done = service.completer.complete(
        body.ids, services=body.services, restricted=body.restricted, apply=body.apply, offset=body.offset,
        limit=body.limit, by=name_of(request.scope),
    )  # fmt: skip
    return completed_body(done, body.apply)
