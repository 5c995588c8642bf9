"""Searches that somebody follows. Of the secret address of a feed only a hash is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["Every", "KeptWatch", "KeptWatches", "addresses_kept"]

Every = Literal["weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """person: id in the register; user_id: of an account; one of them may be empty. search: as it stands in an address.

    digest: SHA-256 of what the address of its feed holds; None where it has none.
    """

    id: str
    person: str
    user_id: str
    search: str
    every: Every
    created_at: str
    digest: str | None = None


class KeptWatches:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, watch: KeptWatch) -> None:
        with self._engine.begin() as db:
            db.execute(sa.insert(t.watches), {name: getattr(watch, name) for name in KeptWatch.__slots__})

    def all(self) -> list[KeptWatch]:
        """The oldest first."""
        return self._read(sa.true())

    def of(self, people: Collection[str] = (), users: Collection[str] = ()) -> list[KeptWatch]:
        """Those of any of these."""
        return self._read(_of(people, users))

    def get(self, watch_id: str) -> KeptWatch | None:
        return next(iter(self._read(t.watches.c.id == watch_id)), None)

    def with_digest(self, digest: str) -> KeptWatch | None:
        return next(iter(self._read(t.watches.c.digest == digest)), None)

    def set_digest(self, watch_id: str, digest: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.update(t.watches).where(t.watches.c.id == watch_id).values(digest=digest))

    def remove(self, watch_id: str) -> bool:
        """Whether it was there."""
        with self._engine.begin() as db:
            return bool(db.execute(sa.delete(t.watches).where(t.watches.c.id == watch_id)).rowcount)

    def remove_of(self, people: Collection[str], users: Collection[str]) -> int:
        """How many there were of any of these."""
        with self._engine.begin() as db:
            return db.execute(sa.delete(t.watches).where(_of(people, users))).rowcount

    def _read(self, chosen: sa.ColumnElement[bool]) -> list[KeptWatch]:
        query = sa.select(t.watches).where(chosen).order_by(t.watches.c.created_at, t.watches.c.id)
        with self._engine.connect() as db:
            return [KeptWatch(**row) for row in db.execute(query).mappings()]


@contextmanager
def addresses_kept(db: sa.Connection) -> Iterator[None]:
    """Of a backup that takes the place of the catalogue, no address of a feed opens anything that is not open now."""
    there = set(db.execute(sa.select(t.watches.c.digest).where(t.watches.c.digest.is_not(None))).scalars())
    yield
    closed = t.watches.c.digest.not_in(there) if there else sa.true()
    db.execute(sa.update(t.watches).where(closed).values(digest=None))


def _of(people: Collection[str], users: Collection[str]) -> sa.ColumnElement[bool]:
    some, theirs = [one for one in people if one], [one for one in users if one]
    return sa.or_(t.watches.c.person.in_(some), t.watches.c.user_id.in_(theirs))
