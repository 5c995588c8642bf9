"""Vectors by the text they are of, on disk, so that an evaluation that is run again encodes only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from searchsvc.model import Encoded, Matrix, Vector

__all__ = ["CachedEncode"]

_SOME = 256


class CachedEncode:
    """Calls `encode` for texts it has not seen. One file for one encoder.

    Dense vectors are kept in single precision, those of tokens in half, as the store keeps them.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Encoded], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encode = encode
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, dense BLOB, tokens BLOB, width INTEGER)"
        )

    def encode(self, texts: Sequence[str]) -> Encoded:
        """(n, d) dense, and token matrices when the encoder gives them."""
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._lock:
            known = self._known(digests)
            missing = [at for at, digest in enumerate(digests) if digest not in known]
            for start in range(0, len(missing), _SOME):
                some = missing[start : start + _SOME]
                encoded = self._encode([texts[at] for at in some])
                tokens = encoded.tokens if encoded.tokens is not None else [None] * len(some)
                self._keep([digests[at] for at in some], encoded.dense, tokens)
                known.update(zip([digests[at] for at in some], zip(encoded.dense, tokens, strict=True), strict=True))
        matrices = [known[digest][1] for digest in digests]
        kept = tuple(matrix for matrix in matrices if matrix is not None)
        return Encoded(
            np.array([known[digest][0] for digest in digests], np.float32), kept if len(kept) == len(texts) else None
        )

    def close(self) -> None:
        self._db.close()

    def _known(self, digests: Sequence[bytes]) -> dict[bytes, tuple[Vector, Matrix | None]]:
        known: dict[bytes, tuple[Vector, Matrix | None]] = {}
        for start in range(0, len(digests), _SOME):
            some = digests[start : start + _SOME]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT digest, dense, tokens, width FROM vectors WHERE digest IN ({marks})", some)
            for digest, dense, tokens, width in rows:
                matrix = np.frombuffer(tokens, np.float16).reshape(-1, width).astype(np.float32) if width else None
                known[digest] = (np.frombuffer(dense, np.float32), matrix)
        return known

    def _keep(self, digests: Sequence[bytes], dense: Matrix, tokens: Sequence[Matrix | None]) -> None:
        self._db.execute("BEGIN")
        for digest, row, matrix in zip(digests, dense, tokens, strict=True):
            blob = matrix.astype(np.float16).tobytes() if matrix is not None else b""
            width = matrix.shape[1] if matrix is not None else 0
            self._db.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", (digest, row.tobytes(), blob, width))
        self._db.execute("COMMIT")
