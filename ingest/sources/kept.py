"""What a list said of each thing, kept on disk until the thing is fetched: lists may be longer than memory."""

from __future__ import annotations

import tempfile
import threading
import weakref
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

__all__ = ["Kept"]


class Kept:
    """Safe to use from many threads. The file is made when the first is kept, and gone with the object."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._file: IO[bytes] | None = None
        self._places: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def put(self, uri: str, data: bytes) -> None:
        packed = zlib.compress(data, 1)
        with self._lock:
            file = self._opened()
            start = file.seek(0, 2)
            file.write(packed)
            self._places[uri] = (start, len(packed))

    def wanted(self, uri: str, listing: Callable[[], Iterable[object]]) -> bytes | None:
        """`get`; where another process read the list, it is read again."""
        found = self.get(uri)
        if found is None:
            for _ in listing():
                pass
            found = self.get(uri)
        return found

    def get(self, uri: str) -> bytes | None:
        with self._lock:
            if uri not in self._places:
                return None
            start, length = self._places[uri]
            file = self._opened()
            file.seek(start)
            return zlib.decompress(file.read(length))

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._scratch.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115, it lives as long as this
            weakref.finalize(self, self._file.close)
        return self._file
