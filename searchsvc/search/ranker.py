"""From words to passages in order: a look, feedback from its best, and a second judgement of what it found.

    words ── encode ── dense 200, BM25 200 ── fuse ── best 10 passages: the query moved, terms added
                                                │                         │
        passages, the best 50 smoothed ── fuse ── dense and BM25 of the best 100, and the query's own cosines

To look again with the query moved and the terms added, instead of judging what was found, changes the mean nDCG@10 of
eight sets by .0002.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.filters import Filter
from searchsvc.model import Candidate, Encoded, Point, SparseVector, Vector
from searchsvc.search.expansion import NOTHING, Expansion
from searchsvc.search.feedback import LOOKED_AT, expanded_terms, moved
from searchsvc.search.fuse import fuse, judge
from searchsvc.search.neighbours import smoothed
from searchsvc.search.weights import Weigh
from searchsvc.store.protocol import DenseQuery, LexicalQuery, ScoreQuery, Store, StoreQuery

__all__ = ["DEPTH", "MODES", "Encoding", "Mode", "Ranker", "Retrieved"]

Mode = Literal["hybrid", "semantic", "keyword"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "keyword")
# On eight sets, the means of nDCG@10 differ by less than .001 between depths of 100, 150 and 200, and between 100, 150
# and 200 passages judged again; on the sample archive 200 finds .96 of what is relevant, 100 finds .92.
DEPTH = 200  # candidates of each way of looking
LARGE = 20_000  # passages of an archive, from which on DEPTH_IN_LARGE is enough to choose from, and a third faster
DEPTH_IN_LARGE = 100
JUDGED = 100  # of what was found, judged again with feedback
TYPED = 0.3  # weight of the cosines to the query as it was typed, beside 1 of the query moved
# Of the best then; with 100 the mean nDCG@10 of eight sets is .001 higher, and a search takes a tenth more.
SMOOTHED = 50
VERIFIED = 3  # of the best by BM25 it is read how many of the query's words they hold
READ = 30  # passages that a cross-encoder reads, when one is set
Encoding = Callable[[], Encoded]  # waits for what was begun: one row
Reader = Callable[[str, Sequence[str]], Mapping[str, float]]  # query, point ids -> point id -> score
_Pair = tuple[list[Candidate], list[Candidate]]  # found by dense, by BM25


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages that pass one filter, best first, and what the query as it was typed found: evidence of relevance.

    dense and lexical: empty when that was not looked for. cosine: point id -> cosine to the query, of all of them.
    terms: of the best three of `lexical`, what BM25 reads in them.
    """

    passages: Sequence[Candidate]
    dense: Sequence[Candidate]
    lexical: Sequence[Candidate]
    cosine: Mapping[str, float]
    terms: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to ask for the same."""

    dense: Vector | None
    sparse: SparseVector | None

    def queries(self, where: Filter, depth: int) -> list[StoreQuery]:
        asked: list[StoreQuery] = []
        if self.dense is not None:
            asked.append(DenseQuery(self.dense, depth, where))
        if self.sparse is not None:
            asked.append(LexicalQuery(self.sparse, depth, where))
        return asked

    def weighed(self, weigh: Weigh) -> _Look:
        """As a store is asked."""
        return self if self.sparse is None else replace(self, sparse=weigh(self.sparse))

    @property
    def ways(self) -> list[Vector | SparseVector]:
        return [way for way in (self.dense, self.sparse) if way is not None]


class Ranker:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        store: Store,
        begin_query: Callable[[str], Encoding],
        lexical: LexicalEncoder,
        read_together: Reader | None = None,
    ) -> None:
        """begin_query: begins to encode one text. read_together: a cross-encoder on query and passages."""
        self._store = store
        self._begin_query = begin_query
        self._lexical = lexical
        self._read_together = read_together

    def begin(self, words: str, mode: Mode, expansion: Expansion = NOTHING) -> Encoding | None:
        """The query's vector, which `retrieve` waits for; None where the mode needs none. Raises BusyError."""
        return self._begin_query(expansion.text(words)) if mode != "keyword" else None

    def retrieve(
        self,
        words: str,
        filters: Sequence[Filter],
        mode: Mode,
        weigh: Weigh,
        expansion: Expansion = NOTHING,
        *,
        depth: int = DEPTH,
        words_count: float = 1.0,
        begun: Encoding | None = None,
    ) -> list[Retrieved]:
        """One answer for each filter; feedback comes from the first one. Raises StoreError and BusyError.

        weigh: a query's terms, by how rare they are in the archive. depth: candidates of each way of looking.
        words_count: how much BM25 counts, 1 where as much as the meaning. begun: what `begin` gave for the same.
        """
        begun = begun or self.begin(words, mode, expansion)
        encoded = begun() if begun else None
        sparse = expansion.sparse(words, self._lexical.encode_query) if mode != "semantic" else None
        look = _Look(encoded.dense[0] if encoded else None, sparse if sparse and sparse.indices else None)
        pairs = self._found(look.weighed(weigh), filters, depth)
        rankings = [fuse(pair, (1.0, words_count)) for pair in pairs]
        best = [one for one in rankings[0] if not one.references][:LOOKED_AT]
        read = {one.point_id for _, lexical in pairs for one in lexical[:VERIFIED]} | {one.point_id for one in best}
        points = self._store.points(sorted(read))
        cosines: list[dict[str, float]] = [{} for _ in pairs]
        if encoded is not None:
            again = _with_feedback(look, best, points).weighed(weigh)
            rankings, cosines = self._judged_again(encoded.dense[0], again, rankings, words_count, pairs)
            rankings[0] = self._read(words, rankings[0])
        return [
            Retrieved(ranking, dense, lexical, cosine, _terms(lexical, points))
            for ranking, (dense, lexical), cosine in zip(rankings, pairs, cosines, strict=True)
        ]

    def _read(self, words: str, ranking: list[Candidate]) -> list[Candidate]:
        """The best by what a cross-encoder says of them, when there is one, with the scores that were there."""
        if self._read_together is None or not ranking:
            return ranking
        best = ranking[:READ]
        scores = self._read_together(words, [one.point_id for one in best])
        order = sorted(best, key=lambda one: (-scores.get(one.point_id, -math.inf), one.point_id))
        return [*(one._replace(score=old.score) for one, old in zip(order, best, strict=True)), *ranking[READ:]]

    def _found(self, look: _Look, filters: Sequence[Filter], depth: int) -> list[_Pair]:
        """(dense, lexical) for each filter."""
        answers = iter(self._store.query([one for where in filters for one in look.queries(where, depth)]))
        return [
            (
                next(answers) if look.dense is not None else [],
                next(answers) if look.sparse is not None else [],
            )
            for _ in filters
        ]

    def _judged_again(
        self,
        typed: Vector,
        again: _Look,
        rankings: Sequence[list[Candidate]],
        words_count: float,
        pairs: Sequence[_Pair],
    ) -> tuple[list[list[Candidate]], list[dict[str, float]]]:
        """The best by what feedback asks for and by what is near them, the others after them; and the cosines of all
        to the query as it was typed, for each ranking.
        """
        weights = [TYPED, *[1.0] * (again.dense is not None), *[words_count] * (again.sparse is not None)]
        asked: list[ScoreQuery] = []
        for ranking in rankings:
            ids = tuple(one.point_id for one in ranking[:JUDGED])
            asked += [ScoreQuery(way, ids) for way in again.ways]
        answers = self._store.scores([*asked, *_without_cosine(typed, pairs)])
        cosines = [
            {one.point_id: one.score for one in dense} | missing
            for (dense, _), missing in zip(pairs, answers[len(asked) :], strict=True)
        ]
        scores = iter(answers)
        judged = []
        for ranking, known in zip(rankings, cosines, strict=True):
            own = {one.point_id: known[one.point_id] for one in ranking[:JUDGED] if one.point_id in known}
            best = self._smoothed(judge(ranking[:JUDGED], [own, *(next(scores) for _ in again.ways)], weights))
            judged.append([*best, *_after(best, ranking[JUDGED:])])
        return judged, cosines

    def _smoothed(self, ranking: list[Candidate]) -> list[Candidate]:
        best = [one.point_id for one in ranking[:SMOOTHED]]
        vectors = self._store.vectors(best)
        if len(vectors) < len(best):  # some were deleted meanwhile
            return ranking
        near = smoothed(ranking[:SMOOTHED], np.array([vectors[one] for one in best]))
        return [*near, *_after(near, ranking[SMOOTHED:])]


