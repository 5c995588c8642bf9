"""Moments are read as they are written, by the clock that is named, and nothing is guessed."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.moments import instant, is_moment, moments_in, told, zone_of

LONG = 100_000  # characters
TOO_LONG_S = 5.0  # of this process's own time


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Deadline: 15 March 2027, 17:00 CET", "2027-03-15T17:00+01:00"),
        ("Closing date 28 February 2027, 5 pm Brussels time", "2027-02-28T17:00+01:00[Europe/Brussels]"),
        ("15 July 2027, 5 p.m. ET", "2027-07-15T17:00-04:00[America/New_York]"),
        ("15 March 2027, 23:59 AoE", "2027-03-15T23:59-12:00"),
        ("15 March 2027 (anywhere on earth)", "2027-03-15T23:59-12:00"),
        ("17:00 CET on 15 March 2027", "2027-03-15T17:00+01:00"),
        ("2027-03-15 13:00 UTC+2", "2027-03-15T13:00+02:00"),
        ("15 mars 2027 à 17h00 (heure de Paris)", "2027-03-15T17:00+01:00[Europe/Paris]"),
        ("20 May 2027 at 14:00 (Nairobi time)", "2027-05-20T14:00+03:00[Africa/Nairobi]"),
        ("1 July 2027, 12 noon GMT", "2027-07-01T12:00+00:00"),
        ("15 March 2027, 17:00", "2027-03-15T17:00"),
        ("15 March 2027. 17 people came.", "2027-03-15"),
        ("15 March 2027", "2027-03-15"),
    ],
)
def test_a_moment_is_read_with_its_time_and_its_clock(text: str, iso: str) -> None:
    [one] = moments_in(text)
    assert (one.iso, one.unsure) == (iso, "") and text[one.start : one.stop] == one.said
    assert is_moment(one.iso)


def test_what_can_be_read_in_two_ways_is_told_and_not_guessed() -> None:
    [day] = moments_in("Deadline: 03/04/2027, 17:00 CET")
    assert (day.iso, day.said, day.unsure) == ("", "03/04/2027", "date")
    [zone] = moments_in("1 July 2027, 5 pm IST")  # Ireland, India, Israel
    assert (zone.iso, zone.unsure) == ("2027-07-01T17:00", "zone")
    [unknown] = moments_in("1 July 2027, 5 pm Atlantis time")
    assert (unknown.iso, unknown.unsure) == ("2027-07-01T17:00", "zone")
    assert moments_in("March 2027") == [] and moments_in("In 2027 at 17:00 CET") == []


def test_a_stretch_has_its_end() -> None:
    for text, first, last in (
        ("12-14 May 2027", "2027-05-12", "2027-05-14"),
        ("May 30 – June 2, 2027", "2027-05-30", "2027-06-02"),
        ("28 February to 2 March 2027", "2027-02-28", "2027-03-02"),
        ("15 March 2027, 10:00-11:30 EAT", "2027-03-15T10:00+03:00", "2027-03-15T11:30+03:00"),
    ):
        [one] = moments_in(text)
        assert (one.iso, one.end) == (first, last)


@given(
    day=st.dates(date(1990, 1, 1), date(2090, 12, 31)), minutes=st.integers(0, 24 * 60 - 1),
    offset=st.integers(-12 * 4, 14 * 4),
)  # fmt: skip
def test_every_moment_with_an_offset_is_the_same_instant(day: date, minutes: int, offset: int) -> None:
    at = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)
    zone = timezone(timedelta(minutes=15 * offset))
    sign, minutes_off = "-" if offset < 0 else "+", abs(15 * offset)
    text = f"{day.day} {day:%B} {day.year}, {at:%H:%M} UTC{sign}{minutes_off // 60:02}:{minutes_off % 60:02}"
    [one] = moments_in(f"Closing date: {text}.")
    assert instant(one.iso) == at.replace(tzinfo=zone).astimezone(UTC)
    assert told(one.iso)[:2] == (day.isoformat(), f"{at:%H:%M}")


@given(st.text(max_size=200))
def test_any_text_gives_moments_that_are_some(text: str) -> None:
    for one in moments_in(text):
        assert one.unsure == "date" or is_moment(one.iso)
        assert 0 <= one.start <= one.stop <= len(text) and (not one.end or one.end > one.iso)


def test_what_is_no_moment_is_none() -> None:
    for value in ("", "2027", "2027-13-01", "2027-02-30", "2027-03-15T25:00", "2027-03-15T17:00[Europe/Brussels]", "x"):
        assert not is_moment(value)
    assert zone_of("2027-03-15T17:00") is None
    with pytest.raises(ValueError, match="is no moment"):
        instant("tomorrow")


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "15 March 2027 ", "17:00 ", "Aa ", "A time ", "(", "-", "12-14 ", "a.m. ", "UTC+1 "]
)
def test_a_long_text_takes_time_in_proportion(unit: str) -> None:
    def late(*_: object) -> None:
        raise AssertionError(f"more than {TOO_LONG_S} s for {unit!r}")

    text = unit * (LONG // 10 // len(unit))  # dates are looked at in pairs, so a tenth of it has thousands
    before = signal.signal(signal.SIGVTALRM, late)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, TOO_LONG_S)
        moments_in(text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
