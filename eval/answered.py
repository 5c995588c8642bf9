"""What a coordinator said to what was suggested: yes and no as judgments. Pure, but for what reads them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from searchsvc.service import Service

__all__ = ["Answered", "answered", "wilson"]

_Z = 1.96  # 95%


@dataclass(frozen=True, slots=True)
class Answered:
    """of: introductions, meets (a need), same work. low, high: 95% of the share of yes."""

    of: str
    yes: int
    no: int
    share: float
    low: float
    high: float


def answered(service: Service) -> list[Answered]:
    """Introductions that were sent or accepted count as yes, declined ones as no; what waits is not counted."""
    said: Counter[tuple[str, bool]] = Counter()
    for one in service.catalogue.introductions.all():
        if one.status != "suggested":
            said["introductions", one.status != "declined"] += 1
    for verdict in service.catalogue.verdicts.all():
        if verdict.verdict != "later":
            said[verdict.kind, verdict.verdict == "yes"] += 1
    made = []
    for of in ("introductions", "meets", "same work"):
        yes, no = said[of, True], said[of, False]
        if yes + no:
            made.append(Answered(of, yes, no, round(yes / (yes + no), 4), *wilson(yes, yes + no)))
    return made


def wilson(yes: int, of: int) -> tuple[float, float]:
    """95% interval of a share, sensible for few answers. Wilson 1927.

    (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n)
    """
    if not of:
        return 0.0, 1.0
    share = yes / of
    middle = share + _Z**2 / (2 * of)
    half = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    whole = 1 + _Z**2 / of
    return round(max(0.0, (middle - half) / whole), 4), round(min(1.0, (middle + half) / whole), 4)
