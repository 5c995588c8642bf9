"""People who sign in. Of their passwords, sessions and links only hashes are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["KeptUser", "KeptUsers"]


@dataclass(frozen=True, slots=True)
class KeptUser:
    """login: as it is compared, None when the user was taken out. person: id in the register. password: its hash.
    subject: digest of who it is for a provider of sign-in, once somebody came from there.
    Moments are ISO 8601, in UTC.
    """

    id: str
    login: str | None
    name: str
    scopes: tuple[str, ...]
    created_at: str
    groups: tuple[str, ...] = ()
    person: str | None = None
    password: str | None = None
    disabled_at: str | None = None
    removed_at: str | None = None
    signed_in_at: str | None = None
    subject: str | None = None


class KeptUsers:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[KeptUser]:
        """By login, without those who were taken out."""
        return self._read(sa.select(t.users).where(t.users.c.removed_at.is_(None)).order_by(t.users.c.login))

    def get(self, user_id: str) -> KeptUser | None:
        return self._one(t.users.c.id == user_id)

    def with_login(self, login: str) -> KeptUser | None:
        return self._one(t.users.c.login == login)

    def with_subject(self, subject: str) -> KeptUser | None:
        return self._one(t.users.c.subject == subject)

    def bind(self, user_id: str, subject: str) -> bool:
        """From now on the account is of this person at the provider; False when it is of another one there."""
        free = (t.users.c.id == user_id) & t.users.c.subject.is_(None) & t.users.c.removed_at.is_(None)
        try:
            with self._engine.begin() as db:
                return db.execute(sa.update(t.users).where(free).values(subject=subject)).rowcount == 1
        except sa.exc.IntegrityError:  # somebody came twice at the same moment
            return False

    def add(self, user: KeptUser) -> bool:
        """False, and nothing is written, when somebody has this login."""
        row = {name: getattr(user, name) for name in KeptUser.__slots__}
        row |= {"scopes": list(user.scopes), "groups": list(user.groups)}
        try:
            with self._engine.begin() as db:
                db.execute(sa.insert(t.users), row)
        except sa.exc.IntegrityError:
            return False
        return True

    def change(self, user_id: str, values: Mapping[str, object], *, end: bool = False) -> None:
        """Set these columns. end: also the user's sessions and links."""
        with self._engine.begin() as db:
            db.execute(sa.update(t.users).where(t.users.c.id == user_id).values(**values))
            if end:
                for table in (t.sessions, t.signin_links):
                    db.execute(sa.delete(table).where(table.c.user_id == user_id))

    def _one(self, condition: sa.ColumnElement[bool]) -> KeptUser | None:
        found = self._read(sa.select(t.users).where(condition, t.users.c.removed_at.is_(None)))
        return found[0] if found else None

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[KeptUser]:
        with self._engine.connect() as db:
            return [
                KeptUser(**{**row, "scopes": tuple(row["scopes"]), "groups": tuple(row["groups"])})
                for row in db.execute(query).mappings()
            ]
