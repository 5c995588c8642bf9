"""An archive of an older version is carried on: its tables become the present ones, and no row is lost."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from searchsvc.catalogue import Catalogue, dump, schema, upgrade
from searchsvc.errors import DamagedBackupError, HomeError
from tests.conftest import ROOT
from tests.postgres import DATABASES, fresh_database

MIGRATIONS = Path(schema.__file__).with_name("migrations")
Rows = dict[str, list[dict[str, Any]]]

RESOURCE: dict[str, Any] = {
    "id": "r1",
    "kind": "paper",
    "title": "Rings and gels",
    "authors": [{"name": "Amara Okonjo", "affiliation": None, "orcid": None}],
    "date": "2021-03-04",
    "year": 2021,
    "language": "en",
    "source": "reports",
    "url": None,
    "site": None,
    "summary": None,
    "identifiers": {"doi": "10.1000/x"},
    "publication": {},
    "content_hash": "a" * 64,
    "media_type": "text/plain",
    "file_name": "a.txt",
    "size_bytes": 3_000_000_000,
    "words": 3,
    "passages": 1,
    "copy_group": None,
    "added_at": "2026-11-01T00:00:00+00:00",
    "updated_at": "2026-11-01T00:00:00+00:00",
    "changed": 1,
}
PASSAGE: dict[str, Any] = {
    "row": 7,
    "id": "0c1f6e0e-7a38-5a0b-8f7e-6c1d6a3c0b11",
    "resource_id": "r1",
    "ordinal": 0,
    "text": "Rings release dapivirine.",
    "start": 0,
    "end": 25,
    "locator_kind": "page",
    "locator_number": 1,
    "locator_heading": None,
    "heading_path": [],
    "context": "",
    "hidden": False,
    "matter": "prose",
    "terms": "ring releas dapivirin",
}
PERSON = {"type": "person", "id": "amara", "number": 0, "name": "Amara Okonjo", "data": {"aliases": ["A. Okonjo"]}}
RELEASED: Rows = {
    "resources": [RESOURCE],
    "texts": [{"resource_id": "r1", "text": "Rings release dapivirine.", "report": {"words": 3}}],
    "links": [{"resource_id": "r1", "field": "person", "value": "amara"}],
    "locations": [{"uri": "file:///a.txt", "resource_id": "r1", "source": "reports", "added_at": "2026-11-01"}],
    "passages": [PASSAGE],
    "signatures": [{"resource_id": "r1", "minhash": b"\x00\xff\x01"}],
    "bands": [{"key": "0:ab", "resource_id": "r1"}],
    "register": [PERSON],
    "insights": [{"day": "2026-11-01", "what": "search", "query": "ring", "position": 0, "count": 2}],
    "meta": [{"key": "version", "value": "1"}, {"key": "schema", "value": "7"}],
}


@pytest.fixture(params=DATABASES)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database as the last release made it, with a row of each kind."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        if request.param == "postgresql":
            url = stack.enter_context(fresh_database()).replace("postgresql://", "postgresql+psycopg://")
        engine = upgrade.transactional(url)
        with engine.begin() as db:
            upgrade.migrate(db, None, 7)
            found = sa.MetaData()
            found.reflect(db, only=list(RELEASED))
            for name, rows in RELEASED.items():
                db.execute(sa.insert(found.tables[name]), rows)
        engine.dispose()
        yield url


def rows_of(url: str) -> Rows:
    engine = upgrade.transactional(url)
    with engine.connect() as db:
        found = sa.MetaData()
        found.reflect(db, only=list(RELEASED))
        rows = {name: [dict(row) for row in db.execute(sa.select(found.tables[name])).mappings()] for name in RELEASED}
    engine.dispose()
    return rows


def keeps(after: Rows, before: Rows) -> None:
    """Each row of before is there with the values it had; there may be columns more."""
    for name, rows in before.items():
        now = [{column: row[column] for column in rows[0]} for row in after[name]]
        for row in rows:
            assert row in now or name == "meta", f"{name}: {row} is lost, there is {now}"


def test_the_last_release_s_archive_is_carried_on_with_every_row_and_a_copy_of_it(
    released: str, tmp_path: Path
) -> None:
    before = rows_of(released)
    catalogue = Catalogue(released, backups=tmp_path / "kept")
    assert catalogue.meta("schema") == schema.SCHEMA
    [resource] = catalogue.resources()
    assert (resource.title, resource.people, resource.size_bytes) == ("Rings and gels", ("amara",), 3_000_000_000)
    assert list(catalogue.containing("ring")) == ["r1"]
    catalogue.close()
    keeps(rows_of(released), before)
    copies = list((tmp_path / "kept").glob("*"))
    assert len(copies) == (schema.SCHEMA != "7")
    Catalogue(released, backups=tmp_path / "kept").close()
    assert list((tmp_path / "kept").glob("*")) == copies  # what is up to date is not copied


@pytest.mark.parametrize("kind", DATABASES)
def test_the_steps_lead_to_the_tables_that_the_program_knows(kind: str, tmp_path: Path) -> None:
    """Fails: searchsvc/catalogue/schema.py was changed without a file in searchsvc/catalogue/migrations."""
    assert str(upgrade.NEWEST) == schema.SCHEMA
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'new.sqlite'}"
        if kind == "postgresql":
            url = stack.enter_context(fresh_database()).replace("postgresql://", "postgresql+psycopg://")
        engine = upgrade.transactional(url)
        with engine.begin() as db:
            upgrade.migrate(db, None)
            ours = {"include_name": lambda name, of, _: of != "table" or name in schema.metadata.tables}
            differences = compare_metadata(MigrationContext.configure(db, opts=ours), schema.metadata)
        engine.dispose()
    assert [one for one in differences if "passages_fts" not in str(one)] == []


def test_a_newer_archive_is_refused_in_one_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    with pytest.raises(HomeError, match=r"made by a newer version of searchsvc \(schema 999.*install that version"):
        Catalogue(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("999",)
    assert not (tmp_path / "backups").exists()


class Next:
    """A next version of the program, whose schema has one step more."""

    def __init__(self, patch: pytest.MonkeyPatch, step: Callable[[], None]) -> None:
        module = type("Module", (), {"upgrade": staticmethod(step)})
        script = type("Script", (), {"module": module})
        scripts = type("Scripts", (), {"iterate_revisions": staticmethod(lambda upper, lower: [script])})
        patch.setattr(upgrade, "_SCRIPTS", scripts)
        patch.setattr(schema, "SCHEMA", str(int(schema.SCHEMA) + 1))


def test_an_upgrade_that_fails_half_way_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def step() -> None:
        op.add_column("resources", sa.Column("mood", sa.Text))
        raise OSError("no space")

    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue(url).close()
    with monkeypatch.context() as patch:
        Next(patch, step)
        with pytest.raises(OSError, match="no space"):
            Catalogue(url)
    Catalogue(url).close()
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as db:
        assert "mood" not in [row[1] for row in db.execute("PRAGMA table_info(resources)")]


def test_an_upgrade_that_has_no_room_for_its_copy_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue(url).close()
    (tmp_path / "backups").write_text("in the way")
    Next(monkeypatch, lambda: None)
    with pytest.raises(HomeError, match="no copy of it could be made"):
        Catalogue(url)


def test_an_upgrade_that_is_killed_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue(f"sqlite:///{path}").close()
    killed = """
