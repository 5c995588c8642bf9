"""How relevant a resource is, in bands that people see. Scores of different queries cannot be compared; these can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from searchsvc.model import Candidate

Band = Literal["strong", "fair", "weak"]

# Cosines of all-MiniLM-L6-v2 between a query and a passage; unrelated ones seldom go over .25.
_STRONG_COSINE, _FAIR_COSINE, _WEAK_COSINE = 0.55, 0.40, 0.30
_STRONG_COVERAGE, _FAIR_COVERAGE, _WEAK_COVERAGE = 0.95, 0.75, 0.6
_AGREES = 0.20  # cosine below which shared words alone are not taken for the same matter


@dataclass(frozen=True, slots=True)
class Evidence:
    """cosine: of the best passage. coverage: share of the query's words it holds. semantic: cosines are known."""

    cosine: float
    coverage: float
    exact: bool = False
    semantic: bool = True


def band_of(evidence: Evidence) -> Band | None:
    """None: not relevant, not shown."""
    cosine, coverage = evidence.cosine, evidence.coverage
    if evidence.exact or cosine >= _STRONG_COSINE:
        return "strong"
    agrees = not evidence.semantic or cosine >= _AGREES
    if agrees and coverage >= _STRONG_COVERAGE and (cosine >= _FAIR_COSINE or not evidence.semantic):
        return "strong"
    if cosine >= _FAIR_COSINE or (agrees and coverage >= _FAIR_COVERAGE):
        return "fair"
    if cosine >= _WEAK_COSINE or (agrees and coverage >= _WEAK_COVERAGE):
        return "weak"
    if not evidence.semantic and coverage > 0.3:
        return "weak"
    return None


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
