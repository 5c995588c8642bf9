"""What all people said, as one grade for each query and resource. Pure functions."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searchsvc.catalogue import JudgedQuery, Judgment

__all__ = ["Qrels", "qrels_of"]


@dataclass(frozen=True, slots=True)
class Qrels:
    """queries: id -> words, of those that have a grade. grades: query -> resource, or group of copies -> grade."""

    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]

    @property
    def digest(self) -> str:
        """Another one when other queries are asked or something is graded otherwise."""
        told = json.dumps([dict(self.queries), {one: dict(of) for one, of in self.grades.items()}], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def qrels_of(
    queries: Iterable[JudgedQuery], judgments: Iterable[Judgment], groups: Mapping[str, str | None] | None = None
) -> Qrels:
    """Of several people the median, the lower of two: what one of them finds wanting is not called good.

    groups: resource -> its group of copies, which is graded as its best one, since people see them as one.
    """
    said: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in judgments:
        if one.grade is not None:
            said[one.query_id, one.resource_id].append(one.grade)
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for (query, resource), some in said.items():
        key = (groups or {}).get(resource) or resource
        grades[query][key] = max(int(statistics.median_low(some)), grades[query].get(key, 0))
    words = {one.id: one.words for one in queries if one.id in grades}
    return Qrels(words, {one: grades[one] for one in words})
