"""Who is called an expert: what may be relied on, whatever the vectors are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.expertise import (
    Content,
    closeness,
    counted_terms,
    expertise,
    kinship,
    rarity_of,
    weighed,
)
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Matrix

close_values = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40)


def vectors(*rows: tuple[float, float]) -> Matrix:
    matrix = np.array(rows, np.float32).reshape(-1, 2)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)


def test_one_close_work_beats_a_thousand_distant_ones() -> None:
    assert expertise(np.array([0.7])) > expertise(np.full(1000, 0.35))


def test_of_two_with_works_as_close_the_one_with_more_of_them_is_ahead_but_not_by_much() -> None:
    one, ten, thousand = (expertise(np.full(n, 0.6)) for n in (1, 10, 1000))
    assert one == pytest.approx(0.6)
    assert one < ten < thousand < one + 0.31


@given(close_values, st.floats(-1, 1, width=32))
def test_another_work_never_lowers_it(values: list[float], another: float) -> None:
    assert expertise(np.array([*values, another])) >= expertise(np.array(values)) - 1e-9


@given(st.permutations([0.9, 0.5, 0.5, -0.2, 0.1, 0.3, 0.7, 0.0, 0.8, 0.2]))
def test_the_order_of_the_works_does_not_matter(values: list[float]) -> None:
    assert expertise(np.array(values)) == pytest.approx(expertise(np.array(sorted(values))))


def test_who_wrote_nothing_is_behind_everybody() -> None:
    assert expertise(np.array([])) == -math.inf < expertise(np.array([-1.0]))
    assert kinship(np.zeros((0, 3), np.float32)) == kinship(np.zeros((3, 0), np.float32)) == -math.inf


def test_kinship_is_the_same_in_both_directions_and_one_pair_of_works_is_enough() -> None:
    close = np.array([[0.9, 0.1], [0.0, 0.2], [0.1, 0.1]], np.float32)
    assert kinship(close) == pytest.approx(kinship(close.T))
    assert kinship(close) > kinship(np.full((30, 30), 0.2, np.float32))


def test_a_work_is_as_close_as_what_its_passages_say_together() -> None:
    query = Content(vectors((1, 0)), {})
    near, both, far, empty = (
        Content(rows, {}) for rows in (vectors((1, 0)), vectors((0, 1), (1, 0)), vectors((0, 1)), vectors())
    )
    found = closeness(query, [near, empty, both, far])
    assert found.tolist() == pytest.approx(
        [0.5, 0.0, 0.5 * math.sqrt(0.5), 0.0]
    )  # the words, of which there are none, are the other half


def test_no_works_are_no_closeness() -> None:
    assert closeness(Content(vectors((1, 0)), {}), []).shape == (0,)


def test_rare_words_weigh_more_than_common_ones() -> None:
    words = LexicalEncoder()
    texts = ["dapivirine rings", "vaginal rings", "silicone rings"]
    counts = [counted_terms(words, [text]) for text in texts]
    rarity = rarity_of(counts)
    weights = weighed(counts[0], rarity)
    [rare], [common] = (counted_terms(words, [word]) for word in ("dapivirine", "ring"))
    assert weights[rare] > weights[common]
    assert math.fsum(value**2 for value in weights.values()) == pytest.approx(1)
    assert weighed({}, rarity) == {}
