"""Tables on slides. Of the styles that programs bring along, what all share: a coloured head and striped rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ingest.facsimile.colours import A
from ingest.facsimile.lines import EMU, Styled, lines_of, number
from ingest.facsimile.values import Cell, Row

__all__ = ["table"]

_MOST_CELLS = 3000
_STRIPES = ("40", "20")  # how opaque


def table(grid: Any, style: Styled) -> tuple[tuple[float, ...], tuple[Row, ...]]:
    """Widths of the columns, and the rows; merged cells stand once."""
    columns = tuple(max(0.0, number(one.get("w")) / EMU) for one in grid.iterfind(f"{A}tblGrid/{A}gridCol"))
    settings = grid.find(f"{A}tblPr")
    named = settings is not None and settings.find(f"{A}tableStyleId") is not None

    def on(name: str) -> bool:
        return named and settings.get(name) in ("1", "true")

    rows, cells = [], 0
    for at, row in enumerate(grid.iterfind(f"{A}tr")):
        is_head = at == 0 and on("firstRow")
        striped = on("bandRow") and (at - on("firstRow")) % 2 == 0
        fill = style.palette.named("accent1") + ("" if is_head else _STRIPES[not striped]) if named else ""
        if is_head:
            own = replace(style, colour=style.palette.named("bg1"), bold=True)
        else:
            own = replace(style, colour=style.palette.named("tx1")) if named else style
        made = [
            _cell(cell, replace(own, bold=own.bold or (column == 0 and on("firstCol"))), fill)
            for column, cell in enumerate(row.iterfind(f"{A}tc"))
            if cell.get("hMerge") not in ("1", "true") and cell.get("vMerge") not in ("1", "true")
        ]
        cells += len(made)
        if cells > _MOST_CELLS:
            break
        rows.append(Row(max(0.0, number(row.get("h")) / EMU), tuple(made)))
    return columns, tuple(rows)


def _cell(cell: Any, style: Styled, fill: str) -> Cell:
    body = cell.find(f"{A}txBody")
    own = style.palette.filling(cell.find(f"{A}tcPr"))
    return Cell(
        lines=lines_of(body, style) if body is not None else (),
        across=min(100, max(1, int(number(cell.get("gridSpan"), 1)))),
        down=min(100, max(1, int(number(cell.get("rowSpan"), 1)))),
        fill=fill if own is None else own,
    )
