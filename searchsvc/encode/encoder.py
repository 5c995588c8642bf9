"""The encoder seam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from searchsvc.model import Encoded


class Encoder(Protocol):
    """Turns texts into vectors.

    fingerprint: names the model, its weights and how it pools; vectors of two fingerprints are never compared.
    dimensions: d of the dense vectors. max_tokens: texts with more tokens would be cut off, special ones included.
    Implementations are safe to call from one thread at a time.
    """

    fingerprint: str
    dimensions: int
    max_tokens: int

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """texts: n strings, the longest first is not required. Returns (n, d), unit length; n = 0 gives (0, d)."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """The same for queries; some models encode them differently."""
        ...

    def token_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """The (start, end) offsets in characters of every token of `text`, without special tokens and never cut off."""
        ...
