"""Which files of the sample archive are relevant to which queries, as judged by a reader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.judgments.rows import GRADES, fields, grade, items, lists, once, parsed, text

__all__ = [
    "ELSEWHERE", "GRADES", "LANGUAGES", "SEARCH", "TRANSLATED", "TYPES", "Judged", "Topic", "load", "load_elsewhere",
    "load_languages",
]  # fmt: skip

SEARCH = Path(__file__).with_name("search.yaml")
ELSEWHERE = Path(__file__).with_name("elsewhere.yaml")
TRANSLATED = Path(__file__).with_name("languages.yaml")
LANGUAGES = ("fr", "es", "pt")
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
    [rows] = lists(path, "queries")
    topics = parsed(path, "query", rows, _topic)
    once(path, [one.id for one in topics])
    return topics


def _topic(row: Any) -> Topic:
    row = fields(row, {"id", "query", "type", "relevant"})
    if row["type"] not in TYPES:
        raise ValueError(f"type is one of {', '.join(TYPES)}, not {row['type']!r}")
    relevant = tuple(_judged(one) for one in items(row, "relevant"))
    if len({one.file for one in relevant}) < len(relevant):
        raise ValueError("a file stands twice")
    return Topic(text(row, "id"), text(row, "query"), text(row, "type"), relevant)


def _judged(row: Any) -> Judged:
    row = fields(row, {"file", "grade"}, optional={"locators"})
    locators = items(row, "locators")
    if not all(isinstance(one, str) for one in locators):
        raise ValueError("locators is a list of texts such as `page 2`")
    return Judged(text(row, "file"), grade(row), tuple(locators))


def load_elsewhere(path: Path = ELSEWHERE) -> dict[str, tuple[str, ...]]:
    """field -> questions of it that no archive of medicine answers. Raises QueryError."""
    fields_asked = ("railways", "kitchens", "courts")
    return {
        field: tuple(str(one) for one in rows)
        for field, rows in zip(fields_asked, lists(path, *fields_asked), strict=True)
    }


def load_languages(path: Path = TRANSLATED, topics: Path = SEARCH) -> dict[str, tuple[Topic, ...]]:
    """language -> topics that are asked in it, the same in every language. Raises QueryError.

    topics: where it stands what is relevant to them.
    """
    known = {topic.id: topic for topic in load(topics)}

    def translated(row: Any) -> tuple[Topic, ...]:
        row = fields(row, {"id", *LANGUAGES})
        topic = known.get(text(row, "id"))
        if topic is None or not topic.relevant:
            raise ValueError(f"{row['id']!r} is no query with anything relevant in {topics.name}")
        return tuple(replace(topic, query=text(row, language)) for language in LANGUAGES)

    [rows] = lists(path, "queries")
    by_query = parsed(path, "query", rows, translated)
    once(path, [one[0].id for one in by_query])
    return dict(zip(LANGUAGES, zip(*by_query, strict=True), strict=True))
