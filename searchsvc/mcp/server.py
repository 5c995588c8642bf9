"""The server that has the tools, made with the official SDK."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp_types import ToolAnnotations
from pydantic import ValidationError
from starlette.requests import Request

import searchsvc
from searchsvc.errors import SearchsvcError
from searchsvc.mcp.tools import Asker, Tools

__all__ = ["make_server"]

_INSTRUCTIONS = (
    "The archive of a learning network, and its register of people, organizations and projects. Search before you "
    "answer, read the passages you rely on, and cite them by their links. What is marked as a question is one: ask, "
    "do not state it. When nothing is relevant, say so."
)

_request: ContextVar[Request | None] = ContextVar("request", default=None)


class _Server(MCPServer[Any]):
    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None) -> Any:
        """As the SDK's, but that what goes wrong is one line."""
        token = _request.set(context.request_context.request if context else None)
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, SearchsvcError):
                raise ToolError(" ".join(str(cause).split())) from None
            if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
                raise ToolError(_first(cause)) from cause
            raise
        finally:
            _request.reset(token)


def make_server(site_name: str, asker: Callable[[Request | None], Asker]) -> MCPServer[Any]:
    """asker: for the HTTP request that a call came with, or for None when it came over standard input."""
    if not logging.getLogger().handlers:  # or the SDK would set up its own log, with colours
        logging.basicConfig(level=logging.WARNING)
    server = _Server(
        "searchsvc", title=site_name, version=searchsvc.__version__, instructions=_INSTRUCTIONS, subscriptions=False
    )
    for title, tool in Tools(lambda: asker(_request.get())).all():
        server.add_tool(
            tool,
            title=title,
            description=" ".join((inspect.getdoc(tool) or "").split()),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
            structured_output=True,
        )
    return server


def _first(error: ValidationError) -> str:
    one = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, one['loc']))}: {' '.join(one['msg'].split())}."
