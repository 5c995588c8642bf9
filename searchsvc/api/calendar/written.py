"""The calendar as a file that programs read: iCalendar (RFC 5545), written by icalendar, which folds, escapes and adds
the definitions of zones.

A day is a day, its end the day after (RFC 5545, 3.6.1). A moment by a named clock keeps that clock, one with an offset
is in UTC, and one by nobody's clock floats, and says so. A deadline is a moment: it has no end, and blocks no time.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from searchsvc.api.calendar.schemas import HappeningBody
from searchsvc.text.moments import instant, zone_of

if TYPE_CHECKING:
    from searchsvc.texts import Texts

__all__ = ["MEDIA_TYPE", "as_icalendar"]

MEDIA_TYPE = "text/calendar; charset=utf-8"
_IDS = uuid.UUID("6f0b6c1e-3a53-5d2b-9a44-0d0c5f0f8f27")
_REFRESH = timedelta(hours=12)


def as_icalendar(listed: Sequence[HappeningBody], *, name: str, base: str, t: Texts, stamp: datetime) -> bytes:
    """base: address of the archive, without a slash at its end; empty for none. stamp: with a zone.

    What has no day (a month, a year) is left out: a calendar has no place for it.
    """
    import icalendar

    calendar: Any = icalendar.Calendar()
    calendar.add("prodid", "-//searchsvc//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("name", _plain(name))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for one in listed:
        if len(one.starts) >= 10:
            calendar.add_component(_event(one, base, t, stamp))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(one: HappeningBody, base: str, t: Texts, stamp: datetime) -> Any:
    import icalendar

    event: Any = icalendar.Event()
    event.add("uid", str(uuid.uuid5(_IDS, one.key)))
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    deadline = one.what == "deadline"
    event.add("summary", _plain(t("calendar.deadline", name=one.name) if deadline else one.name))
    starts, ends = _value(one.starts), _value(one.ends) if one.ends and len(one.ends) >= 10 else None
    event.add("dtstart", starts)
    if not isinstance(starts, datetime):
        last = ends.date() if isinstance(ends, datetime) else ends or starts
        event.add("dtend", max(last, starts) + timedelta(days=1))
    elif isinstance(ends, datetime) and (ends.tzinfo is None) == (starts.tzinfo is None) and ends > starts:
        event.add("dtend", ends)
    place = "; ".join(part for part in (one.place or "", t("calendar.online") if one.online else "") if part)
    if place:
        event.add("location", _plain(place))
    said = [] if one.zone_known else [t("calendar.no_zone")]
    said += [t("calendar.amount", amount=one.amount)] if one.amount else []
    page = f"{base}{one.path}" if base and one.path else ""
    said += [page] if page else []
    if said:
        event.add("description", "\n".join(map(_plain, said)))
    if address := page or one.url or "":
        event.add("url", address)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if deadline or not isinstance(starts, datetime) else "OPAQUE")
    event.add("categories", [t(f"calendar.what.{one.what}")])
    return event


def _value(moment: str) -> date | datetime:
    """A day, a time by nobody's clock, one by a named clock, or one in UTC."""
    if len(moment) == 10:
        return date.fromisoformat(moment)
    universal = instant(moment)
    if universal is None:
        return datetime.fromisoformat(moment)
    zone = zone_of(moment)
    return universal.astimezone(zone) if isinstance(zone, ZoneInfo) else universal


def _plain(text: str) -> str:
    """Without signs that RFC 5545 has no place for."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text).strip()
