"""Pseudo relevance feedback: the query moved towards the best passages (Rocchio 1971; RM3, Lv and Zhai 2009)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from searchsvc.model import Point, SparseVector, Vector

__all__ = ["LOOKED_AT", "expanded_terms", "moved"]

# Tuned on MED, CACM, Cranfield, CISI, Vaswani, BioASQ, S2 and SciFact's train queries. Terms weighed by their idf, too,
# are .001 worse in the mean, a pull of .7 or 1.5 .001, the nearest five .003, five passages to take terms from .003.
NEAREST = 3  # passages that the dense query moves towards
PULL = 1.0  # weight of their mean beside the query
LOOKED_AT = 10  # passages that terms are taken from
TERMS = 20
SHARE = 0.3  # of the new terms in the query's weight
_SHARPNESS = 2.0  # standard deviations by which a passage may be worse to count 1/e


def moved(query: Vector, best: Sequence[Point]) -> Vector:
    """(d,), unit length: the query and the mean of the best three passages. best: best first."""
    if not best:
        return query
    pulled = query + PULL * np.mean([point.dense for point in best[:NEAREST]], axis=0)
    unit: Vector = (pulled / max(float(np.linalg.norm(pulled)), 1e-9)).astype(np.float32)
    return unit


def expanded_terms(query: SparseVector, best: Sequence[Point], scores: Sequence[float]) -> SparseVector:
    """The query's terms with the weight .7 together, and the 20 that weigh most in the best passages with .3 together.

    scores: fused ones of `best`; a passage counts by exp((score - highest) / 2).
    """
    if not best:
        return query
    highest = max(scores)
    strengths: dict[int, float] = defaultdict(float)
    for point, score in zip(best, scores, strict=True):
        share = math.exp((score - highest) / _SHARPNESS)
        for index, value in zip(point.sparse.indices, point.sparse.values, strict=True):
            strengths[index] += share * value
    chosen = sorted(sorted(strengths), key=strengths.__getitem__, reverse=True)[:TERMS]  # ties by index
    total = sum(strengths[index] for index in chosen)
    whole = sum(query.values) or 1.0
    weights = {index: (1 - SHARE) * value / whole for index, value in zip(query.indices, query.values, strict=True)}
    for index in chosen:
        weights[index] = weights.get(index, 0.0) + SHARE * strengths[index] / total
    pairs = sorted(weights.items())
    return SparseVector(tuple(index for index, _ in pairs), tuple(weight for _, weight in pairs))
