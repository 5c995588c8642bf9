"""Parts are built once, beside each other, and let go of in the order in which they need each other."""

from __future__ import annotations

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import encoding, sandbox
from ingest.pipeline import Incoming
from searchsvc.errors import BusyError
from searchsvc.parts import part
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import REAL_CHILDREN


class Two:
    """Two parts, each of which is whole only when the other one is being built."""

    def __init__(self) -> None:
        self.both = threading.Barrier(2, timeout=60)
        self.built: list[str] = []

    @part
    def one(self) -> str:
        self.both.wait()
        self.built.append("one")
        return "one"

    @part
    def other(self) -> str:
        self.both.wait()
        self.built.append("other")
        return "other"


def test_two_parts_are_built_at_the_same_time_and_each_once() -> None:
    two = Two()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(getattr, two, name) for name in ("one", "one", "other", "other")]
        assert [answer.result() for answer in asked] == ["one", "one", "other", "other"]
    assert sorted(two.built) == ["one", "other"]


def test_jobs_are_closed_before_what_they_work_with(settings: Settings) -> None:
    with Service(settings) as service:
        _ = service.jobs  # as `ingest retry` asks for them, before anything else
        made = [getattr(end, "__self__", None) for end in service._closing]  # the last one is closed first
        assert made.index(service.jobs) > made.index(service.passage_encoder) > made.index(service.store)


def test_what_is_asked_for_after_the_end_is_refused_and_left_closed(settings: Settings) -> None:
    before = set(threading.enumerate())
    service = Service(settings, work=False)
    service.close()
    with pytest.raises(BusyError, match="stopping"):
        _ = service.query_batcher
    assert not [thread for thread in threading.enumerate() if thread.name == "queries" and thread not in before]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux says so whose children there are")
def test_no_child_process_outlives_a_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real ones, which other tests share."""
    monkeypatch.setattr(sandbox, "Sandbox", REAL_CHILDREN["Sandbox"])
    monkeypatch.setattr(encoding, "EncoderProcess", REAL_CHILDREN["EncoderProcess"])
    before, path = children(), tmp_path / "a.md"
    path.write_text("# Ring\n\nWomen wore the ring for ninety days.")
    with Service(Settings(home=tmp_path / "home", encoder="hashing"), work=False) as service:
        with path.open("rb") as stream:
            [item] = service.pipeline.stage([Incoming(path.as_uri(), path.name, "upload", stream)])
        service.pipeline.process(item.id)
        assert len(children() - before) >= 2
    assert children() <= before


def children() -> set[int]:
    """Ids of the processes that this one started and that run."""
    ids = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                ids.add(int(stat.parent.name))
    return ids
