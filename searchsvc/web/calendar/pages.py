"""iCalendar of what comes up, of everything or a search; and of a search that somebody follows, at a secret address."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from searchsvc.api.calendar.present import found, happening_body
from searchsvc.api.calendar.written import MEDIA_TYPE, as_icalendar
from searchsvc.api.context import Running, ServiceNow
from searchsvc.api.watches.searches import asked_of
from searchsvc.filters import Filter
from searchsvc.service import Service
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.render import download
from searchsvc.web.search.state import Asked
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD"]
_MOST = 1000


@router.api_route("/events.ics", methods=_METHODS)
def calendar(request: Request, service: ServiceNow, visit: Here, asked: Asked) -> Response:
    """Events and deadlines to come."""
    return _answer(request, service, asked.q, asked.where, visit)


@router.api_route("/feeds/{secret}.ics", methods=_METHODS)
def secret_calendar(request: Request, service: ServiceNow, visit: Here, secret: str) -> Response:
    """The same of a search that somebody follows, as they see the archive. The address is all that is asked for."""
    followed = service.watches.with_address(secret)
    if followed is None:
        raise UnknownHereError(visit.text("watch.closed"))
    watch, sight = followed
    running: Running = request.app.state.running
    q, where = asked_of(watch)
    answer = _answer(request, running.service_for(sight), q, where, visit)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _answer(request: Request, service: Service, q: str, where: Filter, visit: Visit) -> Response:
    now = datetime.now(UTC)
    listed = found(service, q, where, past=False, now=now)[:_MOST]
    name = service.settings.site_name
    content = as_icalendar(
        [happening_body(one, is_over=False) for one in listed],
        name=visit.text("calendar.search", q=q, site=name) if q else visit.text("calendar.all", site=name),
        base=visit.base.rstrip("/"), t=visit.text,
        stamp=now.replace(hour=0, minute=0, second=0, microsecond=0),  # the same bytes all day
    )  # fmt: skip
    return download(request, content, MEDIA_TYPE, file_name="events.ics")
