"""Vectors of what a network says, by the hash of encoder and text, so that each is encoded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t

__all__ = ["StatementVectors"]

_ROOM = 1000  # vectors of what is said no more, that may stay; as many as are wanted may, too


class StatementVectors:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine, *, tidies: bool = True) -> None:
        """tidies: whether those that are wanted no more go; not where only a part of the network is seen."""
        self._engine = engine
        self._tidies = tidies

    def read(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Those that are there."""
        found: dict[str, bytes] = {}
        with self._engine.connect() as db:
            for some in change.chunks(keys):
                query = sa.select(t.statements.c.key, t.statements.c.vector).where(t.statements.c.key.in_(some))
                found.update((key, bytes(vector)) for key, vector in db.execute(query))
        return found

    def put(self, vectors: Mapping[str, bytes], *, wanted: Sequence[str]) -> None:
        """Add vectors. When there are more than twice those wanted, the others go."""
        table: Any = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        new = table.insert(t.statements).on_conflict_do_nothing()
        with self._engine.begin() as db:
            db.execute(new, [{"key": key, "vector": vector} for key, vector in sorted(vectors.items())])
            if not self._tidies:
                return
            if db.execute(sa.select(sa.func.count()).select_from(t.statements)).scalar_one() > 2 * len(wanted) + _ROOM:
                gone = {*db.execute(sa.select(t.statements.c.key)).scalars()} - {*wanted}
                for some in change.chunks(sorted(gone)):
                    db.execute(sa.delete(t.statements).where(t.statements.c.key.in_(some)))
