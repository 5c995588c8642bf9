"""Vectors by the text they are of, on disk, so that an evaluation that is run again encodes only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from searchsvc.model import Encoded

__all__ = ["CachedEncode"]

_SOME = 256


class CachedEncode:
    """Calls `encode` for texts it has not seen. One file for one encoder; vectors are kept as 32-bit floats."""

    def __init__(self, encode: Callable[[Sequence[str]], Encoded], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encode = encode
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, width INTEGER, data BLOB)")

    def encode(self, texts: Sequence[str]) -> Encoded:
        """(n, d) dense, and token matrices when the encoder gives them."""
        with self._lock:
            digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
            known = self._known(digests)
            missing = [at for at, digest in enumerate(digests) if digest not in known]
            for start in range(0, len(missing), _SOME):
                some = missing[start : start + _SOME]
                encoded = self._encode([texts[at] for at in some])
                for row, at in enumerate(some):
                    tokens = encoded.tokens[row] if encoded.tokens is not None else None
                    known[digests[at]] = _joined(encoded.dense[row], tokens)
                self._keep([(digests[at], known[digests[at]]) for at in some])
            rows = [known[digest] for digest in digests]
        dense = np.array([row[0] for row in rows], np.float32)
        return Encoded(dense, tuple(row[1:] for row in rows) if rows and all(len(row) > 1 for row in rows) else None)

    def close(self) -> None:
        self._db.close()

    def _known(self, digests: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        for start in range(0, len(digests), _SOME):
            some = digests[start : start + _SOME]
            marks = ",".join("?" * len(some))
            for digest, width, data in self._db.execute(f"SELECT * FROM vectors WHERE digest IN ({marks})", some):
                found[digest] = np.frombuffer(data, np.float16 if len(data) != 4 * width else np.float32).reshape(-1, width)
        return found

    def _keep(self, rows: Sequence[tuple[bytes, np.ndarray]]) -> None:
        self._db.execute("BEGIN")
        for digest, matrix in rows:
            kept = matrix.astype(np.float32) if len(matrix) == 1 else matrix.astype(np.float16)
            self._db.execute(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (digest, matrix.shape[1], kept.tobytes())
            )
        self._db.execute("COMMIT")


def _joined(dense: np.ndarray, tokens: np.ndarray | None) -> np.ndarray:
    """The dense vector first, the tokens below it."""
    return dense[None, :] if tokens is None else np.concatenate([dense[None, :], tokens])
