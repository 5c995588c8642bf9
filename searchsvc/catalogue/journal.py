"""When what is known of resources and of the register's entries became known and changed last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t

__all__ = ["RESOURCE", "KeptJournal", "Noted", "Window", "journal_kept"]

RESOURCE = "resource"  # the type of resources; others are kinds of the register
_UP_TO = "journal"  # meta key: the version of the catalogue that the journal is level with, and that of the register


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing. Moments are ISO 8601, in UTC, to the millisecond.

    at: when it changed last, came or went. fields: name -> hash of what it was then. changed: names of those that
    changed at `at`; none when it came or went. groups: that alone see it; opened_at: when others came to see it whom
    `opened_from` had left out. public_at: when what everybody sees of it changed last, came or went; None for what
    never was for everybody. places: hashes of where it was found when it came.
    """

    type: str
    id: str
    kind: str
    first_at: str
    at: str
    fields: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    gone: bool = False
    groups: frozenset[str] = frozenset()
    opened_at: str | None = None
    opened_from: frozenset[str] = frozenset()
    public_at: str | None = None
    public: bool = False
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """What everybody may know of, first the oldest. kind: of resources. since, until: `public_at`, both included.

    after: (public_at, id) of the last one that is known already.
    """

    since: str | None = None
    until: str | None = None
    kind: str | None = None
    after: tuple[str, str] | None = None


class KeptJournal:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def level_with(self) -> str:
        """What was given to `write` last; empty before the first time."""
        with self._engine.connect() as db:
            return change.meta(db, _UP_TO) or ""

    def write(self, noted: Iterable[Noted], forgotten: Iterable[tuple[str, str]], level_with: str) -> None:
        """In one transaction. forgotten: (type, id) of what leaves no trace."""
        with self._engine.begin() as db:
            for one in noted:
                change.put_row(db, t.journal, _row(one))
            for kind, entry_id in forgotten:
                db.execute(sa.delete(t.journal).where(t.journal.c.type == kind, t.journal.c.id == entry_id))
            change.set_meta(db, _UP_TO, level_with)

    def resources(self, ids: Sequence[str]) -> dict[str, Noted]:
        """By id; those that are not known are missing."""
        found: dict[str, Noted] = {}
        with self._engine.connect() as db:
            for some in change.chunks(ids):
                query = sa.select(t.journal).where(t.journal.c.type == RESOURCE, t.journal.c.id.in_(some))
                found.update((row["id"], _noted(dict(row))) for row in db.execute(query).mappings())
        return found

    def entries(self) -> dict[tuple[str, str], Noted]:
        """Those of the register, by (type, id)."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(t.journal).where(t.journal.c.type != RESOURCE)).mappings()
            return {(row["type"], row["id"]): _noted(dict(row)) for row in rows}

    def news(self, since: str, until: str, types: Collection[str]) -> list[Noted]:
        """What came, changed or was opened to others from `since` on and before `until`, and is there."""
        j = t.journal.c
        within = [sa.and_(moment >= since, moment < until) for moment in (j.at, j.first_at, j.opened_at)]
        query = sa.select(t.journal).where(j.gone.is_(False), j.type.in_(list(types)), sa.or_(*within))
        with self._engine.connect() as db:
            return [_noted(dict(row)) for row in db.execute(query.order_by(j.at, j.id)).mappings()]

    def published(self, window: Window, limit: int) -> list[Noted]:
        """Resources that everybody sees or once saw, by `public_at` and id."""
        j = t.journal.c
        query = sa.select(t.journal).where(*_within(window)).order_by(j.public_at, j.id).limit(limit)
        with self._engine.connect() as db:
            return [_noted(dict(row)) for row in db.execute(query).mappings()]

    def count_published(self, window: Window) -> int:
        with self._engine.connect() as db:
            return db.execute(sa.select(sa.func.count()).select_from(t.journal).where(*_within(window))).scalar_one()

    def first_published(self) -> str | None:
        with self._engine.connect() as db:
            found: str | None = db.execute(sa.select(sa.func.min(t.journal.c.public_at))).scalar()
            return found


@contextmanager
def journal_kept(db: sa.Connection) -> Iterator[None]:
    """When a backup takes the place of the catalogue, what was told of it here stays told, and what is other than it
    was is noted as a change of now.
    """
    here = [dict(one) for one in db.execute(sa.select(t.journal)).mappings()]
    yield
    for one in here:
        change.put_row(db, t.journal, one)
    if here:
        change.set_meta(db, _UP_TO, "0 restored")


def _within(window: Window) -> list[sa.ColumnElement[bool]]:
    j = t.journal.c
    asked = [j.type == RESOURCE, j.public_at.is_not(None)]
    if window.since:
        asked.append(j.public_at >= window.since)
    if window.until:
        asked.append(j.public_at <= window.until)
    if window.kind:
        asked.append(j.kind == window.kind)
    if window.after:
        at, last = window.after
        asked.append(sa.or_(j.public_at > at, sa.and_(j.public_at == at, j.id > last)))
    return asked


def _row(one: Noted) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in Noted.__slots__}
    return values | {
        "fields": dict(one.fields),
        "changed": list(one.changed),
        "places": sorted(one.places),
        "groups": ",".join(sorted(one.groups)),
        "opened_from": ",".join(sorted(one.opened_from)) or None,
    }


def _noted(values: dict[str, Any]) -> Noted:
    for name in ("groups", "opened_from"):
        values[name] = frozenset((values[name] or "").split(",")) - {""}
    return Noted(**{**values, "changed": tuple(values["changed"]), "places": frozenset(values["places"])})
