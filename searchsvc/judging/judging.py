"""Queries are pooled, shown in an order that says nothing, and graded."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from searchsvc.catalogue import Catalogue, JudgedQuery, Judgment, Pooled, query_id
from searchsvc.catalogue.judging import Origin
from searchsvc.errors import NotFoundError, QueryError
from searchsvc.search.hits import Hit
from searchsvc.search.insights import Insights
from searchsvc.search.ranker import Mode
from searchsvc.search.searcher import Searcher

__all__ = ["DEPTH", "GRADES", "Judging", "Progress", "Sheet", "Shown"]

GRADES: Final = {"no": 0, "partly": 1, "yes": 2}
"""Three, not four: each is a word that two people use alike, and one key; nDCG takes the grade as gain."""
DEPTH = 10  # of each way of searching: then whatever of the three stands among the first ten is judged
WAYS: Mapping[str, Mode] = {"words": "keyword", "meaning": "semantic", "both": "hybrid"}
_OVERLAP = 5  # one query in so many is judged by everybody, blindly, so that agreement can be said
_LONGEST = 200  # characters of a query
_MOST = 1000  # queries


@dataclass(frozen=True, slots=True)
class Shown:
    """A result to grade. grade: what this person said of it; said: whether they said something, be it nothing."""

    pooled: Pooled
    grade: int | None
    said: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One query with all that this person is to grade of it, in the order shown. done: whether all of it is."""

    query: JudgedQuery
    shown: tuple[Shown, ...]

    @property
    def done(self) -> bool:
        return all(one.said for one in self.shown)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one person. queries, results: how many they are to judge; the others, how many of these are done."""

    queries: int
    queries_done: int
    results: int
    results_done: int


class Judging:
    """Safe to use from many threads."""

    def __init__(
        self, *, catalogue: Catalogue, searcher: Searcher, insights: Insights, now: Callable[[], str], seed: int = 1
    ) -> None:
        """searcher: with what is not withdrawn. now: ISO 8601. seed: of the order in which results are shown."""
        self._catalogue = catalogue
        self._searcher = searcher
        self._insights = insights
        self._now = now
        self._seed = seed

    # -- queries ------------------------------------------------------------------------------------------------------

    def add(self, queries: Sequence[str], *, asked: int = 0, depth: int = DEPTH) -> list[tuple[JudgedQuery, int]]:
        """Pool queries of one's own, and the most frequent that people asked; each with how many results are new.

        A query that is there already is searched again: what it finds now and did not find then is added, and nothing
        that was graded changes. Raises QueryError.
        """
        if not 1 <= depth <= 100:
            raise QueryError(f"the depth is between 1 and 100, not {depth}.")
        own = [" ".join(one.split()) for one in queries]
        if long := [one for one in own if len(one) > _LONGEST]:
            raise QueryError(f"a query has at most {_LONGEST} characters, unlike {long[0][:40]!r}.")
        found: dict[str, tuple[str, Origin]] = {query_id(one): (one, "own") for one in own if one}
        known = {one.id: one for one in self._catalogue.judging.queries()}
        for one in self._insights.report()[1].queries if asked else ():
            key = query_id(one.query)
            if asked > 0 and key not in known and key not in found:
                found[key] = one.query, "insights"
                asked -= 1
        if len(known.keys() | found.keys()) > _MOST:
            raise QueryError(f"there are at most {_MOST} queries; remove some.")
        return [
            self._pool(JudgedQuery(key, words, known[key].origin if key in known else origin, depth, self._now()))
            for key, (words, origin) in found.items()
        ]

    def again(self, depth: int | None = None) -> list[tuple[JudgedQuery, int]]:
        """Search for all queries again, as with a new encoder; each with how many results are new."""
        return [
            self._pool(JudgedQuery(one.id, one.words, one.origin, depth or one.depth, one.at))
            for one in self._catalogue.judging.queries()
        ]

    def _pool(self, query: JudgedQuery) -> tuple[JudgedQuery, int]:
        hidden = self._catalogue.curation.curated().hidden
        places: dict[str, dict[str, int]] = defaultdict(dict)
        best: dict[str, Hit] = {}
        for way, mode in WAYS.items():
            answer = self._searcher.search(query.words, mode=mode, limit=query.depth, keep_all=True, as_typed=True)
            for place, hit in enumerate((one for one in answer.hits if one.resource.id not in hidden), 1):
                places[hit.resource.id][way] = place
                best[hit.resource.id] = hit  # the last way is both, whose passages answer best
        order = sorted(places)
        random.Random(f"{self._seed} {query.id}").shuffle(order)
        found = [
            Pooled(query.id, one, at, best[one].passages[0].id if best[one].passages else None, places[one])
            for at, one in enumerate(order)
        ]
        return query, self._catalogue.judging.pool(query, found)

    # -- grading ------------------------------------------------------------------------------------------------------

    def sheets(self, judge: str) -> list[Sheet]:
        """All that this person is to grade: what nobody else has, and of every fifth query everything.

        What others said is not in it, so that both judge blindly.
        """
        mine: dict[tuple[str, str], Judgment] = {}
        others: set[tuple[str, str]] = set()
        for one in self._catalogue.judging.judgments():
            if one.judge == judge:
                mine[one.query_id, one.resource_id] = one
            else:
                others.add((one.query_id, one.resource_id))
        by_query: dict[str, list[Pooled]] = defaultdict(list)
        for pooled in self._catalogue.judging.pooled():
            by_query[pooled.query_id].append(pooled)
        made = []
        hidden = self._catalogue.curation.curated().hidden
        for query in self._catalogue.judging.queries():
            blind = query.number % _OVERLAP == 1
            shown = []
            for it in by_query[query.id]:
                key = (it.query_id, it.resource_id)
                if it.resource_id not in hidden and (blind or key in mine or key not in others):
                    shown.append(Shown(it, mine[key].grade if key in mine else None, key in mine))
            if shown:
                made.append(Sheet(query, tuple(shown)))
        return made

    def grade(self, query: str, resource: str, grade: int | None, *, judge: str) -> None:
        """grade: None when it cannot be said. Raises NotFoundError and QueryError."""
        if grade is not None and grade not in GRADES.values():
            raise QueryError(f"a grade is one of {', '.join(f'{value} ({word})' for word, value in GRADES.items())}.")
        self._catalogue.judging.judge(Judgment(query, resource, judge, grade, self._now()))

    def rest(self, query: str, *, judge: str) -> int:
        """All of a query that this person has not graded is not relevant; how many. Raises NotFoundError."""
        sheet = next((one for one in self.sheets(judge) if one.query.id == query), None)
        if sheet is None:
            raise NotFoundError(f"no query to judge has the id {query!r}; `searchsvc judge list` shows them.")
        left = [one for one in sheet.shown if not one.said]
        for one in left:
            self.grade(query, one.pooled.resource_id, 0, judge=judge)
        return len(left)

    @staticmethod
    def progress(sheets: Iterable[Sheet]) -> Progress:
        some = list(sheets)
        return Progress(
            len(some), sum(one.done for one in some), sum(len(one.shown) for one in some),
            sum(it.said for one in some for it in one.shown),
        )  # fmt: skip
