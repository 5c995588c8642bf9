"""Sessions of browsers, links that open the archive once, and how often somebody tried to get in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["KeptSession", "KeptSessions"]

# In one statement, so that of tries at the same moment none is lost. The same on SQLite and PostgreSQL.
_TRY = sa.text(
    "INSERT INTO signin_tries (subject, began_at, count) VALUES (:subject, :now, 1) "
    "ON CONFLICT (subject) DO UPDATE SET "
    "count = CASE WHEN signin_tries.began_at <= :since THEN 1 ELSE signin_tries.count + 1 END, "
    "began_at = CASE WHEN signin_tries.began_at <= :since THEN excluded.began_at ELSE signin_tries.began_at END "
    "RETURNING count, began_at"
)


@dataclass(frozen=True, slots=True)
class KeptSession:
    """digest: SHA-256 of what the cookie holds. Moments are ISO 8601, in UTC."""

    digest: str
    user_id: str
    created_at: str
    seen_at: str


class KeptSessions:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, digest: str) -> KeptSession | None:
        with self._engine.connect() as db:
            row = db.execute(sa.select(t.sessions).where(t.sessions.c.digest == digest)).mappings().first()
            return KeptSession(**row) if row else None

    def add(self, session: KeptSession) -> None:
        """Also notes when the user signed in last."""
        with self._engine.begin() as db:
            db.execute(sa.insert(t.sessions), {name: getattr(session, name) for name in KeptSession.__slots__})
            signed_in = {"signed_in_at": session.created_at}
            db.execute(sa.update(t.users).where(t.users.c.id == session.user_id).values(**signed_in))

    def seen(self, digest: str, at: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.update(t.sessions).where(t.sessions.c.digest == digest).values(seen_at=at))

    def end(self, digest: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.sessions).where(t.sessions.c.digest == digest))

    def end_all(self, user_id: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.sessions).where(t.sessions.c.user_id == user_id))

    # -- links --------------------------------------------------------------------------------------------------------

    def add_link(self, digest: str, user_id: str, expires_at: str) -> None:
        """In the place of an earlier one of this user."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.signin_links).where(t.signin_links.c.user_id == user_id))
            db.execute(sa.insert(t.signin_links), {"digest": digest, "user_id": user_id, "expires_at": expires_at})

    def take_link(self, digest: str, now: str) -> str | None:
        """The id of the user it was for, once: of two who come at the same moment one gets it."""
        taking = (
            sa.delete(t.signin_links)
            .where(t.signin_links.c.digest == digest, t.signin_links.c.expires_at > now)
            .returning(t.signin_links.c.user_id)
        )
        with self._engine.begin() as db:
            return db.execute(taking).scalar()

    # -- tries --------------------------------------------------------------------------------------------------------

    def note_try(self, subject: str, now: str, since: str) -> tuple[int, str]:
        """How many tries there were with this one, and when they began: none that began before `since` counts."""
        with self._engine.begin() as db:
            count, began_at = db.execute(_TRY, {"subject": subject, "now": now, "since": since}).one()
            return int(count), str(began_at)

    def forgive(self, subjects: Collection[str]) -> None:
        """One try less of each."""
        tries = t.signin_tries.c
        fewer = sa.update(t.signin_tries).where(tries.subject.in_(subjects), tries.count > 0)
        with self._engine.begin() as db:
            db.execute(fewer.values(count=tries.count - 1))

    # -- what is over -------------------------------------------------------------------------------------------------

    def forget(self, *, created: str, seen: str, now: str, tried: str) -> None:
        """Sessions created or seen last before these moments, links that have expired, tries that began before."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.sessions).where((t.sessions.c.created_at < created) | (t.sessions.c.seen_at < seen)))
            db.execute(sa.delete(t.signin_links).where(t.signin_links.c.expires_at <= now))
            db.execute(sa.delete(t.signin_tries).where(t.signin_tries.c.began_at < tried))
