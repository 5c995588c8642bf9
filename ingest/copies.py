"""Near duplicates: the same talk in two files, a preprint and its journal version, a page at a second address.

MinHash over shingles of three words (Broder 1997), by datasketch; resources that share a band are compared.
"""

from __future__ import annotations

import hashlib
import re

import numpy as np

PERMUTATIONS = 128
BANDS = 32  # of 4 rows: a pair with Jaccard similarity .6 meets in one with probability .99, one of .2 with .05
SHINGLE_WORDS = 3
MIN_WORDS = 30  # shorter texts are alike by chance
SAME = 0.6  # Jaccard similarity from which two resources are copies of one thing

_WORD = re.compile(r"\w+")


def minhash_of(text: str) -> bytes:
    """The signature of a text, 128 unsigned 64-bit values; empty when there are fewer than 30 words."""
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    if len(words) < MIN_WORDS:
        return b""
    shingles = {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}
    signature = MinHash(num_perm=PERMUTATIONS, seed=1)
    signature.update_batch(shingle.encode() for shingle in sorted(shingles))
    return np.asarray(signature.hashvalues, dtype="<u8").tobytes()


def bands_of(minhash: bytes) -> list[str]:
    """One key for each band; two texts that share a key are candidates."""
    if not minhash:
        return []
    rows = len(minhash) // BANDS
    return [
        f"{band}:{hashlib.blake2b(minhash[band * rows : (band + 1) * rows], digest_size=12).hexdigest()}"
        for band in range(BANDS)
    ]


def similarity(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two signatures, 0 to 1; 0 when one is empty."""
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, "<u8") == np.frombuffer(other, "<u8")))
