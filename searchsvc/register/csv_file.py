"""The register as CSV: one file for each kind of entries, a line for each entry, as spreadsheets write them.

Lists are separated by semicolons. A column `NAME[]` is a list and a column `NAME{}` is JSON, of a field that searchsvc
does not know.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from searchsvc.register.fields import no_field
from searchsvc.register.kinds import KINDS, EntryKind
from searchsvc.register.model import Entry
from searchsvc.register.rows import Draft, Fault, Row
from searchsvc.text.cells import as_it_was, harmless

__all__ = ["as_csv", "join_list", "read_csv", "split_list", "value_of"]

_DELIMITERS = ",;\t"
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_ITEM = re.compile(r"((?:\\.|[^;\\])*)(?:;|$)", re.DOTALL)


def read_csv(text: bytes, file: str, kind: EntryKind) -> Draft:
    """What a table says; it replaces one kind. Commas, semicolons or tabs between columns; with or without a BOM."""
    whole = frozenset({kind.name})
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return Draft(
            (), whole, [Fault(file, line, "it is not in UTF-8; save it as `CSV UTF-8` (Excel) or Unicode (UTF-8)")]
        )
    head = decoded.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        columns = [as_it_was(name.strip()) for name in next(reader, [])]
        faults += _columns(columns, kind, file)
        line = reader.line_num + 1
        for cells in (list(map(as_it_was, row)) for row in reader):
            if any(cell.strip() for cell in cells) and not faults:
                if len(cells) > len(columns) and any(cells[len(columns) :]):
                    faults.append(Fault(file, line, f"there are {len(cells)} cells, and {len(columns)} columns"))
                else:
                    rows.append(_row(kind, columns, cells, file, line, faults))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(file, reader.line_num, f"it cannot be read as CSV: {error}"))
    return Draft(rows, whole, faults)


def _columns(columns: Sequence[str], kind: EntryKind, file: str) -> Iterator[Fault]:
    names = [re.sub(r"(\[\]|\{\})$", "", one) for one in columns]
    if kind.needed[0] not in names:
        yield Fault(
            file, 1, f"there is no column {kind.needed[0]}; the columns of {kind.section} are {', '.join(kind.fields)}"
        )
    for says in filter(None, (no_field(kind, name) for name in dict.fromkeys(names))):
        yield Fault(file, 1, says)
    for name in sorted({one for one in names if one and names.count(one) > 1}):
        yield Fault(file, 1, f"the column {name} stands twice")


def _row(
    kind: EntryKind, columns: Sequence[str], cells: Sequence[str], file: str, line: int, faults: list[Fault]
) -> Row:
    data: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell.strip() and not column:
            faults.append(Fault(file, line, f"{cell[:50]!r} stands in a column without a name"))
        elif cell.strip():
            name = re.sub(r"(\[\]|\{\})$", "", column)
            try:
                data[name] = _cell(kind, column, name, cell)
            except ValueError as error:
                faults.append(Fault(file, line, f"{name}: {error}"))
    return Row(kind, data, file, line)


def _cell(kind: EntryKind, column: str, name: str, cell: str) -> Any:
    if column.endswith("{}"):
        return json.loads(cell)
    return split_list(cell) if column.endswith("[]") else value_of(kind, name, cell)


def value_of(kind: EntryKind, name: str, text: str) -> Any:
    """A field's value from text, as it stands in a cell. Raises ValueError that says what is expected."""
    if name in kind.lists:
        return split_list(text)
    if name in kind.flags:
        if text.strip().casefold() not in _FLAGS:
            raise ValueError(f"{text!r} is neither yes nor no")
        return _FLAGS[text.strip().casefold()]
    if name in kind.numbers:
        try:
            return int(text) if re.fullmatch(r"\s*[+-]?\d+\s*", text) else float(text)
        except ValueError:
            raise ValueError(f"{text!r} is no number") from None
    return text.strip() if name in kind.fields else text


def split_list(text: str) -> list[str]:
    r"""`a; b` -> a, b. A semicolon within an item is written `\;`, a backslash `\\`."""
    items = [re.sub(r"\\(.)", r"\1", one.strip(), flags=re.DOTALL) for one in _ITEM.findall(text)]
    return [one for one in items if one]


def join_list(items: Sequence[Any]) -> str:
    """What `split_list` takes apart."""
    return "; ".join(re.sub(r"([\\;])", r"\\\1", str(one)) for one in items)


def as_csv(entries: Sequence[Entry]) -> dict[str, str]:
    """section -> the table, for each kind that has entries. `read_csv` reads it as it was."""
    tables = {}
    for kind in KINDS.values():
        mine = [entry.data for entry in entries if entry.type == kind.name]
        if not mine:
            continue
        known = [name for name in kind.fields if any(name in data for data in mine)]
        names = list(dict.fromkeys((*known, *(name for data in mine for name in data))))
        columns = {name: name + _suffix(kind, name, mine) for name in names}
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(map(harmless, columns.values()))
        writer.writerows([harmless(_text(columns[name], data.get(name))) for name in names] for data in mine)
        tables[kind.section] = out.getvalue()
    return tables


def _suffix(kind: EntryKind, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    if name in kind.fields or name == "title":
        return ""
    values = [row[name] for row in rows if name in row]
    if all(isinstance(value, str) and value.strip() for value in values):
        return ""
    return "[]" if all(_is_list_of_texts(value) for value in values) else "{}"


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item and item == item.strip() for item in value)


def _text(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column.endswith("{}"):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return join_list(value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
