"""Works by year, as pages of people and projects show them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from searchsvc.web.search.views import HitView

__all__ = ["YearView", "timeline"]


@dataclass(frozen=True, slots=True)
class YearView:
    """year: empty for works without a date. share: of the year with most works, in hundredths."""

    year: str
    works: tuple[HitView, ...]
    share: int


def timeline(works: Sequence[HitView]) -> tuple[YearView, ...]:
    """The latest first, as the works come; what has no date comes last."""
    dated = sorted(works, key=_year, reverse=True)
    years = [(year, tuple(some)) for year, some in groupby(dated, key=_year)]
    most = max((len(some) for _, some in years), default=1)
    return tuple(YearView(year, some, round(100 * len(some) / most)) for year, some in years)


def _year(work: HitView) -> str:
    return (work.iso_date or "")[:4]
