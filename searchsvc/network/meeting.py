"""Whether an offer meets a need. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from searchsvc.network.contents import Said

__all__ = ["Met", "best_met"]


@dataclass(frozen=True, slots=True)
class Met:
    """need: of whom: the one who asks, or the other. closeness: cosine, from -1 to 1."""

    need: str
    offer: str
    whose: Literal["asker", "other"]
    closeness: float


def best_met(needs: Said, offers: Said, *, least: float, whose: Literal["asker", "other"]) -> list[Met]:
    """For each need the offer that meets it best, when their cosine is `least` or more; best first."""
    if not needs.texts or not offers.texts:
        return []
    cosines = needs.dense @ offers.dense.T
    best = cosines.argmax(axis=1)
    found = [
        Met(need, offers.texts[at], whose, round(float(cosines[row, at]), 4))
        for row, (need, at) in enumerate(zip(needs.texts, best, strict=True))
        if cosines[row, at] >= least
    ]
    return sorted(found, key=lambda one: (-one.closeness, one.need))
