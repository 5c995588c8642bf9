"""How relevant a resource is, in bands that people see. Scores of different queries cannot be compared; these can."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from searchsvc.model import Candidate

Band = Literal["strong", "fair", "weak"]
BANDS: tuple[Band, ...] = get_args(Band)


@dataclass(frozen=True, slots=True)
class Bands:
    """The least scores of each band. Each kind of score has limits of its own."""

    strong: float
    fair: float
    weak: float = -math.inf

    def of(self, score: float) -> Band | None:
        """None: below all of them, so not shown."""
        return next((band for band in BANDS if score >= getattr(self, band)), None)


# On cosine + .25 coverage, with all-MiniLM-L6-v2. Tuned on MED, CACM and the sample archive, each asked its own queries and
# those of other fields: the best of 0% to 11% of their own queries fall short of .44, and of 0% to 25% of others do not.
_COVERAGE_WEIGHT = 0.25
_BANDS = Bands(0.75, 0.58, 0.38)
_ANSWERS = 0.44  # what the best must reach, or nothing is relevant
# On coverage alone, for searches by words only.
_COVERAGE_BANDS = Bands(0.95, 0.6, 0.3)


@dataclass(frozen=True, slots=True)
class Evidence:
    """cosine: of the best passage. coverage: share of the query's words it holds. semantic: cosines are known."""

    cosine: float
    coverage: float
    exact: bool = False
    semantic: bool = True


def band_of(evidence: Evidence) -> Band | None:
    """None: not relevant, not shown."""
    if evidence.exact:
        return "strong"
    if not evidence.semantic:
        return _COVERAGE_BANDS.of(evidence.coverage)
    return _BANDS.of(_strength(evidence))


def answers(evidence: Evidence) -> bool:
    """Whether this alone is enough to say that the archive has something about the query."""
    return evidence.exact or not evidence.semantic or _strength(evidence) >= _ANSWERS


def _strength(evidence: Evidence) -> float:
    return evidence.cosine + _COVERAGE_WEIGHT * evidence.coverage


def estimate_coverage(candidates: Sequence[Candidate], verified: Sequence[tuple[Candidate, float]]) -> dict[str, float]:
    """point id -> share of the query's words, estimated from BM25 scores.

    verified: the best candidates with their true share. A full match would score about score / share of the
    surest of them; the others are measured against that.
    """
    full = max((candidate.score / share for candidate, share in verified if share > 0), default=0.0)
    if full <= 0:
        return {}
    estimate = {candidate.point_id: min(1.0, candidate.score / full) for candidate in candidates}
    estimate.update((candidate.point_id, share) for candidate, share in verified)
    return estimate
