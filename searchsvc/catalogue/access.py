"""Who may do what, and who did what, when a backup takes the place of the catalogue: it undoes neither."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from searchsvc.catalogue import schema as t

__all__ = ["OF_ACCESS", "access_kept"]

_OF_NOW = (t.sessions, t.signin_links, t.signin_tries)
OF_ACCESS = (t.keys, t.users, t.audit, t.erased, *_OF_NOW)


@contextmanager
def access_kept(db: sa.Connection) -> Iterator[None]:
    """Keys and users stay as they are, revoked and removed ones too, and so does the audit log; those of the backup are
    added. Of sessions and links only those of now are left: a backup opens nothing that was closed since. Whoever was
    erased stays so.
    """
    erased = [dict(one) for one in db.execute(sa.select(t.erased)).mappings()]
    keys = [dict(one) for one in db.execute(sa.select(t.keys)).mappings()]
    users = [dict(one) for one in db.execute(sa.select(t.users)).mappings()]
    open_now = {table: [dict(one) for one in db.execute(sa.select(table)).mappings()] for table in _OF_NOW}
    told = sa.select(*(column for column in t.audit.c if column is not t.audit.c.id)).order_by(t.audit.c.id)
    done = [dict(one) for one in db.execute(told).mappings()]
    yield
    for one in keys:
        db.execute(sa.delete(t.keys).where(t.keys.c.id == one["id"]))
        db.execute(sa.insert(t.keys), one)
    for one in users:
        same = [t.users.c[name] == one[name] for name in ("id", "login") if one[name] is not None]
        db.execute(sa.delete(t.users).where(sa.or_(*same)))
        db.execute(sa.insert(t.users), one)
    for table, rows in open_now.items():
        db.execute(sa.delete(table))
        if rows:
            db.execute(sa.insert(table), rows)
    known = set(db.execute(sa.select(t.erased.c.digest)).scalars())
    if more := [one for one in erased if one["digest"] not in known]:
        db.execute(sa.insert(t.erased), more)
    there = {tuple(one.values()) for one in db.execute(told).mappings()}
    if new := [one for one in done if tuple(one.values()) not in there]:
        db.execute(sa.insert(t.audit), new)
