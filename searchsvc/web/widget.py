"""The widget: its file, under an address that never changes what it holds, and pages that show it."""

from __future__ import annotations

from fastapi import APIRouter

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
