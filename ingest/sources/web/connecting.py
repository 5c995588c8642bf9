"""Connections to the very addresses that were judged, whatever their names mean by then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpcore

from ingest.sources.web.guard import Guard

__all__ = ["GuardedBackend"]


class GuardedBackend(httpcore.NetworkBackend):
    """What httpcore opens connections with. A certificate is still that of the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first address that answers. Raises RefusedError, UnreachableError and what httpcore raises."""
        addresses = self._guard.addresses(host, port)
        for address in addresses[:-1]:
            try:
                return self._system.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._system.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        self._system.sleep(seconds)
