"""What is read anew only when somebody changed it, whichever process that was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa

from searchsvc.catalogue import changes as change

__all__ = ["Remembered"]

_What = TypeVar("_What")


class Remembered(Generic[_What]):
    """For many threads."""

    def __init__(self, engine: sa.Engine, key: str, read: Callable[[], _What]) -> None:
        """key: of `meta`, which has another value after every change."""
        self._engine = engine
        self._key = key
        self._read = read
        self._known: tuple[str | None, _What] | None = None

    def now(self) -> _What:
        """As it is now."""
        with self._engine.connect() as db:  # first: later changes come next
            version = change.meta(db, self._key)
        known = self._known
        if known is None or known[0] != version:
            known = self._known = version, self._read()
        return known[1]
