"""Where resources come from by themselves, and what is listed there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import schema as t
from searchsvc.catalogue.changes import chunks

__all__ = ["KeptListed", "KeptSource", "KeptSources", "Seen"]

_ROWS = 500
_THERE = ("sent", "in")
_DEAD = "is no longer there%"  # as ingest.sources.web.client says it
_GIVEN_UP = ("gave up after", "while working on this file")  # as ingest.jobs says it


@dataclass(frozen=True, slots=True)
class KeptSource:
    """One source. Moments are ISO 8601, in UTC; see `schema.sources` for what each says."""

    id: str
    name: str
    kind: str
    location: str
    every_s: int
    groups: tuple[str, ...]
    created_at: str
    paused_at: str | None = None
    removed_at: str | None = None
    keeps: bool = False
    due_at: str | None = None
    asked: str | None = None
    visits: int = 0
    began_at: str | None = None
    ended_at: str | None = None
    good_at: str | None = None
    failed: int = 0
    failing_since: str | None = None
    failing_why: str | None = None
    held: int = 0
    confirmed: int = 0
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptListed:
    """One thing that a source lists, or listed; see `schema.listed`."""

    source_id: str
    uri: str
    name: str
    shown: str
    seen: int
    listed_revision: str
    stated: Mapping[str, Any] | None = None
    place: str | None = None
    state: str = "new"
    due: bool = True
    revision: str = ""
    etag: str = ""
    modified: str = ""
    digest: str = ""
    item_id: str | None = None
    restate: bool = False
    gone_since: str | None = None
    failing_since: str | None = None
    failing_why: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is listed now. stated: as JSON has it."""

    uri: str
    revision: str
    name: str
    shown: str
    stated: Mapping[str, Any] | None


