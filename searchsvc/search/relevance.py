"""How relevant a resource is, in bands that people see. Scores of different queries cannot be compared; these can."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from searchsvc.errors import SettingsError
from searchsvc.model import Candidate

__all__ = [
    "BANDS", "BUNDLED_LIMITS", "LEARNED", "Band", "Bands", "Evidence", "Limits", "bands_of", "estimate_coverage",
    "least_strength", "limits_of", "relevant",
]  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Limits:
    """How near is near, for one encoder. All are strengths: cosine + coverage_weight * coverage.

    answers: what the best must reach, or nothing is relevant by its meaning. behind: by which a resource may be behind
    the best to be relevant by its meaning. foreign: what is added for a resource in another language than the query's.
    """

    bands: Bands
    answers: float
    behind: float
    coverage_weight: float
    foreign: float = 0.0

    @classmethod
    def read(cls, data: Mapping[str, float]) -> Limits:
        """As `written` gives them. Raises KeyError, TypeError and ValueError."""
        bands = Bands(*(float(data[band]) for band in BANDS))
        return cls(bands, *(float(data[name]) for name in _OTHERS))

    def written(self) -> dict[str, float]:
        return {band: getattr(self.bands, band) for band in BANDS} | {name: getattr(self, name) for name in _OTHERS}


_OTHERS = ("answers", "behind", "coverage_weight", "foreign")
# With all-MiniLM-L6-v2. Tuned on MED, CACM and the sample archive, each asked its own queries and those of other
# fields: the best of 0% to 11% of their own fall short of .44, and of 0% to 25% of others do not.
BUNDLED_LIMITS = Limits(Bands(0.75, 0.58, 0.38), answers=0.44, behind=0.35, coverage_weight=0.25)
LEARNED = Path(__file__).with_name("limits.json")  # encoder -> limits; `python -m eval.limits` makes it
# On coverage alone, for searches by words only.
_COVERAGE_BANDS = Bands(0.95, 0.6, 0.3)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a resource; none of it depends on filters.

    cosine: of the best passage. coverage: share of the query's words it holds. exact: its title, name or identifier was
    asked for. words: it is an answer by its words alone. semantic: cosines are known. foreign: it is in another
    language than the query. limits: of the encoder. strength: comparable with the limits of `bands`.
    """

    cosine: float
    coverage: float
    exact: bool = False
    words: bool = False
    semantic: bool = True
    foreign: bool = False
    limits: Limits = BUNDLED_LIMITS
    strength: float = field(init=False)

    def __post_init__(self) -> None:
        own = self.nearness + self.limits.coverage_weight * self.coverage if self.semantic else self.coverage
        object.__setattr__(self, "strength", math.inf if self.exact else own)

    @property
    def nearness(self) -> float:
        """Comparable with that of a resource in the query's own language."""
        return self.cosine + self.limits.foreign * self.foreign

    @property
    def bands(self) -> Bands:
        return self.limits.bands if self.semantic else _COVERAGE_BANDS

    @property
    def only_words(self) -> bool:
        """It would not be shown for its meaning."""
        return self.words and not self.exact and self.semantic and self.nearness < self.bands.weak


def limits_of(encoder: str, kept: Path | None = None) -> Limits:
    """Those learned for an encoder, by its name in the settings; of one that is not known those of the bundled one.

    kept: a file like LEARNED that comes first, if it is there. Raises SettingsError when it cannot be read.
    """
    for path in filter(None, (kept, LEARNED)):
        try:
            data = json.loads(path.read_text("utf-8")) if path.is_file() else {}
            if encoder in data:
                return Limits.read(data[encoder])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{path} has no limits that can be read ({error}); delete it.") from None
    return BUNDLED_LIMITS


def least_strength(evidence: Sequence[Evidence]) -> float:
    """What a resource must reach to be relevant by its meaning; infinite when nothing is.

    Something must be near to the query, and the others as near as the best is, or a little less.
    """
    if not any(one.exact or not one.semantic or one.strength >= one.limits.answers for one in evidence):
        return math.inf
    best = max((one.strength for one in evidence if not one.exact), default=-math.inf)
    kinds = {one.semantic: one for one in evidence}.values()
    return max(max(one.bands.weak, best - one.limits.behind) if one.semantic else one.bands.weak for one in kinds)


def relevant(evidence: Sequence[Evidence]) -> list[bool]:
    """Which of all that was found is relevant: what is exact or an answer by its words, and what is near enough."""
    least = least_strength(evidence)
    return [one.exact or one.words or one.strength >= least for one in evidence]


def bands_of(ranked: Iterable[Evidence]) -> list[Band]:
    """Of what is relevant, best first: none is better than that of a resource above it.

    Where the order and the strengths disagree, neighbours share the mean of theirs (isotonic regression by pooling
    adjacent violators).
    """
    pools: list[tuple[float, int]] = []  # mean, number
    limits = None
    for one in ranked:
        limits = one.bands
        mean, number = min(max(one.strength, limits.weak), limits.strong), 1
        while pools and pools[-1][0] < mean:
            before, many = pools.pop()
            mean, number = (before * many + mean * number) / (many + number), many + number
        pools.append((mean, number))
    assert limits is not None or not pools
    return [limits.of(mean) or "weak" for mean, number in pools for _ in range(number)] if limits else []


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
