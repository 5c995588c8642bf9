"""Moments as people write them: a day, a time, and by whose clock. Read without guessing.

Kept in RFC 9557, as far as it was said: `2027-03-15`, `2027-03-15T17:00`, `2027-03-15T17:00+01:00`, and where a place
was named `2027-03-15T17:00+01:00[Europe/Brussels]`. What was written `AoE`, anywhere on earth, is `-12:00`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from searchsvc.text.dates import WrittenDate, dates_in, month_of
from searchsvc.text.folding import folded

__all__ = ["Moment", "instant", "is_moment", "moments_in", "told", "zone_of"]

_NEAR = 60  # characters beside a date in which its time stands
_KEPT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?:([+-]\d{2}:\d{2})(?:\[([A-Za-z]{1,20}(?:[/_+-][A-Za-z0-9_+-]{1,30}){0,3})\])?)?)?"
)
_NUMBERS = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{4}")
_TIME = re.compile(
    r"(?i)(?<![\d:.,/$€£-])(?:(?P<hour>\d{1,2})(?:(?:[:.]|\s?h\s?)(?P<minute>\d{2})(?!\d))?\s?(?P<half>[ap]\.?\s?m\b\.?)?"
    r"(?P<h>\s?(?:h|hrs?|hours)\b)?|(?P<noon>\bnoon\b))"
)
_TO_TIME = re.compile(r"(?i)\s{0,2}(?:[-–—]|to|until|till)\s{0,2}")
_OFFSET = re.compile(r"[\s(]{0,3}(?:(?:UTC|GMT)\s?)?([+−–-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d|\s?[ap]\.?m)")
_SHORT = re.compile(r"[\s(,.]{0,3}([A-Z][A-Za-z]{1,4}|Z)(?![\w/])")
_CITY = re.compile(
    r"[\s(,.]{0,3}(?:in\s)?([A-Z][\w.'’-]{1,20}(?:\s[A-Z][\w.'’-]{1,20}){0,2})\s(?:\([^)]{1,20}\)\s)?"
    r"(?:local\s|standard\s|daylight\s)?[Tt]ime\b"
)
_CITY_AFTER = re.compile(
    r"[\s(,]{0,3}(?:heure|hora)\s(?:d[eoua]\s|d['’])([A-Z][\w.'’-]{1,20}(?:\s[A-Z][\w'’-]{1,20})?)"
)
_ENDS = re.compile(r"[\n;]|(?<![ap]\.m)(?<![ap]m)\.\s")  # of a sentence
_ZONE_NAME = re.compile(
    r"[\s(,]{0,3}((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_]{2,20})"
)
_ANYWHERE = re.compile(r"(?i)[\s(,;]{0,4}(?:aoe\b|anywhere on earth)")
_HOURS: dict[str, float] = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "EAT": 3, "WAT": 1, "CAT": 2, "SAST": 2, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7,
    "MST": -7, "PST": -8, "BRT": -3, "JST": 9, "KST": 9, "SGT": 8, "HKT": 8, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "PKT": 5, "WIB": 7,
}  # fmt: skip
_SEVERAL = frozenset(("CST", "IST", "BST", "AST", "ADT", "ECT", "AMT", "PYT", "CT"))  # whose, nobody can tell
_CLOCKS = {
    "et": "America/New_York", "eastern": "America/New_York", "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "mt": "America/Denver", "mountain": "America/Denver", "uk": "Europe/London",
    "central european": "Europe/Brussels", "east africa": "Africa/Nairobi", "east african": "Africa/Nairobi",
    "south african": "Africa/Johannesburg", "south africa": "Africa/Johannesburg", "geneva": "Europe/Zurich",
    "washington": "America/New_York", "washington dc": "America/New_York", "beijing": "Asia/Shanghai",
    "new delhi": "Asia/Kolkata", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "cape town": "Africa/Johannesburg",
    "durban": "Africa/Johannesburg", "barcelona": "Europe/Madrid", "milan": "Europe/Rome", "hanoi": "Asia/Bangkok",
    "kisumu": "Africa/Nairobi", "seattle": "America/Los_Angeles", "boston": "America/New_York",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """iso: as the module says; empty for a day that can be read in two ways. end: of a stretch, its last day or moment.

    said: as it is written. start, stop: where that stands. unsure: what cannot be told: `date` or `zone`, or nothing.
    """

    iso: str
    said: str
    start: int
    stop: int
    end: str = ""
    unsure: str = ""


def moments_in(text: str) -> list[Moment]:
    """Every day that is written out in `text`, with the time and zone beside it; a month or a year is none."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    found = []
    days = dates_in(plain)
    for at, one in enumerate(days):
        said = plain[one.start : one.end]
        if len(one.iso) == 4 and _NUMBERS.fullmatch(said.strip()):
            found.append(Moment("", said, one.start, one.end, unsure="date"))
        if len(one.iso) < 10:
            continue
        before = days[at - 1].end if at else 0
        after = days[at + 1].start if at + 1 < len(days) else len(plain)
        found.append(_with_time(plain, one, max(before, one.start - _NEAR), min(after, one.end + _NEAR)))
    return found


