"""Whether entries are whole and agree with each other. Everything that is wrong is said, with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from searchsvc.register.fields import no_field
from searchsvc.register.kinds import KINDS, EntryKind, entry_of
from searchsvc.register.model import Decision, Entry
from searchsvc.register.rows import Fault, Row
from searchsvc.text.identifiers import orcid_of
from searchsvc.text.nearest import nearest

__all__ = ["Key", "check", "check_changed", "id_of"]

Key = tuple[str, str]  # kind and id of an entry

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LOOKED_UP = 200  # faults; of a wholly wrong file, no nearest ids are looked for any more
_MAX_TEXT = 20_000  # characters of one value
_SHOWN_TEXT = 140  # characters of a value that is wrong


def check(rows: Sequence[Row]) -> tuple[list[Entry], list[Fault]]:
    """The entries that the rows are, and all faults, in the order of the lines.

    Empty values are left out of the entries.
    """
    return _checked(rows, ())


def check_changed(entries: Sequence[Entry], changed: Collection[Key]) -> tuple[list[Entry], list[Fault]]:
    """The same for a register of which some entries changed: only these, and those that they can contradict, are read.

    Those are entries of the same id or ORCID iD, and merged ones. Of all others, which can only be referred to, nothing
    is said.
    """
    ids = {entry_id for _, entry_id in changed}
    given = (one.data.get("orcid") for one in entries if one.id in ids)
    orcids = {orcid_of(one) for one in given if isinstance(one, str)} - {None}
    rows = [
        Row(KINDS[one.type], one.data) for one in entries
        if one.id in ids or "merged_into" in one.data or one.data.get("orcid") in orcids
    ]  # fmt: skip
    return _checked(rows, entries)


def _checked(rows: Sequence[Row], beside: Iterable[Entry]) -> tuple[list[Entry], list[Fault]]:
    """beside: entries that may be referred to, too."""
    faults: list[Fault] = []
    good: list[tuple[Row, Entry]] = []
    for row in rows:
        data, wrong = _values(row)
        faults += wrong
        if not wrong:
            good.append((row, entry_of(row.kind, data)))
    faults += _twice(good)
    faults += _orcids(good)
    names: dict[str, dict[str, Sequence[str]]] = {kind: {} for kind in KINDS}
    for one in (*beside, *(entry for _, entry in good)):
        names[one.type][one.id] = (one.name,)
    told = {id_of(row) for row in rows}
    for row, entry in good:
        faults += _references(row, entry, names, told, look=len(faults) < _LOOKED_UP)
    faults += _circles(good)
    return [entry for _, entry in good], sorted(faults)


def id_of(row: Row) -> str:
    return str(row.data.get(row.kind.key) or "")


# -- one entry --------------------------------------------------------------------------------------------------------


def _values(row: Row) -> tuple[dict[str, Any], list[Fault]]:
    """The fields as they are kept: texts as text, without what is empty."""
    kind, faults = row.kind, []
    given: dict[str, Any] = {}
    for name, value in row.data.items():
        if not isinstance(name, str):
            faults.append(row.fault(f"{name!r} is no name of a field; write it in quotation marks"))
        elif says := no_field(kind, name):
            faults.append(row.fault(says if row.line else f"{name} of {id_of(row)}: {says}", name))
        elif value is None or value == "" or value == []:
            continue
        elif says := _unfit(value):
            faults.append(row.fault(f"{name} {says}", name))
        elif name == "title" and not _plain(value):
            faults.append(row.fault(_no_text(name, value), name))
        else:
            given[name] = str(value) if name == "title" else value
    known, wrong = _read(row, given)
    faults += wrong.values()
    data = {name: known.get(name, value) for name, value in given.items() if name not in wrong}
    data = {name: value for name, value in data.items() if value is not None}
    missing = [name for name in kind.needed if name not in data and not (name == "name" and "title" in data)]
    if missing and not any(_is_about(fault, missing) for fault in faults):
        needed = " and ".join(f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in kind.needed)
        faults.append(row.fault(f"{kind.noun} needs {needed}; {' and '.join(missing)} is missing"))
    faults += _meaning(row, data)
    return data, faults


def _is_about(fault: Fault, names: Sequence[str]) -> bool:
    return fault.says.split(" ", 1)[0] in names


def _read(row: Row, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Fault]]:
    """Known fields as they are kept, None for what is as good as empty; and the first fault of each field."""
    kind = row.kind
    named = {"name": given["title"]} if "title" in given and "name" not in given else {}
    try:
        value = kind.model.model_validate({**given, **named})
    except ValidationError as error:
        wrong: dict[str, Fault] = {}
        for said in error.errors(include_url=False, include_context=False):
            if said["type"] != "missing":
                name, *index = said["loc"]
                wrong.setdefault(str(name), _mistyped(row, str(name), said["input"], index))
        values = {name: given[name] for name in kind.fields if name in given and name not in wrong}
    else:
        values, wrong = {name: getattr(value, name) for name in kind.fields if name in given}, {}
    return {name: _kept(kind, name, value, given[name]) for name, value in values.items()}, wrong


def _kept(kind: EntryKind, name: str, value: Any, given: Any) -> Any:
    """A number stays as it was given, so that it is written again without a point."""
    if name in kind.lists:
        return [str(item) for item in value if str(item).strip()] or None
    if name in kind.flags:
        return value or None
    return given if name in kind.numbers else str(value)


def _mistyped(row: Row, name: str, value: Any, index: Sequence[int | str]) -> Fault:
    if index:
        return row.fault(f"{name} has an item that is no text", name, int(index[0]))
    if name in row.kind.lists:
        return row.fault(f"{name} is not a list", name)
    if name in row.kind.flags:
        return row.fault(f"{name} is neither true nor false", name)
    if name in row.kind.numbers:
        return row.fault(f"{name} is no number from 0 up", name)
    return row.fault(_no_text(name, value), name)


def _no_text(name: str, value: Any) -> str:
    return f"{name} is no text" + ("; write it in quotation marks" if isinstance(value, bool) else "")


def _meaning(row: Row, data: dict[str, Any]) -> Iterator[Fault]:
    """What a value must look like beyond its type, and how fields agree. Brings texts into the form that is kept."""
    for name, rule in row.kind.rules.items():
        if name in row.kind.lists:
            wrong = next((one for one in data.get(name, ()) if rule.fitted(one) is None), None)
            if wrong is not None:
                yield row.fault(rule.says.format(name=name, value=wrong[:_SHOWN_TEXT]), name)
        elif name in data:
            fitted = rule.fitted(data[name])
            if fitted is None:
                yield row.fault(rule.says.format(name=name, value=data[name][:_SHOWN_TEXT]), name)
            else:
                data[name] = fitted
    first, last = (str(data.get(name) or "") for name in ("start" if data.get("start") else "date", "end"))
    if first and last and last < first[: len(last)]:
        yield row.fault(f"it ends in {last} and begins in {first}", "end")
    if row.kind.model is Decision and ("resource" in data) == ("other" in data):
        yield row.fault("a decision needs either a resource or another person (other)")


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _unfit(value: Any) -> str | None:
    """Why a value cannot be kept, if so."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            return "has control characters"
        return f"has over {_MAX_TEXT} characters" if len(value) > _MAX_TEXT else None
    if isinstance(value, float):
        return None if math.isfinite(value) else "is no number"
    if isinstance(value, (bool, int)) or value is None:
        return None
    if isinstance(value, list):
        return next((says for one in value if (says := _unfit(one))), None)
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            return "has a name that is no text"
        return next((says for one in (*value, *value.values()) if (says := _unfit(one))), None)
    return "is of a type that is not kept"


