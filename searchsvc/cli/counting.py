"""Numbers in sentences."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, one: str, many: str = "") -> str:
    """`1 work`, `2 works`; `many` where it is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
