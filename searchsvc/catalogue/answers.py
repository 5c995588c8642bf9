"""What services said of identifiers, so that none is asked twice within the time that a setting says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t

__all__ = ["KeptAnswers"]


class KeptAnswers:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, service: str, keys: Sequence[str], *, since: str) -> dict[str, Mapping[str, Any] | None]:
        """Key -> what the service said of it at `since` (ISO 8601) or later; None where it knew nothing."""
        found: dict[str, Mapping[str, Any] | None] = {}
        with self._engine.connect() as db:
            for some in change.chunks(list(keys)):
                query = sa.select(t.answers.c.key, t.answers.c.said).where(
                    t.answers.c.service == service, t.answers.c.key.in_(some), t.answers.c.at >= since
                )
                found |= {key: said or None for key, said in db.execute(query)}
        return found

    def put(self, service: str, said: Mapping[str, Mapping[str, Any] | None], *, at: str) -> None:
        """In the stead of what it said before. at: ISO 8601."""
        with self._engine.begin() as db:
            for key, one in sorted(said.items()):
                change.put_row(db, t.answers, {"service": service, "key": key, "at": at, "said": dict(one or {})})

    def forget(self, service: str, key: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.answers).where(t.answers.c.service == service, t.answers.c.key == key))
