"""Keys of the API: who has one that may do everything makes and revokes them."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request

from searchsvc.access.keys import Keys
from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.keys.schemas import KeyBody, KeysBody, NewKeyBody, ShownKeyBody
from searchsvc.catalogue.keys import KeptKey

__all__ = ["router"]

router = APIRouter(tags=["access"])


@router.get("/v1/keys", dependencies=[Writer])
def list_keys(service: ServiceNow) -> KeysBody:
    """All keys, the newest first, and when each was used last. The keys themselves are not kept."""
    return KeysBody(keys=[_body(service.keys, one) for one in service.keys.all()])


@router.post("/v1/keys", status_code=201, dependencies=[Writer])
def create_key(request: Request, service: ServiceNow, body: NewKeyBody) -> ShownKeyBody:
    """Make a key. This answer is the only place where it stands."""
    kept, shown = service.keys.create(
        body.name,
        body.scopes,
        origins=body.origins,
        per_minute=body.per_minute,
        days=body.days,
        groups=body.groups,
    )
    request.state.about = kept.id
    return ShownKeyBody(**_body(service.keys, kept).model_dump(), key=shown)


@router.delete("/v1/keys/{key_id}", status_code=204, dependencies=[Writer])
def revoke_key(service: ServiceNow, key_id: str) -> None:
    """By id or name: it opens nothing from now on; other services on the same database see it within a second."""
    service.keys.revoke(key_id)


def _body(keys: Keys, one: KeptKey) -> KeyBody:
    return KeyBody.model_validate(asdict(one) | {"status": keys.status(one)})
