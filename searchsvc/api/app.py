"""The FastAPI application: routes, and what they have in common. It owns nothing; the service is handed to it."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

import searchsvc
from searchsvc.api.access import Gate
from searchsvc.api.context import Running
from searchsvc.api.problems import handle_errors
from searchsvc.api.public import PublicSearch
from searchsvc.api.schemas import Problem
from searchsvc.api.traffic import Traffic

__all__ = ["ROUTERS", "create_app", "routers_of"]

# Modules with routes, in the order of the documentation, and what the paths of each begin with, after /v1.
ROUTERS = {
    "search.routes": ("search", "resources"),
    "search.suggest": ("suggest",),
    "resources.routes": ("resources", "passages"),
    "ingest.routes": ("jobs", "resources"),
    "sources.routes": ("sources",),
    "register.routes": ("register", "people", "organizations", "projects", "investments", "events", "identities"),
    "register.privacy": ("people",),
    "people.routes": ("collaborators",),
    "projects.routes": ("complementary", "duplicates", "gaps", "projects", "verdicts"),
    "landscape.routes": ("landscape",),
    "curation.routes": ("curation",),
    "judging.routes": ("judging",),
    "network.routes": ("network", "introductions"),
    "insights.routes": ("insights", "clicks"),
    "digest.routes": ("digest",),
    "calendar.routes": ("calendar",),
    "watches.routes": ("watches",),
    "letters.routes": ("mail",),
    "keys.routes": ("keys",),
    "users.routes": ("users",),
    "audit.routes": ("audit",),
    "operation.routes": ("status", "healthz", "readyz", "verify", "backup", "restore", "metrics"),
}

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": _PROBLEM}
    for status in (401, 403, 404, 413, 422, 429, 503)
}


class _Api(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """Around everything, also what answers errors that nobody foresaw."""
        running: Running = self.state.running
        queries = running.settings.log_queries
        return Traffic(super().build_middleware_stack(), metrics=running.metrics, queries=queries)

    def openapi(self) -> dict[str, Any]:
        """Problems are described once; the framework would have them be `application/json` to do the same."""
        described = super().openapi()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        return described


def routers_of(path: str) -> tuple[str, ...]:
    """Those of `ROUTERS` that a path may belong to; all for what is of none, such as the description of the whole."""
    first = path.removeprefix("/v1").strip("/").partition("/")[0]
    return tuple(name for name, beginnings in ROUTERS.items() if first in beginnings) or tuple(ROUTERS)


def create_app(running: Running, routers: Collection[str] = tuple(ROUTERS)) -> FastAPI:
    """The HTTP API over one service. Endpoints run in threads; none of them blocks the event loop.

    routers: those of `ROUTERS` that are wanted; the modules of the others are not imported.
    """
    app = _Api(
        title="searchsvc",
        version=searchsvc.__version__,
        summary="Search, related resources and connections for a learning network's archive.",
        responses=_PROBLEMS,
        docs_url=None,  # `/docs` is of searchsvc.web; the framework's loads scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # `list_people`, as a client says it
    )
    app.state.running = running
    app.add_middleware(PublicSearch, running=running)
    app.add_middleware(Gate, running=running)
    for name in ROUTERS:
        if name in routers:
            app.include_router(importlib.import_module(f"searchsvc.api.{name}").router)
    handle_errors(app)
    return app
