"""What became of introductions that were suggested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t

__all__ = ["STATUSES", "Remembered", "RememberedIntroductions", "Status"]

Status = Literal["suggested", "sent", "accepted", "declined"]
STATUSES: tuple[Status, ...] = ("suggested", "sent", "accepted", "declined")


@dataclass(frozen=True, slots=True)
class Remembered:
    """a and b: ids of two people, as they were then. at: when it got this status, ISO 8601."""

    id: str
    a: str
    b: str
    status: Status
    at: str
    note: str | None = None


class RememberedIntroductions:
    """Safe to use from many threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[Remembered]:
        """The latest first."""
        query = sa.select(t.introductions).order_by(t.introductions.c.at.desc(), t.introductions.c.id)
        with self._engine.connect() as db:
            return [Remembered(**row) for row in db.execute(query).mappings()]

    def put(self, *introductions: Remembered) -> None:
        """Write them, each in place of what was known of it."""
        with self._engine.begin() as db:
            for one in sorted(
                introductions, key=lambda it: it.id
            ):  # in one order, so that two never wait for each other
                change.put_row(db, t.introductions, {name: getattr(one, name) for name in Remembered.__slots__})

    def forget(self, introduction: str) -> bool:
        """It may be suggested again. Whether it was there."""
        with self._engine.begin() as db:
            gone = sa.delete(t.introductions).where(t.introductions.c.id == introduction)
            return bool(db.execute(gone).rowcount)
