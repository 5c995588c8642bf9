"""The home directory, and who owns it.

One process owns an embedded home at a time: it holds a lock on `owner.lock`. A service writes its address into
`owner.json`, so that the command line finds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO

from searchsvc.errors import HomeBusyError, HomeError

_LOCK_TRIES = 20  # others hold the lock for a moment when they look who owns the home
_LOCK_WAIT_S = 0.02


class Home:
    """The directory and the lock on it. `close` gives both up; so does the end of the process, however it ends."""

    def __init__(self, path: Path, *, lock: bool = True) -> None:
        """Raises HomeBusyError when another process owns it and HomeError when it cannot be used."""
        self.path = path
        self._lock: IO[str] | None = None
        try:
            path.mkdir(parents=True, exist_ok=True)
            if lock:
                self._lock = (path / "owner.lock").open("a")
                _lock(self._lock)
                (path / "owner.json").write_text(json.dumps({"pid": os.getpid()}))
        except BlockingIOError:
            if self._lock:
                self._lock.close()
            raise HomeBusyError(
                f"another searchsvc process is using {path}; wait for it to end, or start `searchsvc serve` "
                "and use both at once."
            ) from None
        except OSError as error:
            raise HomeError(
                f"the home {path} cannot be used: {error.strerror or error}. "
                "Set SEARCHSVC_HOME to a folder you can write."
            ) from None

    def announce(self, url: str) -> None:
        """Tell other processes where this one answers."""
        temporary = self.path / "owner.json.new"
        temporary.write_text(json.dumps({"pid": os.getpid(), "url": url}))
        temporary.replace(self.path / "owner.json")

    def close(self) -> None:
        if self._lock:
            (self.path / "owner.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def _lock(file: IO[str]) -> None:
    """Raises BlockingIOError when another process has it, and not just for a moment."""
    for _ in range(_LOCK_TRIES - 1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_LOCK_WAIT_S)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def owner_url(path: Path) -> str | None:
    """Where the service that owns this home answers, or None when nobody owns it or the owner is no service."""
    try:
        with (path / "owner.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None  # nobody holds it: what owner.json says is left from a process that died
    except BlockingIOError:
        pass
    except OSError:
        return None
    try:
        url = json.loads((path / "owner.json").read_text()).get("url")
        return str(url) if url else None
    except (OSError, ValueError):
        return None
