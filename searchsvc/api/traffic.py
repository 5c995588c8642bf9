"""Around everything: each request gets an id, is counted and timed, and is logged and traced when that is asked for."""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchsvc.api.rate import address_of
from searchsvc.logs import REQUESTS, current_request, request_id_of

if TYPE_CHECKING:
    from searchsvc.metrics import Metrics

__all__ = ["REQUEST_ID", "Traffic"]

REQUEST_ID = "X-Request-ID"
_NO_ROUTE = "(none)"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = logging.getLogger(REQUESTS)


class Traffic:
    """The id is the one that the request brings when it is well formed; the answer, problems and logs have it.

    queries: whether what was searched stands in logs and traces, too.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics | None, queries: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._traces = metrics.traces if metrics else None
        self._queries = queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = request_id_of(headers.get(REQUEST_ID))
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        token = current_request.set(request_id)
        began = time.perf_counter()
        try:
            with (
                self._metrics.request_running() if self._metrics else nullcontext(),
                self._traces.request(headers) if self._traces else nullcontext() as span,
            ):
                try:
                    await self._app(scope, receive, sending)
                finally:
                    if span is not None and span.is_recording():
                        self._trace(span, scope, status, request_id)
        finally:
            self._tell(scope, status, time.perf_counter() - began)
            current_request.reset(token)

    def _trace(self, span: Any, scope: Scope, status: int, request_id: str) -> None:
        method, route = _asked_for(scope)
        fields: dict[str, str | int] = {
            "http.request.method": method, "http.route": route, "http.response.status_code": status,
            "searchsvc.request_id": request_id,
        }  # fmt: skip
        if self._queries and (words := _words(scope)):
            fields["searchsvc.query"] = words
        assert self._traces
        self._traces.answered(span, failed=status >= 500, name=f"{method} {route}", fields=fields)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _asked_for(scope)
        if self._metrics:
            self._metrics.request(method, route, status, seconds)
        if not log.isEnabledFor(logging.INFO):
            return
        fields = {
            "method": method, "route": route, "status": status, "duration_ms": round(seconds * 1000, 1),
            "client": address_of(scope),
        }  # fmt: skip
        if self._queries and (words := _words(scope)):
            fields["query"] = words
        message = " ".join(str(value) for value in fields.values())
        log.info("%s", message, extra={"fields": fields})


def _asked_for(scope: Scope) -> tuple[str, str]:
    """The method and the template of the route."""
    route = str(getattr(scope.get("route"), "path", None) or _NO_ROUTE)
    return scope["method"] if scope["method"] in _METHODS else "other", route


def _words(scope: Scope) -> str | None:
    """What was searched."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("q")
    return asked[0] if asked else None
