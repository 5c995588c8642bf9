"""Properties of similarity by facet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from searchsvc.model import Matrix, SparseVector
from searchsvc.search.related.facets import Portrait, best_match, facet_score, lexical_cosine, meetings


def unit(rows: NDArray[np.float64]) -> Matrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


def portrait(seed: int, sentences: int = 3) -> Portrait:
    random = np.random.default_rng(seed)
    terms = tuple(sorted(random.choice(50, size=8, replace=False).tolist()))
    return Portrait(
        unit(random.normal(size=8)), unit(random.normal(size=(sentences, 8))),
        random.uniform(0.1, 1, sentences).astype(np.float32), SparseVector(terms, (1.0,) * 8),
    )  # fmt: skip


seeds = st.integers(0, 10_000)


@given(seeds, seeds, st.integers(1, 6), st.integers(1, 6))
def test_nothing_is_closer_to_a_text_than_the_text_itself(one: int, other: int, n: int, m: int) -> None:
    mine = portrait(one, n)
    mine = Portrait(mine.summary, mine.sentences, np.ones(n, np.float32), mine.terms)
    theirs = portrait(other, m)
    assert facet_score(mine, mine) == pytest.approx(1, abs=1e-5)
    assert -1 <= facet_score(mine, theirs) <= facet_score(mine, mine) + 1e-5


@given(seeds, seeds)
def test_the_order_of_sentences_does_not_matter(one: int, other: int) -> None:
    mine, theirs = portrait(one, 4), portrait(other, 5)
    turned = Portrait(theirs.summary, theirs.sentences[::-1], theirs.weights[::-1], theirs.terms)
    assert facet_score(mine, turned) == pytest.approx(facet_score(mine, theirs), abs=1e-5)


@given(seeds, seeds)
def test_without_the_sentence_that_meets_the_score_falls_or_stays(one: int, other: int) -> None:
    mine, theirs = portrait(one, 3), portrait(other, 4)
    theirs = Portrait(theirs.summary, theirs.sentences, np.ones(4, np.float32), theirs.terms)
    _, column, _ = meetings(mine, theirs)[0]
    kept = [at for at in range(4) if at != column]
    fewer = Portrait(theirs.summary, theirs.sentences[kept], theirs.weights[kept], theirs.terms)
    assert best_match(mine, fewer) <= best_match(mine, theirs) + 1e-5


def test_a_sentence_of_the_facet_counts_more_than_the_same_sentence_of_another() -> None:
    mine = portrait(1, 1)
    weights = np.array([1.0, 0.0], np.float32)
    sentences = np.concatenate([mine.sentences, -mine.sentences])
    of_it = Portrait(mine.summary, sentences, weights, mine.terms)
    of_another = Portrait(mine.summary, sentences, weights[::-1], mine.terms)
    assert best_match(mine, of_it) > best_match(mine, of_another)


@given(seeds, seeds, st.integers(1, 6), st.integers(1, 6))
def test_no_sentence_meets_twice(one: int, other: int, n: int, m: int) -> None:
    pairs = meetings(portrait(one, n), portrait(other, m))
    assert len(pairs) == min(n, m) == len({row for row, _, _ in pairs}) == len({column for _, column, _ in pairs})


def test_texts_without_words_have_none_in_common() -> None:
    empty, one = SparseVector((), ()), SparseVector((1, 5), (1.0, 2.0))
    assert lexical_cosine(empty, one) == lexical_cosine(empty, empty) == 0
    assert lexical_cosine(one, one) == pytest.approx(1)
