"""An archive's own queries, as its own people judged them: measured, and held before another index is live."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from eval.measure import Scores, measured
from eval.rank import Run
from searchsvc.errors import QueryError, SearchsvcError
from searchsvc.judging import Qrels, qrels_of
from searchsvc.search.ranker import Mode
from searchsvc.search.searcher import MAX_LIMIT
from searchsvc.service import Service

__all__ = ["Held", "Kept", "held_against", "keep", "kept", "measured_own", "own_qrels"]

HELD = "nDCG@10"
TOLERANCE = 0.02  # chosen: a fifth of what half the queries of twenty move by when one result changes places
_LEAST_JUDGED = 0.9  # of the first ten; below it, what is new is counted as if it did not answer
_KEY = "own_measured"  # in the catalogue


@dataclass(frozen=True, slots=True)
class Kept:
    """What was measured last, to hold others against. generation: of the index. digest: of queries and grades."""

    generation: str
    digest: str
    means: Mapping[str, float]
    by_query: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Held:
    """before, now: means of HELD over the same queries. judged: share of the first ten that is judged. falls: more
    than the tolerance.
    """

    before: float
    now: float
    judged: float
    queries: int

    @property
    def falls(self) -> bool:
        return self.before - self.now > TOLERANCE

    def __str__(self) -> str:
        told = f"{HELD} on your {self.queries} queries: {self.before:.4f} before, {self.now:.4f} now"
        if self.judged < _LEAST_JUDGED:
            told += (
                f"; of the first ten results {1 - self.judged:.0%} are not judged and count as no answers: "
                "`searchsvc judge add --again` has them graded"
            )
        return told


def own_qrels(service: Service) -> Qrels:
    """Of queries for which something is relevant. Raises QueryError when there is none."""
    kept, groups = service.catalogue.judging, service.archive.current().copy_groups
    hidden = service.catalogue.curation.curated().hidden
    judgments = [one for one in kept.judgments() if one.resource_id not in hidden]
    every = qrels_of(kept.queries(), judgments, groups)
    some = [one for one, grades in every.grades.items() if any(grades.values())]
    if not some:
        raise QueryError(
            "nothing of your own is judged as relevant yet: `searchsvc judge add`, then /judge of your service."
        )
    return Qrels({one: every.queries[one] for one in some}, {one: every.grades[one] for one in some})


def measured_own(service: Service, qrels: Qrels, mode: Mode = "hybrid") -> tuple[Run, Scores]:
    """As people see results: copies are one, and what is withdrawn is not there."""
    groups, hidden = service.archive.current().copy_groups, service.catalogue.curation.curated().hidden
    ranking: dict[str, list[str]] = {}
    failures: dict[str, str] = {}
    times: list[float] = []
    for query, words in qrels.queries.items():
        try:
            answer = service.searcher.search(words, mode=mode, limit=MAX_LIMIT, keep_all=True, as_typed=True)
        except SearchsvcError as error:
            failures[query] = str(error)
            continue
        times.append(answer.took_ms)
        shown = [hit.resource.id for hit in answer.hits if hit.resource.id not in hidden]
        ranking[query] = list(dict.fromkeys(groups.get(one) or one for one in shown))
    middle = sorted(times)[len(times) // 2] if times else 0.0
    run = Run(f"own-{mode}", ranking, failures=failures, median_ms=round(middle, 2))
    return run, measured(run, qrels.grades)


def keep(service: Service, qrels: Qrels, scores: Scores, generation: str) -> None:
    """Hold later indexes against this."""
    told = {
        "generation": generation, "digest": qrels.digest, "means": scores.means,
        "by_query": dict(scores.by_query[HELD]),
    }  # fmt: skip
    service.catalogue.set_meta(_KEY, json.dumps(told))


def kept(service: Service) -> Kept | None:
    found = service.catalogue.meta(_KEY)
    return Kept(**json.loads(found)) if found else None


def held_against(before: Kept, scores: Scores) -> Held | None:
    """Over the queries that both have. None when there is none."""
    now = scores.by_query[HELD]
    both = sorted(before.by_query.keys() & now.keys())
    if not both:
        return None
    judged = scores.by_query["Judged@10"]
    return Held(
        round(sum(before.by_query[one] for one in both) / len(both), 4),
        round(sum(now[one] for one in both) / len(both), 4),
        round(sum(judged[one] for one in both) / len(both), 4),
        len(both),
    )
