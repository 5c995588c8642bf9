"""Which files of the sample archive are relevant to which queries, as judged by a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from searchsvc.errors import QueryError

__all__ = ["GRADES", "SEARCH", "TYPES", "Judged", "Topic", "load"]

SEARCH = Path(__file__).with_name("search.yaml")
GRADES = (1, 2, 3)
TYPES = (
    "paraphrase", "acronym", "name", "two-aspects", "misspelling", "question", "lay", "other-language", "nothing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that deserves to be found. `locators`, such as `page 2`, say where; any one of them is right."""

    file: str
    grade: int
    locators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A query with every file that is relevant to it; all others have the grade 0."""

    id: str
    query: str
    type: str
    relevant: tuple[Judged, ...] = ()


def load(path: Path = SEARCH) -> tuple[Topic, ...]:
    """The topics in the order of the file. Raises QueryError, one line that names the place, when it is malformed."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QueryError(f"the judgments {path} cannot be read: {' '.join(str(error).split())}") from None
    rows = data.get("queries") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise QueryError(f"the judgments {path} have no list `queries`.")
    topics: list[Topic] = []
    for number, row in enumerate(rows, 1):
        try:
            topics.append(_topic(row))
        except ValueError as error:
            raise QueryError(f"the judgments {path}, query {number}: {error}.") from None
    if twice := sorted({one.id for one in topics if sum(one.id == other.id for other in topics) > 1}):
        raise QueryError(f"the judgments {path}: the id {', '.join(twice)} stands twice.")
    return tuple(topics)


def _topic(row: Any) -> Topic:
    fields = _fields(row, {"id", "query", "type", "relevant"})
    if fields["type"] not in TYPES:
        raise ValueError(f"type is one of {', '.join(TYPES)}, not {fields['type']!r}")
    relevant = tuple(_judged(one) for one in _list(fields, "relevant"))
    if len({one.file for one in relevant}) < len(relevant):
        raise ValueError("a file stands twice")
    return Topic(_text(fields, "id"), _text(fields, "query"), _text(fields, "type"), relevant)


def _judged(row: Any) -> Judged:
    fields = _fields(row, {"file", "grade"}, optional={"locators"})
    if type(fields["grade"]) is not int or fields["grade"] not in GRADES:
        raise ValueError(f"grade is 1, 2 or 3, not {fields['grade']!r}")
    locators = _list(fields, "locators") if "locators" in fields else []
    if not all(isinstance(one, str) for one in locators):
        raise ValueError("locators is a list of texts such as `page 2`")
    return Judged(_text(fields, "file"), fields["grade"], tuple(locators))


def _fields(row: Any, names: set[str], *, optional: frozenset[str] | set[str] = frozenset()) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise ValueError(f"{row!r} is no list of `name: value`")
    if missing := sorted(names - row.keys()):
        raise ValueError(f"{', '.join(missing)} is missing")
    if unknown := sorted(str(name) for name in row.keys() - names - optional):
        raise ValueError(f"{', '.join(unknown)} is unknown")
    return row


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is a text, not {value!r}")
    return value


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields[name]
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list, not {value!r}")
    return value
