"""How much each word of a query counts: by how few passages of the whole archive it stands in.

Weighed here and not in the store, where each shard and each copy of one has numbers of its own, of what it has deleted
too: a store only multiplies, and a score means the same on one shard, on three and embedded.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping

from searchsvc.catalogue import Catalogue
from searchsvc.model import SparseVector

__all__ = ["TermWeights", "Weigh", "idf", "weighed"]

Weigh = Callable[[SparseVector], SparseVector]
KEPT = 200_000  # terms of queries, in memory


def idf(passages: int, holding: int) -> float:
    """ln((n - df + .5) / (df + .5) + 1), of a term in df = `holding` of n = `passages`; always more than 0.

    Robertson and Zaragoza 2009, with 1 added as Lucene does.
    """
    return math.log((max(passages - holding, 0) + 0.5) / (holding + 0.5) + 1)


def weighed(query: SparseVector, passages: int, frequencies: Mapping[int, int]) -> SparseVector:
    """Each value times the idf of its term. frequencies: term -> passages with it; a missing term is in none."""
    values = (
        value * idf(passages, frequencies.get(index, 0))
        for index, value in zip(query.indices, query.values, strict=True)
    )
    return SparseVector(query.indices, tuple(values))


class TermWeights:
    """Weighs by the catalogue's numbers, read once for each term and version. Safe to use from many threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._state = _State(-1)

    def at(self, version: int) -> Weigh:
        """By the numbers of this version of the catalogue, the current one."""
        state = self._state
        if state.version != version:
            self._state = state = _State(version)
        return lambda query: self._weighed(query, state)

    def _weighed(self, query: SparseVector, state: _State) -> SparseVector:
        counts = {index: count for index in query.indices if (count := state.known.get(index)) is not None}
        missing = [index for index in query.indices if index not in counts]
        if missing:
            passages, found = self._catalogue.frequencies.of(missing)
            new = {index: found.get(index, 0) for index in missing}
            counts |= new
            with state.reading:
                state.passages = passages if state.passages is None else state.passages
                if len(state.known) >= KEPT:
                    state.known.clear()
                state.known.update(new)
        return weighed(query, state.passages or 0, counts)


class _State:
    """What was read of one version."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.reading = threading.Lock()
        self.passages: int | None = None
        self.known: dict[int, int] = {}
