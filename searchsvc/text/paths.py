"""Paths as people read them."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["printable"]


def printable(path: Path) -> str:
    """A path may hold bytes that are no text; they are written as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
