"""`searchsvc ingest add` killed with SIGKILL at many moments: what was handed in is there once, whole, and alone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ingest.pipeline import Incoming
from searchsvc.doctor import examine
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import ROOT
from tests.ingest.kit import sections, text_of

KILLED = Path(__file__).with_name("killed.py")
RESOURCES, FILES = 9, 10  # one file is there twice
TIMEOUT_S = 300  # only against hanging


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for number in range(5):
        (made / f"{number}.md").write_text(
            sections(f"File {number}", f"first{number}", f"second{number}", f"third{number}")
        )
    for number in range(2):
        (made / f"page{number}.html").write_text(f"<h1>Page {number}</h1><p>{text_of(f'page{number}', 100)}</p>")
    film = text_of("filmword", 300)
    (made / "film.txt").write_text(film)
    (made / "film-again.txt").write_text(f"{film}\n\nOne more line.\n")
    (made / "same.md").write_bytes((made / "0.md").read_bytes())
    return made


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "home"
    yield made
    for pid in processes_of(made):
        os.kill(pid, signal.SIGKILL)


def processes_of(home: Path) -> set[int]:
    """All processes that work on this home, children too: they inherit the setting."""
    ids = set()
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if b"SEARCHSVC_HOME=" + os.fsencode(home) in environment:
            ids.add(int(entry.name))
    return ids


def start(home: Path, *arguments: str, killed: Sequence[object] = (), **more: str) -> subprocess.Popen[bytes]:
    """The command line; killed: SIGNAL, WHERE, CALL and WHEN as tests/ingest/killed.py takes them. more: variables."""
    command = [str(KILLED), *map(str, killed)] if killed else ["-m", "searchsvc"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SEARCHSVC_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, *command, *arguments], cwd=ROOT, env={**environment, "SEARCHSVC_ENCODER": "hashing", **more},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {TIMEOUT_S} s: {what}"
        time.sleep(0.01)


def nobody_is_left(home: Path) -> None:
    wait_until(lambda: not processes_of(home), "all children of the killed process are gone")


def items(home: Path, status: str) -> int:
    """How many, as another process sees it."""
    try:
        with closing(sqlite3.connect(f"file:{home / 'catalogue.sqlite'}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM items WHERE status = ?", [status]).fetchone()[0])
    except sqlite3.Error:
        return 0


def staged(home: Path) -> int:
    return sum(path.is_file() and not path.name.startswith("partial-") for path in (home / "files").rglob("*"))


def everything_is_there_once(home: Path, folder: Path) -> None:
    """After the next start what was left is finished; after handing all in again all is there."""
    settings = Settings(home=home, encoder="hashing")
    with Service(settings) as service:
        service.start_work()
        for _ in range(2):
            wait_until(lambda: not service.catalogue.item_counts().get("queued"), "all jobs are done")
            service.pipeline.forget_removed()
            assert service.store.count() == service.catalogue.passage_count()
            hand_in(service, folder)
        wait_until(lambda: not service.catalogue.item_counts().get("queued"), "all jobs are done")
        service.pipeline.forget_removed()
        whole(service, folder)
    for finding in examine(settings):
        assert finding.status == "ok" or finding.what == "encoder", finding


def hand_in(service: Service, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            service.jobs.submit(service.pipeline.stage([Incoming(path.as_uri(), path.name, folder.name, stream)]))


def whole(service: Service, folder: Path) -> None:
    catalogue, resources = service.catalogue, service.catalogue.resources()
    assert len(resources) == len({one.content_hash for one in resources}) == RESOURCES
    assert {one.uri for one in catalogue.locations()} == {path.as_uri() for path in folder.iterdir()}
    assert "failed" not in catalogue.item_counts()
    points = [stored.id for one in resources for stored in catalogue.passages_of(one.id)]
    assert set(service.store.points(points)) == set(points)
    assert service.store.count() == catalogue.passage_count() == len(points)
    films = {one.copy_group for one in resources if one.file_name.startswith("film")}
    assert len(films) == 1 and None not in films
    assert catalogue.removals() == []
    for number in range(5):
        hits = service.searcher.search(f"second{number}", mode="keyword").hits
        assert [hit.resource.title for hit in hits] == [f"File {number}"]
        texts = [shown.passage.text for shown in hits[0].passages]
        assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        ("the first file was kept", lambda home: staged(home) >= 1),
        ("the first file was noted", lambda home: items(home, "queued") >= 1),
        ("half of the files are in", lambda home: items(home, "indexed") >= 5),
    ],
)
def test_killed_from_outside(home: Path, folder: Path, moment: str, reached: Callable[[Path], bool]) -> None:
    with start(home, "ingest", "add", str(folder)) as process:
        wait_until(lambda: reached(home) or process.poll() is not None, moment)
        process.kill()
    nobody_is_left(home)
    everything_is_there_once(home, folder)


@pytest.mark.parametrize(
    ("where", "call", "when"),
    [
        ("ingest.jobs:Jobs.submit", 3, "before"),
        ("searchsvc.store.edge:EdgeStore.upsert", 1, "after"),
        ("searchsvc.catalogue:Catalogue.put", 2, "before"),
        ("searchsvc.catalogue:Catalogue.put", 3, "after"),
        ("ingest.pipeline:Pipeline.forget_removed", 2, "before"),
    ],
)
def test_killed_between_two_steps(home: Path, folder: Path, where: str, call: int, when: str) -> None:
    with start(home, "ingest", "add", str(folder), killed=("SIGKILL", where, call, when)) as process:
        output = process.communicate(timeout=TIMEOUT_S)[0]
    assert process.returncode == -signal.SIGKILL, output.decode()
    nobody_is_left(home)
    everything_is_there_once(home, folder)


def test_the_same_command_again_finishes_what_a_killed_one_began(home: Path, folder: Path) -> None:
    with start(home, "ingest", "add", str(folder)) as process:
        wait_until(lambda: items(home, "indexed") >= 2 or process.poll() is not None, "two files are in")
        process.kill()
    with start(home, "ingest", "add", "--json", str(folder)) as process:
        output = process.communicate(timeout=TIMEOUT_S)[0].decode()
    assert process.returncode == 0, output
    entries = json.loads(output)["files"]
    assert len(entries) == FILES
    assert {entry["status"] for entry in entries} <= {"indexed", "unchanged", "duplicate"}
    assert len({entry["resource_id"] for entry in entries}) == RESOURCES
    nobody_is_left(home)
    with Service(Settings(home=home, encoder="hashing"), work=False) as service:
        wait_until(lambda: not service.catalogue.item_counts().get("queued"), "nothing is left over")
        whole(service, folder)
