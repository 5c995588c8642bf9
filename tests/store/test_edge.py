import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from searchsvc.errors import StoreError
from searchsvc.filters import Filter
from searchsvc.model import Point, SparseVector
from searchsvc.store.edge import EdgeStore
from searchsvc.store.indexing import Indexer
from searchsvc.store.protocol import DenseQuery, LexicalQuery


class Between(Indexer):
    """Indexes in a child as always, and calls something first, while the copy is being indexed."""

    def __init__(self, call: Callable[[Path], None]) -> None:
        super().__init__()
        self._call = call
        self.stopped = threading.Event()

    def stop(self) -> None:
        super().stop()
        self.stopped.set()

    def run(self, shard: Path) -> None:
        self._call(shard)
        super().run(shard)


def point(number: int, resource_id: str = "r", **payload: object) -> Point:
    dense = np.random.default_rng(number).normal(size=8).astype(np.float32)
    whole = {"resource_id": resource_id, "ordinal": number, "project": [], **payload}
    return Point(str(uuid.UUID(int=number)), dense / np.linalg.norm(dense), SparseVector((number,), (1.0,)), whole)


def shards(path: Path) -> list[str]:
    return [one.name for one in path.glob("shard-*")]


def test_what_is_written_while_the_index_is_built_is_kept(tmp_path: Path) -> None:
    def write(_: Path) -> None:
        store.upsert([point(n, "new") for n in range(100, 200)])
        store.delete("gone")
        store.delete_points([point(2).id])
        store.upsert([point(3, "moved")])
        store.set_payload("r", {"project": ["x"]})
        assert store.count() == 50 - 10 - 1 + 100
        assert store.maintain() is False, "one at a time"

    path = tmp_path / "store"
    store = EdgeStore(path, dimensions=8, index_threshold=40, indexer=Between(write))
    store.upsert([point(n, "gone" if n > 40 else "r") for n in range(1, 51)])
    before = shards(path)
    assert store.maintain() is True
    for _ in range(2):
        assert store.count(Filter(resource_id=("gone",))) == 0
        assert store.count() == 139
        assert store.count(Filter({"project": ("x",)})) == 38
        assert store.query([DenseQuery(point(150).dense, 1)])[0][0].point_id == point(150).id
        assert store.query([LexicalQuery(SparseVector((3,), (1.0,)), 1)])[0][0].resource_id == "moved"
        assert len(shards(path)) == 1 and shards(path) != before
        store.close()
        store = EdgeStore(path, dimensions=8)
    store.close()