class KeptSources:
    """Safe to use from many threads and, on PostgreSQL, from many processes; of one source one visit at a time."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # -- sources ------------------------------------------------------------------------------------------------------

    def all(self) -> list[KeptSource]:
        """By name."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(t.sources).order_by(t.sources.c.name)).mappings()
            return [KeptSource(**{**row, "groups": tuple(row["groups"])}) for row in rows]

    def one(self, key: str) -> KeptSource:
        """By id or name. Raises NotFoundError."""
        every = self.all()
        found = {one.id: one for one in every if key in (one.id, one.name)}
        if not found:
            from searchsvc.text.nearest import unknown

            names = {one.id: (one.name,) for one in every}
            how = "`searchsvc sources list` shows them"
            raise unknown("source", key, names, said="id or name", how=how, digits=True)
        return found.get(key) or next(iter(found.values()))

    def add(self, source: KeptSource) -> bool:
        """Whether no other one had the name."""
        values = {name: getattr(source, name) for name in KeptSource.__slots__}
        with self._engine.begin() as db:
            if db.execute(sa.select(t.sources.c.id).where(t.sources.c.name == source.name)).first():
                return False
            db.execute(sa.insert(t.sources), {**values, "groups": list(source.groups), "report": dict(source.report)})
        return True

    def update(self, source_id: str, **values: Any) -> None:
        """Some columns."""
        with self._engine.begin() as db:
            db.execute(sa.update(t.sources).where(t.sources.c.id == source_id).values(**values))

    def forget(self, source_id: str) -> None:
        """It and what it listed."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.listed).where(t.listed.c.source_id == source_id))
            db.execute(sa.delete(t.sources).where(t.sources.c.id == source_id))

    # -- what they list -----------------------------------------------------------------------------------------------

    def note(self, source_id: str, visit: int, found: Sequence[Seen]) -> tuple[list[str], list[str], int]:
        """That these are listed: (new ones, those that may have changed, how many have to be asked), by how they are
        shown. One whose revision says that it did not change is not due."""
        added, changed, asked = [], [], 0
        with self._engine.begin() as db:
            before = {one.uri: one for one in _read(db, source_id, t.listed.c.uri.in_([seen.uri for seen in found]))}
            for seen in found:
                old = before.get(seen.uri)
                values: dict[str, Any] = {
                    "name": seen.name, "shown": seen.shown, "seen": visit, "listed_revision": seen.revision,
                    "stated": sa.null() if seen.stated is None else dict(seen.stated),
                }  # fmt: skip
                if old is None:
                    added.append(seen.shown)
                    fresh = KeptListed(source_id, seen.uri, seen.name, seen.shown, visit, seen.revision)
                    defaults = {name: getattr(fresh, name) for name in KeptListed.__slots__}
                    db.execute(sa.insert(t.listed), {**defaults, **values})
                    continue
                restated = old.restate or (old.state in _THERE and _differs(old.stated, seen.stated))
                same = bool(seen.revision) and seen.revision == old.revision and not restated
                due = old.state != "declined" and (not same or old.gone_since is not None)
                if due and seen.revision:
                    changed.append(seen.shown)
                elif due:
                    asked += 1
                mine = (t.listed.c.source_id == source_id, t.listed.c.uri == seen.uri)
                db.execute(sa.update(t.listed).where(*mine).values(**values, due=due, restate=restated))
        return added, changed, asked

    def known(self, source_id: str, uris: Sequence[str]) -> dict[str, KeptListed]:
        """Those of these that were listed before."""
        with self._engine.connect() as db:
            return {one.uri: one for one in _read(db, source_id, t.listed.c.uri.in_(list(uris)))}

    def walk(self, source_id: str, *wanted: sa.ColumnElement[bool]) -> Iterator[KeptListed]:
        """Those that are wanted, by address; they may be changed meanwhile."""
        after = ""
        while True:
            with self._engine.connect() as db:
                some = _read(db, source_id, t.listed.c.uri > after, *wanted, limit=_ROWS)
            yield from some
            if len(some) < _ROWS:
                return
            after = some[-1].uri

    def due(self, source_id: str, visit: int) -> Iterator[KeptListed]:
        """What is to be asked for in this visit."""
        return self.walk(source_id, t.listed.c.due, t.listed.c.seen == visit)

    def missing(self, source_id: str, visit: int) -> Iterator[KeptListed]:
        """What was there and this visit did not list."""
        return self.walk(source_id, t.listed.c.seen < visit)

    def gone(self, source_id: str) -> Iterator[KeptListed]:
        return self.walk(source_id, t.listed.c.gone_since.is_not(None))

    def failing(self, source_id: str, limit: int) -> list[KeptListed]:
        """Those that failed longest first."""
        with self._engine.connect() as db:
            order = (t.listed.c.failing_since, t.listed.c.uri)
            return _read(db, source_id, t.listed.c.failing_since.is_not(None), order=order, limit=limit)

    def dead(self) -> list[tuple[str, str, str, str]]:
        """(resource, address, since when, why) of what is in the archive and gone at its source, or fails there.

        Not of what only moved: the same bytes stand elsewhere at the same source.
        """
        c, other = t.listed.c, t.listed.alias()
        moved = sa.exists().where(
            other.c.source_id == c.source_id, other.c.digest == c.digest, c.digest != "", other.c.uri != c.uri,
            other.c.state.in_(_THERE), other.c.gone_since.is_(None),
        )  # fmt: skip
        since = sa.func.coalesce(c.gone_since, c.failing_since)
        query = (
            sa.select(t.locations.c.resource_id, c.uri, since, sa.func.coalesce(c.failing_why, ""))
            .join(t.locations, t.locations.c.uri == c.place)
            .where(sa.or_(c.gone_since.is_not(None), c.failing_since.is_not(None)), ~moved)
            .order_by(since, c.uri)
        )
        with self._engine.connect() as db:
            return [(str(a), str(b), str(when), str(why)) for a, b, when, why in db.execute(query)]

    def given_up(self, source_id: str) -> Iterator[KeptListed]:
        """What was handed in and not read for no fault of its own, as when the process ended again and again."""
        c = t.listed.c
        return self.walk(source_id, c.state == "sent", sa.or_(*(c.failing_why.like(f"%{one}%") for one in _GIVEN_UP)))

    def there(self, source_id: str) -> int:
        """How many are in the archive from it, or on their way, and not gone."""
        wanted = (t.listed.c.state.in_(_THERE), t.listed.c.gone_since.is_(None))
        with self._engine.connect() as db:
            query = sa.select(sa.func.count()).select_from(t.listed).where(t.listed.c.source_id == source_id, *wanted)
            return int(db.execute(query).scalar_one())

    def counts(self) -> dict[str, dict[str, int]]:
        """source -> how many are in or on their way, of these on their way; failing, of these such as came and could
        not be read, and such as never were there; gone, declined."""
        c = t.listed.c
        unread = sa.and_(c.state == "sent", c.failing_since.is_not(None))
        in_archive = sa.select(t.locations.c.uri).where(t.locations.c.uri == c.place).exists()  # as it was before
        there = sa.and_(c.state.in_(_THERE), c.gone_since.is_(None), sa.or_(~unread, in_archive))
        kinds = {
            "there": there, "waiting": sa.and_(there, c.state == "sent", c.failing_since.is_(None)),
            "failing": c.failing_since.is_not(None), "unread": unread,
            "dead": sa.and_(c.state == "new", c.failing_why.like(_DEAD)), "gone": c.gone_since.is_not(None),
            "declined": c.state == "declined",
        }  # fmt: skip
        sums = [sa.func.sum(sa.case((one, 1), else_=0)).label(name) for name, one in kinds.items()]
        with self._engine.connect() as db:
            rows = db.execute(sa.select(c.source_id, *sums).group_by(c.source_id)).mappings()
            return {row["source_id"]: {name: int(row[name] or 0) for name in kinds} for row in rows}

    def set(self, source_id: str, uri: str, **values: Any) -> None:
        """Some columns of one."""
        mine = (t.listed.c.source_id == source_id, t.listed.c.uri == uri)
        with self._engine.begin() as db:
            db.execute(sa.update(t.listed).where(*mine).values(**values))

    def drop(self, source_id: str, uri: str) -> None:
        """One is forgotten."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.listed).where(t.listed.c.source_id == source_id, t.listed.c.uri == uri))

    def taken(self, source_id: str, uri: str, place: str) -> bool:
        """Whether another one of the same source has this place."""
        wanted = (t.listed.c.source_id == source_id, t.listed.c.uri != uri, t.listed.c.place == place)
        with self._engine.connect() as db:
            return db.execute(sa.select(t.listed.c.uri).where(*wanted)).first() is not None

    def on_its_way(self, place: str) -> bool:
        """Whether something is handed in for it and not done yet."""
        wanted = (t.items.c.uri == place, t.items.c.status == "queued")
        with self._engine.connect() as db:
            return db.execute(sa.select(t.items.c.id).where(*wanted)).first() is not None

    def elsewhere(self, source_id: str, place: str) -> bool:
        """Whether another source has it there, too."""
        wanted = (t.listed.c.source_id != source_id, t.listed.c.place == place, t.listed.c.gone_since.is_(None))
        with self._engine.connect() as db:
            return db.execute(sa.select(t.listed.c.uri).where(*wanted)).first() is not None

    def with_digest(self, source_id: str, digest: str, visit: int) -> KeptListed | None:
        """One that this visit listed with these bytes, in the archive or on its way."""
        c = t.listed.c
        with self._engine.connect() as db:
            wanted = (c.digest == digest, c.state.in_(_THERE), c.seen == visit, c.gone_since.is_(None))
            return next(iter(_read(db, source_id, *wanted, limit=1)), None) if digest else None

    def moved_to(self, place: str, digest: str) -> list[str]:
        """Where these bytes stood before, at the source that has them at this place now, and where nobody has anything
        any more."""
        c, new, other = t.listed.c, t.listed.alias(), t.listed.alias()
        kept = sa.exists().where(other.c.place == c.place, other.c.gone_since.is_(None))
        query = (
            sa.select(c.place).join(new, new.c.source_id == c.source_id)
            .where(new.c.place == place, new.c.digest == digest, new.c.gone_since.is_(None))
            .where(c.digest == digest, c.place.is_not(None), c.place != place, c.gone_since.is_not(None), ~kept)
            .distinct()
        )  # fmt: skip
        with self._engine.connect() as db:
            return list(db.execute(query).scalars()) if digest else []

    def stated(self, uris: Collection[str]) -> Mapping[str, Any] | None:
        """What a source says of what stands at one of these locations."""
        if not uris:
            return None
        c = t.listed.c
        query = (
            sa.select(c.stated).where(c.place.in_(list(uris)), c.gone_since.is_(None)).order_by(c.place, c.source_id)
        )
        with self._engine.connect() as db:
            return next((one for one in db.execute(query).scalars() if one), None)

    def settle(self, source_id: str, now: str) -> None:
        """See what became of what was handed in, and what somebody took out by hand: that is not asked for again."""
        c, i = t.listed.c, t.items.c
        query = (
            sa.select(c.uri, c.failing_since, c.failing_why, i.status, i.reason)
            .join(t.items, i.id == c.item_id, isouter=True)
            .where(c.source_id == source_id, c.state == "sent", sa.or_(i.status.is_(None), i.status != "queued"))
        )
        with self._engine.connect() as db:
            rows = db.execute(query).all()
        done = [row.uri for row in rows if row.status != "failed"]
        with self._engine.begin() as db:
            for some in chunks(done):
                those = (c.source_id == source_id, c.state == "sent", c.uri.in_(some))
                db.execute(sa.update(t.listed).where(*those).values(state="in", failing_since=None, failing_why=None))
        for row in rows:
            if row.status == "failed" and row.failing_why != row.reason:
                self.set(source_id, row.uri, failing_since=row.failing_since or now, failing_why=row.reason)
        there = sa.select(t.locations.c.uri).where(t.locations.c.uri == c.place)
        mine = (c.source_id == source_id, c.state == "in", c.place.is_not(None), ~there.exists())
        with self._engine.begin() as db:
            db.execute(sa.update(t.listed).where(*mine).values(state="declined", due=False))


def _differs(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    return (old or None) != (new or None)


def _read(
    db: sa.Connection, source_id: str, *wanted: sa.ColumnElement[bool], order: Any = (t.listed.c.uri,),
    limit: int | None = None,
) -> list[KeptListed]:  # fmt: skip
    query = sa.select(t.listed).where(t.listed.c.source_id == source_id, *wanted).order_by(*order).limit(limit)
    return [KeptListed(**row) for row in db.execute(query).mappings()]
