"""The calendar as whoever asks sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from searchsvc.api.calendar.schemas import HappeningBody
from searchsvc.api.search.filters import look_up
from searchsvc.digest.happenings import Happening, happenings, over
from searchsvc.filters import Filter
from searchsvc.search.searcher import MAX_LIMIT
from searchsvc.service import Service
from searchsvc.text.folding import folded

__all__ = ["found", "happening_body"]


def found(service: Service, q: str, where: Filter, *, past: bool, now: datetime | None = None) -> list[Happening]:
    """What words and filter find, soonest first; without both also events of the register. past: what is over."""
    now = now or datetime.now(UTC)
    archive = service.archive.current()
    look_up(where, archive, service.register)
    if q.strip():
        answer = service.searcher.search(q, where, limit=MAX_LIMIT)
        resources = [hit.resource for hit in answer.hits]
    else:
        resolved = archive.resolve(where)
        resources = [one for one in archive.resources.values() if archive.passes(one, resolved)]
    everything = happenings(service.register, sorted(resources, key=lambda one: (one.added_at, one.id)))
    narrowed = bool(q.strip() or where.asked)
    mine: Iterable[Happening] = (one for one in everything if one.resource or not narrowed)
    once = {(one.what, one.starts, folded(one.name)): one for one in reversed(list(mine))}  # copies tell the same
    listed = [one for one in reversed(once.values()) if over(one, now) is past]
    return listed[::-1] if past else listed


def happening_body(one: Happening, *, is_over: bool) -> HappeningBody:
    return HappeningBody(
        key=one.key, what=one.what, name=one.name, starts=one.starts, ends=one.ends or None,
        zone_known=one.zone_known, place=one.place or None, online=one.online, cancelled=one.cancelled,
        amount=one.amount or None, path=one.path, url=one.url or None, over=is_over,
    )  # fmt: skip
