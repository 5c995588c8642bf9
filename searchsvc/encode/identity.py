"""What an encoder is, known without loading it where that is possible."""

from __future__ import annotations

from dataclasses import dataclass

from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.load import load_encoder
from searchsvc.encode.models import BUNDLED, BUNDLED_FINGERPRINT

__all__ = ["Identity", "identity_of"]


@dataclass(frozen=True, slots=True)
class Identity:
    """fingerprint and dimensions as `Encoder` has them."""

    fingerprint: str
    dimensions: int


def identity_of(name: str | None) -> Identity:
    """Of the encoder that the setting names. Loads it unless it is the bundled one or `hashing`. Raises ModelError."""
    if name is None or name == BUNDLED:
        return Identity(BUNDLED_FINGERPRINT, 384)
    encoder = HashingEncoder() if name == "hashing" else load_encoder(name)
    return Identity(encoder.fingerprint, encoder.dimensions)
