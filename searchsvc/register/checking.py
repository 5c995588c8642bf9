"""Whether entries are whole and agree with each other. Everything that is wrong is said, with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from searchsvc.register.kinds import KINDS, Entry, Kind, entry_of
from searchsvc.register.register import nearest
from searchsvc.register.rows import Fault, Row
from searchsvc.text.dates import is_date
from searchsvc.text.identifiers import orcid_of

__all__ = ["check"]

_ID = re.compile(r"\w[\w.:@+-]{0,127}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LOOKED_UP = 200  # faults; of a wholly wrong file, no nearest ids are looked for any more
_MAX_TEXT = 20_000  # characters of one value


def check(rows: Sequence[Row]) -> tuple[list[Entry], list[Fault]]:
    """The entries that the rows are, and all faults, in the order of the lines.

    Empty values are left out of the entries.
    """
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
    for one in (entry for _, entry in good):
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
    kind, faults = row.kind, []
    data: dict[str, Any] = {}
    for name, value in row.data.items():
        if not isinstance(name, str):
            faults.append(row.fault(f"{name!r} is no name of a field; write it in quotation marks"))
            continue
        if value is None or value == "" or value == []:
            continue
        if says := _unfit(value):
            faults.append(row.fault(f"{name} {says}", name))
            continue
        fitted = _fitted(row, kind, name, value, faults)
        if fitted is not None:
            data[name] = fitted
    missing = [name for name in kind.needed if name not in data and not (name == "name" and "title" in data)]
    if missing and not any(_is_about(fault, missing) for fault in faults):
        needed = " and ".join(f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in kind.needed)
        faults.append(row.fault(f"{kind.noun} needs {needed}; {' and '.join(missing)} is missing"))
    faults += _meaning(row, data)
    return data, faults


def _is_about(fault: Fault, names: Sequence[str]) -> bool:
    return fault.says.split(" ", 1)[0] in names


def _fitted(row: Row, kind: Kind, name: str, value: Any, faults: list[Fault]) -> Any:
    """The value as the field has it, or None after a fault was noted."""
    if kind.is_list(name):
        if not isinstance(value, list):
            faults.append(row.fault(f"{name} is not a list", name))
            return None
        for index, one in enumerate(value):
            if not _plain(one):
                faults.append(row.fault(f"{name} has an item that is no text", name, index))
                return None
        return [str(one) for one in value if str(one).strip()] or None
    if name in kind.flags:
        if not isinstance(value, bool):
            faults.append(row.fault(f"{name} is neither true nor false", name))
            return None
        return value or None
    if name in kind.numbers:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e15:
            faults.append(row.fault(f"{name} is no number from 0 up", name))
            return None
        return value
    if name in kind.fields or name == "title":
        if not _plain(value):
            hint = "; write it in quotation marks" if isinstance(value, bool) else ""
            faults.append(row.fault(f"{name} is no text{hint}", name))
            return None
        return str(value)
    return value


def _meaning(row: Row, data: dict[str, Any]) -> Iterator[Fault]:
    """What a value must look like beyond its type. An ORCID iD is brought into its short form."""
    kind = row.kind
    if kind.key == "id" and "id" in data and not _ID.fullmatch(data["id"]):
        yield row.fault(
            f"the id {data['id'][:140]!r} has other signs than letters, digits and -._:@+, or over 128", "id"
        )
    if kind.name == "person" and "orcid" in data:
        orcid = orcid_of(data["orcid"])
        if orcid is None:
            yield row.fault(f"{data['orcid']!r} is no ORCID iD: a digit is missing or wrong", "orcid")
        else:
            data["orcid"] = orcid
    for name in kind.dates:
        if name in data and not (kind.name == "decision" or is_date(data[name])):
            yield row.fault(f"{name} is {data[name]!r}; a date is written 2026, 2026-05 or 2026-05-31", name)
    first, last = data.get("start") or data.get("date"), data.get("end")
    if first and last and last < first[: len(last)]:
        yield row.fault(f"it ends in {last} and begins in {first}", "end")
    if "currency" in kind.texts and "currency" in data and not _CURRENCY.fullmatch(data["currency"]):
        yield row.fault(f"currency is {data['currency']!r}; it is three letters (ISO 4217), such as USD", "currency")
    if kind.name == "decision":
        if data.get("verdict") not in ("same", "different"):
            yield row.fault(f"verdict is {data.get('verdict')!r}; it is same or different", "verdict")
        if ("resource" in data) == ("other" in data):
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
    """told: ids of rows that have faults of their own, so that these are not said of all who name them. look: for the nearest."""
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
