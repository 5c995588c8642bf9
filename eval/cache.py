"""Vectors by the text they are of, on disk, so that an evaluation that is run again encodes only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from searchsvc.model import Encoded, Vector

__all__ = ["CachedEncode"]

_SOME = 256


class CachedEncode:
    """Calls `encode` for texts it has not seen. One file for one encoder."""

    def __init__(self, encode: Callable[[Sequence[str]], Encoded], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encode = encode
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, dense BLOB)")

    def encode(self, texts: Sequence[str]) -> Encoded:
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._lock:
            known = self._known(digests)
            missing = [at for at, digest in enumerate(digests) if digest not in known]
            for start in range(0, len(missing), _SOME):
                some = missing[start : start + _SOME]
                made = dict(
                    zip([digests[at] for at in some], self._encode([texts[at] for at in some]).dense, strict=True)
                )
                self._keep(made)
                known |= made
        return Encoded(np.array([known[digest] for digest in digests], np.float32))

    def close(self) -> None:
        self._db.close()

    def _known(self, digests: Sequence[bytes]) -> dict[bytes, Vector]:
        known: dict[bytes, Vector] = {}
        for start in range(0, len(digests), _SOME):
            some = digests[start : start + _SOME]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT digest, dense FROM vectors WHERE digest IN ({marks})", some)
            known.update((digest, np.frombuffer(dense, np.float32)) for digest, dense in rows)
        return known

    def _keep(self, made: Mapping[bytes, Vector]) -> None:
        self._db.execute("BEGIN")
        rows = ((digest, dense.tobytes()) for digest, dense in made.items())
        self._db.executemany("INSERT OR REPLACE INTO vectors (digest, dense) VALUES (?, ?)", rows)
        self._db.execute("COMMIT")
