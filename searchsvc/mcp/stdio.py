"""The tools over standard input and output, for an assistant that starts the program itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from searchsvc.errors import SearchsvcError

__all__ = ["Connected", "OnDemand", "serve_stdio"]

_IDLE_S = 5.0  # a command waits ten seconds for a home that another process uses


class Connected:
    """One way to the service. base: where people open its pages, or None."""

    def __init__(self, get: Callable[..., object], close: Callable[[], None], base: str | None) -> None:
        self.get = get
        self.close = close
        self.base = base


class OnDemand:
    """The service that owns the home, or one in this process, from a question until nothing was asked for a while: an
    assistant stays open for days, and others use the home.

    One question at a time, all in one thread.
    """

    def __init__(self, connect: Callable[[], Connected], *, idle_s: float = _IDLE_S) -> None:
        self._connect = connect
        self._idle_s = idle_s
        self._thread = ThreadPoolExecutor(1, "asking")
        self._open: Connected | None = None
        self._timer: threading.Timer | None = None
        self.base: str | None = None

    async def get(self, path: str, params: Mapping[str, Any]) -> object:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._get, path, params)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._thread.submit(self._let_go)
        self._thread.shutdown()

    def _get(self, path: str, params: Mapping[str, Any]) -> object:
        if self._timer:
            self._timer.cancel()
        if self._open is None:
            self._open = self._connect()
        self.base = self._open.base
        try:
            return self._open.get(path, params)
        except SearchsvcError as error:
            if getattr(error, "status", 0) is None:  # no answer: it was ended, and may be up elsewhere
                self._let_go()
                self._open = self._connect()
                self.base = self._open.base
                return self._open.get(path, params)
            raise
        finally:
            self._timer = threading.Timer(self._idle_s, self._idle)
            self._timer.daemon = True
            self._timer.start()

    def _idle(self) -> None:
        try:
            self._thread.submit(self._let_go)
        except RuntimeError:  # it ends
            return

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def serve_stdio(site_name: str, asker: OnDemand) -> None:
    """Until standard input ends."""
    from searchsvc.mcp.server import make_server

    server = make_server(site_name, lambda _: asker)
    try:
        asyncio.run(server.run_stdio_async())
    finally:
        asker.close()
