"""Which files of the sample archive are related to which, as judged by a reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eval.judgments import GRADES, Judged
from searchsvc.errors import QueryError
from searchsvc.network.sentences import FACETS, Facet

__all__ = ["RELATED", "RelatedTopic", "load"]

RELATED = Path(__file__).with_name("related.yaml")


@dataclass(frozen=True, slots=True)
class RelatedTopic:
    """A file, and every file that is related to it: in one facet, or as a whole when that is None."""

    id: str
    resource: str
    facet: Facet | None
    relevant: tuple[Judged, ...] = ()


def load(path: Path = RELATED) -> tuple[RelatedTopic, ...]:
    """The topics in the order of the file. Raises QueryError, one line, when it is missing or malformed."""
    if not path.is_file():
        raise QueryError(f"there are no judgments of related resources at {path}; give a set with --data.")
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QueryError(f"the judgments {path} cannot be read: {' '.join(str(error).split())}") from None
    rows = data.get("topics") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise QueryError(f"the judgments {path} have no list `topics`.")
    topics = []
    for number, row in enumerate(rows, 1):
        try:
            topics.append(_topic(row))
        except ValueError as error:
            raise QueryError(f"the judgments {path}, topic {number}: {error}.") from None
    if len({one.id for one in topics}) < len(topics):
        raise QueryError(f"the judgments {path}: an id stands twice.")
    return tuple(topics)


def _topic(row: Any) -> RelatedTopic:
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("id", "resource")):
        raise ValueError("a topic has an id, a resource and a list `relevant`")
    facet = row.get("facet")
    if facet is not None and facet not in FACETS:
        raise ValueError(f"facet is one of {', '.join(FACETS)}, not {facet!r}")
    relevant = row.get("relevant")
    if not isinstance(relevant, list):
        raise ValueError("relevant is a list")
    return RelatedTopic(row["id"], row["resource"], facet, tuple(_judged(one) for one in relevant))


def _judged(row: Any) -> Judged:
    if not isinstance(row, dict) or not isinstance(row.get("file"), str) or row.get("grade") not in GRADES:
        raise ValueError(f"{row!r} has no file with a grade of 1, 2 or 3")
    return Judged(row["file"], row["grade"])
