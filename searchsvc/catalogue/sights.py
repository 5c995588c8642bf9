"""What OCR saw, by the hash of the file and the place in it: looking again takes long, and pages are marked with it."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from searchsvc.catalogue import schema as t
from searchsvc.model import Seen, SeenLine

__all__ = ["Sights"]


class Sights:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, content_hash: str, engine: str) -> dict[str, Seen]:
        """place -> what this engine saw there."""
        query = sa.select(t.sights.c.place, t.sights.c.seen).where(
            t.sights.c.content_hash == content_hash, t.sights.c.engine == engine
        )
        with self._engine.connect() as db:
            return {place: _seen(lines) for place, lines in db.execute(query)}

    def at(self, content_hash: str, place: str) -> Seen | None:
        """What was seen in one place last, by whatever engine."""
        query = sa.select(t.sights.c.seen).where(t.sights.c.content_hash == content_hash, t.sights.c.place == place)
        with self._engine.connect() as db:
            lines = db.execute(query).scalar()
        return None if lines is None else _seen(lines)

    def put(self, content_hash: str, place: str, engine: str, seen: Seen) -> None:
        """In the stead of what was seen there before."""
        same = (t.sights.c.content_hash == content_hash, t.sights.c.place == place)
        lines = [asdict(line) for line in seen.lines]
        with self._engine.begin() as db:
            db.execute(sa.delete(t.sights).where(*same))
            row = {"content_hash": content_hash, "place": place, "engine": engine, "seen": lines}
            db.execute(sa.insert(t.sights), row)

    def forget(self, content_hash: str) -> None:
        """All of a file."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.sights).where(t.sights.c.content_hash == content_hash))


def _seen(lines: list[dict[str, object]]) -> Seen:
    return Seen(
        tuple(
            SeenLine(str(one["text"]), _four(one["x"]), _four(one["y"]), float(str(one["sure"])))
            for one in lines
        )
    )  # fmt: skip


def _four(values: object) -> tuple[float, float, float, float]:
    a, b, c, d = values if isinstance(values, list) else (0.0, 0.0, 0.0, 0.0)
    return a, b, c, d
