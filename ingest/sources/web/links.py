"""A table with a column of links, as people keep one: CSV, or a sheet of Excel. Titles and dates in it are kept."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ingest.sources.protocol import Fetched, Listed, Setup, Source, Stated
from ingest.sources.web.address import address, file_or_address, is_address, read_list
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import DamagedError, LimitError, QueryError
from searchsvc.model import Author
from searchsvc.text.dates import iso_date

__all__ = ["LinksKind"]

_LINK = ("link", "url", "address", "uri", "website", "web page", "adresse", "lien", "enlace")
_TITLE = ("title", "name", "titel", "titre", "título", "titulo")
_DATE = ("date", "published", "datum", "fecha", "year", "année")
_AUTHORS = ("authors", "author", "speaker", "speakers", "auteur", "auteurs", "autor", "autores")
_MOST_ROWS = 100_000
_ROWS_JUDGED = 200  # to find a column that has links and is not called so
_MOST_UNPACKED = 200_000_000  # bytes
_OPC = b"PK\x03\x04"


class LinksKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "links"
    location = "a CSV or XLSX file of this machine, or its address on the web, with a column of links"
    help = "The pages and files that a table links to, with titles, authors and dates where it has such columns."
    of_machine = True

    def located(self, given: str) -> str:
        return file_or_address(given)

    def build(self, setup: Setup) -> Source:
        return _Links(setup)


class _Links:
    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._setup = setup

    def list(self) -> Iterator[Listed]:
        rows = _rows(read_list(self._setup))
        head = [cell.casefold().strip() for cell in rows[0]] if rows else []
        of_link = _column(head, _LINK)
        if of_link is None:
            of_link = _with_links(rows)
        if of_link is None:
            raise DamagedError("the table has no column with links; call one of its columns `link`.")
        of_title, of_date, of_authors = _column(head, _TITLE), _column(head, _DATE), _column(head, _AUTHORS)
        seen = set()
        for number, row in enumerate(rows, 1):
            given = _cell(row, of_link)
            if not given or (number == 1 and not is_address(given)):
                continue
            try:
                url = address(given)
            except QueryError:
                yield Listed("", "", "", f"row {number}", f"row {number}", f"is no address: {given[:80]!r}.")
                continue
            if url not in seen:
                seen.add(url)
                stated = Stated(
                    title=_cell(row, of_title) or None,
                    authors=tuple(Author(name) for one in _cell(row, of_authors).split(";") if (name := one.strip())),
                    date=iso_date(_cell(row, of_date)) or None,
                )
                yield listed_page(url, stated=None if stated == Stated() else stated)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        return fetch_page(self._setup.web, listed, known)


def _rows(data: bytes) -> list[list[str]]:
    if data.startswith(_OPC):
        return _sheet(data)
    text = data.decode("utf-8-sig", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = max(";\t,", key=first.count) if any(sign in first for sign in ";\t,") else ","
    try:
        rows = [
            row for _, row in zip(range(_MOST_ROWS), csv.reader(io.StringIO(text), delimiter=between), strict=False)
        ]
    except csv.Error as error:
        raise DamagedError(f"the table cannot be read: {error}.") from None
    return [[cell.strip() for cell in row] for row in rows if any(row)]


def _sheet(data: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
                raise LimitError("the table unpacks to too much.")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(nrows=_MOST_ROWS)
    except (CalamineError, zipfile.BadZipFile, ValueError, IndexError) as error:
        raise DamagedError(f"the table cannot be read: {error}.") from None
    return [[_plain(cell) for cell in row] for row in rows if any(cell != "" for cell in row)]


def _plain(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _with_links(rows: Sequence[Sequence[str]]) -> int | None:
    """The column with the most links."""
    counts: dict[int, int] = {}
    for row in rows[:_ROWS_JUDGED]:
        for at, cell in enumerate(row):
            counts[at] = counts.get(at, 0) + is_address(cell)
    best = max(counts, key=lambda at: counts[at], default=None)
    return best if best is not None and counts[best] else None


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""
