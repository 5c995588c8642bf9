"""Searches that whoever is signed in follows, and the feed of each at its secret address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, get_args
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.context import Running, ServiceNow
from searchsvc.api.search.filters import look_up, where_in
from searchsvc.api.watches.searches import asked_of, search_of
from searchsvc.catalogue.users import KeptUser
from searchsvc.catalogue.watches import Every, KeptWatch
from searchsvc.errors import QueryError
from searchsvc.filters import Filter
from searchsvc.service import Service
from searchsvc.web.account.who import signed_in, to_sign_in
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.render import HEADERS, download, page
from searchsvc.web.search.feeds import ATOM
from searchsvc.web.search.pages import feed_of
from searchsvc.web.search.state import SearchState
from searchsvc.web.visit import Here, Visit

__all__ = ["EVERY", "router"]

router = APIRouter(include_in_schema=False)

EVERY = get_args(Every)
_Typed = Annotated[str, Form(max_length=4000)]


@dataclass(frozen=True, slots=True)
class WatchView:
    """words: of the search. filters: what else it asks. address: of its feed, where it was made just now."""

    id: str
    href: str
    words: str
    filters: str
    every: str
    address: str = ""


@router.api_route("/watches", methods=["GET", "HEAD"])
def watches(request: Request, service: ServiceNow, visit: Here) -> Response:
    user = signed_in(request, service)
    return _page(request, service, user, visit) if user else to_sign_in(visit, "/watches")


@router.post("/watches")
def follow(
    request: Request, service: ServiceNow, visit: Here, search: _Typed = "", every: _Typed = "weekly"
) -> Response:
    """search: as it stands in the address of the page of results. The address of the feed is shown this once."""
    user = signed_in(request, service)
    if user is None:
        return to_sign_in(visit, "/watches")
    pairs = parse_qsl(search)
    where = where_in(pairs)
    look_up(where, service.archive.current(), service.register)
    q = next((value for name, value in pairs if name == "q"), "")
    chosen: Every = "monthly" if every == "monthly" else "weekly"
    watch, secret = service.watches.add(search_of(q, where), chosen, user=user)
    request.state.about = watch.id
    return _page(request, service, user, visit, made=(watch.id, secret))


@router.post("/watches/{watch_id}/remove")
def unfollow(request: Request, service: ServiceNow, visit: Here, watch_id: str) -> Response:
    user = signed_in(request, service)
    if user is None:
        return to_sign_in(visit, "/watches")
    service.watches.remove(_own(service, user, watch_id, visit).id)
    return RedirectResponse(visit.link("/watches"), 303, HEADERS)


@router.post("/watches/{watch_id}/address")
def renew(request: Request, service: ServiceNow, visit: Here, watch_id: str) -> Response:
    """The address before opens nothing any more."""
    user = signed_in(request, service)
    if user is None:
        return to_sign_in(visit, "/watches")
    watch, secret = service.watches.new_address(_own(service, user, watch_id, visit).id)
    return _page(request, service, user, visit, made=(watch.id, secret))


@router.api_route("/feeds/{secret}.atom", methods=["GET", "HEAD"])
def secret_feed(request: Request, service: ServiceNow, visit: Here, secret: str) -> Response:
    """What is new of a search, as whoever follows it sees the archive. The address is all that is asked for."""
    found = service.watches.with_address(secret)
    if found is None:
        raise UnknownHereError(visit.text("watch.closed"))
    watch, sight = found
    running: Running = request.app.state.running
    q, where = asked_of(watch)
    content = feed_of(running.service_for(sight), SearchState(q, where), visit, address=visit.absolute(visit.path))
    answer = download(request, content, ATOM)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _page(
    request: Request, service: Service, user: KeptUser, visit: Visit, made: tuple[str, str] = ("", "")
) -> Response:
    views = [
        _view(one, service, visit, visit.absolute(f"/feeds/{made[1]}.atom") if one.id == made[0] else "")
        for one in _all_of(service, user)
    ]
    answer = page(request, "watches.html", visit=visit, watches=views)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _view(watch: KeptWatch, service: Service, visit: Visit, address: str) -> WatchView:
    pairs = parse_qsl(watch.search)
    try:
        q, where = asked_of(watch)
    except QueryError:
        q, where = "", Filter()
    names = service.register.names
    filters = ", ".join(names.get(value, value) for _, value in where.parameters())
    return WatchView(watch.id, visit.link("/", pairs), q, filters, visit.text(f"watch.every.{watch.every}"), address)


def _all_of(service: Service, user: KeptUser) -> list[KeptWatch]:
    """Their own, and what a coordinator set up for them."""
    return service.watches.of([user.person] if user.person else [], [user.id])


def _own(service: Service, user: KeptUser, watch_id: str, visit: Visit) -> KeptWatch:
    for one in _all_of(service, user):
        if one.id == watch_id:
            return one
    raise UnknownHereError(visit.text("watch.unknown"))
