"""Workbooks (XLSX) with calamine: values as they are stored, never a formula, a link or a macro."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from ingest.extract.clean import check_characters, one_line, report_of, unit_report
from ingest.extract.cover import Shown, cover_of
from ingest.extract.dating import date_fields
from ingest.extract.opc import info_of, targets_of
from ingest.extract.packed import part_of, reading, refuse_unsafe, xml_of
from ingest.extract.pptx.shapes import alternative_of, chart_words
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import XLSX
from ingest.extract.xlsx.sheets import Hidden, Value, blocks_of_sheet
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Block, Document, Kind, Locator, UnitReport

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["XlsxExtractor"]

_MAX_CELLS = 10_000_000  # in the rectangle around a sheet's values, all of which calamine keeps
# Tags are told from bytes, since a sheet can be larger than what is worth a tree; each takes time in its length.
_FILLED = re.compile(rb"""<(?:\w{1,9}:)?c\b[^<>]{0,200}?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]{0,200}(?<!/)>""")
_ROW = re.compile(rb"<(?:\w{1,9}:)?row\b[^<>]*+>")
_COLUMN = re.compile(rb"<(?:\w{1,9}:)?col\b[^<>]*+>")
_ATTRIBUTE = re.compile(rb"""\b(r|hidden|min|max)=["']([^"']*)["']""")
_UNCOUNTED = re.compile(
    rb"<(?:\w{1,9}:)?f\b[^<>]*+(?:(?<=/)>|>[^<]*+</(?:\w{1,9}:)?f>)\s*+(?:<(?:\w{1,9}:)?v\s*+/>\s*+)?</(?:\w{1,9}:)?c>"
)
_LAST_COLUMN = 16_384
_THREAD = re.compile(r"(?s)^\[Threaded comment\].*?Comment:\s*")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """part: the name of its XML in the zip, empty where it has none."""

    name: str
    part: str
    hidden: bool


class XlsxExtractor:
    """`Extractor` for XLSX, and for templates and files with macros."""

    types: tuple[FileType, ...] = (XLSX,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        refuse_unsafe(
            data, limits, what="the workbook",
            old="this is not an XLSX file but one of Excel 97-2003; save it as XLSX or PDF",
        )  # fmt: skip
        with reading("the workbook"), zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _read(archive, data, name, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def _read(archive: zipfile.ZipFile, data: bytes, name: str, limits: ExtractLimits) -> Document:
    from python_calamine import CalamineWorkbook

    sheets = list(_sheets(archive))
    if len(sheets) > limits.max_pages:
        raise LimitError(f"has {len(sheets):,} sheets, more than {limits.max_pages:,}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    blocks: list[Block] = []
    units: list[UnitReport] = []
    characters = 0
    for sheet in sheets:
        read, doubts = _sheet(archive, book, sheet)
        notes = (["hidden"] if sheet.hidden else []) + doubts
        units.append(unit_report(f"sheet {sheet.name}", read, notes))
        blocks += read
        characters += units[-1].characters
        if characters > limits.max_characters:
            break
    check_characters(blocks, limits)
    warnings = [] if blocks else [Doubt("no_text")]
    info = info_of(part_of(archive, "docProps/core.xml"))
    shown = [Shown(line, line) for block in blocks[1:12] if block.role == "text" for line in block.text.split("\n")]
    cover = cover_of(shown, info, name)
    return Document(
        kind=Kind.PAPER,
        title=cover.title,
        blocks=tuple(blocks),
        report=report_of(f"python-calamine {version('python-calamine')}", units, warnings),
        authors=cover.authors,
        language=info.language,
        identifiers=cover.identifiers,
        **date_fields(cover.dates),
    )


def _sheets(archive: zipfile.ZipFile) -> Iterator[_Sheet]:
    place = next((name for name in archive.namelist() if name.lower() == "xl/workbook.xml"), "")
    if not place:
        raise DamagedError("the file looks like a workbook, but there is none in it")
    targets = targets_of(archive, place)
    for one in xml_of(archive.read(place)).iterfind("{*}sheets/{*}sheet"):
        key = next((value for attribute, value in one.items() if attribute.endswith("}id")), "")
        kind, part = targets.get(key, ("", ""))
        if kind in ("worksheet", ""):
            yield _Sheet(one.get("name") or "", part, one.get("state") in ("hidden", "veryHidden"))


def _sheet(archive: zipfile.ZipFile, book: CalamineWorkbook, sheet: _Sheet) -> tuple[list[Block], list[str | Doubt]]:
    doubts: list[str | Doubt] = []
    try:
        content = archive.read(sheet.part)
    except KeyError:
        return [], [Doubt("part_damaged", what="the sheet")]
    hidden = Hidden(sheet.hidden, *_unseen(content))
    rows: Iterator[tuple[int, Sequence[Value]]] = iter(())
    if _rectangle(content) > _MAX_CELLS:
        doubts.append(Doubt("sheet_too_wide"))
    else:
        rows = _rows(book, sheet.name, doubts)
    if uncounted := sum(1 for _ in _UNCOUNTED.finditer(content)):
        doubts.append(Doubt("values_missing", uncounted))
    name = one_line(sheet.name) or "Sheet"
    blocks = blocks_of_sheet(name, rows, hidden)
    beside = _beside(archive, sheet, name)
    if beside and not blocks:
        blocks = [Block(name, Locator("heading", heading=name), "heading", 1, sheet.hidden)]
    return [*blocks, *beside], doubts


def _rows(book: CalamineWorkbook, name: str, doubts: list[str | Doubt]) -> Iterator[tuple[int, Sequence[Value]]]:
    """Rows with their numbers, cells from the first column on."""
    from python_calamine import CalamineError

    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError):
        doubts.append(Doubt("part_damaged", what="the sheet"))
        return
    start = sheet.start
    if start is None:
        return
    before: list[Value] = [""] * start[1]
    for number, cells in enumerate(sheet.to_python(), start=start[0] + 1):
        yield number, [*before, *cells]


def _rectangle(content: bytes) -> int:
    """How many cells lie between the outermost that are filled."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    for match in _FILLED.finditer(content):
        columns.add(match[1])
        rows.add(match[2])
    if not rows:
        return 0
    numbers = [int(one) for one in rows]
    places = [_column(one) for one in columns]
    return (max(numbers) - min(numbers) + 1) * (max(places) - min(places) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _unseen(content: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Hidden rows, from 1, and hidden columns, from 0."""
    rows: set[int] = set()
    columns: set[int] = set()
    for pattern in (_ROW, _COLUMN):
        for match in pattern.finditer(content):
            if b"hidden=" not in match[0]:
                continue
            said = dict(_ATTRIBUTE.findall(match[0]))
            if said.get(b"hidden") not in (b"1", b"true"):
                continue
            if pattern is _ROW and said.get(b"r", b"").isdigit():
                rows.add(int(said[b"r"]))
            elif said.get(b"min", b"").isdigit() and said.get(b"max", b"").isdigit():
                columns.update(range(int(said[b"min"]) - 1, min(int(said[b"max"]), _LAST_COLUMN)))
    return frozenset(rows), frozenset(columns)


def _beside(archive: zipfile.ZipFile, sheet: _Sheet, name: str) -> list[Block]:
    """Comments, text boxes, words of charts and alternative texts of a sheet."""
    blocks: list[Block] = []
    parts = list(targets_of(archive, sheet.part).values())
    threaded = any(kind == "threadedComment" for kind, _ in parts)
    for kind, place in parts:
        root = part_of(archive, place) if kind in ("threadedComment", "comments", "drawing") else None
        if root is None:
            continue
        if kind == "drawing":
            blocks += _drawn(archive, place, name, sheet.hidden)
            continue
        for one in root.iter("{*}threadedComment" if kind == "threadedComment" else "{*}comment"):
            text = one_line("".join(piece.text or "" for piece in one.iter("{*}text", "{*}t")))
            if kind == "comments" and threaded and _THREAD.match(text):
                continue
            row = re.sub(r"\D", "", one.get("ref") or "")
            where = f"{name}, row {row}" if row else name
            if text:
                blocks.append(Block(text, Locator("heading", heading=where), "notes", 0, sheet.hidden))
    return blocks


def _drawn(archive: zipfile.ZipFile, place: str, name: str, hidden: bool) -> Iterator[Block]:
    root = part_of(archive, place)
    where = Locator("heading", heading=name)
    for shape in root.iter("{*}sp") if root is not None else ():
        lines = ("".join(piece.text or "" for piece in one.iter("{*}t")) for one in shape.iter("{*}p"))
        if text := "\n".join(line for one in lines if (line := one_line(one))):
            yield Block(text, where, "text", 0, hidden)
    for properties in root.iter("{*}cNvPr") if root is not None else ():
        if text := alternative_of(properties):
            yield Block(text, where, "alt", 0, hidden)
    for kind, chart in targets_of(archive, place).values():
        drawn = part_of(archive, chart) if kind == "chart" else None
        if drawn is not None and (text := chart_words(drawn)):
            yield Block(text, where, "text", 0, hidden)
