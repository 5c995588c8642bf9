"""What happens when: events of the register and of the archive, and until when one can apply. Pure functions.

What is over stays in the archive and leaves the lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from searchsvc.model import Kind, Resource
from searchsvc.register.register import Register
from searchsvc.text.folding import folded
from searchsvc.text.moments import instant

__all__ = ["Happening", "happenings", "is_over", "over", "when_of"]

What = Literal["event", "deadline"]


@dataclass(frozen=True, slots=True)
class Happening:
    """key: the same for the same thing at every time. starts, ends: moments as `searchsvc.text.moments` has them, or a
    month or year. resource: id, where one tells of it. zone_known: whether a time is told by a clock that is named.
    """

    key: str
    what: What
    name: str
    starts: str
    ends: str = ""
    resource: str = ""
    place: str = ""
    online: bool = False
    cancelled: bool = False
    amount: str = ""
    url: str = ""

    @property
    def path(self) -> str | None:
        return f"/resources/{self.resource}" if self.resource else None

    @property
    def zone_known(self) -> bool:
        return len(self.starts) <= 10 or _instant(self.starts) is not None


def happenings(register: Register, resources: Iterable[Resource]) -> list[Happening]:
    """All of them, soonest first. What the register has as an event is not told again by a resource."""
    found = [
        Happening(f"register:{one.id}", "event", one.name, str(one.date), one.end or "", place=one.place or "")
        for one in register.events.values() if one.date
    ]  # fmt: skip
    told = {(one.starts[:10], folded(one.name)) for one in found}
    for resource in resources:
        found += [
            one for one in _of(resource) if one.what != "event" or (one.starts[:10], folded(one.name)) not in told
        ]
    return sorted(found, key=lambda one: (one.starts[:10], one.starts, one.name, one.key))


def over(one: Happening, now: datetime) -> bool:
    """now: with a zone. A month or year that has begun is not over, a day not before it is over in UTC."""
    last = one.ends or one.starts
    moment = _instant(last)
    if moment is not None:
        return moment < now
    day = now.astimezone(UTC).date().isoformat()
    return last[:10] < day[: len(last[:10])]


def is_over(resource: Resource, now: datetime) -> bool:
    """Whether an event or call is over: all that is known of it. What has no date is not."""
    mine = _of(resource)
    if resource.kind is Kind.EVENT:
        mine = [one for one in mine if one.what == "event"] or mine
    elif not resource.occasion.deadlines:  # its date may be that on which it came out
        return False
    return bool(mine) and all(over(one, now) for one in mine)


def when_of(resource: Resource) -> list[Happening]:
    """What a resource tells of, soonest first."""
    return sorted(_of(resource), key=lambda one: one.starts)


def _of(resource: Resource) -> list[Happening]:
    return list(_told(resource)) if resource.kind in (Kind.EVENT, Kind.FUNDING) else []


def _told(resource: Resource) -> Iterator[Happening]:
    occasion = resource.occasion
    place, amount, url = occasion.place or "", occasion.amount or "", resource.url or ""
    for number, deadline in enumerate(occasion.deadlines):
        yield Happening(
            f"{resource.id}:deadline:{number}", "deadline", resource.title, deadline, resource=resource.id,
            amount=amount, url=url, cancelled=occasion.cancelled,
        )  # fmt: skip
    starts = occasion.starts
    if resource.kind is Kind.EVENT and (starts or resource.date):
        # what somebody corrected goes before what the file says
        at = starts if starts and (resource.date is None or starts.startswith(resource.date)) else str(resource.date)
        ends = (occasion.ends or "") if at == starts else ""
        yield Happening(
            f"{resource.id}:event", "event", resource.title, at, ends, resource.id, place, occasion.online,
            occasion.cancelled, url=url,
        )  # fmt: skip
    elif resource.kind is Kind.FUNDING and not occasion.deadlines and resource.date:
        yield Happening(
            f"{resource.id}:deadline", "deadline", resource.title, resource.date, resource=resource.id, amount=amount,
            url=url,
        )  # fmt: skip


def _instant(value: str) -> datetime | None:
    try:
        return instant(value)
    except ValueError:
        return None
