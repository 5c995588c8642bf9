"""How often one address may do something."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from itertools import islice

from starlette.types import Scope

__all__ = ["Rate", "address_of"]

_POLICY = "public"
_WINDOW_S = 60
_MOST = 100_000  # addresses in one minute, about 20 MB
_AT_ONCE = 3  # that are let go of when one comes: more than come


class Rate:
    """Windows of a minute, one for each address, each from its first request on. The count is this process's own.

    Safe to use from many threads. seconds: the clock.
    """

    def __init__(self, per_minute: int, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._seconds = seconds
        self._windows: dict[str, tuple[float, int]] = {}  # address -> end and requests, the first to end first
        self._lock = threading.Lock()

    def count(self, address: str) -> tuple[bool, dict[str, str]]:
        """Whether one more may pass, and the headers that say how many are left.

        `RateLimit` and `RateLimit-Policy` are those of draft-ietf-httpapi-ratelimit-headers-08 and later, the other
        three those of the drafts before it, which more clients know.
        """
        now = self._seconds()
        with self._lock:
            end, asked = self._windows.get(address, (now, 0))
            if end <= now:
                self._windows.pop(address, None)
                self._let_go(now)
                end, asked = now + _WINDOW_S, 0
            self._windows[address] = (end, asked + 1)
        left = max(0, self.per_minute - asked - 1)
        reset_s = max(1, math.ceil(end - now))
        headers = {
            "RateLimit-Policy": f'"{_POLICY}";q={self.per_minute};w={_WINDOW_S}',
            "RateLimit": f'"{_POLICY}";r={left};t={reset_s}',
            "RateLimit-Limit": str(self.per_minute),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(reset_s),
        }
        passed = asked < self.per_minute
        return passed, headers if passed else {**headers, "Retry-After": str(reset_s)}

    def _let_go(self, now: float) -> None:
        """Of windows that have ended; of the first ones, too, when there are very many."""
        for address, (end, _) in list(islice(self._windows.items(), _AT_ONCE)):
            if end > now and len(self._windows) < _MOST:
                return
            del self._windows[address]


def address_of(scope: Scope) -> str:
    """The client's; of IPv6 the /64 that one subscriber has for itself."""
    host = str(scope["client"][0]) if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:  # what a socket for both calls an IPv4 client
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))