def is_moment(value: str) -> bool:
    """Whether it is written as the module says, and there is such a moment."""
    match = _KEPT.fullmatch(value)
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
        return instant(value) is not None or not match[4]
    except ValueError:
        return False


def instant(value: str) -> datetime | None:
    """The moment in UTC; None of a day, or of a time by nobody's clock. Raises ValueError for what is none."""
    match = _KEPT.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no moment")
    if not match[2]:
        return None
    found = datetime.fromisoformat(value.partition("[")[0])
    try:
        return None if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{value!r} is no moment") from None


def zone_of(value: str) -> tzinfo | None:
    """By whose clock it is: a named zone, an offset, or None."""
    match = _KEPT.fullmatch(value)
    if match is None or not match[4]:
        return None
    if match[5] and match[5] in available_timezones():
        return ZoneInfo(match[5])
    return datetime.fromisoformat(value.partition("[")[0]).tzinfo


def told(value: str) -> tuple[str, str, str]:
    """Day, time and clock for people: `2027-03-15`, `17:00`, `Europe/Brussels` or `UTC+01:00`; empty where unsaid."""
    match = _KEPT.fullmatch(value)
    if match is None or not match[2]:
        return value[:10], "", ""
    zone = (match[5] or "").replace("_", " ") or (f"UTC{match[4]}".removesuffix("+00:00") if match[4] else "")
    return match[1], f"{match[2]}:{match[3]}", "AoE" if zone == "UTC-12:00" else zone


def _with_time(text: str, day: WrittenDate, first: int, last: int) -> Moment:
    end = _last_day(text[day.start : day.end], day.iso)
    anywhere = _ANYWHERE.match(text, day.end, last)
    if anywhere:
        return Moment(f"{day.iso}T23:59-12:00", text[day.start : anywhere.end()], day.start, anywhere.end(), end)
    window = _ENDS.split(text[day.end : last], maxsplit=1)[0]
    time = _time_in(text, day.end, day.end + len(window))
    start = day.start
    if time is None:
        start_at = max(first, day.start - 45)
        time = _time_in(text, start_at, day.start)
        if time is not None and re.search(r"[\n;]|\.\s[A-Z]", text[time[3] : day.start]):
            time = None
        start = day.start if time is None else time[2]
    if time is None:
        return Moment(day.iso, text[day.start : day.end], day.start, day.end, end)
    hour, minute, _, stop = time
    until = ""
    if to := _TO_TIME.match(text, stop, last):
        second = _time_in(text[to.end() : min(last, to.end() + 12)], 0, 12)
        if second and second[2] == 0:
            until, stop = f"T{second[0]:02}:{second[1]:02}", to.end() + second[3]
    zone, stop, unsure = _zone_in(text, stop, last if stop > day.end else day.start)
    try:
        iso = _written(datetime.fromisoformat(f"{day.iso}T{hour:02}:{minute:02}").replace(tzinfo=zone))
        if until and not end:
            ends = datetime.fromisoformat(f"{day.iso}{until}").replace(tzinfo=zone)
            end = _written(ends) if until > f"T{hour:02}:{minute:02}" else ""
    except (ValueError, OverflowError):
        return Moment(day.iso, text[day.start : day.end], day.start, day.end, end)
    stop = max(stop, day.end)
    return Moment(iso, text[start:stop], start, stop, end, unsure)


