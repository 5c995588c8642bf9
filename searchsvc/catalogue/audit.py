"""What was done to the archive, and who tried a key that opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["Done", "KeptAudit"]


@dataclass(frozen=True, slots=True)
class Done:
    """at: ISO 8601, in UTC. who: name of a key or account. what: method and route, as `POST /v1/keys`; never a query.

    about: the id in the path, if there is one. status: of HTTP. address: the client's; None inside this machine.
    """

    at: str
    kind: str
    who: str
    what: str
    about: str | None
    status: int
    address: str | None


class KeptAudit:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, done: Sequence[Done]) -> None:
        with self._engine.begin() as db:
            db.execute(sa.insert(t.audit), [{name: getattr(one, name) for name in Done.__slots__} for one in done])

    def since(
        self, moment: str, *, until: str | None = None, who: str | None = None, what: str | None = None, limit: int,
        offset: int = 0,
    ) -> list[Done]:  # fmt: skip
        """The latest first. until: a moment that is too late. who: whole name. what: a part of method, route or id."""
        columns = [t.audit.c[name] for name in Done.__slots__]
        query = sa.select(*columns).where(t.audit.c.at >= moment)
        if until is not None:
            query = query.where(t.audit.c.at < until)
        if who is not None:
            query = query.where(t.audit.c.who == who)
        if what is not None:
            query = query.where(
                t.audit.c.what.icontains(what, autoescape=True) | t.audit.c.about.icontains(what, autoescape=True)
            )
        with self._engine.connect() as db:
            query = query.order_by(t.audit.c.at.desc(), t.audit.c.id.desc()).limit(limit).offset(offset)
            return [Done(**row) for row in db.execute(query).mappings()]

    def names(self, most: int) -> list[str]:
        """Who did something, in order of name."""
        with self._engine.connect() as db:
            return list(db.execute(sa.select(t.audit.c.who).distinct().order_by(t.audit.c.who).limit(most)).scalars())

    def forget_before(self, moment: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.audit).where(t.audit.c.at < moment))