import os, signal, sys
import sqlalchemy as sa
from alembic import op
from searchsvc.catalogue import Catalogue, schema, upgrade
def step():
    op.add_column("resources", sa.Column("mood", sa.Text))
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
script = type("Script", (), {"module": type("Module", (), {"upgrade": staticmethod(step)})})
upgrade._SCRIPTS = type("Scripts", (), {"iterate_revisions": staticmethod(lambda upper, lower: [script])})
schema.SCHEMA = "1000"
Catalogue("sqlite:///" + sys.argv[1]).close()
"""
    for how, code in (("killed", -signal.SIGKILL), ("whole", 0)):
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", killed, str(path), how], env=environment, check=False)
        assert done.returncode == code
        with closing(sqlite3.connect(path)) as db:
            columns = [row[1] for row in db.execute("PRAGMA table_info(resources)")]
            [stamp] = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        assert ("mood" in columns, stamp == "1000") == ((True, True) if how == "whole" else (False, False))
    assert len(list((tmp_path / "backups").glob("*.sqlite"))) in (1, 2)  # the names hold the second


def test_a_dump_of_either_database_goes_into_the_other(released: str, tmp_path: Path) -> None:
    engine = upgrade.transactional(released)
    out = io.BytesIO()
    counts = dump.write(engine, out)
    engine.dispose()
    assert counts["passages"] == 1
    assert dump.held_in(io.BytesIO(out.getvalue())).counts == counts
    for kind in DATABASES:
        with ExitStack() as stack:
            url = f"sqlite:///{tmp_path / 'other.sqlite'}"
            if kind == "postgresql":
                url = stack.enter_context(fresh_database()).replace("postgresql://", "postgresql+psycopg://")
            other = upgrade.transactional(url)
            with other.begin() as db:
                upgrade.migrate(db, None, int(dump.read_schema(io.BytesIO(out.getvalue()))))
                assert dump.restore(db, io.BytesIO(out.getvalue())) == counts
            other.dispose()
            assert json.dumps(rows_of(url), default=bytes.hex) == json.dumps(rows_of(released), default=bytes.hex)
            catalogue = Catalogue(url, backups=tmp_path)
            assert list(catalogue.containing("ring")) == ["r1"]
            catalogue.add_items([])
            catalogue.note_points("r1", ["x"])  # its number is a new one
            catalogue.close()


def test_a_dump_that_is_cut_or_changed_is_told(tmp_path: Path) -> None:
    Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}").close()
    engine = upgrade.transactional(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    out = io.BytesIO()
    dump.write(engine, out)
    engine.dispose()
    whole = out.getvalue()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 0x10
    for damaged in (whole[:-20], whole[: len(whole) // 2], bytes(changed), b"", b"something else"):
        with pytest.raises(DamagedBackupError):
            dump.held_in(io.BytesIO(damaged))


@pytest.mark.parametrize("kind", DATABASES)
def test_what_is_put_back_is_numbered_on_from_there(kind: str, tmp_path: Path) -> None:
    """In every table whose rows the database numbers, such as the audit log."""
    numbered = [one for one in schema.metadata.sorted_tables if any(c.autoincrement is True for c in one.primary_key)]
    assert {"passages", "removals", "audit"} <= {one.name for one in numbered}
    audit = {"at": "2026-01-01", "kind": "write", "who": "me", "what": "POST /v1/keys", "status": 201}
    source = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    with source._engine.begin() as db:
        db.execute(sa.insert(schema.audit), [audit, audit])
    out = io.BytesIO()
    dump.write(source._engine, out)
    source.close()
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'other.sqlite'}"
        if kind == "postgresql":
            url = stack.enter_context(fresh_database())
        other = Catalogue(url, backups=tmp_path)
        stack.callback(other.close)
        with other._engine.begin() as db:
            dump.restore(db, io.BytesIO(out.getvalue()))
            db.execute(sa.insert(schema.audit), audit)
            assert list(db.execute(sa.select(schema.audit.c.id).order_by(schema.audit.c.id)).scalars())[:2] == [1, 2]
            assert len(set(db.execute(sa.select(schema.audit.c.id)).scalars())) == 3
