"""What is handed in is done, and once, whatever happens to the processes that do it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

import ingest.jobs
from ingest.jobs import Jobs
from searchsvc.catalogue import Catalogue, Item
from searchsvc.errors import FilesAwayError, StoreAwayError
from tests.conftest import ROOT
from tests.postgres import DATABASES, emptied, fresh_database

WORKER = Path(__file__).with_name("jobs_worker.py")


@dataclass
class Place:
    """A catalogue, and where jobs are kept. Jobs that are opened here are closed at the end."""

    catalogue: Catalogue
    catalogue_url: str
    jobs_url: str
    done: list[str] = field(default_factory=list)
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def shared(self) -> bool:
        return self.jobs_url == self.catalogue_url

    def jobs(self, process: Callable[[str], object] | None = None, *, start: bool = True, **given: Any) -> Jobs:
        made = Jobs(
            catalogue=self.catalogue, process=process or self.work, database_url=self.jobs_url,
            **{"worker_id": "owner", "concurrency": 2, **given},
        )  # fmt: skip
        self.closing.callback(made.close)
        if start:
            made.start()
        return made

    def work(self, item_id: str) -> None:
        self.done.append(item_id)
        self.catalogue.finish_item(replace(self.catalogue.item(item_id), status="indexed"))

    def items(self, *ids: str, **fields: Any) -> list[Item]:
        whole = {"batch": "b", "number": 0, "uri": "u", "name": "n", "source": "s", "content_hash": "h"}
        made = [Item(**{"id": one, "size_bytes": 1, **whole, **fields}) for one in ids]
        self.catalogue.add_items(made)
        return made

    def wait_for(self, item_id: str, status: str, timeout_s: float = 300) -> Item:
        deadline = time.monotonic() + timeout_s
        while (item := self.catalogue.item(item_id)).status != status:
            assert time.monotonic() < deadline, f"{item_id} is {item.status} after {timeout_s} s, not {status}"
            time.sleep(0.02)
        return item

    def worker(self, worker_id: str, what: str, *, offset_s: float = 0) -> subprocess.Popen[str]:
        arguments = [self.catalogue_url, self.jobs_url, worker_id, str(self.shared), str(offset_s), what]
        process = subprocess.Popen(
            [sys.executable, str(WORKER), *arguments], cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.closing.callback(_end, process)
        return process


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with fresh_database() as made:
        yield made


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(ingest.jobs, "BEAT_EVERY_S", 0.1)
    if request.param == "sqlite":
        url, jobs_url = (f"sqlite:///{tmp_path / name}.sqlite" for name in ("catalogue", "jobs"))
    else:
        url = jobs_url = request.getfixturevalue("postgresql")
    made = Place(Catalogue(url), url, jobs_url)
    yield made
    made.closing.close()
    made.catalogue.close()
    if made.shared:
        emptied(url)


def _end(process: subprocess.Popen[str]) -> None:
    with process:  # which closes its pipe
        process.kill()


one_owner = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
many_workers = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


def output(process: subprocess.Popen[str]) -> list[str]:
    return process.communicate(timeout=300)[0].splitlines()


# -- one process ------------------------------------------------------------------------------------------------------


def test_what_is_handed_in_twice_is_done_once(place: Place) -> None:
    jobs = place.jobs()
    items = place.items("i1", "i2", "i3")
    jobs.submit([*items, *items])
    jobs.submit(items)
    for item in items:
        place.wait_for(item.id, "indexed")
    jobs.submit(items)
    assert sorted(place.done) == ["i1", "i2", "i3"]


def test_only_what_waits_is_done(place: Place) -> None:
    jobs = place.jobs()
    [failed] = place.items("i1", status="failed")
    jobs.submit([failed, *place.items("i2")])
    place.wait_for("i2", "indexed")
    assert place.done == ["i2"]


def test_what_passes_is_tried_again(place: Place) -> None:
    failures = iter([OSError("away"), OSError("away")])

    def process(item_id: str) -> None:
        if error := next(failures, None):
            raise error
        place.work(item_id)

    place.jobs(process).submit(place.items("i1"))
    place.wait_for("i1", "indexed")


def test_what_is_away_is_waited_for_with_the_reason_and_no_file_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.jobs, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(ingest.jobs, "LONGEST_PAUSE_S", 0.02)
    back, tried = threading.Event(), []
    refused = sa.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused\nby somebody"))
    faults: list[Exception] = [StoreAwayError("Qdrant does not answer."), FilesAwayError("no disk."), refused]

    def process(item_id: str) -> None:
        if not back.is_set():
            tried.append(item_id)
            raise faults[len(tried) % len(faults)]
        place.work(item_id)

    place.jobs(process).submit(place.items("i1"))
    seen: set[str | None] = set()
    deadline = time.monotonic() + 300
    while len(seen) < 3 or len(tried) < 10:
        item = place.catalogue.item("i1")
        assert item.status == "queued" and time.monotonic() < deadline
        seen |= {item.reason} - {None}
        time.sleep(0.005)
    assert seen == {
        "waiting: Qdrant does not answer.", "waiting: no disk.",
        "waiting: the database does not answer: connection refused",
    }  # fmt: skip
    back.set()
    place.wait_for("i1", "indexed")
    assert place.done == ["i1"]


def test_a_process_that_closes_while_a_file_waits_leaves_it_for_the_next(place: Place) -> None:
    begun = threading.Event()

    def process(item_id: str) -> None:
        begun.set()
        raise StoreAwayError("Qdrant does not answer.")

    first = place.jobs(process)
    first.submit(place.items("i1"))
    assert begun.wait(120)
    first.close()
    place.jobs()
    place.wait_for("i1", "indexed")


def test_what_does_not_pass_is_given_up_with_one_line_and_can_be_retried(place: Place) -> None:
    broken = True

    def process(item_id: str) -> None:
        if broken:
            raise OSError("the store is away\nand will not come back")
        place.work(item_id)

    jobs = place.jobs(process)
    jobs.submit(place.items("i1"))
    failed = place.wait_for("i1", "failed")
    assert failed.reason == "gave up after 3 tries: OSError: the store is away"
    assert failed.finished_at
    broken = False
    [again] = jobs.retry([failed])
    assert (again.status, again.attempt, again.reason) == ("queued", 2, None)
    assert jobs.retry([failed]) == []
    place.wait_for("i1", "indexed")
    assert place.done == ["i1"]


def test_only_failed_files_that_were_kept_are_retried(place: Place) -> None:
    jobs = place.jobs()
    kept = place.items("i1", status="failed")
    passed_over = [*place.items("i2", status="failed", content_hash=""), *place.items("i3", status="indexed")]
    assert [one.id for one in jobs.retry([*kept, *passed_over])] == ["i1"]
    place.wait_for("i1", "indexed")


def test_what_was_noted_but_never_handed_in_is_taken_up_at_the_next_start(place: Place) -> None:
    place.items("i1", "i2")
    place.jobs()
    for name in ("i1", "i2"):
        place.wait_for(name, "indexed")


def test_a_process_that_does_not_work_hands_in_for_one_that_does(place: Place) -> None:
    first = place.jobs(work=False, worker_id="web")
    first.submit(place.items("i1"))
    first.close()
    assert place.done == []
    place.jobs()
    place.wait_for("i1", "indexed")


def test_what_a_closing_process_leaves_is_done_at_the_next_start(place: Place) -> None:
    begun, closed = threading.Event(), threading.Event()

    def process(item_id: str) -> None:
        begun.set()
        closed.wait(120)
        raise OSError("closed under it")

    first = place.jobs(process)
    first.submit(place.items("i1", "i2", "i3", "i4"))
    assert begun.wait(120)
    first.close()
    closed.set()
    place.jobs()
    for name in ("i1", "i2", "i3", "i4"):
        place.wait_for(name, "indexed")
    assert sorted(place.done) == ["i1", "i2", "i3", "i4"]


# -- processes that are killed ----------------------------------------------------------------------------------------


def test_a_killed_process_goes_on_where_it_was_when_it_starts_again(place: Place) -> None:
    place.items("i1", "i2", "i3", "i4")
    worker = place.worker("owner", "hang")
    assert worker.stdout and worker.stdout.readline().startswith("started")
    worker.kill()
    worker.wait()
    place.jobs()
    for name in ("i1", "i2", "i3", "i4"):
        place.wait_for(name, "indexed")
    assert sorted(place.done) == ["i1", "i2", "i3", "i4"]


@one_owner
def test_a_file_that_takes_down_the_process_every_time_is_given_up(place: Place) -> None:
    place.items("i1")
    for _ in range(2):
        assert output(place.worker("owner", "die")) == ["started i1"]
    assert output(place.worker("owner", "die")) == ["failed the process ended 2 times while working on this file."]


@many_workers
def test_a_file_that_takes_down_every_worker_is_given_up(place: Place) -> None:
    place.items("i1")
    for number in range(2):
        assert output(place.worker(f"w{number}", "die", offset_s=number * 100)) == ["started i1"]
    assert output(place.worker("w2", "die", offset_s=200)) == ["failed 2 workers ended while working on this file."]


@many_workers
def test_the_jobs_of_a_killed_worker_are_taken_over_when_it_was_not_seen_for_a_while(place: Place) -> None:
    later_s = 0.0
    place.items("i1", "i2")
    worker = place.worker("other", "hang")
    assert worker.stdout
    assert {worker.stdout.readline().strip() for _ in range(2)} == {"started i1", "started i2"}
    jobs = place.jobs(worker_id="mine", shared=True, now_s=lambda: time.time() + later_s)
    assert jobs.take_over() == 0
    worker.kill()
    worker.wait()
    assert jobs.take_over() == 0 and place.done == []
    later_s = ingest.jobs.GONE_AFTER_S + 1
    for name in ("i1", "i2"):
        assert place.wait_for(name, "indexed").attempt == 2
    assert sorted(place.done) == ["i1", "i2"]


@many_workers
def test_a_worker_that_works_is_not_robbed(place: Place) -> None:
    place.items("i1")
    begun, go_on = threading.Event(), threading.Event()

    def process(item_id: str) -> None:
        begun.set()
        go_on.wait(300)
        place.work(item_id)

    place.jobs(process, worker_id="mine", shared=True)
    assert begun.wait(120)
    robber = place.worker("other", "work")
    deadline = time.monotonic() + 300
    while "other" not in place.catalogue.workers_seen_since(time.time() - 5):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    beats = place.catalogue.workers_seen_since(0)
    assert beats == {"mine", "other"}
    go_on.set()
    assert place.wait_for("i1", "indexed").attempt == 1
    assert output(robber) == ["indexed None"]
    assert place.done == ["i1"]


@many_workers
def test_a_worker_that_ends_says_so(place: Place) -> None:
    jobs = place.jobs(shared=True)
    assert place.catalogue.workers_seen_since(0) == {"owner"}
    jobs.close()
    assert place.catalogue.workers_seen_since(0) == set()


# -- ends that could not be written -----------------------------------------------------------------------------------


@one_owner
def test_a_file_whose_end_cannot_be_written_now_waits_until_it_can(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.jobs, "FIRST_PAUSE_S", 0.01)
    refused = threading.Event()
    lock = sqlite3.connect(
        place.catalogue_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
    )
    sa.event.listen(place.catalogue._engine, "connect", lambda db, _: db.execute("PRAGMA busy_timeout=10"))
    place.catalogue._engine.dispose()
    tries = iter(range(3))

    def process(item_id: str) -> None:
        if next(tries) == 2:  # the last one: from now on nothing can be written
            lock.execute("BEGIN IMMEDIATE")
            place.catalogue.on_error(refused.set)
        raise OSError("broken")

    place.jobs(process).submit(place.items("i1"))
    assert refused.wait(300)
    lock.close()
    assert place.wait_for("i1", "failed").reason == "gave up after 3 tries: OSError: broken"


@one_owner
def test_jobs_whose_end_was_not_noted_do_not_block_the_queue(place: Place) -> None:
    jobs = place.jobs(concurrency=2)
    with closing(sqlite3.connect(place.jobs_url.removeprefix("sqlite:///"), timeout=300)) as db:
        refusing = "BEFORE UPDATE ON workflow_status WHEN new.status IN ('SUCCESS', 'ERROR')"
        with db:
            db.execute(f"CREATE TRIGGER full {refusing} BEGIN SELECT raise(ABORT, 'disk is full'); END")
        jobs.submit(place.items("i1", "i2"))
        for name in ("i1", "i2"):
            place.wait_for(name, "indexed")
        with db:
            db.execute("DROP TRIGGER full")
    jobs.submit(place.items("i3"))
    place.wait_for("i3", "indexed")
    assert sorted(place.done) == ["i1", "i2", "i3"]


# -- processes that are told to stop ----------------------------------------------------------------------------------


def test_restarts_are_no_failed_attempts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.jobs, "MAX_RECOVERIES", 2)
    place.items("i1")
    for number in range(4):
        begun, closed = threading.Event(), threading.Event()

        def process(item_id: str, begun: threading.Event = begun, closed: threading.Event = closed) -> None:
            begun.set()
            closed.wait(300)
            raise OSError("closed under it")

        name = f"w{number}" if place.shared else "owner"
        jobs = place.jobs(process, worker_id=name, shared=place.shared)
        assert begun.wait(300)
        jobs.close()
        closed.set()
    jobs = place.jobs(worker_id="last" if place.shared else "owner", shared=place.shared)
    assert place.wait_for("i1", "indexed").reason is None
    assert place.done == ["i1"]


@many_workers
def test_what_a_worker_hands_back_another_one_does_at_once(place: Place) -> None:
    place.items("i1", "i2")
    worker = place.worker("other", "stop")
    assert worker.stdout
    assert {worker.stdout.readline().strip() for _ in range(2)} == {"started i1", "started i2"}
    place.jobs(worker_id="mine", shared=True)
    assert place.done == []
    assert output(worker) == ["stopped"]  # told to by the end of what it reads
    for name in ("i1", "i2"):
        assert place.wait_for(name, "indexed").lost == 0
