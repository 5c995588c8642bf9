"""Everything for browsers, on top of the API."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from fastapi import FastAPI

from searchsvc.web import widget

__all__ = ["add_site"]


def add_site(app: FastAPI) -> None:
    """Add the routes of the widget and of the search page. None of them is part of the OpenAPI document."""
    app.include_router(widget.router)
    if find_spec("searchsvc.web.pages"):
        app.include_router(import_module("searchsvc.web.pages").router)
