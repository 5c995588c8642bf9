"""What each resource of an archive says, for topics: one vector, and its words. Read once for each state of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.model import Resource, Vector
from searchsvc.naming.lexis import Lexis, Tokens
from searchsvc.search.related.finder import telling, thinned
from searchsvc.store.protocol import Store

__all__ = ["Reader", "Said"]

_PASSAGES = 12  # of a resource; more are thinned out evenly
_CHARACTERS = 4000  # of a resource's words
_AT_ONCE = 256
_MOST_SPELLINGS = 1_000_000  # from then on all words are read anew


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """vector: (d,), unit length; the middle of its passages. words: in the lexis of the reader."""

    vector: Vector
    words: Tokens


class Reader:
    """Kept is what was asked for the last time. For one thread at a time."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue = catalogue
        self._store = store
        self.lexis = Lexis()
        self._known: dict[tuple[object, ...], Said | None] = {}

    def __call__(self, resources: Sequence[Resource]) -> dict[str, Said]:
        """By id; those without text are missing, and those of which the index has lost a part, until it is mended."""
        if len(self.lexis) > _MOST_SPELLINGS:
            self.lexis, self._known = Lexis(), {}
        asked = {one.state: one for one in resources}
        self._known = {state: said for state, said in self._known.items() if state in asked}
        missing = [one for state, one in asked.items() if state not in self._known]
        for at in range(0, len(missing), _AT_ONCE):
            self._read(missing[at : at + _AT_ONCE])
        return {one.id: said for state, one in asked.items() if (said := self._known.get(state)) is not None}

    def _read(self, resources: Sequence[Resource]) -> None:
        stored = self._catalogue.passages_of_each([one.id for one in resources])
        passages = {one.id: thinned(telling(stored.get(one.id, [])), _PASSAGES) for one in resources}
        vectors = self._store.vectors([it.id for some in passages.values() for it in some])
        for one in resources:
            rows = [vectors[it.id] for it in passages[one.id] if it.id in vectors]
            if len(rows) == len(passages[one.id]):
                self._known[one.state] = self._said(one, passages[one.id], rows) if rows else None

    def _said(self, resource: Resource, passages: Sequence[StoredPassage], rows: Sequence[Vector]) -> Said:
        middle = np.asarray(rows, np.float32).mean(axis=0)
        each = _CHARACTERS // len(passages)
        texts = [resource.title, resource.title, resource.summary or "", *(it.passage.text[:each] for it in passages)]
        words = self.lexis.read("\n\n".join(texts), resource.language)
        return Said(middle / np.float32(np.linalg.norm(middle) or 1.0), words)
