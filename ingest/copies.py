"""Near duplicates: the same talk in two files, a preprint and its journal version, a page at a second address.

MinHash over shingles of three words; resources that share a band are compared. Broder 1997, On the resemblance and
containment of documents.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 128
BANDS = 32  # of 4 rows: a pair with Jaccard similarity .6 meets in one with probability .99, one of .2 with .05
SHINGLE_WORDS = 3
MIN_WORDS = 30  # shorter texts are alike by chance
SAME = 0.6  # Jaccard similarity from which two resources are copies of one thing

_WORD = re.compile(r"\w+")
_CHUNK = 1024  # shingles at once; with 128 permutations of 4 bytes, half a megabyte, which stays in a core's cache

Hashes = NDArray[np.uint32]


def minhash_of(text: str) -> bytes:
    """The signature of a text, 128 unsigned 64-bit values; empty when there are fewer than 30 words.

    Value k is the least a_k * m(h) + b_k mod 2^32 over the shingles, with odd a_k. h: the first four bytes of the SHA-1
    of a shingle, the lowest first. m: the finalizer of MurmurHash3. Stored archives hold these values, which are those
    of datasketch 2 (affine32, seed 1).
    """
    words = _WORD.findall(text.casefold())
    if len(words) < MIN_WORDS:
        return b""
    shingles = (" ".join(words[at : at + SHINGLE_WORDS]).encode() for at in range(len(words) - SHINGLE_WORDS + 1))
    hashes = np.frombuffer(b"".join(hashlib.sha1(one).digest()[:4] for one in shingles), "<u4")
    mixed = _mixed(hashes)[:, None]
    factors, terms = _permutations()
    least = np.full(PERMUTATIONS, 2**32 - 1, np.uint32)
    for at in range(0, len(mixed), _CHUNK):
        np.minimum(least, (mixed[at : at + _CHUNK] * factors + terms).min(axis=0), out=least)
    return least.astype("<u8").tobytes()


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    """Odd factors and terms, 128 of each. numpy keeps the numbers of RandomState the same in all versions."""
    random = np.random.RandomState(1)
    factors = random.randint(0, 2**31, PERMUTATIONS, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, random.randint(0, 2**32, PERMUTATIONS, np.uint32)


def _mixed(hashes: Hashes) -> Hashes:
    """Each with its bits scattered, one to one. Products of arrays wrap, which is the modulo 2^32 that is meant."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ (hashes >> np.uint32(shift))) * np.uint32(factor)
    return hashes ^ (hashes >> np.uint32(16))


def bands_of(minhash: bytes) -> list[str]:
    """One key for each band; two texts that share a key are candidates."""
    if not minhash:
        return []
    rows = len(minhash) // BANDS
    return [
        f"{band}:{hashlib.blake2b(minhash[band * rows : (band + 1) * rows], digest_size=12).hexdigest()}"
        for band in range(BANDS)
    ]


def similarity(first: bytes, second: bytes) -> float:
    """Estimated Jaccard similarity of two signatures, 0 to 1; 0 when one is empty."""
    if not first or not second:
        return 0.0
    return float(np.mean(np.frombuffer(first, "<u8") == np.frombuffer(second, "<u8")))
