"""Whether one run is better than another, or only luckier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measure import interval

__all__ = ["Comparison", "compared", "randomisation_p"]

ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of one measure, B against A over the same queries. moved: (query, difference), largest first."""

    measure: str
    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    p: float
    moved: tuple[tuple[str, float], ...]


def compared(
    measure: str, a: Mapping[str, float], b: Mapping[str, float], *, moved: int = 10, seed: int = 1
) -> Comparison:
    """Queries that one of them lacks count as 0 there. low and high: 95% bootstrap interval of the difference."""
    queries = sorted(a.keys() | b.keys())
    differences = [b.get(query, 0.0) - a.get(query, 0.0) for query in queries]
    low, high = interval(differences, seed=seed)
    ordered = sorted(zip(queries, differences, strict=True), key=lambda pair: (-abs(pair[1]), pair[0]))
    count = max(1, len(queries))
    return Comparison(
        measure,
        round(sum(a.values()) / count, 4),
        round(sum(b.values()) / count, 4),
        round(sum(differences) / count, 4),
        low,
        high,
        randomisation_p(differences, seed=seed),
        tuple((query, round(value, 4)) for query, value in ordered[:moved] if value),
    )


def randomisation_p(differences: Sequence[float], *, rounds: int = ROUNDS, seed: int = 1) -> float:
    """Two-sided p of the paired randomisation test (Fisher; Smucker, Allan and Carterette 2007): signs at random."""
    values = np.asarray(differences, np.float64)
    if not np.any(values):
        return 1.0
    random = np.random.default_rng(seed)
    observed = abs(values.mean())
    as_far = 0
    for _ in range(0, rounds, 1000):
        signs = random.choice((-1.0, 1.0), size=(1000, len(values)))
        as_far += int((np.abs((signs * values).mean(axis=1)) >= observed - 1e-12).sum())
    return round((as_far + 1) / (rounds + 1), 4)
