"""Under which names a service is reached."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from searchsvc.settings import Settings

__all__ = ["LOOPBACK", "is_loopback", "name_in", "named", "public_address"]

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def named(settings: Settings) -> list[str]:
    """Hosts the settings name: of the public address, and the address it listens on unless that means all."""
    named = [urlsplit(settings.public_url).hostname or ""] if settings.public_url else []
    try:
        every = ipaddress.ip_address(settings.host).is_unspecified
    except ValueError:
        every = not settings.host
    return named if every else [*named, settings.host.lower()]


def name_in(host: str) -> str:
    """Without port and brackets, as names are compared."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def public_address(settings: Settings, asked: str = "") -> str:
    """Scheme, host and port of links for others, without a slash: what the setting says; else where somebody asked, or
    where the service listens.
    """
    here = f"http://{'localhost' if settings.host in ('0.0.0.0', '::') else settings.host}:{settings.port}"
    return settings.public_url or asked.rstrip("/") or here