def _time_in(text: str, first: int, last: int) -> tuple[int, int, int, int] | None:
    """hour, minute, start and end of the first time that stands there; a number alone is none."""
    for match in _TIME.finditer(text, first, last):
        if match["noon"]:
            return 12, 0, match.start(), match.end()
        half = (match["half"] or "").lower()[:1]
        if not (match["minute"] or half or match["h"]):
            continue
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if half and not 1 <= hour <= 12:
            continue
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 23 or minute > 59:
            continue
        return hour, minute, match.start(), match.end()
    return None


def _zone_in(text: str, first: int, last: int) -> tuple[tzinfo | None, int, str]:
    """The zone that is named right there, where its name ends, and `zone` where it has several meanings."""
    if match := _ANYWHERE.match(text, first, last):
        return timezone(timedelta(hours=-12)), match.end(), ""
    if match := _OFFSET.match(text, first, last):
        hours, minutes = int(match[2]), int(match[3] or 0)
        named = "UTC" in match[0] or "GMT" in match[0]
        if hours <= 14 and minutes < 60 and (named or match[3]):
            offset = timedelta(hours=hours, minutes=minutes)
            return timezone(offset if match[1] == "+" else -offset), match.end(), ""
    if (match := _ZONE_NAME.match(text, first, last)) and match[1] in available_timezones():
        return ZoneInfo(match[1]), match.end(), ""
    if match := _CITY.match(text, first, last) or _CITY_AFTER.match(text, first, last):
        key = folded(match[1])
        named_zone = _CLOCKS.get(key) or _cities().get(key)
        if named_zone:
            return ZoneInfo(named_zone), match.end(), ""
        if match[1].strip().upper() not in _HOURS:
            return None, match.end(), "zone"
    if match := _SHORT.match(text, first, last):
        word = match[1]
        if word in _HOURS:
            return timezone(timedelta(hours=_HOURS[word])), match.end(), ""
        if word in ("ET", "PT", "MT"):
            return ZoneInfo(_CLOCKS[word.lower()]), match.end(), ""
        if word in _SEVERAL:
            return None, match.end(), "zone"
    return None, first, ""


@cache
def _cities() -> dict[str, str]:
    """`brussels` -> Europe/Brussels; those that two zones have are left out."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        area, _, place = name.partition("/")
        if area in ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific") and place:
            key = folded(place.rpartition("/")[2].replace("_", " "))
            found[key] = "" if key in found else name
    return {key: name for key, name in found.items() if name}


def _last_day(said: str, first: str) -> str:
    """`12-14 May 2027`, `May 30 – June 2, 2027`: the last day; empty where there is one day."""
    words = re.findall(r"\d{1,4}|[^\W\d_]{3,15}", said)
    days = [int(word) for word in words if word.isdigit() and len(word) < 3 and 1 <= int(word) <= 31]
    years = [int(word) for word in words if word.isdigit() and len(word) == 4]
    months = [month for word in words if not word.isdigit() and (month := month_of(word))]
    if len(days) != 2 or not years or not months:
        return ""
    try:
        last = date(years[-1], months[-1], days[1])
    except ValueError:
        return ""
    return last.isoformat() if last.isoformat() > first else ""


def _written(moment: datetime) -> str:
    text = moment.isoformat(timespec="minutes")
    zone = moment.tzinfo
    return f"{text}[{zone.key}]" if isinstance(zone, ZoneInfo) else text
