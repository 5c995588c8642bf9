"""Dates: as they are kept (ISO 8601 to the day, month or year), and as they are written out."""

from __future__ import annotations

import re

__all__ = ["ENGLISH_MONTHS", "compact_date", "is_date", "iso_date", "month_of"]

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS = {
    form: number for number, name in enumerate(ENGLISH_MONTHS, start=1) for form in (name.lower(), name.lower()[:3])
} | {"sept": 9}
_YEAR, _MONTH, _DAY = r"(?:19|20)\d{2}", r"0[1-9]|1[0-2]", r"0[1-9]|[12]\d|3[01]"
_KEPT = re.compile(rf"[0-9]{{4}}(-({_MONTH})(-({_DAY}))?)?")
_ISO = re.compile(rf"\b({_YEAR})(?:-({_MONTH})(?:-({_DAY}))?)?(?![\d-])")
_COMPACT = re.compile(rf"^\s*+(?:D:\s*+)?({_YEAR})-?(?:({_MONTH})-?({_DAY})?)?")
_DAY_MONTH_YEAR = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([A-Za-z]{{3,9}})\.?,?\s+({_YEAR})\b")
_MONTH_DAY_YEAR = re.compile(rf"\b([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+({_YEAR})\b")
_MONTH_YEAR = re.compile(rf"\b([A-Za-z]{{3,9}})\.?,?\s+({_YEAR})\b")


def is_date(value: str) -> bool:
    """Whether it is written 2026, 2026-05 or 2026-05-31."""
    return bool(_KEPT.fullmatch(value))


def month_of(name: str) -> int | None:
    """1 to 12 for the English name of a month or its first three letters."""
    return _MONTHS.get(name.lower())


def compact_date(text: str) -> str | None:
    """ISO 8601 of a date as files have it: `D:20260531120000Z`, `2026-05`."""
    match = _COMPACT.match(text)
    return "-".join(part for part in match.groups() if part) if match else None


def iso_date(text: str | None, *, year_alone: bool = True) -> str | None:
    """The first date written out in `text` as ISO 8601 (day, month or, with `year_alone`, year), or None.

    `3 May 2021` and `May 3, 2021` are understood; `3/5/2021` is not, since nobody can say which is the month.
    """
    if not text:
        return None
    for pattern, (day_at, month_at, year_at) in ((_DAY_MONTH_YEAR, (1, 2, 3)), (_MONTH_DAY_YEAR, (2, 1, 3))):
        if (match := pattern.search(text)) and (month := month_of(match[month_at])):
            day = int(match[day_at])
            return f"{match[year_at]}-{month:02}" + (f"-{day:02}" if 1 <= day <= 31 else "")
    if (match := _MONTH_YEAR.search(text)) and (month := month_of(match[1])):
        return f"{match[2]}-{month:02}"
    match = _ISO.search(text.replace("T", " "))
    if not match or not (match[2] or year_alone):
        return None
    return "-".join(part for part in match.groups() if part)
