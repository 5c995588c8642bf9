"""What happens when is over by the right clock, and comes back from a file for calendars as it was written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.api.calendar.schemas import HappeningBody
from searchsvc.api.calendar.written import as_icalendar
from searchsvc.digest.happenings import Happening, is_over, over
from searchsvc.model import Kind, Occasion, Resource
from searchsvc.text.moments import instant
from searchsvc.texts import texts

STAMP = datetime(2026, 12, 1, tzinfo=UTC)


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200),
    day=st.dates(date(1990, 1, 1), date(2090, 12, 31)), minutes=st.integers(0, 1439),
    zone=st.sampled_from(["", "+05:30", "-12:00", "Europe/Brussels", "America/New_York", "Africa/Nairobi"]),
    length=st.integers(0, 40),
)  # fmt: skip
def test_every_happening_comes_back_as_it_was(name: str, day: date, minutes: int, zone: str, length: int) -> None:
    at = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)
    if "/" in zone:
        starts = f"{at.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec='minutes')}[{zone}]"
    else:
        starts = f"{at.isoformat(timespec='minutes')}{zone}"
    body = _body("a", "event", name, starts)
    stretch = _body("b", "event", name, day.isoformat(), (day + timedelta(days=length)).isoformat())
    content = as_icalendar([body, stretch], name=name, base="https://a.example.org", t=texts("en"), stamp=STAMP)
    assert all(len(line) <= 75 for line in content.split(b"\r\n")) and b"\n" not in content.replace(b"\r\n", b"")
    read: Any = icalendar.Calendar.from_ical(content)
    moment, days = read.walk("VEVENT")
    expected = "".join(sign if sign.isprintable() else " " for sign in name).strip()
    assert str(moment["summary"]) == expected
    found = moment["dtstart"].dt
    assert found == at if not zone else found.astimezone(UTC) == instant(starts)
    assert (days["dtend"].dt - days["dtstart"].dt).days == length + 1
    assert moment["uid"] != days["uid"]


def test_over_is_told_by_the_clock_of_the_deadline() -> None:
    def deadline(starts: str) -> Happening:
        return Happening("a", "deadline", "A", starts)

    now = datetime(2027, 3, 16, 11, 0, tzinfo=UTC)
    assert not over(deadline("2027-03-15T23:59-12:00"), now)  # anywhere on earth: for another hour
    assert over(deadline("2027-03-15T23:59-12:00"), now + timedelta(hours=1))
    assert over(deadline("2027-03-16T12:59+02:00"), now) and not over(deadline("2027-03-16T13:01+02:00"), now)
    assert not over(deadline("2027-03-16"), now) and over(deadline("2027-03-15"), now)
    assert not over(deadline("2027-03"), now) and not over(deadline("2027"), now) and over(deadline("2027-02"), now)


def test_a_call_without_a_deadline_is_never_said_to_be_closed() -> None:
    now = datetime(2027, 3, 16, tzinfo=UTC)
    assert not is_over(Resource("a", Kind.FUNDING, "A", date="2020-01-01"), now)
    assert is_over(Resource("a", Kind.FUNDING, "A", occasion=Occasion(deadlines=("2020-01-01",))), now)
    rounds = Occasion(deadlines=("2020-01-01", "2030-01-01"))
    assert not is_over(Resource("a", Kind.FUNDING, "A", occasion=rounds), now)
    assert is_over(Resource("a", Kind.EVENT, "A", date="2020-01-01"), now)
    assert not is_over(Resource("a", Kind.PAPER, "A", date="2020-01-01"), now)


def _body(key: str, what: Any, name: str, starts: str, ends: str | None = None) -> HappeningBody:
    return HappeningBody(
        key=key, what=what, name=name, starts=starts, ends=ends, zone_known=True, place=None, online=False,
        cancelled=False, amount=None, path="/resources/a", url=None, over=False,
    )  # fmt: skip
