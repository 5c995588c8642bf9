"""SIGKILL at moments drawn by chance, in ingest, mending, switch, backup and restore: nothing is lost or twice.

One moment a kind in the suite; TEST_SEARCHSVC_FAULTS=100 draws a hundred, and TEST_SEARCHSVC_FAULTS_SEED others.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from searchsvc.backup import Vault
from tests.ingest.kit import sections
from tests.ingest.test_durability import TIMEOUT_S, home, nobody_is_left, start
from tests.variables import variable

__all__ = ["home"]

ROUNDS = int(variable("FAULTS") or 1)
SEED = variable("FAULTS_SEED") or "1"
FILES = 4

Moment = tuple[str, int, str]
INGEST = (
    "ingest.pipeline:Pipeline.stage", "ingest.pipeline:Pipeline.process", "ingest.pipeline:Pipeline._forget",
    "searchsvc.store.edge:EdgeStore.upsert", "searchsvc.store.edge:EdgeStore.delete_points",
    "searchsvc.catalogue:Catalogue.put", "searchsvc.catalogue:Catalogue.note_points", "searchsvc.files:FileStore.add",
    "searchsvc.catalogue.whole:Whole.scrub",
)  # fmt: skip
MEND = ("ingest.pipeline:Pipeline.mend", "searchsvc.store.edge:EdgeStore.upsert")
SWITCH = (
    "searchsvc.generations:Generations.open", "searchsvc.generations:Generations.finish",
    "ingest.pipeline:Pipeline.renew", "searchsvc.store.edge:EdgeStore.upsert", "searchsvc.catalogue:Catalogue.put",
    "searchsvc.catalogue:Catalogue.set_meta",
)  # fmt: skip
BACKUP = (
    "searchsvc.backup.vault:Vault.write", "searchsvc.backup.vault:Vault.check", "searchsvc.backup.vault:Vault.delete",
    "searchsvc.backup.vault:Vault.write_json", "searchsvc.catalogue.whole:Whole.dump",
)  # fmt: skip
RESTORE = (
    "searchsvc.files:FileStore.add", "searchsvc.catalogue.whole:Whole.dump", "searchsvc.catalogue.whole:Whole.replace",
    "ingest.pipeline:Pipeline.mend", "ingest.verification:Verification.compare",
)  # fmt: skip


def moments(kind: str, where: Sequence[str], calls: int = 4) -> list[Moment]:
    draw = random.Random(f"{SEED} {kind}")
    return [(draw.choice(where), draw.randint(1, calls), draw.choice(("before", "after"))) for _ in range(ROUNDS)]


def run(home: Path, *arguments: str, killed: Moment | None = None, code: int = 0, **more: str) -> str:
    """What the command says; `killed`: it may be killed at this moment, or end before it comes. more: variables."""
    with start(home, *arguments, killed=("SIGKILL", *killed) if killed else (), **more) as process:
        said = process.communicate(timeout=TIMEOUT_S)[0].decode()
    wanted = (code, -signal.SIGKILL) if killed else (code,)
    assert process.returncode in wanted, said
    nobody_is_left(home)
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for number in range(FILES):
        (made / f"{number}.md").write_text(sections(f"File {number}", f"first{number}", f"second{number}"))
    return made


def is_whole(home: Path, resources: int = FILES) -> None:
    """All is there once, and `verify` has nothing to say."""
    verified: dict[str, Any] = json.loads(run(home, "verify", "--json"))
    assert verified["differences"] == []
    assert (verified["resources"], verified["files"]) == (resources, resources)
    assert verified["points"] == verified["passages"]


def test_ingest(home: Path, folder: Path) -> None:
    run(home, "ingest", "add", str(folder))
    for number, moment in enumerate(moments("ingest", INGEST)):
        (folder / "0.md").write_text(sections("File 0", f"first{number}", "another"))
        run(home, "ingest", "add", str(folder), killed=moment)
        run(home, "ingest", "add", str(folder))
        is_whole(home)


def test_mending(home: Path, folder: Path) -> None:
    run(home, "ingest", "add", str(folder))
    for moment in moments("mend", MEND):
        shutil.rmtree(home / "index")
        run(home, "verify", "--repair", killed=moment)
        run(home, "verify", "--repair")
        is_whole(home)


def test_switch(home: Path, folder: Path) -> None:
    """From an index that another encoder made to one of this one."""
    run(home, "ingest", "add", str(folder))
    for moment in moments("switch", SWITCH):
        with closing(sqlite3.connect(home / "catalogue.sqlite")) as db, db:
            db.execute("UPDATE meta SET value = 'another/64' WHERE key = 'generation'")
        assert "searchsvc reindex" in run(home, "search", "first0", code=1)
        run(home, "reindex", killed=moment)
        run(home, "reindex")
        is_whole(home)


def test_backup(home: Path, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    run(home, "ingest", "add", str(folder))
    for number, moment in enumerate(moments("backup", BACKUP)):
        (folder / "0.md").write_text(sections("File 0", str(moment)))
        run(home, "ingest", "add", str(folder))
        run(home, "backup", str(target), "--keep", "2", killed=moment)
        is_whole(home)
        run(home, "backup", str(target), "--keep", "2")
        vault = Vault(str(target), None)
        assert vault.unfinished() == [] and len(vault.dates()) <= 2
        for date in vault.dates():
            other = tmp_path / f"restored-{number}-{date}"
            run(other, "restore", str(target), "--date", date)
            is_whole(other)
            shutil.rmtree(other)
    assert list(target.rglob("*.partial")) == []


def test_restore(home: Path, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    run(home, "ingest", "add", str(folder))
    run(home, "backup", str(target))
    (folder / "new.md").write_text(sections("New", "word"))
    for moment in moments("restore", RESTORE):
        run(home, "ingest", "add", str(folder))
        run(home, "restore", str(target), "--replace", killed=moment)
        run(home, "restore", str(target), "--replace")
        is_whole(home)
