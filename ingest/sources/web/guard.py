"""Which addresses may be connected to: those of the open internet, and those that a setting allows.

Somebody who may add a source, or a page that redirects, must not make this machine ask what only it can reach. So it is
the address that is judged, not the name, and that address is connected to: a name that means another one a moment
later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from searchsvc.errors import RefusedError, UnreachableError

__all__ = ["Allowed", "Guard", "Resolve", "inside", "resolve"]

Resolve = Callable[[str, int], Sequence[str]]  # host and port -> IP addresses; raises OSError
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and one cloud's public address of its own.
_INSIDE_4 = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
)  # fmt: skip
# Of IPv6 only what is given out to the public counts as outside, without what is set apart in it (Teredo, 6to4, ...).
_OUTSIDE_6 = ipaddress.IPv6Network("2000::/3")
_INSIDE_6 = tuple(
    ipaddress.IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
_CARRIES_4 = tuple(ipaddress.IPv6Network(one) for one in ("::ffff:0:0/96", "64:ff9b::/96"))  # mapped, NAT64


def inside(address: str) -> bool:
    """Whether it is anything else than an address of the open internet. Of one that carries an IPv4 address, that
    counts. What is no address is inside."""
    return _inside(_read(address))


class Allowed:
    """Hosts of one's own network that a setting allows: a name, an address or a network, each with a port or for all.

    As `intranet.example.org`, `10.0.0.5:8080`, `10.1.0.0/16` or `[fd00::5]:8080`.
    """

    def __init__(self, given: Sequence[str]) -> None:
        """Raises ValueError with a reason for people."""
        self._names: set[tuple[str, int | None]] = set()
        self._networks: list[tuple[_Network, int | None]] = []
        for one in given:
            host, port = _host_and_port(one)
            try:
                self._networks.append((ipaddress.ip_network(host, strict=False), port))
            except ValueError:
                if "/" in host or not host.strip("."):
                    raise ValueError(
                        f"{one!r} is no host: write a name, an address or a network, with :PORT or without"
                    ) from None
                self._names.add((host.lower().strip("."), port))

    def allows(self, host: str, address: str, port: int) -> bool:
        if not {(host.lower().strip("."), None), (host.lower().strip("."), port)}.isdisjoint(self._names):
            return True
        found = _read(address)
        candidates = [one for one in (found, _carried(found)) if one is not None]
        return any(
            allowed in (None, port) and one.version == network.version and one in network
            for network, allowed in self._networks
            for one in candidates
        )


class Guard:
    """Turns names into addresses that may be connected to."""

    def __init__(self, allowed: Allowed, *, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Those of `host` that may be connected to. Raises RefusedError when it has none, UnreachableError when it has
        no address at all."""
        try:
            found = tuple(dict.fromkeys(self._resolve(host, port)))
        except OSError as error:
            raise UnreachableError(f"{host} has no address: {error.strerror or error}.") from None
        except UnicodeError:
            raise RefusedError(f"{host} cannot be the name of a host.") from None
        good = tuple(one for one in found if not inside(one) or self._allowed.allows(host, one, port))
        if not good:
            raise RefusedError(
                f"{host} is an address inside a network ({', '.join(found) or 'none'}), which is not asked; the "
                "setting source_hosts allows a host."
            )
        return good


def resolve(host: str, port: int) -> Sequence[str]:
    """By the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _, _, _, _, address in found]


def _inside(address: _Address | None) -> bool:
    if address is None or getattr(address, "scope_id", None):
        return True
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in network for network in _INSIDE_4)
    carried = _carried(address)
    if carried is not None:
        return _inside(carried)
    return address not in _OUTSIDE_6 or any(address in network for network in _INSIDE_6)


def _carried(address: _Address | None) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in _CARRIES_4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _read(address: str) -> _Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _host_and_port(given: str) -> tuple[str, int | None]:
    host, port = given.strip(), ""
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":")
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{given!r} has no port between 1 and 65535")
    return host, int(port) if port else None
