"""What goes wrong, as a page for people; programs get `application/problem+json`, of the API and where nothing is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from searchsvc.access.callers import Scope
from searchsvc.api.access import may
from searchsvc.errors import AwayError, BusyError, NotFoundError, SearchsvcError, StoreError, UnknownError
from searchsvc.web.render import HEADERS, page
from searchsvc.web.visit import Visit, visit_of

__all__ = ["EXPLAINED", "UnknownHereError", "answer_people", "said_of"]

_FOR_PROGRAMS = ("/v1/", "/healthz", "/readyz", "/openapi.json", "/widget-")
EXPLAINED = ("403", "404", "405", "422", "429", "503", "starting", "away")  # the others share one text
_TURNED_AWAY = (401, 403, 429, 503)
_FORM = "application/x-www-form-urlencoded"
_TRY_AGAIN_S = "3"
Handler = Callable[[Request, Exception], Any]


class UnknownHereError(NotFoundError):
    """Its text is in the visitor's language; that of other errors is in English, as programs get it."""


def answer_people(app: FastAPI) -> None:
    """Let errors outside the API be answered by a page with the same status and reason."""
    for kind in (SearchsvcError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _both(app.exception_handlers[kind]))
    app.state.explain = _refusal


def _refusal(request: Request, refused: HTTPException) -> Response | None:
    """What people see who are turned away before any page is asked: the page to sign in where that would help. None
    for programs.
    """
    status = refused.status_code
    asks = request.method in ("GET", "HEAD") or request.headers.get("content-type", "").startswith(_FORM)
    if status not in _TURNED_AWAY or request.url.path.startswith(_FOR_PROGRAMS) or not asks:
        return None
    if "text/html" not in request.headers.get("accept", ""):
        return None
    visit = visit_of(request)
    if status == 401 and visit.may_sign_in and not visit.person:
        then = visit.here if request.method == "GET" else "/"
        return RedirectResponse(visit.link("/signin", [("next", then)]), 303, HEADERS)
    return _error_page(request, status, str(refused.detail), None, refused.headers or {})


def _both(for_programs: Handler) -> Handler:
    def handler(request: Request, error: Exception) -> Response:
        answer: JSONResponse = for_programs(request, error)
        nowhere = answer.status_code == 404 and "endpoint" not in request.scope  # no route has this address
        if nowhere and "text/html" not in request.headers.get("accept", ""):
            return answer  # a program that has mistyped an address of the API
        if request.url.path.startswith(_FOR_PROGRAMS) or request.method not in ("GET", "HEAD"):
            return answer
        if nowhere:
            return page(request, "missing.html", status=404)
        detail = json.loads(bytes(answer.body))["detail"]
        said = str(error) if isinstance(error, UnknownHereError) else said_of(error, visit_of(request))
        return _error_page(request, answer.status_code, detail, said, answer.headers, _waited_for(request, error))

    return handler


def said_of(error: Exception, visit: Visit) -> str | None:
    """In the visitor's language that nothing has an id or a name, and what the nearest are called."""
    if not isinstance(error, UnknownError) or f"unknown.{error.what}" not in visit.text.by_key:
        return None
    names = ", ".join(dict.fromkeys(name or one for one, name in error.near))
    nearest = visit.text("unknown.nearest", names=names) if names else ""
    return f"{visit.text(f'unknown.{error.what}', id=error.key)} {nearest}".strip()


def _waited_for(request: Request, error: Exception) -> str:
    """Why this page comes again by itself: the service is `starting`, or something is `away`. Empty for all else."""
    running = request.app.state.running
    if isinstance(error, BusyError) and not running.started:
        return "away" if running.failure else "starting"
    return "away" if isinstance(error, (AwayError, StoreError)) else ""


def _error_page(
    request: Request,
    status: int,
    detail: str,
    translated: str | None,
    headers: Mapping[str, str],
    waited_for: str = "",
) -> Response:
    """detail: in English, so where nothing is translated other languages say what such an error usually means. Where
    something is away it may name addresses, which is for who may do everything.
    """
    visit = visit_of(request)
    known = (waited_for if status == 503 else "") or (str(status) if str(status) in EXPLAINED else "other")
    english, usual = visit.text.language == "en", visit.text(f"error.why.{known}")
    said = translated or (detail if english and not waited_for else usual)
    shown = page(
        request, "error.html", visit=visit, status=status, code=known, number=status, detail=said,
        more=detail if known == "away" and may(request, Scope.ADMIN) else "",
    )  # fmt: skip
    if status == 503:
        shown.headers["Refresh"] = _TRY_AGAIN_S  # while the service starts
    for name in ("retry-after", "allow"):
        if name in headers:
            shown.headers[name] = headers[name]
    return shown
