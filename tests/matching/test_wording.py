"""How alike what parties wrote is by its words."""

from __future__ import annotations

import numpy as np

from searchsvc.matching.statements import rarity
from searchsvc.matching.wording import Wording, Words
from searchsvc.model import SparseVector

_WORDS = 1500  # more than are columns


def _parties(n: int, seed: int = 3) -> list[Words]:
    """Some words are much more common than others; some parties wrote nothing."""
    dice = np.random.default_rng(seed)
    chance = 1 / (1 + np.arange(_WORDS))
    parties = []
    for _ in range(n):
        terms = np.unique(dice.choice(_WORDS, int(dice.integers(0, 120)), p=chance / chance.sum()))
        parties.append(Words(terms.astype(np.int64), dice.uniform(0.5, 6, len(terms)).astype(np.float32)))
    return parties


def test_it_is_the_cosine_of_tf_idf_with_each_however_common_the_words() -> None:
    parties = [*_parties(60), Words.of(())]
    rare = rarity(one.terms.tolist() for one in parties)
    matrix = np.zeros((len(parties), _WORDS))
    for row, one in enumerate(parties):
        matrix[row, one.terms] = np.log1p(one.counts) * [rare[it] for it in one.terms.tolist()]
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = np.divide(matrix, length, out=np.full_like(matrix, np.nan), where=length > 0)
    expected = unit @ unit.T
    wording = Wording(parties, rare)
    np.testing.assert_allclose(wording.alike_of(range(len(parties))), expected, atol=1e-5)
    for row, one in enumerate(parties):
        np.testing.assert_allclose(wording.alike(one), expected[row], atol=1e-5)
        np.testing.assert_allclose(wording.of_two(one, parties[7]), expected[row, 7], atol=1e-5)


def test_words_that_no_party_wrote_make_whoever_asks_less_alike() -> None:
    first = Words.of([SparseVector((1, 2), (1.0, 1.0))])
    wording = Wording([first], rarity([[1, 2]]))
    more = Words.of([SparseVector((1, 2, 9), (1.0, 1.0, 1.0))])
    assert wording.alike(first)[0] > wording.alike(more)[0] > 0


def test_nobody_wrote_anything() -> None:
    nothing = Words.of(())
    wording = Wording([nothing, nothing], rarity([]))
    assert np.isnan(wording.alike(Words.of([SparseVector((1,), (1.0,))]))).all()
    assert np.isnan(wording.alike_of([0, 1])).all()
    assert not len(Wording([], rarity([])).alike_of([]))
