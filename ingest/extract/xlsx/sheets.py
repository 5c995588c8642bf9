"""Sheets of a workbook as blocks: tables with their heads, row ranges, and what is hidden marked.

A table ends at an empty row. Its rows are written in stretches, each with the head above, so that what is found says
in which rows it stands and what its columns are.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.extract.clean import one_line
from ingest.extract.flow import row_text
from searchsvc.model import Block, Locator, Role

__all__ = ["Hidden", "Value", "blocks_of_sheet", "shown_value"]

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
_STRETCH = 700  # characters of a table in one block, about a passage
_DIGITS = 12  # of a number; what comes after is how computers count
_NUMBER = re.compile(r"[-+\d.,%\s]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ERROR = re.compile(r"#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Of a sheet: all of it, rows from 1, columns from 0."""

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def shown_value(value: Value | None) -> str:
    """A cell as text: dates as ISO 8601, numbers without what rounding left, errors as nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return f"{value:.{_DIGITS}g}" if abs(value) < 10**_DIGITS else f"{value:.0f}" if value == value else ""
    if isinstance(value, datetime.datetime):
        text = value.isoformat(sep=" ", timespec="minutes")
        return text.removesuffix(" 00:00")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    text = one_line(str(value))
    return "" if _ERROR.fullmatch(text) else text


def blocks_of_sheet(name: str, rows: Iterable[tuple[int, Sequence[Value]]], hidden: Hidden) -> list[Block]:
    """rows: (number from 1, cells from column 0), in order; rows without a value may be left out."""
    blocks = [Block(name, Locator("heading", heading=name), "heading", 1, hidden.sheet)]
    for region in _regions(rows):
        blocks += _region(name, region, hidden)
    return blocks if len(blocks) > 1 else []


_Row = tuple[int, list[str]]


def _regions(rows: Iterable[tuple[int, Sequence[Value]]]) -> Iterator[list[_Row]]:
    """Runs of rows with something in them."""
    region: list[_Row] = []
    for number, cells in rows:
        texts = [shown_value(cell) for cell in cells]
        if not any(texts):
            continue
        if region and number > region[-1][0] + 1:
            yield region
            region = []
        region.append((number, texts))
    if region:
        yield region


def _region(name: str, region: list[_Row], hidden: Hidden) -> Iterator[Block]:
    used = sorted({at for _, cells in region for at, text in enumerate(cells) if text})
    open_columns = [at for at in used if at not in hidden.columns]
    yield from _written(name, region, open_columns, hidden, is_hidden=hidden.sheet)
    closed = [at for at in used if at in hidden.columns]
    if closed and any(cells[at] for _, cells in region for at in closed if at < len(cells)):
        yield from _written(name, region, [*open_columns[:1], *closed], hidden, is_hidden=True)


def _written(name: str, region: list[_Row], columns: list[int], hidden: Hidden, *, is_hidden: bool) -> Iterator[Block]:
    picked = [(number, [cells[at] if at < len(cells) else "" for at in columns]) for number, cells in region]
    while picked and sum(map(bool, picked[0][1])) == 1 and len(columns) > 1:  # a title above its table
        number, cells = picked.pop(0)
        yield _block(name, number, number, next(filter(None, cells)), "text", is_hidden or number in hidden.rows)
    if len(columns) < 2:
        for number, cells in picked:
            if cells and cells[0]:
                yield _block(name, number, number, cells[0], "text", is_hidden or number in hidden.rows)
        return
    head = row_text(picked.pop(0)[1]) if len(picked) > 1 and _is_head(picked[0][1]) else ""
    for unseen, run in groupby(picked, key=lambda row: row[0] in hidden.rows):
        yield from _stretches(name, list(run), head, is_hidden or unseen)


def _stretches(name: str, rows: list[_Row], head: str, hidden: bool) -> Iterator[Block]:
    lines: list[str] = []
    first = last = size = 0
    for number, cells in rows:
        line = row_text(cells)
        if not line:
            continue
        if lines and size + len(line) > _STRETCH:
            yield _block(name, first, last, "\n".join(filter(None, [head, *lines])), "table", hidden)
            lines, size = [], 0
        if not lines:
            first = number
        lines.append(line)
        size += len(line)
        last = number
    if lines:
        yield _block(name, first, last, "\n".join(filter(None, [head, *lines])), "table", hidden)


def _is_head(row: Sequence[str]) -> bool:
    """Words above, and not just one of them; years stand above columns, too."""
    named = [text for text in row if text]
    return len(named) >= 2 and not any(_NUMBER.fullmatch(one) and not _YEAR.fullmatch(one) for one in named)


def _block(name: str, first: int, last: int, text: str, role: Role, hidden: bool) -> Block:
    rows = f"row {first}" if first == last else f"rows {first}–{last}"
    return Block(text, Locator("heading", heading=f"{name}, {rows}"), role, 0, hidden)
