"""Who works on what, so that no two work on the same: between threads, and on PostgreSQL between processes too."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

__all__ = ["ORIGINALS", "Locks"]

ORIGINALS = "originals"  # while somebody has it, no original is deleted

_SESSION = (  # a lock outlives long work, and not the machine that held it
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL tcp_keepalives_idle = 30",
    "SET LOCAL tcp_keepalives_interval = 10",
    "SET LOCAL tcp_keepalives_count = 3",
)


class Locks:
    """Locks on names. On PostgreSQL each holder has a connection of its own, and the lock ends with it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._busy: set[str] = set()
        self._free = threading.Condition()
        self._engine = None
        if engine.dialect.name == "postgresql":
            self._engine = sa.create_engine(engine.url, poolclass=sa.pool.NullPool)

    @contextmanager
    def held(self, *names: str, wait: bool = True) -> Iterator[bool]:
        """All names at once, so nobody waits for somebody who waits. False: they are taken, and `wait` is false."""
        if not self._enter(names, wait):
            yield False
            return
        try:
            if self._engine is None:
                yield True
            else:
                with self._engine.begin() as db:
                    yield _lock(db, names, wait)
        finally:
            with self._free:
                self._busy.difference_update(names)
                self._free.notify_all()

    def taken(self, name: str) -> bool:
        """Whether somebody has it."""
        with self._free:
            if name in self._busy or self._engine is None:
                return name in self._busy
        with self._engine.begin() as db:
            free = sa.text("SELECT pg_try_advisory_xact_lock_shared(:key)")  # others may look at the same time
            return not db.execute(free, {"key": _key(name)}).scalar()

    def _enter(self, names: tuple[str, ...], wait: bool) -> bool:
        with self._free:
            if not wait and not self._busy.isdisjoint(names):
                return False
            self._free.wait_for(lambda: self._busy.isdisjoint(names))
            self._busy.update(names)
            return True


def _lock(db: sa.Connection, names: tuple[str, ...], wait: bool) -> bool:
    for statement in _SESSION:
        db.execute(sa.text(statement))
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    for key in sorted({_key(name) for name in names}):  # in one order everywhere
        got = db.execute(sa.text(f"SELECT {function}(:key)"), {"key": key}).scalar()
        if not wait and not got:
            return False
    return True


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"searchsvc {name}".encode(), digest_size=8).digest(), "big", signed=True)
