"""Which searches are counted for insights: those that somebody typed, and nobody who objects."""

from __future__ import annotations

from fastapi import Request

from searchsvc.filters import Filter
from searchsvc.search.searcher import Answer
from searchsvc.service import Service

__all__ = ["count_search", "objects"]


def count_search(request: Request, service: Service, answer: Answer, where: Filter, offset: int) -> None:
    """Count a search: the first page of one with words and without filters. Other pages and filters refine it."""
    if request.method == "GET" and not offset and where == Filter() and not objects(request):
        service.insights.searched(answer.query.raw, answer.total)


def objects(request: Request) -> bool:
    """Whether the browser asks that nothing be noted: Global Privacy Control, or Do Not Track."""
    return "1" in (request.headers.get("sec-gpc"), request.headers.get("dnt"))
