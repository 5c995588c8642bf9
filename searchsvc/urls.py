"""Addresses of stores and storages, as they may be shown."""

from __future__ import annotations

__all__ = ["without_user"]


def without_user(url: str) -> str:
    """Without a user and a password: what stands before the last `@`, whatever it is. A folder stays as it is."""
    scheme, mark, rest = url.rpartition("://")
    if not mark and "/" in rest.partition("@")[0]:
        return url
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
