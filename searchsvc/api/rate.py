"""How often one address may do something."""

from __future__ import annotations

import ipaddress
import math
import time

from starlette.types import Scope

__all__ = ["Rate", "address_of"]

_POLICY = "public"
_WINDOW_S = 60


class Rate:
    """Windows of a minute, one for each address, each from its first request on. The count is this process's own."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        # Imported where sites may search: seldom, and not by a command that asks in its own process.
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import FixedWindowRateLimiter

        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, address: str) -> tuple[bool, dict[str, str]]:
        """Whether one more may pass, and the headers that say how many are left.

        `RateLimit` and `RateLimit-Policy` are those of draft-ietf-httpapi-ratelimit-headers-08 and later, the other
        three those of the drafts before it, which more clients know.
        """
        passed = self._limiter.hit(self._item, address)
        reset_at, left = self._limiter.get_window_stats(self._item, address)
        reset_s = max(1, math.ceil(reset_at - time.time()))
        headers = {
            "RateLimit-Policy": f'"{_POLICY}";q={self.per_minute};w={_WINDOW_S}',
            "RateLimit": f'"{_POLICY}";r={left};t={reset_s}',
            "RateLimit-Limit": str(self.per_minute),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(reset_s),
        }
        return passed, headers if passed else {**headers, "Retry-After": str(reset_s)}


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
