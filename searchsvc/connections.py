"""Connections of the service: how many, and how long one may take to ask its first thing.

uvicorn waits for the head of a request for ever. A few thousand connections that never finish theirs then leave no file
descriptor for anybody else.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["limited_protocol", "raise_descriptor_limit"]

HEAD_S = 10.0  # for the head of a request, from the connection or the first byte of the next request on
_OTHERS = 256  # descriptors that are no connections: databases, files, pipes
_WANTED = 65_536


def raise_descriptor_limit(connections: int) -> int:
    """Ask the system for as many open files as `connections` need. Returns how many connections there can be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, min(_WANTED, connections + _OTHERS))
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(1, min(connections, wanted - _OTHERS))


class _Limited(H11Protocol):
    """Closes what has not asked anything in time, and the oldest of those when there are too many connections.

    When every connection is being answered, a new one is turned away.
    """

    most: ClassVar[int]
    waiting: ClassVar[dict[_Limited, asyncio.TimerHandle]]  # oldest first

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            oldest = next(iter(self.waiting), self)
            oldest._end()
            if oldest is self:
                return
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()  # for the rest of a head
        else:
            self._waited()

    def connection_lost(self, exc: Exception | None) -> None:
        self._waited()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self not in self.waiting:
            self.waiting[self] = self.loop.call_later(HEAD_S, self._end)

    def _waited(self) -> None:
        if timer := self.waiting.pop(self, None):
            timer.cancel()

    def _end(self) -> None:
        self._waited()
        self.transport.abort()


def limited_protocol(most: int) -> type[asyncio.Protocol]:
    """For uvicorn's `http`. most: connections of one server."""
    members: dict[str, Any] = {"most": most, "waiting": {}}
    return type("LimitedProtocol", (_Limited,), members)
