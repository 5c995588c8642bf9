"""The FastAPI application: routes, and errors as problem+json. It owns nothing; the service is handed to it."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import searchsvc
from searchsvc.api import archive, jobs, search
from searchsvc.api.access import UploadLimit
from searchsvc.api.bodies import Problem
from searchsvc.api.context import Running
from searchsvc.errors import (
    BusyError,
    GenerationError,
    IngestError,
    ModelError,
    NotFoundError,
    QueryError,
    SearchsvcError,
    StoreError,
)

__all__ = ["create_app"]

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[SearchsvcError], int, str], ...] = (
    (NotFoundError, 404, "Not found"),
    (QueryError, 422, "The request is malformed"),
    (IngestError, 422, "The file cannot be taken"),
    (BusyError, 503, "Busy"),
    (GenerationError, 503, "The index is of another encoder"),
    (StoreError, 503, "The store does not answer"),
    (ModelError, 503, "The encoder cannot be used"),
    (SearchsvcError, 500, "Error"),
)
_RETRY_AFTER_S = "2"
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (401, 404, 422, 503)
}


def create_app(running: Running) -> FastAPI:
    """All of the HTTP API over one service. Endpoints run in threads; none of them blocks the event loop."""
    app = FastAPI(
        title="searchsvc",
        version=searchsvc.__version__,
        summary="Search, related resources and connections for a learning network's archive.",
        responses=_PROBLEMS,
    )
    app.state.running = running
    app.add_middleware(UploadLimit, max_bytes=running.settings.max_upload_mb * 1_000_000)
    for router in (search.router, archive.router, jobs.router):
        app.include_router(router)
    app.add_exception_handler(SearchsvcError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)
    return app


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = Problem(title=title, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, media_type="application/problem+json")


def _known(_request: Request, error: Exception) -> JSONResponse:
    status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    return problem(status, title, str(error), {"Retry-After": _RETRY_AFTER_S} if status == 503 else None)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return problem(422, "The request is malformed", f"{where}: {first['msg']}.")


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), str(error.detail), dict(error.headers or {}))


def _unknown(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "Error", f"searchsvc failed in a way that was not foreseen ({type(error).__name__}); its log says more.")


