"""The occasion that JSON-LD of schema.org declares, and what `<time>` and microdata mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line
from ingest.extract.occasion.printed import amount_in
from searchsvc.model import Occasion
from searchsvc.text.moments import is_moment

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["amount_of", "marked_occasion", "moment_of"]

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?")
_MARKS = {
    "starts": ("startdate", "dtstart"), "ends": ("enddate", "dtend"),
    "deadlines": ("applicationdeadline", "validthrough", "deadline"),
}  # fmt: skip


def moment_of(value: object) -> str | None:
    """Of `2027-03-15T17:00:00+0100`; a month, a year and what is no date are None. Midnight without a zone is a day."""
    match = _ISO.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    day, time, zone = match.groups()
    if time and not (time == "00:00" and not zone):
        if zone and zone != "Z" and ":" not in zone:
            zone = f"{zone[:3]}:{zone[3:]}"
        day += f"T{time}{'+00:00' if zone == 'Z' else zone or ''}"
    return day if is_moment(day) else None


def marked_occasion(root: _Element) -> Occasion:
    """What elements with `itemprop` or the classes of hCalendar say, in `datetime`, `content` or `title`."""
    found: dict[str, list[str]] = {name: [] for name in _MARKS}
    for element in root.iter("time", "meta", "span", "abbr"):
        called = {*(element.get("itemprop") or "").lower().split(), *(element.get("class") or "").lower().split()}
        value = element.get("datetime") or element.get("content") or element.get("title")
        moment = moment_of(value) if called and value else None
        for name, marks in _MARKS.items():
            if moment and called.intersection(marks):
                found[name].append(moment)
    deadlines = tuple(dict.fromkeys(found["deadlines"]))[:5]
    starts = next(iter(found["starts"]), None)
    return Occasion(starts=starts, ends=next(iter(found["ends"]), None) if starts else None, deadlines=deadlines)


def amount_of(value: Any) -> tuple[str, str, int | None, int | None]:
    """As people read it, currency, least and most, of a MonetaryAmount or a text."""
    if isinstance(value, str):
        found = amount_in([f"Amount: {one_line(value)}"])
        return (one_line(value)[:200], *found[1:])
    if not isinstance(value, Mapping):
        return "", "", None, None
    inner = value.get("value")
    node = {**value, **inner} if isinstance(inner, Mapping) else value
    currency = one_line(str(value.get("currency") or node.get("currency") or ""))[:3].upper()
    least, most = _number(node.get("minValue")), _number(node.get("maxValue"))
    only = _number(node.get("value"))
    if only is not None and least is None and most is None:
        least = most = only
    return " ".join(_said(currency, least, most)), currency, least, most


def _said(currency: str, least: int | None, most: int | None) -> Iterator[str]:
    if least is None and most is None:
        return
    if least is None:
        yield "up to"
    elif most is None:
        yield "from"
    yield currency
    numbers = dict.fromkeys(f"{one:,}" for one in (least, most) if one is not None)
    yield "–".join(numbers)


def _number(value: object) -> int | None:
    try:
        found = round(float(str(value)))
    except (ValueError, OverflowError):
        return None
    return found if 0 < found < 10**13 else None
