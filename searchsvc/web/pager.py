"""Lists that are longer than a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Pager", "page_numbers", "pager"]

_AROUND = 2


@dataclass(frozen=True, slots=True)
class Pager:
    """pages: number and address, None for this one; 0 stands for a gap."""

    pages: tuple[tuple[int, str | None], ...]
    previous: str | None
    following: str | None


def pager(page: int, last: int, link: Callable[[int], str]) -> Pager:
    """link: the address of a page, by its number."""
    return Pager(
        tuple((number, None if number in (0, page) else link(number)) for number in page_numbers(page, last)),
        link(page - 1) if page > 1 else None,
        link(page + 1) if page < last else None,
    )


def page_numbers(page: int, last: int) -> list[int]:
    """The first, the last and those around this one; 0 stands for a gap."""
    wanted = sorted({1, last, *range(max(1, page - _AROUND), min(last, page + _AROUND) + 1)})
    numbers: list[int] = []
    for number in wanted:
        if numbers and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else 0)
        numbers.append(number)
    return numbers if last > 1 else []
