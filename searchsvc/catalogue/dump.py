"""The catalogue as one compressed file of lines of JSON, the same from SQLite and from PostgreSQL, and back.

    {"searchsvc": 1, "schema": "7"}
    {"table": "resources", "columns": [["id", "plain"], ...]}
    ["r1", ...]                                               a row; bytes in base64
    {"end": {"resources": 1, ...}}                            how many rows each table has; without it the file is cut

Tables are read as they are in the database, not as this version knows them: an older schema can be dumped, too. One
transaction sees all of it, and nobody waits for it. Every row is read, so a damaged page is noticed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import sqlalchemy as sa

from searchsvc.catalogue import schema as t
from searchsvc.catalogue.access import OF_ACCESS
from searchsvc.catalogue.rows import UNFINISHED
from searchsvc.errors import DamagedBackupError, HomeError

__all__ = ["Held", "digests", "held_in", "read_schema", "restore", "write"]

_FORMAT = 1
_ROWS = 500
_OWN = {
    table.name
    for table in (t.meta, t.deletions, t.removals, t.workers, t.journal, t.watches, t.recipients, t.letters, *OF_ACCESS)
}
_LEVEL = 3  # of gzip; more takes long and saves little


@dataclass(frozen=True, slots=True)
class Held:
    """counts: table -> number of rows. originals: sha256 of every file that these rows need."""

    counts: dict[str, int]
    originals: frozenset[str]


def write(engine: sa.Engine, out: IO[bytes]) -> dict[str, int]:
    """All tables of ours. Returns table -> number of rows."""
    counts: dict[str, int] = {}
    level = "REPEATABLE READ" if engine.dialect.name == "postgresql" else "SERIALIZABLE"
    with (
        engine.connect().execution_options(isolation_level=level, stream_results=True, yield_per=_ROWS) as db,
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=_LEVEL, mtime=0) as lines,
    ):
        db.begin()
        if engine.dialect.name == "sqlite" and not getattr(db.connection.dbapi_connection, "in_transaction", False):
            db.exec_driver_sql("BEGIN")  # the driver begins none for reading
        schema = db.execute(sa.select(t.meta.c.value).where(t.meta.c.key == "schema")).scalar()
        _line(lines, {"searchsvc": _FORMAT, "schema": schema})
        for table in _tables(db):
            binary = [isinstance(column.type, sa.LargeBinary) for column in table.columns]
            kinds = ["bytes" if one else "plain" for one in binary]
            _line(lines, {"table": table.name, "columns": list(zip(table.columns.keys(), kinds, strict=True))})
            counts[table.name] = 0
            for row in db.execute(sa.select(table)):
                values = [
                    base64.b64encode(value).decode() if coded and value is not None else value
                    for value, coded in zip(row, binary, strict=True)
                ]
                _line(lines, values)
                counts[table.name] += 1
        _line(lines, {"end": counts})
    return counts


def read_schema(stream: IO[bytes]) -> str:
    """Of which schema the catalogue in this file is. Raises DamagedBackupError."""
    return str(_head(_lines(stream))["schema"])


def held_in(stream: IO[bytes]) -> Held:
    """What the file has, every line read. Raises DamagedBackupError when it is not whole."""
    lines = _lines(stream)
    _head(lines)
    counts: dict[str, int] = {}
    originals: set[str] = set()
    for name, rows in _rows(lines, counts):
        if name == t.resources.name or name == t.items.name:
            needed = (row for row in rows if name == t.resources.name or row["status"] in UNFINISHED)
            originals.update(row["content_hash"] for row in needed)
    return Held(counts, frozenset(originals - {""}))


def digests(stream: IO[bytes]) -> dict[str, str]:
    """Table -> a checksum of its rows, in whatever order they stand. Raises DamagedBackupError.

    Without what is each deployment's own: when something was changed by its count, and who may do what.
    """
    lines = _lines(stream)
    _head(lines)
    sums: dict[str, int] = {}
    for name, rows in _rows(lines, {}):
        if name in _OWN:
            continue
        for row in rows:
            told = sorted((key, repr(value)) for key, value in row.items() if key != "changed")
            sums[name] = sums.get(name, 0) + int.from_bytes(hashlib.sha256(repr(told).encode()).digest()[:16])
    return {name: f"{total % (1 << 128):032x}" for name, total in sums.items()}


def restore(db: sa.Connection, stream: IO[bytes]) -> dict[str, int]:
    """Put the rows into the tables, which are there, empty and of the schema of the file. Returns table -> rows."""
    lines = _lines(stream)
    _head(lines)
    tables = {table.name: table for table in _tables(db)}
    for table in tables.values():
        db.execute(sa.delete(table))
    counts: dict[str, int] = {}
    for name, rows in _rows(lines, counts):
        if name not in tables:
            raise DamagedBackupError(f"the backup has a table {name!r} that its schema does not know.")
        db.execute(sa.insert(tables[name]), rows)
    if db.dialect.name == "postgresql":  # rows with numbers of their own do not move the counter
        for name, column in _numbered():
            if name in tables:
                highest = f"(SELECT max({db.dialect.identifier_preparer.quote(column)}) FROM {name})"
                db.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), coalesce({highest}, 0) + 1)"
                )
    return counts


# -- helpers ----------------------------------------------------------------------------------------------------------


def _numbered() -> Iterator[tuple[str, str]]:
    """(table, column) of rows that the database numbers."""
    for table in t.metadata.tables.values():
        yield from ((table.name, column.name) for column in table.primary_key if column.autoincrement is True)


def _tables(db: sa.Connection) -> list[sa.Table]:
    """Those of ours that the database has, as they are in it."""
    there = set(sa.inspect(db).get_table_names())
    found = sa.MetaData()
    found.reflect(db, only=[name for name in t.metadata.tables if name in there], resolve_fks=False)
    return [found.tables[name] for name in sorted(found.tables)]


def _line(out: gzip.GzipFile, value: object) -> None:
    out.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")


def _lines(stream: IO[bytes]) -> Iterator[Any]:
    try:
        with gzip.GzipFile(fileobj=stream, mode="rb") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DamagedBackupError(f"the catalogue in the backup is damaged ({error}); take another one.") from None


def _head(lines: Iterator[Any]) -> Mapping[str, Any]:
    head = next(lines, None)
    if not isinstance(head, dict) or "schema" not in head:
        raise DamagedBackupError("the file is no dump of a catalogue.")
    if head.get("searchsvc") != _FORMAT:
        raise HomeError("the backup was made by a newer searchsvc; install that version, or a newer one.")
    return head


def _rows(lines: Iterator[Any], counts: dict[str, int]) -> Iterator[tuple[str, Sequence[dict[str, Any]]]]:
    """(table, some rows of it). Raises DamagedBackupError when the end is missing or does not agree."""
    name, columns, waiting = "", [], []  # type: ignore[var-annotated]
    for line in lines:
        if isinstance(line, dict) or len(waiting) == _ROWS:
            if waiting:
                yield name, waiting
            waiting = []
        if isinstance(line, list):
            values = [
                base64.b64decode(value) if kind == "bytes" and value is not None else value
                for value, (_, kind) in zip(line, columns, strict=True)
            ]
            waiting.append(dict(zip((column for column, _ in columns), values, strict=True)))
            counts[name] += 1
        elif "table" in line:
            name, columns = line["table"], line["columns"]
            counts[name] = 0
        elif line.get("end") == counts:
            if next(lines, None) is None:  # and the checksum behind it is right
                return
            break
        else:
            break
    raise DamagedBackupError("the catalogue in the backup is cut off; take another one.")
