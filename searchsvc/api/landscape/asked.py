"""Which works of a topic are asked for; the same for programs and people."""

from __future__ import annotations

from searchsvc.landscape.model import Landscape, Period
from searchsvc.model import Resource

__all__ = ["works_asked"]

_LAST_YEAR = 9999


def works_asked(
    landscape: Landscape, topic: str, *, year_from: int | None, year_to: int | None, undated: bool,
    person: str | None, funder: str | None,
) -> list[Resource]:  # fmt: skip
    """Newest first. None: of any. Without years nothing is asked of them. person, funder: by all that names them.

    Raises NotFoundError with the nearest.
    """
    who = landscape.register.person(person).id if person else None
    pays = landscape.register.organization(funder).id if funder else None
    years = Period(year_from or 0, _LAST_YEAR if year_to is None else year_to)
    period = None if year_from is None and year_to is None else years
    return landscape.works(topic, period=period, undated=undated, person=who, funder=pays)
