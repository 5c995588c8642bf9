"""Answers in JSON: read, and looked into without trust in their shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from searchsvc.errors import DamagedError

__all__ = ["at", "items", "read_json", "text"]


def read_json(data: bytes, service: str) -> Mapping[str, Any]:
    """Raises DamagedError for what is no JSON object."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise DamagedError(f"{service} gives no JSON that can be read") from None
    if not isinstance(found, dict):
        raise DamagedError(f"{service} gives another JSON than is documented")
    return found


def at(value: object, *path: str) -> object:
    """What stands there; None where something else than an object is in between."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; none of anything else."""
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def text(value: object) -> str:
    """One line; of a list the first, of an object nothing."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""
