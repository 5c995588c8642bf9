"""Keys of the API. Of each only the digest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["KeptKey", "KeptKeys"]

_LISTS = ("scopes", "origins", "groups")


@dataclass(frozen=True, slots=True)
class KeptKey:
    """digest: SHA-256 of the whole key, in hexadecimal. Moments are ISO 8601, in UTC.

    groups: whose entries it sees. origins: sites whose pages may use it, all programs when empty. per_minute: requests;
    None has no limit of its own.
    """

    id: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    per_minute: int | None
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None
    used_at: str | None = None
    groups: tuple[str, ...] = ()


class KeptKeys:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[KeptKey]:
        """The newest first, revoked ones too."""
        return self._read(sa.select(t.keys).order_by(t.keys.c.created_at.desc(), t.keys.c.id))

    def get(self, key_id: str) -> KeptKey | None:
        found = self._read(sa.select(t.keys).where(t.keys.c.id == key_id))
        return found[0] if found else None

    def add(self, key: KeptKey) -> bool:
        """False, and nothing is written, when a key that was not revoked has this name."""
        row = {name: getattr(key, name) for name in KeptKey.__slots__}
        row |= {name: list(row[name]) for name in _LISTS}
        with self._engine.begin() as db:
            if self._engine.dialect.name == "postgresql":  # two processes may add the same name
                db.execute(sa.text("LOCK TABLE keys IN SHARE ROW EXCLUSIVE MODE"))
            same = sa.select(t.keys.c.id).where(t.keys.c.name == key.name, t.keys.c.revoked_at.is_(None))
            if db.execute(same).first():
                return False
            db.execute(sa.insert(t.keys), row)
        return True

    def revoke(self, key_id: str, at: str) -> bool:
        """Whether there was such a key that was not revoked yet."""
        change = sa.update(t.keys).where(t.keys.c.id == key_id, t.keys.c.revoked_at.is_(None)).values(revoked_at=at)
        with self._engine.begin() as db:
            return db.execute(change).rowcount > 0

    def used(self, at: Mapping[str, str]) -> None:
        """at: id of a key -> when it was used last."""
        with self._engine.begin() as db:
            for key_id, moment in sorted(at.items()):
                db.execute(sa.update(t.keys).where(t.keys.c.id == key_id).values(used_at=moment))

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[KeptKey]:
        with self._engine.connect() as db:
            return [
                KeptKey(**{**row, **{name: tuple(row[name]) for name in _LISTS}})
                for row in db.execute(query).mappings()
            ]
