"""A passage counts as much as those around it: texts that are near each other answer the same questions.

The cluster hypothesis of van Rijsbergen 1979, as Diaz 2005 has it: scores are made smooth over the texts that were
found, here by the weighted mean of Nadaraya and Watson 1964.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searchsvc.model import Candidate, Matrix

__all__ = ["smoothed"]

# A passage with a cosine of .9 to another counts for it .30 of its own score, one with .7 counts .03.
SHARPNESS = 12.0


def smoothed(passages: Sequence[Candidate], vectors: Matrix) -> list[Candidate]:
    """The same, best first by the mean of the scores around each: its own counts 1, another exp(12 (cosine - 1)).

    vectors: (n, d), unit length, one for each passage. Ties by their own score, then by
    point id. What nothing is near to keeps its score.
    """
    if not passages:
        return []
    weights = np.exp(SHARPNESS * (vectors @ vectors.T - 1.0))
    np.fill_diagonal(weights, 1.0)
    means = weights @ np.array([one.score for one in passages]) / weights.sum(axis=1)
    order = sorted(zip((-means).tolist(), ((-one.score, one.point_id) for one in passages), passages, strict=True))
    return [one._replace(score=-mean) for mean, _, one in order]
