"""Builds the index of a shard in a child process: `python -m searchsvc.store.indexing FOLDER`.

Qdrant Edge holds the interpreter lock while it builds, so that no other thread of the process would run meanwhile.
The child is nice, and ends when its parent does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import qdrant_edge as qe

from searchsvc.child import child_environment, end_with_parent
from searchsvc.errors import StoreError
from searchsvc.store.shards import sync_tree

_NICE = 10


class Indexer:
    """Runs one child at a time; `stop` ends it from another thread, and every later one before it starts."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self, shard: Path) -> None:
        """Index the closed shard in this folder, in place. Raises StoreError when that did not work."""
        with subprocess.Popen(
            [sys.executable, "-m", "searchsvc.store.indexing", str(shard), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=child_environment(),
        ) as child:
            self._child = child
            if self._stopped:
                child.kill()
            _, said = child.communicate()
            self._child = None
        if child.returncode:
            last = (said.strip().splitlines() or [f"it ended with {child.returncode}"])[-1]
            raise StoreError(f"the index of {shard} could not be built: {last}")

    def stop(self) -> None:
        self._stopped = True
        if child := self._child:
            child.kill()


def index(shard: Path) -> None:
    """Index the shard in this folder and have it on the disk."""
    opened = qe.EdgeShard.load(str(shard))
    opened.optimize()
    opened.flush()
    opened.close()
    sync_tree(shard)


def main(shard: str, parent: str) -> None:
    end_with_parent()  # where it can; elsewhere an orphan ends with its work
    if os.getppid() != int(parent):
        sys.exit("the parent process has ended")
    os.nice(_NICE)
    index(Path(shard))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
