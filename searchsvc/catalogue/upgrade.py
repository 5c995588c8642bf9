"""An archive of an older schema becomes one of the present schema: forward only, in one transaction, after a copy.

Imported only when there is something to do: it loads alembic.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from searchsvc.catalogue import dump
from searchsvc.errors import HomeError

__all__ = ["NEWEST", "OLDEST", "migrate", "set_aside", "transactional", "upgraded"]

_HERE = Path(__file__).parent
_SCRIPTS = ScriptDirectory(str(_HERE), version_locations=[str(_HERE / "migrations")])

OLDEST = 7  # earlier ones were never released
NEWEST = int(_SCRIPTS.get_current_head() or 0)


def migrate(db: sa.Connection, found: int | None, wanted: int = NEWEST) -> None:
    """Run the steps after schema `found`, all of them when None, up to `wanted`. The transaction is the caller's."""
    steps = list(_SCRIPTS.iterate_revisions(str(wanted), None if found is None else str(found)))
    with Operations.context(MigrationContext.configure(db)):
        for step in reversed(steps):
            step.module.upgrade()


def set_aside(engine: sa.Engine, found: int, folder: Path, *, now: Callable[[], datetime] | None = None) -> Path:
    """A copy of the database as it is, made before it is changed: a file of SQLite, or a dump of PostgreSQL."""
    moment = (now or (lambda: datetime.now(UTC)))().strftime("%Y%m%dT%H%M%S")
    copy = folder / f"catalogue-schema-{found}-{moment}.{'sqlite' if engine.dialect.name == 'sqlite' else 'dump'}"
    partial = copy.with_suffix(".partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if engine.dialect.name == "sqlite":
            _copy_sqlite(str(engine.url.database), partial)
        else:
            with partial.open("wb") as out:
                dump.write(engine, out)
        partial.chmod(0o600)
        partial.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        raise HomeError(
            f"the archive must be upgraded, and no copy of it could be made in {folder}: {why}. "
            "Make room there, and start again; nothing was changed."
        ) from None
    return copy


@contextmanager
def upgraded(dumped: IO[bytes], wanted: str) -> Iterator[IO[bytes]]:
    """The same as a dump of the schema `wanted`. Raises HomeError for a newer one, and DamagedBackupError."""
    schema = dump.read_schema(dumped)
    dumped.seek(0)
    if schema == wanted:
        yield dumped
        return
    if not schema.isdigit() or not OLDEST <= int(schema) < int(wanted):
        raise HomeError(
            f"the backup was made by a newer version of searchsvc (schema {schema}, this one knows {wanted}); "
            "install that version, or a newer one."
        )
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out:
        engine = transactional(f"sqlite:///{Path(folder) / 'catalogue.sqlite'}")
        with engine.begin() as db:
            migrate(db, None, int(schema))
            dump.restore(db, dumped)
            migrate(db, int(schema))
            db.execute(sa.text("UPDATE meta SET value = :schema WHERE key = 'schema'"), {"schema": wanted})
        dump.write(engine, out)
        engine.dispose()
        out.seek(0)
        yield out


def _copy_sqlite(path: str, to: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        if target.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise OSError("the copy is not whole; the database is damaged")


def transactional(url: str) -> sa.Engine:
    """An engine whose transactions hold changes of tables, too: what is killed half-way was never begun.

    The driver of SQLite begins a transaction before rows are changed, and not before tables are.
    """
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _plain(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA busy_timeout=30000")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