def _without_cosine(dense: Vector, pairs: Sequence[_Pair]) -> list[ScoreQuery]:
    """For the cosines of what only BM25 found, a query for each pair."""
    known = [{one.point_id for one in some} for some, _ in pairs]
    return [
        ScoreQuery(dense, tuple(one.point_id for one in lexical if one.point_id not in there))
        for (_, lexical), there in zip(pairs, known, strict=True)
    ]


def _with_feedback(look: _Look, best: Sequence[Candidate], points: Mapping[str, Point]) -> _Look:
    best = [one for one in best if one.point_id in points]
    nearest = [points[one.point_id] for one in best]
    return _Look(
        moved(look.dense, nearest) if look.dense is not None else None,
        expanded_terms(look.sparse, nearest, [one.score for one in best]) if look.sparse is not None else None,
    )


def _terms(lexical: Sequence[Candidate], points: Mapping[str, Point]) -> dict[str, frozenset[int]]:
    known = (points[one.point_id] for one in lexical[:VERIFIED] if one.point_id in points)
    return {point.id: frozenset(point.sparse.indices) for point in known}


def _after(best: Sequence[Candidate], rest: Sequence[Candidate]) -> list[Candidate]:
    """The rest in its order, with scores below the lowest of the best."""
    if not best or not rest:
        return list(rest)
    shift = best[-1].score - rest[0].score
    return [one._replace(score=one.score + shift) for one in rest]
