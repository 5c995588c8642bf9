"""Rows of tables as people read them: each cell after the heading of its column. Pure functions.

A passage keeps a table as its extractor writes it: a row is a line, and its cells stand between ` | `.
Read out, `Site | Women | Kept` and `Kisumu | 412 | 81%` are `Site: Kisumu; Women: 412; Kept: 81%.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["ReadOut", "head_of", "is_row", "last_table", "read_out"]

Span = tuple[int, int]

_BETWEEN = re.compile(r"(?:^| )\|(?= |$) ?")
_NUMBER = re.compile(r"\A[\W\d_]*\d[\W\d_]*(?:[a-zA-Zµ]{1,3}[²³]?)?")  # 412, 81%, (.32), 12-14, 5 mg
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_HEADING_CHARACTERS = 80  # of a column's heading at most
_LEAST_ROWS = 2
_CERTAIN = 0.5  # of the cells below a heading that are numbers: it is a heading


@dataclass(frozen=True, slots=True)
class ReadOut:
    """`spans` are those that were given, where they stand in `text`."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int


def is_row(line: str) -> bool:
    return _BETWEEN.search(line) is not None and any(character.isalnum() for character in line)


def read_out(text: str, spans: Sequence[Span] = (), above: str = "") -> ReadOut | None:
    """`text` with every table in it read out; None where it has none.

    spans: (start, end) in characters. above: the rows of the table that `text` begins in, where they stand before it.
    """
    lines = list(_lines(text))
    if " |" not in text and "| " not in text:
        return None
    out = _Out(text)
    at = 0
    while at < len(lines):
        last = at
        while last < len(lines) and is_row(text[slice(*lines[last])]):
            last += 1
        if last - at < _LEAST_ROWS and not (at == 0 and above):
            last = at  # a line with a bar in it
        if last == at:
            out.copy(*lines[at])
            out.write("\n" if at + 1 < len(lines) else "")
            at += 1
            continue
        _table(out, [_cells(text, *line) for line in lines[at:last]], above if at == 0 else "")
        out.write("\n" if last < len(lines) else "")
        at = last
    if out.text == text:
        return None
    return ReadOut(out.text, tuple(mapped for span in spans if (mapped := out.mapped(span))))


def last_table(text: str) -> str:
    """The rows with which `text` ends; empty where it ends otherwise."""
    lines = text.split("\n")
    kept = len(lines)
    while kept and is_row(lines[kept - 1]):
        kept -= 1
    return "\n".join(lines[kept:])


def head_of(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns of the others.

    It does where numbers stand below a word, or where nothing stands in its first cell alone. A table of words whose
    first row is like all others does not say; nothing is made up then.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    head, body = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    named = [bool(cell) and not _is_number(cell) and len(cell) <= _HEADING_CHARACTERS for cell in head]
    if not body or not all(named[1:]):
        return False
    if not head[0]:
        return True
    return named[0] and any(
        cells and sum(map(_is_number, cells)) >= _CERTAIN * len(cells)
        for column in range(len(head))
        if (cells := [row[column] for row in body if row[column]])
    )


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _cells(text: str, start: int, end: int) -> list[_Cell]:
    cells, at = [], start
    for match in _BETWEEN.finditer(text, start, end):
        cells.append((at, match.start()))
        at = match.end()
    cells.append((at, end))
    found = []
    for first, last in cells:
        piece = text[first:last]
        found.append(_Cell(piece.strip(), first + len(piece) - len(piece.lstrip())))
    return found


class _Out:
    """What is written, and where each stretch of it stood."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._moves: list[tuple[int, int, int]] = []  # (start, end) in the source -> start in what is written
        self._rows: list[tuple[Span, Span]] = []  # where a row stood, and where it stands with its headings

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def copy(self, start: int, end: int) -> None:
        self._moves.append((start, end, self._length))
        self.write(self._source[start:end])

    @property
    def length(self) -> int:
        return self._length

    def row(self, source: Span, written: Span) -> None:
        self._rows.append((source, written))

    def mapped(self, span: Span) -> Span | None:
        """From the first to the last of it that was written; a whole row goes with its headings."""
        met = [
            (to + max(span[0], start) - start, to + min(span[1], end) - start)
            for start, end, to in self._moves
            if max(span[0], start) < min(span[1], end)
        ]
        met += [row for (first, last), row in self._rows if span[0] <= first < last <= span[1]]
        return (min(first for first, _ in met), max(last for _, last in met)) if met else None


def _table(out: _Out, rows: Sequence[Sequence[_Cell]], above: str) -> None:
    before = [_cells(line, 0, len(line)) for line in above.split("\n")] if above else []
    whole = [*before, *rows]
    head = whole[0] if head_of([[cell.text for cell in row] for row in whole]) else ()
    body = rows[1:] if head and not before else rows
    unread = {} if before else dict(enumerate(head))  # headings that stand in the text, until a cell is read with them
    lines = [row for row in body if any(cell.text for cell in row)]
    used = {column for row in lines if len(row) == len(head) for column, cell in enumerate(row) if cell.text}
    if any(cell.text for column, cell in unread.items() if column not in used):
        lines, unread = [head, *lines], {}  # a heading above nothing is read too
    for at, row in enumerate(lines):
        out.write("\n" if at else "")
        _row(out, row, head if len(row) == len(head) and row is not head else (), unread)


def _row(out: _Out, row: Sequence[_Cell], head: Sequence[_Cell], unread: dict[int, _Cell]) -> None:
    start = out.length
    for column, cell in enumerate(row):
        if not cell.text:
            continue
        out.write("; " if out.length > start else "")
        if head and head[column].text:
            if column in unread:
                own = unread.pop(column)
                out.copy(own.start, own.start + len(own.text))
            else:
                out.write(head[column].text)
            out.write(" " if head[column].text.endswith(":") else ": ")
        out.copy(cell.start, cell.start + len(cell.text))
    out.row((row[0].start, row[-1].start + len(row[-1].text)), (start, out.length))
    out.write("" if row[-1].text.endswith((".", "!", "?", ";")) else ".")
