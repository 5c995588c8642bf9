"""Signatures stay those that stored archives hold, and say how alike two texts are."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from ingest.copies import BANDS, MIN_WORDS, PERMUTATIONS, SAME, bands_of, minhash_of, similarity


def counted(start: int, stop: int) -> str:
    return " ".join(str(number) for number in range(start, stop))


GOLDEN = {
    "a short text": (
        "Die Größe der Stichprobe war klein: 30 women at two clinics told us, in Português or in 中文, what they think "
        "of the ring, of the pill, of the film and of each other's answers. Half said 'neither'.",
        "2b77d6435e1f50750662664cf66d24bdee5af2aa5d4740eae5f844bc41cebb3c",
    ),
    "a text of several chunks": (counted(0, 5000), "88089ac8b1d05fdba3eeee78a16ad3bf6a4fa8b7c24e5b441db64c3669338eea"),
}
"""By datasketch 2.0.0: MinHash(num_perm=128, seed=1)."""


@pytest.mark.parametrize("name", GOLDEN)
def test_signatures_are_those_of_stored_archives(name: str) -> None:
    text, digest = GOLDEN[name]
    assert hashlib.sha256(minhash_of(text)).hexdigest() == digest


def test_a_signature_is_that_of_all_shingles_whatever_their_order() -> None:
    parts = [np.frombuffer(minhash_of(counted(*part)), "<u8") for part in ((0, 1501), (1499, 3000))]
    assert len(parts[0]) == PERMUTATIONS
    assert minhash_of(counted(0, 3000)) == np.minimum(*parts).tobytes()


@pytest.mark.parametrize(("shared", "expected"), [(1000, 1.0), (750, 0.6), (500, 1 / 3), (0, 0.0)])
def test_similarity_is_about_the_share_of_shingles_in_common(shared: int, expected: float) -> None:
    one, other = minhash_of(counted(0, 1000)), minhash_of(counted(1000 - shared, 2000 - shared))
    assert similarity(one, other) == pytest.approx(expected, abs=0.12)  # three times sqrt(.25 / 128)


def test_copies_share_a_band_and_other_texts_do_not() -> None:
    text = counted(0, 400)
    copy, other = minhash_of(f"Preprint. {text.upper()}"), minhash_of(counted(400, 800))
    assert similarity(minhash_of(text), copy) >= SAME
    assert len(bands_of(copy)) == BANDS
    assert set(bands_of(minhash_of(text))) & set(bands_of(copy))
    assert not set(bands_of(copy)) & set(bands_of(other))


def test_short_texts_are_copies_of_nothing() -> None:
    short = minhash_of(counted(0, MIN_WORDS - 1))
    assert (short, bands_of(short), similarity(short, short)) == (b"", [], 0.0)
    assert minhash_of(counted(0, MIN_WORDS))
