"""Whoever is signed in, for pages that are about nobody else."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from searchsvc.api.callers import caller_of
from searchsvc.catalogue.users import KeptUser
from searchsvc.errors import NotFoundError
from searchsvc.service import Service
from searchsvc.web.render import HEADERS
from searchsvc.web.visit import Visit

__all__ = ["signed_in", "to_sign_in"]


def signed_in(request: Request, service: Service) -> KeptUser | None:
    user_id = caller_of(request.scope).user
    try:
        return service.users.get(user_id) if user_id else None
    except NotFoundError:  # was taken out a moment ago
        return None


def to_sign_in(visit: Visit, then: str) -> Response:
    """then: the page that was wanted."""
    return RedirectResponse(visit.link("/signin", [("next", then)]), 303, HEADERS)
