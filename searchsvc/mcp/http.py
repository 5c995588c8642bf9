"""The tools at `/mcp` of the service: streamable HTTP, each request by itself, answered as JSON."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from searchsvc.api.access import COUNTED, MCP
from searchsvc.api.callers import PASSED_ON
from searchsvc.api.problems import problem
from searchsvc.errors import NotFoundError, SearchsvcError
from searchsvc.settings import Settings

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

__all__ = ["mount"]

_ANSWER_S = 600.0  # of the application itself, which has its own limits
_PASSED = ("authorization", "x-request-id", *PASSED_ON)


def mount(app: FastAPI, settings: Settings) -> None:
    """Add the route. The SDK is imported when it is first asked for; without it the answer says how to install it."""
    app.router.routes.append(Route(MCP, _Endpoint(app, settings), include_in_schema=False))


class _Endpoint:
    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._server = lru_cache(maxsize=1)(lambda: _made(app, settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["method"] != "POST"
        ):  # nothing is sent but answers, so there is no stream to open and no session to end
            answer = problem(405, "assistants ask here, with POST; docs/mcp.md says how.", headers={"Allow": "POST"})
            await answer(scope, receive, send)
            return
        if importlib.util.find_spec("mcp") is None:
            answer = problem(404, "the tools for assistants are not installed: pip install 'searchsvc[mcp]'.")
            await answer(scope, receive, send)
            return
        server = await anyio.to_thread.run_sync(self._server)  # half a second of imports, once

        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(server._lowlevel_server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _made(app: FastAPI, settings: Settings) -> MCPServer[Any]:
    from searchsvc.mcp.server import make_server

    def asker(request: Request | None) -> _Inside:
        assert request is not None
        return _Inside(app, request, settings.public_url)

    return make_server(settings.site_name, asker)


class _Inside:
    """The application of this process, asked in the name of whoever sent the request: from their address, with their
    key, under the name they used.
    """

    def __init__(self, app: ASGIApp, request: Request, public_url: str | None) -> None:
        self._app = app
        self._request = request
        self._here = str(request.base_url).rstrip("/")
        self.base = public_url or self._here

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, COUNTED: True}, receive, send)

    async def get(self, path: str, params: Mapping[str, Any]) -> object:
        client = self._request.client
        transport = httpx.ASGITransport(
            self._counted, raise_app_exceptions=False, client=(client.host, client.port) if client else ("", 0)
        )
        passed = {name: self._request.headers[name] for name in _PASSED if name in self._request.headers}
        async with httpx.AsyncClient(
            transport=transport, base_url=self._here, headers=passed, timeout=_ANSWER_S
        ) as asking:
            answer = await asking.get(path, params=params)
        return read_answer(answer)


def read_answer(answer: httpx.Response) -> object:
    """The JSON. Raises SearchsvcError with the line that stands in a problem."""
    if answer.is_success:
        return answer.json()
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"the service answered {answer.status_code}."
    raise NotFoundError(detail) if answer.status_code == 404 else SearchsvcError(detail)
