"""From words to passages in order: a first look, feedback, a second look, late interaction, and their fusion.

    words ── encode ── dense 100, BM25 100 ── fuse ── MaxSim over the best 50 ── fuse ── best 5 passages
                                                                                              │
         passages ── fuse ── MaxSim over the best 50 ── fuse ── dense 100, BM25 100 ── query moved, terms added
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Candidate, Encoded, Filter, Matrix, SparseVector, Vector
from searchsvc.search.expansion import NOTHING, Expansion
from searchsvc.search.feedback import LOOKED_AT, expanded_terms, moved
from searchsvc.search.fuse import Fused, fuse
from searchsvc.store.protocol import DenseQuery, LexicalQuery, Store, StoreQuery, TokensQuery

__all__ = ["DEPTH", "MODES", "Mode", "Ranker", "Retrieved"]

Mode = Literal["hybrid", "semantic", "keyword"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "keyword")
DEPTH = 100  # candidates of each way of looking; with 200 nDCG@10 is .001 higher, and a query takes half as long again
_Pair = tuple[list[Candidate], list[Candidate]]  # found by dense, by BM25
RERANKED = 50  # passages that late interaction scores
LATE_WEIGHT = 0.8  # beside 1 for dense and BM25; from .5 to 1 nDCG@10 differs by less than .003


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages that pass one filter, best first, and what the query as it was typed found: evidence of relevance.

    dense and lexical: empty when that was not looked for.
    """

    passages: Sequence[Fused]
    dense: Sequence[Candidate]
    lexical: Sequence[Candidate]

    @property
    def cosine(self) -> Mapping[str, float]:
        """point -> cosine to the query."""
        return {candidate.point_id: candidate.score for candidate in self.dense}


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to ask for the same."""

    dense: Vector | None
    sparse: SparseVector | None

    def queries(self, where: Filter) -> list[StoreQuery]:
        asked: list[StoreQuery] = []
        if self.dense is not None:
            asked.append(DenseQuery(self.dense, DEPTH, where))
        if self.sparse is not None:
            asked.append(LexicalQuery(self.sparse, DEPTH, where))
        return asked


class Ranker:
    """Safe to use from many threads."""

    def __init__(self, *, store: Store, encode_query: Callable[[str], Encoded], lexical: LexicalEncoder) -> None:
        """encode_query: one text to `Encoded` with one row."""
        self._store = store
        self._encode_query = encode_query
        self._lexical = lexical

    def retrieve(
        self, words: str, filters: Sequence[Filter], mode: Mode, expansion: Expansion = NOTHING
    ) -> list[Retrieved]:
        """One answer for each filter; feedback comes from the first one. Raises StoreError and BusyError."""
        encoded = self._encode_query(expansion.text(words)) if mode != "keyword" else None
        sparse = expansion.sparse(words, self._lexical.encode_query) if mode != "semantic" else None
        first = _Look(encoded.dense[0] if encoded else None, sparse if sparse and sparse.indices else None)
        looked = self._look(first, filters)
        if mode == "keyword" or not any(dense or lexical for dense, lexical in looked):
            return [Retrieved(fuse([lexical]), dense, lexical) for dense, lexical in looked]
        tokens = encoded.tokens[0] if encoded and encoded.tokens is not None else None
        [ranking] = self._fused(looked[:1], tokens)
        again = self._look(self._with_feedback(first, ranking), filters)
        return [
            Retrieved(ranking, *seen) for ranking, seen in zip(self._fused(again, tokens), looked, strict=True)
        ]

    def _fused(self, pairs: Sequence[_Pair], tokens: Matrix | None) -> list[list[Fused]]:
        """One ranking for each pair; with late interaction over its best passages when there are tokens of the query."""
        rankings = [fuse([found for found in pair if found]) for pair in pairs]
        if tokens is None:
            return rankings
        chosen = [tuple(one.point_id for one in ranking[:RERANKED]) for ranking in rankings]
        found = self._store.query([TokensQuery(tokens, ids, RERANKED) for ids in chosen])
        return [
            _with_late(pair, late) if late else ranking
            for pair, ranking, late in zip(pairs, rankings, found, strict=True)
        ]

    def _look(self, look: _Look, filters: Sequence[Filter]) -> list[_Pair]:
        """(dense, lexical) for each filter."""
        asked = [look.queries(where) for where in filters]
        found = iter(self._store.query([one for some in asked for one in some]))
        return [
            (
                next(found) if look.dense is not None else [],
                next(found) if look.sparse is not None else [],
            )
            for _ in filters
        ]

    def _with_feedback(self, look: _Look, ranking: Sequence[Fused]) -> _Look:
        best = [one for one in ranking if not one.references][:LOOKED_AT]
        known = self._store.points([one.point_id for one in best])
        best = [one for one in best if one.point_id in known]
        points = [known[one.point_id] for one in best]
        return _Look(
            moved(look.dense, points) if look.dense is not None else None,
            expanded_terms(look.sparse, points, [one.score for one in best]) if look.sparse is not None else None,
        )


def _with_late(pair: _Pair, late: list[Candidate]) -> list[Fused]:
    lists = [(found, 1.0) for found in pair if found] + [(late, LATE_WEIGHT)]
    return fuse([found for found, _ in lists], [weight for _, weight in lists])
