"""A project that does not exist yet, as somebody writes it down: goal, approach, population, needs and offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from rapidfuzz import process

from searchsvc.errors import QueryError
from searchsvc.projects.dossier import ASPECTS
from searchsvc.register import Project

__all__ = ["DRAFT", "from_fields", "from_words", "read_draft"]

DRAFT = ""  # the id of what is no project yet, and which no project has
_LISTS = ("needs", "offers")
_FIELDS = ("name", *ASPECTS, *_LISTS)
_MAX = 2000  # characters of one text
_MAX_ITEMS = 50


def read_draft(text: bytes) -> Project:
    """YAML or JSON with some of name, goal, approach, population, setting, stage, region, needs, offers.

    Raises QueryError with one line.
    """
    try:
        fields = yaml.safe_load(text.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise QueryError(f"the draft cannot be read as YAML in UTF-8: {said}") from None
    if not isinstance(fields, dict):
        raise QueryError(f"a draft has fields such as goal, approach and needs, not {type(fields).__name__}.")
    return from_fields(fields)


def from_fields(fields: Mapping[Any, Any]) -> Project:
    """What is missing is not known. Raises QueryError for a field unknown or malformed, or when nothing is said."""
    for name in fields:
        if name not in _FIELDS:
            near = process.extractOne(str(name), _FIELDS, score_cutoff=60)
            meant = f"did you mean {near[0]}?" if near else f"it has {', '.join(_FIELDS)}."
            raise QueryError(f"a draft has no field {str(name)[:50]!r}; {meant}")
    texts = {name: _text(name, fields.get(name)) for name in ("name", *ASPECTS)}
    lists = {name: _list(name, fields.get(name)) for name in _LISTS}
    if not any((texts["goal"], texts["approach"], texts["population"], *lists.values())):
        raise QueryError("a draft says at least one of goal, approach, population, needs and offers.")
    goal = texts["goal"] or texts["approach"] or "; ".join(lists["needs"] or lists["offers"]) or texts["population"]
    return Project(
        id=DRAFT, name=texts["name"] or "the draft", goal=goal, approach=texts["approach"],
        population=texts["population"], setting=texts["setting"], stage=texts["stage"], region=texts["region"],
        needs=lists["needs"], offers=lists["offers"],
    )  # fmt: skip


def from_words(words: str) -> Project:
    """What somebody asks, as a project: the words are its goal and what it needs."""
    said = _text("q", words)
    if not said:
        raise QueryError("give some words.")
    return Project(id=DRAFT, name="what was asked", goal=said, needs=(said,))


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise QueryError(f"{name} is a text, not {type(value).__name__}.")
    text = " ".join(str(value).split())
    if len(text) > _MAX:
        raise QueryError(f"{name} has {len(text)} characters; {_MAX} are read.")
    return text or None


def _list(name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    items = value if isinstance(value, (list, tuple)) else [value]
    if len(items) > _MAX_ITEMS:
        raise QueryError(f"{name} lists {len(items)} things; {_MAX_ITEMS} are read.")
    return tuple(text for one in items if (text := _text(name, one)))
