"""Tables as lines of text: every cell in the column that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["in_columns", "span", "table_lines"]

_MAX_SPAN = 50  # rows or columns of one cell


def in_columns(rows: Iterable[Iterable[tuple[str, int, int]]]) -> list[list[str]]:
    """rows: cells as text, rows and columns that they go over. What does stands in the first, the others are empty."""
    below: dict[int, int] = {}  # column: rows for which a cell from above still goes on
    grid = []
    for row in rows:
        cells: list[str] = []
        for text, down, across in row:
            _go_on(cells, below)
            below.update(dict.fromkeys(range(len(cells), len(cells) + across), down - 1))
            cells += [text, *[""] * (across - 1)]
        _go_on(cells, below)
        grid.append(cells)
    return grid


def _go_on(cells: list[str], below: dict[int, int]) -> None:
    while below.get(len(cells), 0):
        below[len(cells)] -= 1
        cells.append("")


def table_lines(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines, cells joined by ` | `; columns at the start that are empty are left out."""
    first = min((at for row in rows for at, cell in enumerate(row) if cell), default=0)
    return "\n".join(" | ".join(row[first:]).rstrip(" |") for row in rows if any(row))


def span(value: str | None) -> int:
    """Of an attribute such as `rowspan`."""
    number = (value or "").strip()
    return min(_MAX_SPAN, max(1, int(number))) if number.isascii() and number.isdigit() else 1
