"""Judgments as they are read: lists of `name: value` in YAML, checked field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml

from searchsvc.errors import QueryError

__all__ = ["GRADES", "fields", "flag", "grade", "items", "lists", "once", "parsed", "text", "texts"]

GRADES = (1, 2, 3)

T = TypeVar("T")


def lists(path: Path, *names: str) -> list[list[Any]]:
    """The lists of these names in a file. Raises QueryError, one line, when it cannot be read or lacks one."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QueryError(f"the judgments {path} cannot be read: {' '.join(str(error).split())}") from None
    rows_by_name = [data.get(name) if isinstance(data, dict) else None for name in names]
    for name, rows in zip(names, rows_by_name, strict=True):
        if not isinstance(rows, list):
            raise QueryError(f"the judgments {path} have no list `{name}`.")
    return [rows for rows in rows_by_name if isinstance(rows, list)]


def parsed(path: Path, noun: str, rows: Iterable[Any], parse: Callable[[Any], T]) -> tuple[T, ...]:
    """What `parse` makes of each row. A ValueError becomes a QueryError that names file, noun and number."""
    made: list[T] = []
    for number, row in enumerate(rows, 1):
        try:
            made.append(parse(row))
        except ValueError as error:
            raise QueryError(f"the judgments {path}, {noun} {number}: {error}.") from None
    return tuple(made)


def once(path: Path, ids: Sequence[str]) -> None:
    """Raises QueryError when an id stands twice."""
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise QueryError(f"the judgments {path}: the id {', '.join(twice)} stands twice.")


def fields(row: Any, names: set[str], *, optional: frozenset[str] | set[str] = frozenset()) -> Mapping[str, Any]:
    """The row, which has all of `names` and nothing but these and the optional ones. Raises ValueError otherwise."""
    if not isinstance(row, dict):
        raise ValueError(f"{row!r} is no list of `name: value`")
    if missing := sorted(names - row.keys()):
        raise ValueError(f"{', '.join(missing)} is missing")
    if unknown := sorted(str(name) for name in row.keys() - names - optional):
        raise ValueError(f"{', '.join(unknown)} is unknown")
    return row


def text(row: Mapping[str, Any], name: str) -> str:
    """The text of this name, which is not empty. Raises ValueError otherwise."""
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is a text, not {value!r}")
    return value


def items(row: Mapping[str, Any], name: str) -> list[Any]:
    """The list of this name, empty where the row has none. Raises ValueError when it is something else."""
    value = row.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list, not {value!r}")
    return value


def texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts in the list of this name, each of them once. Raises ValueError otherwise."""
    values = items(row, name)
    if not all(isinstance(one, str) and one.strip() for one in values):
        raise ValueError(f"{name} is a list of texts, not {values!r}")
    if twice := sorted({one for one in values if values.count(one) > 1}):
        raise ValueError(f"{twice[0]} stands twice in {name}")
    return tuple(values)


def grade(row: Mapping[str, Any]) -> int:
    """1, 2 or 3. Raises ValueError otherwise."""
    value = row["grade"]
    if type(value) is not int or value not in GRADES:
        raise ValueError(f"grade is 1, 2 or 3, not {value!r}")
    return value


def flag(row: Mapping[str, Any], name: str) -> bool:
    """true or false, false where the row does not say. Raises ValueError otherwise."""
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false, not {value!r}")
    return value
