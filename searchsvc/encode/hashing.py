"""An encoder without a model, for tests: texts that share words or parts of words are near each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from searchsvc.model import Encoded, Matrix

__all__ = ["HashingEncoder"]

_WORD = re.compile(r"\w+|[^\w\s]")


class HashingEncoder:
    """Adds up signed hashes of words and of their character trigrams; the same on every machine and in every process.

    Words weigh as much as all their trigrams together, so "vaccine" is near "vaccines" and far from "malaria".
    """

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.max_tokens = 256
        self.fingerprint = f"hashing-1/{dimensions}"

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Returns (n, d), unit length; a text without words gets the first axis."""
        dense = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(dense, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                row += _vector(word, self.dimensions)
            length = float(np.linalg.norm(row))
            if length > 1e-6:
                row /= length
            else:
                row[:] = 0
                row[0] = 1
        return Encoded(dense)

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same as for passages."""
        return self.encode_passages(texts)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Words, and every sign on its own."""
        return [match.span() for match in _WORD.finditer(text)]

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text and two special ones, as most models have."""
        return [2 + sum(1 for _ in _WORD.finditer(text)) for text in texts]


@lru_cache(maxsize=20_000)
def _vector(word: str, dimensions: int) -> Matrix:
    vector = np.zeros(dimensions, np.float32)
    marked = f"<{word}>"
    trigrams = [marked[at : at + 3] for at in range(len(marked) - 2)]
    for part, weight in [(word, 1.0)] + [(trigram, 1.0 / len(trigrams)) for trigram in trigrams]:
        number = int.from_bytes(blake2b(part.encode(), digest_size=8).digest(), "little")
        vector[(number >> 1) % dimensions] += weight if number & 1 else -weight
    if not vector.any():  # every hash met its opposite
        vector[0] = 1.0
    vector.flags.writeable = False
    return vector
