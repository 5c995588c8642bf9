"""Errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from searchsvc.access.callers import Scope
from searchsvc.api.callers import caller_of
from searchsvc.api.schemas import Problem
from searchsvc.catalogue.away import DATABASE_AWAY, database_away
from searchsvc.errors import (
    AwayError,
    BusyError,
    ConflictError,
    DamagedBackupError,
    DamagedHomeError,
    GenerationError,
    HomeError,
    IngestError,
    ModelError,
    NotFoundError,
    QueryError,
    SearchsvcError,
    SettingsError,
    StoreError,
    StoreFullError,
)
from searchsvc.logs import current_request

__all__ = ["handle_errors", "problem"]

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[SearchsvcError], int, str], ...] = (
    (NotFoundError, 404, "Not found"),
    (QueryError, 422, "The request is malformed"),
    (ConflictError, 409, "It was changed meanwhile"),
    (IngestError, 422, "The file cannot be taken"),
    (BusyError, 503, "Busy"),
    (GenerationError, 503, "The index is of another encoder"),
    (StoreFullError, 507, "The disk is nearly full"),
    (StoreError, 503, "The store does not answer"),
    (AwayError, 503, "Something does not answer"),
    (ModelError, 503, "The encoder cannot be used"),
    (SettingsError, 422, "A setting is wrong"),
    (DamagedBackupError, 422, "The backup is damaged"),
    (DamagedHomeError, 500, "The catalogue is damaged"),
    (HomeError, 422, "This cannot be done here"),
    (SearchsvcError, 500, "Error"),
)
_RETRY_AFTER_S = "2"
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def problem(
    status: int, detail: str, *, title: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """title: what HTTP calls the status when not given."""
    body = Problem(
        title=title or HTTPStatus(status).phrase, status=status, detail=detail, request_id=current_request.get()
    )
    return JSONResponse(body.model_dump(exclude_none=True), status, headers, media_type="application/problem+json")


def handle_errors(app: FastAPI) -> None:
    """Have every error of the application answered by a problem."""
    app.add_exception_handler(SearchsvcError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(UnicodeEncodeError, _half_a_character)
    app.add_exception_handler(DataError, _zero)
    app.add_exception_handler(OSError, _unknown)
    app.add_exception_handler(Exception, _unknown)


def _known(request: Request, error: Exception) -> JSONResponse:
    status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    detail = str(error)
    if status == 503 and not caller_of(request.scope).may(Scope.ADMIN) and _says_where(request, error):
        log.warning("%s", detail)
        detail = f"{title[0].lower()}{title[1:]}; try again in a moment. The log of the service says more."
    return problem(status, detail, title=title, headers={"Retry-After": _RETRY_AFTER_S} if status == 503 else None)


def _says_where(request: Request, error: Exception) -> bool:
    """Whether an error may name addresses or paths: of what is away, or of what kept the service from starting."""
    running = getattr(request.app.state, "running", None)
    return isinstance(error, (StoreError, AwayError)) or bool(running and running.failure and not running.started)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return problem(422, f"{where}: {first['msg']}.", title="The request is malformed")


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if is_full(error):  # while the form is kept for a moment, which the framework takes for a malformed one
        return _unknown(request, error)
    detail = str(error.detail)
    if error.status_code == 400:  # the framework's alone: JSON that is no UTF-8, a form without its boundary
        return problem(422, f"the body cannot be read: {detail.rstrip('.')}.", title="The request is malformed")
    if error.status_code == 405:
        error.headers = {**(error.headers or {}), "Allow": ", ".join(_allowed(request))}
    if detail == HTTPStatus(error.status_code).phrase:  # the framework's own: no such route, no such method
        where = f"{request.method} {request.url.path}"
        detail = f"there is no {where}; /docs lists what there is."
    return problem(error.status_code, detail, headers=error.headers)


def _allowed(request: Request) -> list[str]:
    """The methods that any route takes on this path; the framework names those of the first one that it finds."""

    def is_taken(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return [method for method in _METHODS if is_taken(method)]


def _database(request: Request, error: Exception) -> JSONResponse:
    away = database_away(error)
    if away is None or is_full(error):
        return _unknown(request, error)
    log.warning("%s", away)
    detail = f"{away.partition(':')[0]}; try again in a moment."  # addresses are for the log
    return problem(503, detail, title="The database does not answer", headers={"Retry-After": _RETRY_AFTER_S})


def is_full(error: BaseException | None) -> bool:
    """Whether it comes from a disk, a quota or a limit of file size that is used up."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, OperationalError) and "disk is full" in str(error.orig):
            return True
        error = error.__cause__ or error.__context__
    return False


def _half_a_character(_request: Request, _error: Exception) -> JSONResponse:
    """JSON can say `\\ud800`, which is no text: neither the catalogue nor an answer can hold it."""
    detail = "the text holds half a character (a lone surrogate such as \\ud800); send it as UTF-8."
    return problem(422, detail, title="The request is malformed")


def _zero(request: Request, error: Exception) -> JSONResponse:
    """PostgreSQL's texts cannot hold U+0000; SQLite's can, and find nothing."""
    if "NUL" not in str(getattr(error, "orig", "")):
        return _unknown(request, error)
    return problem(422, "a value holds the character U+0000, which is no text.", title="The request is malformed")


def _unknown(request: Request, error: Exception) -> JSONResponse:
    if is_full(error):
        log.error("%s %s failed: the disk is full", request.method, request.url.path)
        return problem(507, "the disk that searchsvc keeps its home on is full; make room and do this again.")
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, f"searchsvc failed in a way that was not foreseen ({type(error).__name__}); its log says more.")
