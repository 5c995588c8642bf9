"""The folder of an EdgeStore: one live shard in it, and how another takes its place.

    store/
    ├── lock              held by the process that has the store open
    ├── current.json      {"shard": "shard-5f0c…", "unindexed": 1234}; replaced in one step
    └── shard-5f0c…/      what Qdrant Edge writes

A shard counts from the moment `current.json` names it, and that is written last. Whatever else stands there is what a
killed process left, and goes when the store is opened. Names are never used twice, so that an indexer which outlives
its parent cannot write into a later shard.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import threading
import uuid
from pathlib import Path
from typing import Any

import qdrant_edge as qe

from searchsvc.errors import DamagedStoreError, StoreError

_PREFIX = "shard-"


class ShardFolder:
    """Owns the folder until `release`. Raises StoreError when another process does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self._lock = (path / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StoreError(f"the store {path} is in use by another process; end it first.") from None
        try:
            self.name, self.unindexed = _read(path)
            for left in path.glob(f"{_PREFIX}*"):
                if left.name != self.name:
                    shutil.rmtree(left)
        except BaseException:
            self.release()
            raise

    @property
    def live(self) -> Path:
        """The folder of the live shard; only when `name` is set."""
        return self.path / str(self.name)

    def fresh(self) -> Path:
        """A folder for a shard to be built in. It does not exist yet."""
        return self.path / f"{_PREFIX}{uuid.uuid4().hex}"

    def switch(self, shard: Path, unindexed: int) -> None:
        """Make this the live shard, durably and in one step. unindexed: points written since it was indexed."""
        _write(self.path, shard.name, unindexed)
        self.name, self.unindexed = shard.name, unindexed

    def release(self) -> None:
        self._lock.close()


class Lease:
    """An open shard that many threads read, and that is closed when the last of them has finished."""

    def __init__(self, shard: qe.EdgeShard) -> None:
        self.shard = shard
        self._readers = 0
        self._retired = False
        self._changed = threading.Condition()

    def enter(self) -> bool:
        """False when it is closed, or about to be: there is a newer one, or none."""
        with self._changed:
            if self._retired:
                return False
            self._readers += 1
            return True

    def leave(self) -> None:
        with self._changed:
            self._readers -= 1
            if self._retired:
                self._changed.notify_all()

    def retire(self) -> None:
        """Let nobody in any more, wait for those inside, close."""
        with self._changed:
            self._retired = True
            self._changed.wait_for(lambda: self._readers == 0)
        self.shard.close()


def folder_bytes(path: Path) -> int:
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())


def sync_tree(path: Path) -> None:
    """Have everything under the folder on the disk, names too."""
    for one in [*path.rglob("*"), path]:
        _sync(one)


def _read(path: Path) -> tuple[str | None, int]:
    try:
        known: dict[str, Any] = json.loads((path / "current.json").read_text("utf-8"))
        return str(known["shard"]), int(known["unindexed"])
    except FileNotFoundError:
        return None, 0
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStoreError(
            f"{path / 'current.json'} is damaged: {error}; `searchsvc serve` makes the index anew."
        ) from None


def _write(path: Path, shard: str, unindexed: int) -> None:
    temporary = path / "current.json.new"
    temporary.write_text(json.dumps({"shard": shard, "unindexed": unindexed}), "utf-8")
    _sync(temporary)
    temporary.replace(path / "current.json")
    with contextlib.suppress(OSError):  # it has happened: whoever asked must not think otherwise
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
