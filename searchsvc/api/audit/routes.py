"""Who did what, for who may do everything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from searchsvc.api.access import Writer
from searchsvc.api.audit.schemas import AuditBody, DoneBody
from searchsvc.api.context import ServiceNow

__all__ = ["router"]

router = APIRouter(tags=["access"])


@router.get("/v1/audit", dependencies=[Writer])
def get_audit_log(
    service: ServiceNow,
    days: Annotated[
        int | None, Query(ge=1, le=3650, description="Of the last days; all that is kept when not given.")
    ] = None,
    who: Annotated[str | None, Query(description="Of this key or account alone.", max_length=200)] = None,
    what: Annotated[
        str | None, Query(description="With this in method, route or id, such as `DELETE`.", max_length=200)
    ] = None,
    first: Annotated[
        str | None, Query(alias="from", description="The first day, in UTC, as 2026-03-19.", max_length=10)
    ] = None,
    last: Annotated[str | None, Query(alias="to", description="The last day.", max_length=10)] = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many are passed over.")] = 0,
) -> AuditBody:
    """Every write and sign-in, and every key that was refused: who, what, when and from where; the latest first."""
    found = service.audit.since(days, first=first, last=last, who=who, what=what, limit=limit, offset=offset)
    return AuditBody(done=[DoneBody(**asdict(one)) for one in found])
