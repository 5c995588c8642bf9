"""What has not happened yet: events of the register and of the archive, and calls that are still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from searchsvc.digest.model import Deadline, DeadlineKind
from searchsvc.model import Kind, Resource
from searchsvc.register.register import Register
from searchsvc.text.folding import folded

__all__ = ["MOST", "upcoming"]

MOST = 10
_KINDS: Mapping[Kind, DeadlineKind] = {Kind.EVENT: "event", Kind.FUNDING: "funding"}


def upcoming(register: Register, resources: Iterable[Resource], today: str) -> list[Deadline]:
    """The next ones, soonest first. today: a day in ISO 8601. What has no date is not among them."""
    found = [
        Deadline(str(one.date), one.name, "event", None, one.end, one.place)
        for one in register.events.values()
        if one.date and _ahead(one.end or one.date, today)
    ]
    told = {(one.date, folded(one.name)) for one in found}
    for resource in resources:
        kind = _KINDS.get(resource.kind)
        known = (resource.date, folded(resource.title)) in told
        if kind and resource.date and _ahead(resource.date, today) and not known:
            found.append(Deadline(resource.date, resource.title, kind, f"/resources/{resource.id}"))
    return sorted(found, key=lambda one: (one.date, one.name))[:MOST]


def _ahead(date: str, today: str) -> bool:
    """A month or year that has begun is not over."""
    return date >= today[: len(date)]
