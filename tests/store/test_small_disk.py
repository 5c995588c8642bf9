"""An index on a disk that is too small says so, before the engine runs out of it and ends the process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

WRITER = """
import sys
import uuid
from pathlib import Path

import numpy as np

from searchsvc.errors import StoreFullError
from searchsvc.model import Point, SparseVector
from searchsvc.store.edge import EdgeStore

random = np.random.default_rng(0)


def points():
    for ordinal in range(256):
        vector = random.normal(size=384).astype(np.float32)
        words = SparseVector(tuple(range(50)), (1.0,) * 50)
        yield Point(str(uuid.uuid4()), vector, words, {"resource_id": "r", "ordinal": ordinal})


try:
    store = EdgeStore(Path(sys.argv[1]) / "store", dimensions=384)
    for _ in range(1000):
        store.upsert(list(points()))
except StoreFullError as error:
    print(error, flush=True)
    if len(sys.argv) == 2:
        sys.exit()
before = store.count()
assert before > 1000, before
store.delete_points([])
store.delete("nobody")  # what takes away may still be done
sys.stdin.readline()  # until there is room
store.upsert(list(points()))
print(store.count() - before, flush=True)
store.close()
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A file system of its own, of so many megabytes; asked for once more, it is made larger."""
    mounted = tmp_path / "disk"
    mounted.mkdir()

    def sized(megabytes: int) -> Path:
        again = "remount," if mounted.is_mount() else ""
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"{again}size={megabytes}m", "tmpfs", str(mounted)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            pytest.skip(f"a file system cannot be mounted here: {made.stderr.strip()}")
        return mounted

    yield sized
    if mounted.is_mount():
        subprocess.run(["umount", str(mounted)], check=True)


def writer(folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), *more], cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_an_index_is_not_made_where_it_has_no_room(disk: Callable[[int], Path]) -> None:
    with writer(disk(40)) as process:
        said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, "the engine ended the process"
    assert "is nearly full" in said and "make room" in said
    assert list((disk(40) / "store").glob("shard-*")) == []


def test_an_index_that_outgrows_its_disk_goes_on_when_there_is_room(disk: Callable[[int], Path]) -> None:
    with writer(disk(110), "goes on") as process:
        assert process.stdout and "is nearly full" in process.stdout.readline()
        disk(400)
        assert process.communicate("\n", timeout=300)[0] == "256\n"
    assert process.returncode == 0
