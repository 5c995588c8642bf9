"""In how many passages each term of BM25 stands: what words are weighed by, for the whole archive and nowhere else.

A resource keeps the counts that it was put with, so what is taken off when it changes or goes is what was added,
whatever reads words by then.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["FrequenciesWithout", "TermFrequencies", "forget_terms", "note_terms"]

_EVERY = -1  # counted under it: passages; terms are 0 or more
_ROWS = 500  # in one statement, well under SQLite's limit of values


class TermFrequencies:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, terms: Iterable[int]) -> tuple[int, dict[int, int]]:
        """How many passages there are, and in how many of them each term stands; terms in none are missing."""
        wanted, found = [_EVERY, *terms], dict[int, int]()
        with self._engine.connect() as db:
            for at in range(0, len(wanted), _ROWS):
                some = t.frequencies.c.term.in_(wanted[at : at + _ROWS])
                rows = db.execute(sa.select(t.frequencies.c.term, t.frequencies.c.passages).where(some))
                found.update((row.term, row.passages) for row in rows)
        return found.pop(_EVERY, 0), found


class FrequenciesWithout(TermFrequencies):
    """As if some resources were not there."""

    def __init__(self, engine: sa.Engine, resources: Callable[[], Collection[str]]) -> None:
        """resources: ids of these."""
        super().__init__(engine)
        self._resources = resources

    def of(self, terms: Iterable[int]) -> tuple[int, dict[int, int]]:
        wanted = [*terms]
        without = sorted(self._resources())
        passages, found = super().of(wanted)
        less = Counter[int]()
        with self._engine.connect() as db:
            for at in range(0, len(without), _ROWS):
                mine = t.vocabularies.c.resource_id.in_(without[at : at + _ROWS])
                kept = db.execute(sa.select(t.vocabularies.c.passages, t.vocabularies.c.term_counts).where(mine)).all()
                passages -= sum(one.passages for one in kept)
                pairs = np.frombuffer(b"".join(one.term_counts for one in kept), dtype="<u4").reshape(-1, 2)
                for term, count in pairs[np.isin(pairs[:, 0], wanted)].tolist():
                    less[term] += count
        left = {term: count - less[term] for term, count in found.items()}
        return max(passages, 0), {term: count for term, count in left.items() if count > 0}


def note_terms(db: sa.Connection, resource_id: str, passages: Sequence[Collection[int]]) -> None:
    """Count a resource that is not counted. passages: the terms of each."""
    if not passages:
        return
    counts = Counter(chain.from_iterable(map(set, passages)))
    pairs = np.array(sorted(counts.items()), dtype="<u4").tobytes()
    db.execute(sa.insert(t.vocabularies), {"resource_id": resource_id, "passages": len(passages), "term_counts": pairs})
    _add(db, {**counts, _EVERY: len(passages)})


def forget_terms(db: sa.Connection, resource_id: str) -> None:
    """Count it no more; one that is not counted is passed over."""
    mine = t.vocabularies.c.resource_id == resource_id
    kept = db.execute(sa.select(t.vocabularies.c.passages, t.vocabularies.c.term_counts).where(mine)).first()
    if kept is None:
        return
    pairs = np.frombuffer(kept.term_counts, dtype="<u4").reshape(-1, 2).tolist()
    less = {_EVERY: -kept.passages, **{term: -count for term, count in pairs}}
    _add(db, less)
    for at in range(0, len(pairs), _ROWS):
        some = t.frequencies.c.term.in_(term for term, _ in pairs[at : at + _ROWS])
        db.execute(sa.delete(t.frequencies).where(some, t.frequencies.c.passages == 0))
    db.execute(sa.delete(t.vocabularies).where(mine))


def _add(db: sa.Connection, counts: Mapping[int, int]) -> None:
    """In the database, so that nothing is lost of what another adds; in one order, so that nobody waits in a circle."""
    # one value for all of them: a statement with thousands takes ten times as long
    db.execute(_ADD[db.dialect.name], {"counts": json.dumps(counts)})


def _statement(rows: str) -> sa.TextClause:
    return sa.text(
        f"INSERT INTO frequencies (term, passages) {rows} ORDER BY 1 "
        "ON CONFLICT (term) DO UPDATE SET passages = frequencies.passages + excluded.passages"
    )


_ADD = {
    "sqlite": _statement("SELECT CAST(key AS INTEGER), value FROM json_each(:counts) WHERE true"),
    "postgresql": _statement(
        "SELECT CAST(key AS bigint), CAST(value AS integer) FROM json_each_text(CAST(:counts AS json))"
    ),
}