def test_points_are_indexed_again_only_when_enough_wait(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = EdgeStore(path, dimensions=8, index_threshold=40)
    store.upsert([point(n) for n in range(1, 41)])
    assert store.maintain() is False
    store.upsert([point(41)])
    assert store.maintain() is True
    assert store.maintain() is False
    store.set_payload("r", {"project": ["x"]})
    store.close()
    store = EdgeStore(path, dimensions=8, index_threshold=40)
    assert store.maintain() is True, "points whose payload changed wait for the index too, also after reopening"
    store.close()


def test_an_index_finds_what_a_scan_finds(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    # some 64 directions matter, as in what an encoder makes; in noise there is nothing for a graph to follow
    dense = random.normal(size=(8_000, 64)) @ random.normal(size=(64, 384)) + 0.3 * random.normal(size=(8_000, 384))
    dense = (dense / np.linalg.norm(dense, axis=1, keepdims=True)).astype(np.float32)
    payload = {"resource_id": "r", "ordinal": 0}
    points = [Point(str(uuid.UUID(int=n)), dense[n], SparseVector((n,), (1.0,)), payload) for n in range(len(dense))]
    store = EdgeStore(tmp_path / "store", dimensions=384, index_threshold=7_000)
    store.upsert(points)
    queries = [DenseQuery(dense[n] + random.normal(size=384).astype(np.float32) * 0.02, 10) for n in range(50)]
    exact = store.query(queries)
    assert store.maintain() is True
    found = store.query(queries)
    both = sum(
        len({one.point_id for one in a} & {one.point_id for one in b}) for a, b in zip(exact, found, strict=True)
    )
    assert both / 500 >= 0.97
    store.close()


def test_readers_and_writers_go_on_while_shards_are_swapped(tmp_path: Path) -> None:
    store = EdgeStore(tmp_path / "store", dimensions=8, index_threshold=1)
    store.upsert([point(n) for n in range(1, 60)])
    done = threading.Event()
    failures: list[BaseException] = []
    written: list[int] = []

    def read() -> None:
        try:
            while not done.is_set():
                assert store.query([DenseQuery(point(7).dense, 1)])[0][0].point_id == point(7).id
        except BaseException as error:
            failures.append(error)

    def write() -> None:
        try:
            while not done.is_set() and len(written) < 5000:
                store.upsert([point(1000 + len(written), "w")])
                written.append(1)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for one in (read, read, write)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        store.upsert([point(1), point(2)])
        assert store.maintain() is True
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count(Filter(resource_id=("w",))) == len(written)
    store.close()


def test_when_the_index_cannot_be_built_the_store_goes_on_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def damage(shard: Path) -> None:
        store.upsert([point(99)])
        shutil.rmtree(shard / "segments")
        (shard / "segments").write_text("no folder")

    path = tmp_path / "store"
    store = EdgeStore(path, dimensions=8, index_threshold=4, indexer=Between(damage))
    store.upsert([point(n) for n in range(1, 10)])
    assert store.maintain() is False
    assert "was not built" in caplog.text
    assert store.maintain() is False, "not again at once"
    assert caplog.text.count("was not built") == 1
    assert store.count() == 10 and len(shards(path)) == 1
    store.upsert([point(100)])
    store.close()
    store = EdgeStore(path, dimensions=8)
    assert store.count() == 11
    store.close()


def test_closing_ends_an_index_that_is_being_built(tmp_path: Path) -> None:
    path, closing = tmp_path / "store", []

    def close(_: Path) -> None:
        closing.append(threading.Thread(target=store.close))
        closing[0].start()
        indexer.stopped.wait()

    indexer = Between(close)
    store = EdgeStore(path, dimensions=8, index_threshold=4, indexer=indexer)
    store.upsert([point(n) for n in range(1, 10)])
    assert store.maintain() is False
    closing[0].join()
    assert len(shards(path)) == 1
    with pytest.raises(StoreError, match="closed"):
        store.upsert([point(1)])
    store = EdgeStore(path, dimensions=8)
    assert store.count() == 9
    store.close()


@pytest.mark.parametrize(
    "moment", ["copied", "indexed", "before the switch", "after the switch", "flushing", "created"]
)
def test_a_process_killed_at_any_moment_leaves_one_whole_store(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "store"
    code = f"""
        import os, shutil, signal, sys
        from pathlib import Path
        from tests.store.test_edge import point, Between
        from searchsvc.store import shards
        from searchsvc.store.edge import EdgeStore
        from searchsvc.store.indexing import Indexer

        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        moment, path = {moment!r}, Path({str(path)!r})
        class Deadly(Indexer):
            def run(self, shard):
                store.upsert([point(n) for n in range(50, 60)])
                if moment == "copied":
                    die()
                super().run(shard)
                if moment == "indexed":
                    die()
                if moment == "before the switch":
                    shards.ShardFolder.switch = die
                if moment == "after the switch":
                    shards.Lease.retire = die
        if moment == "created":
            shards.ShardFolder.switch = die
        store = EdgeStore(path, dimensions=8, index_threshold=4, indexer=Deadly())
        store.upsert([point(n) for n in range(1, 50)])
        if moment == "flushing":
            shards._sync = die
            store.close()
        store.maintain()
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -signal.SIGKILL
    store = EdgeStore(path, dimensions=8, index_threshold=4)
    expected = {"created": 0, "flushing": 49}.get(moment, 59)
    assert store.count() == expected
    assert len(shards(path)) == 1, "what the killed one left is gone"
    store.upsert([point(n) for n in range(1, 80)])
    assert store.maintain() is True
    assert store.count() == 79
    store.close()


def test_a_second_process_is_told_that_the_store_is_in_use_and_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = EdgeStore(path, dimensions=8)
    store.upsert([point(1)])
    (path / "shard-being-built").mkdir()
    code = (
        "import sys; from pathlib import Path; from searchsvc.store.edge import EdgeStore; "
        "EdgeStore(Path(sys.argv[1]), dimensions=8)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines()[-1].endswith(
        f"StoreError: the store {path} is in use by another process; end it first."
    )
    with pytest.raises(StoreError, match="in use"):
        EdgeStore(path, dimensions=8)
    assert (path / "shard-being-built").is_dir()
    assert store.count() == 1
    store.close()
    EdgeStore(path, dimensions=8).close()
    assert len(shards(path)) == 1


def test_a_store_that_cannot_be_read_says_so_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = EdgeStore(path, dimensions=8)
    store.close()
    (path / "current.json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        EdgeStore(path, dimensions=8)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        EdgeStore(tmp_path / "file", dimensions=8)
    assert "\n" not in str(caught.value)
