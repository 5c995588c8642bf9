"""Searches that people of the register follow, for who looks after the archive; people themselves have a page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from searchsvc.api.access import Writer
from searchsvc.api.context import ServiceNow
from searchsvc.api.names import public_address
from searchsvc.api.search.filters import look_up, where_in
from searchsvc.api.watches.schemas import NewWatchBody, ShownWatchBody, WatchBody, WatchesBody
from searchsvc.api.watches.searches import search_of
from searchsvc.catalogue.watches import KeptWatch
from searchsvc.errors import QueryError
from searchsvc.filters import FILTERS

__all__ = ["router"]

router = APIRouter(tags=["digest"])

_KNOWN = frozenset(name for one in FILTERS.values() for name in one.parameters)


@router.get("/v1/watches", dependencies=[Writer])
def list_watches(
    service: ServiceNow, person: Annotated[str | None, Query(description="Of one person.", max_length=200)] = None
) -> WatchesBody:
    """What is followed, the oldest first."""
    if person is None:
        return WatchesBody(watches=[WatchBody(**_values(one)) for one in service.watches.all()])
    known = service.register.person(person)
    users = [one.id for one in service.users.of({known.id, *known.merged})]
    found = service.watches.of({known.id, *known.merged}, users)
    return WatchesBody(watches=[WatchBody(**_values(one)) for one in found])


@router.post("/v1/watches", status_code=201, dependencies=[Writer])
def follow_search(request: Request, service: ServiceNow, body: NewWatchBody) -> ShownWatchBody:
    """Follow a search for a person: what is new of it is in their digest, and in a feed at a secret address."""
    if unknown := body.filters.keys() - _KNOWN:
        raise QueryError(f"there is no filter {sorted(unknown)[0]!r}; there are {', '.join(sorted(_KNOWN))}.")
    pairs = [
        (name, str(value)) for name, values in body.filters.items()
        for value in (values if isinstance(values, list) else [values])
    ]  # fmt: skip
    where = where_in(pairs)
    look_up(where, service.archive.current(), service.register)
    person = service.register.person(body.person)
    watch, secret = service.watches.add(search_of(body.q, where), body.every, person=person.id)
    request.state.about = watch.id
    return _shown(request, service.settings.public_url, watch, secret)


@router.delete("/v1/watches/{watch_id}", status_code=204, dependencies=[Writer])
def unfollow_search(service: ServiceNow, watch_id: str) -> None:
    """Its feed is closed at once."""
    service.watches.remove(watch_id)


@router.post("/v1/watches/{watch_id}/address", dependencies=[Writer])
def renew_address(request: Request, service: ServiceNow, watch_id: str) -> ShownWatchBody:
    """Another address for its feed; the one before opens nothing any more."""
    return _shown(request, service.settings.public_url, *service.watches.new_address(watch_id))


def _shown(request: Request, public: str | None, watch: KeptWatch, secret: str) -> ShownWatchBody:
    base = public or public_address(request.app.state.running.settings, str(request.base_url))
    return ShownWatchBody(**_values(watch), address=f"{base}/feeds/{secret}.atom")


def _values(one: KeptWatch) -> dict[str, Any]:
    return {
        "id": one.id, "person": one.person or None, "account": one.user_id or None, "search": one.search,
        "every": one.every, "created_at": one.created_at, "has_address": one.digest is not None,
    }  # fmt: skip
