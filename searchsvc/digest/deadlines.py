"""What has not happened yet: events of the register and of the archive, and calls that are still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from searchsvc.digest.happenings import happenings, over
from searchsvc.digest.model import Deadline
from searchsvc.model import Resource
from searchsvc.register.register import Register

__all__ = ["MOST", "upcoming"]

MOST = 10


def upcoming(register: Register, resources: Iterable[Resource], now: datetime) -> list[Deadline]:
    """The next ones, soonest first. now: with a zone. What has no date is not among them, nor what was cancelled."""
    return [
        Deadline(
            one.starts[:10], one.name, "event" if one.what == "event" else "funding", one.path,
            (one.ends[:10] or None) if one.what == "event" else None, one.place or None, one.starts,
        )
        for one in happenings(register, resources) if not one.cancelled and not over(one, now)
    ][:MOST]  # fmt: skip
