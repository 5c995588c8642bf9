"""Rows of a table with a cell for each column: empty cells kept, cells over several lines joined. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingest.extract.pdf.layout import TextRow

__all__ = ["in_columns", "wraps"]

_REACH_EM = 0.5  # how far from the others the cells of a column may start
_LINE_EM = 1.45  # from one line of a cell to the next at most


def wraps(above: TextRow | None, rows: Sequence[TextRow], row: TextRow) -> bool:
    """Whether `row` is more lines of cells of the row above it: nothing stands in the first column, little space."""
    if above is None or row.base - above.base > _LINE_EM * row.size or abs(row.size - above.size) > 0.1 * row.size:
        return False
    edges = max((one.edges for one in rows), key=len)
    return len(edges) >= 3 and all(_near(edge, edges[1:], row.size) for edge in row.edges)


def _near(edge: float, edges: Sequence[float], size: float) -> bool:
    return any(abs(edge - other) <= _REACH_EM * size for other in edges)


def in_columns(rows: Sequence[TextRow]) -> tuple[TextRow, ...]:
    """`rows` with an empty cell where a column has none, the lines of a cell in one, as far as columns are told."""
    edges = _columns(rows)
    if not edges:
        return tuple(rows)
    placed: list[tuple[TextRow, list[str]]] = []
    last: TextRow | None = None
    for at, row in enumerate(rows):
        columns = [min(range(len(edges)), key=lambda column: abs(edges[column] - edge)) for edge in row.edges]
        if len(set(columns)) < len(columns):
            return tuple(rows)
        if last is not None and placed and wraps(last, rows[:at], row):
            for column, cell in zip(columns, row.cells, strict=True):
                before = placed[-1][1][column]
                placed[-1][1][column] = f"{before} {cell}".strip()
        else:
            cells = [""] * len(edges)
            for column, cell in zip(columns, row.cells, strict=True):
                cells[column] = cell
            placed.append((row, cells))
        last = row
    return tuple(replace(row, cells=tuple(cells)) for row, cells in placed)


def _columns(rows: Sequence[TextRow]) -> list[float]:
    """Where columns start, when rows that have all of them agree; empty when they do not."""
    most = max(len(row.edges) for row in rows)
    full = [row for row in rows if len(row.edges) == most]
    if most < 3 or len(full) < 2 or len(full) == len(rows):
        return []
    edges = [median(row.edges[column] for row in full) for column in range(most)]
    nearest = min((after - before for before, after in pairwise(edges)), default=0.0)
    reach = 0.35 * nearest
    together = all(abs(row.edges[column] - edges[column]) <= reach for row in full for column in range(most))
    others = all(any(abs(edge - one) <= reach for one in edges) for row in rows for edge in row.edges)
    return edges if nearest > 0 and together and others else []
