"""All that is known at once: the files it needs, whether it holds together, a copy of it, and one in its place."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import IO, TYPE_CHECKING

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.access import access_kept
from searchsvc.catalogue.journal import journal_kept
from searchsvc.catalogue.letters import letters_kept
from searchsvc.catalogue.rows import UNFINISHED, Removal
from searchsvc.catalogue.watches import addresses_kept
from searchsvc.errors import DamagedHomeError

if TYPE_CHECKING:
    from searchsvc.catalogue.dump import Held

__all__ = ["WORDS_DIFFER", "Whole"]

WORDS_DIFFER = "the index of words differs from the passages"


class Whole:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._dialect = engine.dialect.name

    def contents(self) -> dict[str, list[str]]:
        """sha256 of every original that must be kept -> where it was found."""
        found: dict[str, list[str]] = defaultdict(list)
        placed = sa.select(t.resources.c.content_hash, t.locations.c.uri).join(
            t.locations, t.locations.c.resource_id == t.resources.c.id, isouter=True
        )
        waiting = sa.select(t.items.c.content_hash, t.items.c.uri).where(
            t.items.c.status.in_(UNFINISHED), t.items.c.content_hash != ""
        )
        with self._engine.connect() as db:
            for query in (placed, waiting):
                for content_hash, uri in db.execute(query):
                    found[content_hash] += [uri] if uri else []
        return dict(found)

    def has_something(self) -> bool:
        with self._engine.connect() as db:
            return any(db.execute(sa.select(table).limit(1)).first() for table in (t.resources, t.items, t.register))

    def dump(self, out: IO[bytes]) -> dict[str, int]:
        """Write all that is known, as of one moment; table -> number of rows. Nobody waits for it."""
        from searchsvc.catalogue import dump

        return dump.write(self._engine, out)

    def held_in(self, dumped: IO[bytes]) -> Held:
        """What is in what `dump` wrote. Raises DamagedBackupError when it is not whole."""
        from searchsvc.catalogue import dump

        return dump.held_in(dumped)

    def digests(self, dumped: IO[bytes]) -> dict[str, str]:
        """Table -> checksum, of what `dump` wrote: alike for one archive in two places. Raises DamagedBackupError."""
        from searchsvc.catalogue import dump

        return dump.digests(dumped)

    def replace(self, dumped: IO[bytes]) -> None:
        """Put what `dump` wrote in the place of all that is known, in one transaction; an older schema is upgraded.

        Keys and the audit log that are here stay.
        """
        from searchsvc.catalogue import dump, upgrade

        with upgrade.upgraded(dumped, t.SCHEMA) as present, self._engine.begin() as db:
            version = change.touch(db)
            before = set(db.execute(sa.select(t.resources.c.id)).scalars())
            pending = [Removal(**row) for row in db.execute(sa.select(t.removals)).mappings()]
            with access_kept(db), journal_kept(db), addresses_kept(db), letters_kept(db):
                dump.restore(db, present)
            for one in pending:
                change.note_removal(db, one.resource_id, one.point_ids, one.content_hash)
            version = max(version, int(change.meta(db, "version") or 0)) + 1
            gone = before - set(db.execute(sa.select(t.resources.c.id)).scalars())
            db.execute(sa.delete(t.deletions).where(t.deletions.c.resource_id.in_(sa.select(t.resources.c.id))))
            db.execute(sa.update(t.deletions).values(version=version))
            known = set(db.execute(sa.select(t.deletions.c.resource_id)).scalars())
            rows = [{"resource_id": one, "version": version} for one in sorted(gone - known)]
            if rows:
                db.execute(sa.insert(t.deletions), rows)
            db.execute(sa.update(t.resources).values(changed=version))  # readers that keep a copy take all anew
            change.set_meta(db, "version", str(version))
            for key in (change.REGISTER_VERSION, change.RESTRICTED, change.WITHDRAWN):
                change.set_meta(db, key, uuid.uuid4().hex)

    def faults(self) -> dict[str, list[str]]:
        """What does not hold together -> ids of resources. Raises DamagedHomeError when pages cannot be read."""
        found: dict[str, list[str]] = {}
        counted = (
            sa.select(t.resources.c.id)
            .join(t.passages, t.passages.c.resource_id == t.resources.c.id, isouter=True)
            .group_by(t.resources.c.id, t.resources.c.passages)
            .having(sa.func.count(t.passages.c.row) != t.resources.c.passages)
        )
        without = sa.select(t.resources.c.id).where(t.resources.c.id.not_in(sa.select(t.texts.c.resource_id)))
        astray = sa.select(t.passages.c.resource_id).distinct()
        astray = astray.where(t.passages.c.resource_id.not_in(sa.select(t.resources.c.id)))
        with self._engine.connect() as db:
            if self._dialect == "sqlite":
                said = list(db.exec_driver_sql("PRAGMA integrity_check(5)").scalars())
                if said != ["ok"]:
                    found[f"pages of the database are damaged: {'; '.join(said)}"] = said
                try:
                    db.exec_driver_sql("INSERT INTO passages_fts(passages_fts, rank) VALUES('integrity-check', 1)")
                except DamagedHomeError:
                    found[WORDS_DIFFER] = ["passages_fts"]
                db.rollback()
            for what, query in (
                ("resources do not have the passages that they had", counted),
                ("resources have no text", without),
                ("passages belong to no resource", astray),
            ):
                if ids := list(db.execute(query).scalars()):
                    found[what] = ids
        return found

    def scrub(self) -> bool:
        """Have what was deleted stand nowhere in the database's files any more. True when it was done; while somebody
        reads what was there before, it is to be done again.

        Freed pages are overwritten as they are freed; what is left is the index of words, which only notes that
        something is gone, and the log, which holds pages as they were. PostgreSQL looks after its own files.
        """
        if self._dialect != "sqlite":
            return False
        with self._engine.connect() as db:
            if not change.meta(db, change.UNSCRUBBED):
                return False
        with self._engine.begin() as db:
            db.exec_driver_sql("INSERT INTO passages_fts(passages_fts) VALUES('optimize')")
            change.set_meta(db, change.UNSCRUBBED, "")
        with self._engine.connect() as db:
            busy = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if busy:  # somebody reads what was there before: the log still has it
            with self._engine.begin() as db:
                change.set_meta(db, change.UNSCRUBBED, "yes")
        return not busy

    def rebuild_words(self) -> None:
        """Make the index of words anew from the passages."""
        if self._dialect == "sqlite":
            with self._engine.begin() as db:
                db.exec_driver_sql("INSERT INTO passages_fts(passages_fts) VALUES('rebuild')")
