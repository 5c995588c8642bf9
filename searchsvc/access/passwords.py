"""Passwords: how they are kept and compared, by a few at a time.

Argon2id (RFC 9106) with the memory that its second recommended choice has, on one lane: a password takes a tenth of a
second or two and 64 MiB, whoever sends it. So a few are compared at once, a few more wait, and all others are told to
come again: who floods the sign-in keeps neither the processor nor the memory from searches.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from searchsvc.errors import BusyError, QueryError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["LEAST", "MOST", "Passwords"]

LEAST, MOST = 12, 128  # characters
_MEMORY_KIB = 65_536
_PASSES = 3
_AT_ONCE = 2
_WAITING = 6


class Passwords:
    """memory_kib: what one takes. Safe to use from many threads. Raises BusyError when too many wait."""

    def __init__(self, *, memory_kib: int = _MEMORY_KIB) -> None:
        self._memory_kib = memory_kib
        self._places = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._running = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """With its salt and parameters. Raises QueryError for one that is too short or too long."""
        if not LEAST <= len(password) <= MOST:
            raise QueryError(f"a password has {LEAST} to {MOST} characters; this one has {len(password)}.")
        with _Place(self._places), self._running:
            return self._hasher.hash(_bytes(password))

    def right(self, kept: str | None, password: str) -> bool:
        """Whether it is the one whose hash is kept. When none is kept it takes as long."""
        from argon2.exceptions import Argon2Error, InvalidHashError

        if len(password) > MOST:
            return False
        with _Place(self._places), self._running:
            try:
                same = self._hasher.verify(kept or self._nobodys, _bytes(password))
            except (Argon2Error, InvalidHashError):
                return False
        return same and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=_PASSES, memory_cost=self._memory_kib, parallelism=1)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")


class _Place:
    """Raises BusyError when there is none."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise BusyError("too many sign in at once; try again in a moment.")

    def __exit__(self, *_: object) -> None:
        self._places.release()


def _bytes(password: str) -> bytes:
    """The same password, typed on another keyboard, may be other code points."""
    import unicodedata

    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