# -- entries together -------------------------------------------------------------------------------------------------


def _twice(good: Sequence[tuple[Row, Entry]]) -> Iterator[Fault]:
    """Ids that stand twice: of whatever kind, as people ask for all of them by id."""
    seen: dict[tuple[str, str], str] = {}
    for row, entry in good:
        key = _key(entry)
        if key in seen:
            what = "this decision" if row.kind.name == "decision" else f"the {row.kind.key} {entry.id}"
            yield row.fault(f"{what} stands twice{seen[key]}", row.kind.key)
        else:
            seen[key] = f" (first in line {row.line})" if row.line else ""


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.type if entry.type in ("resource", "decision") else "", entry.id)


def _orcids(good: Sequence[tuple[Row, Entry]]) -> Iterator[Fault]:
    """One ORCID iD is of one person; entries that are merged already may share it."""
    owners: dict[str, str] = {}
    for row, entry in good:
        orcid = entry.data.get("orcid")
        if entry.type != "person" or not orcid or entry.data.get("merged_into"):
            continue
        if orcid in owners:
            yield row.fault(
                f"{entry.id} has the ORCID iD {orcid} of {owners[orcid]}; if they are one person, set merged_into",
                "orcid",
            )
        owners.setdefault(orcid, entry.id)


def _references(
    row: Row, entry: Entry, names: Mapping[str, Mapping[str, Sequence[str]]], told: set[str], look: bool
) -> Iterator[Fault]:
    """told: ids of rows that have faults of their own, so that who names them is not blamed. look: for the nearest."""
    for name, kind, target in row.kind.references(entry.data):
        if target in names[kind] or (target in told and not any(target in of for of in names.values())):
            continue
        index = entry.data[name].index(target) if isinstance(entry.data[name], list) else None
        near = nearest(target, names[kind]) if look else ()
        meant = f"; the nearest are {', '.join(near)}" if near else ""
        of = entry.id if row.kind.name != "decision" else "a decision"
        yield row.fault(f"{name} of {of}: no {kind} has the id {target!r}{meant}", name, index)


def _circles(good: Sequence[tuple[Row, Entry]]) -> Iterator[Fault]:
    into = {entry.id: entry.data["merged_into"] for _, entry in good if entry.data.get("merged_into")}
    for row, entry in good:
        seen, at = [entry.id], into.get(entry.id)
        while at and at not in seen:
            seen.append(at)
            at = into.get(at)
        if at == entry.id:
            yield row.fault(f"{' -> '.join((*seen, at))} is a circle of merged_into", "merged_into")
