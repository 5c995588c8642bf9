"""The home directory, and who owns it.

One process owns an embedded home at a time: it holds a lock on `owner.lock`. A service writes its address into
`owner.json`, so that the command line finds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import time
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from searchsvc.errors import HomeBusyError, HomeError

_OWN = 0o077  # what others may do with what this process makes: nothing
_LOCK_TRIES = 20  # others hold the lock for a moment when they look who owns the home
_LOCK_WAIT_S = 0.02


class Home:
    """The directory, which is its owner's alone, and the lock on it. What the process makes from now on is so, too.

    `close` gives both up; so does the end of the process, however it ends."""

    def __init__(self, path: Path, *, lock: bool = True) -> None:
        """Raises HomeBusyError when another process owns it and HomeError when it cannot be used."""
        self.path = path
        self._lock: IO[str] | None = None
        try:
            os.umask(_OWN)
            path.mkdir(parents=True, exist_ok=True)
            _close_to_others(path)
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

    def announce(self, url: str, *, key: str | None = None) -> None:
        """Tell other processes where this one answers, and a key that opens everything to who can read the home."""
        temporary = self.path / "owner.json.new"
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"pid": os.getpid(), "url": url, "key": key}, file)
        temporary.replace(self.path / "owner.json")

    def close(self) -> None:
        if self._lock:
            (self.path / "owner.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def _close_to_others(path: Path) -> None:
    """Nobody but the owner gets into the home, whatever is in it. Left as it is where the folder is another's."""
    if path.stat().st_mode & _OWN:
        with suppress(PermissionError):
            path.chmod(path.stat().st_mode & ~_OWN & 0o7777)


def set_damaged_aside(home: Path) -> Path | None:
    """Move a catalogue that cannot be read out of the way; where to. None: there is none, or it can be read.

    A home that a process has is left alone.
    """
    path = home / "catalogue.sqlite"
    if not path.exists():
        return None
    try:
        owner = Home(home)
    except HomeBusyError:
        return None
    try:
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
                if db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                    return None
        except sqlite3.OperationalError:  # locked, or not to be opened: that is no damage, and is told when it is used
            return None
        except sqlite3.DatabaseError:
            pass
        aside = home / "backups" / f"damaged-{uuid.uuid4().hex[:8]}"
        aside.mkdir(parents=True)
        for one in home.glob("catalogue.sqlite*"):
            one.replace(aside / one.name)
        return aside
    finally:
        owner.close()


def _lock(file: IO[str]) -> None:
    """Raises BlockingIOError when another process has it, and not just for a moment."""
    for _ in range(_LOCK_TRIES - 1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_LOCK_WAIT_S)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class Owner:
    """The service that has a home. key: made by it for commands on this home, and good for as long as it runs."""

    url: str
    key: str | None = field(default=None, repr=False)


def owner_of(path: Path) -> Owner | None:
    """None when nobody owns this home or the owner is no service."""
    try:
        with (path / "owner.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None  # nobody holds it: what owner.json says is left from a process that died
    except BlockingIOError:
        pass
    except OSError:
        return None
    try:
        said = json.loads((path / "owner.json").read_text())
        return Owner(str(said["url"]), said.get("key")) if said.get("url") else None
    except (OSError, ValueError):
        return None


def owner_url(path: Path) -> str | None:
    """Where the service that owns this home answers, or None when nobody owns it or the owner is no service."""
    owner = owner_of(path)
    return owner.url if owner else None
