"""What an encoder is, known without loading it where that is possible."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.load import load_encoder
from searchsvc.encode.models import BUNDLED, BUNDLED_FINGERPRINT, MULTILINGUAL, MULTILINGUAL_FINGERPRINT

__all__ = ["Identity", "identity_of", "understands"]

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Identity:
    """fingerprint and dimensions as `Encoder` has them."""

    fingerprint: str
    dimensions: int


def identity_of(name: str | None) -> Identity:
    """Of the encoder that the setting names. Loads it unless it is one of ours. Raises ModelError."""
    if name is None or name == BUNDLED:
        return Identity(BUNDLED_FINGERPRINT, 384)
    if name == "hashing":
        hashing = HashingEncoder()
        return Identity(hashing.fingerprint, hashing.dimensions)
    if name == MULTILINGUAL:
        return Identity(MULTILINGUAL_FINGERPRINT, 384)
    encoder = load_encoder(name)
    return Identity(encoder.fingerprint, encoder.dimensions)


def understands(name: str | None) -> Callable[[str], bool]:
    """Whether the encoder that the setting names makes something of a text.

    The bundled one has seen English only: of numbers alone, and of other scripts, its vectors say nothing.
    """
    if name is None or name == BUNDLED:
        return lambda text: _LATIN.search(text) is not None
    return lambda text: True
