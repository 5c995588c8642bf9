"""Token vectors made small keep what late interaction needs."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.encode.late import POOL, TOKEN_DIMENSIONS, pooled, projected, projection
from searchsvc.encode.load import load_encoder
from searchsvc.model import Matrix


@pytest.mark.parametrize("tokens", [0, 1, 3, 4, 5, 8, 9])
def test_neighbours_are_pooled_and_the_rest_is_too(tokens: int) -> None:
    matrix = np.arange(tokens * 2, dtype=np.float32).reshape(tokens, 2)
    means = pooled(matrix)
    assert len(means) == -(-tokens // POOL)
    expected = [matrix[at : at + POOL].mean(axis=0) for at in range(0, tokens, POOL)]
    assert means == pytest.approx(np.array(expected).reshape(-1, 2))


def test_the_projection_that_is_shipped_is_orthonormal() -> None:
    assert projection().shape == (384, TOKEN_DIMENSIONS)
    assert projection().T @ projection() == pytest.approx(np.eye(TOKEN_DIMENSIONS), abs=2e-3)


def maxsim(query: Matrix, passage: Matrix) -> float:
    return float((query @ passage.T).max(axis=1).sum())


def test_the_passage_that_answers_still_wins_and_vectors_have_unit_length() -> None:
    encoder = load_encoder(late=True)
    passages = encoder.encode_passages(
        [
            "The ring releases dapivirine for ninety days, and drug levels fall within two days of its removal.",
            "The pilot study compared two prices for films in a discrete choice experiment with young women.",
            "Nurses were trained for two days to remove implants that lie deep under the skin of the arm.",
        ]
    )
    queries = encoder.encode_queries(
        ["how long does drug stay after the ring is taken out", "course for taking out implants"]
    )
    assert passages.tokens is not None and queries.tokens is not None
    for matrix in (*passages.tokens, *queries.tokens):
        assert matrix.shape[1] == TOKEN_DIMENSIONS
        assert np.linalg.norm(matrix, axis=1) == pytest.approx(np.ones(len(matrix)), abs=1e-4)
    best = [max(range(3), key=lambda at: maxsim(query, passages.tokens[at])) for query in queries.tokens]  # type: ignore[index]
    assert best == [0, 2]


def test_of_the_whole_tokens_most_of_the_likeness_is_kept() -> None:
    whole = load_encoder(with_tokens=True).encode_queries(["Vaginal rings release two drugs over three months."])
    assert whole.tokens is not None
    tokens = whole.tokens[0]
    assert np.corrcoef((tokens @ tokens.T).ravel(), (projected(tokens) @ projected(tokens).T).ravel())[0, 1] > 0.95
