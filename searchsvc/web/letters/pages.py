"""Where letters are ended: by their reader's mail program in one click (RFC 8058), or by the button of a page."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request, Response

from searchsvc.api.context import PublicNow
from searchsvc.api.letters.mailing import secret_of
from searchsvc.catalogue.letters import Recipient
from searchsvc.service import Service
from searchsvc.web.errors import UnknownHereError
from searchsvc.web.render import page
from searchsvc.web.visit import Here, Visit

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.api_route("/letters/{secret}/stop", methods=["GET", "HEAD"])
def ask(request: Request, service: PublicNow, visit: Here, secret: str) -> Response:
    """To look at the page changes nothing: programs look at addresses in mail, too."""
    to = _recipient(service, secret, visit)
    return page(request, "letters.html", visit=visit, stopped=to.stopped_at is not None, action=visit.path)


@router.post("/letters/{secret}/stop")
def stop(request: Request, service: PublicNow, visit: Here, secret: str) -> Response:
    to = _recipient(service, secret, visit)
    request.state.about = to.person
    service.catalogue.letters.stop(to.id, service.now(), "ended by the reader")
    return page(request, "letters.html", visit=visit, stopped=True, action=visit.path)


def _recipient(service: Service, secret: str, visit: Visit) -> Recipient:
    """Raises UnknownHereError."""
    found = service.catalogue.letters.recipient(secret.partition("-")[0])
    right = secret_of(service, found.id) if found else ""
    if found and secrets.compare_digest(right.encode(), secret.encode("utf-8", "surrogatepass")):
        return found
    raise UnknownHereError(visit.text("letters.unknown"))
