"""The FastAPI application: routes, and what all of them have in common. It owns nothing; the service is handed to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

import searchsvc
from searchsvc.api import (
    archive,
    collaborators,
    insights,
    jobs,
    network,
    operation,
    projects,
    register,
    search,
    suggest,
)
from searchsvc.api.access import Gate
from searchsvc.api.bodies import Problem
from searchsvc.api.context import Running
from searchsvc.api.problems import handle_errors
from searchsvc.api.public import PublicSearch

__all__ = ["create_app"]

_PROBLEM = {"application/problem+json": {"schema": Problem.model_json_schema()}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": _PROBLEM} for status in (401, 403, 404, 413, 422, 429, 503)
}


def create_app(running: Running) -> FastAPI:
    """All of the HTTP API over one service. Endpoints run in threads; none of them blocks the event loop."""
    app = FastAPI(
        title="searchsvc",
        version=searchsvc.__version__,
        summary="Search, related resources and connections for a learning network's archive.",
        responses=_PROBLEMS,
        docs_url=None,  # `/docs` is of searchsvc.web; the framework's loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.running = running
    app.add_middleware(PublicSearch, settings=running.settings)
    app.add_middleware(Gate, settings=running.settings)
    for part in (search, suggest, archive, jobs, register, collaborators, projects, network, insights, operation):
        app.include_router(part.router)
    handle_errors(app)
    return app
