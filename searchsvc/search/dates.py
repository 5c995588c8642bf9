"""A date in a query, in the ways in which texts write it: `18.3.1998`, `March 18th, 1998`, `18 mars 1998`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from babel.dates import get_month_names

from searchsvc.text.folding import folded
from searchsvc.text.terms import phrase_of

__all__ = ["dates_in"]

_ENGLISH = "en"
_LONGEST = 5  # words: 18 de marzo de 1998
_BETWEEN = frozenset(["de", "of", "del", "the"])
_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([./])(\d{1,2})\5(\d{4})")
_YEAR = re.compile(r"\d{4}")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?")


def dates_in(words: Sequence[str], languages: Iterable[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """(first, behind the last, phrases): which of the words are a date, and all that is as good.

    languages: that months may be named in, beside English (ISO 639-1).
    """
    if not any(map(_YEAR.search, words)):
        return []
    known = tuple(dict.fromkeys([_ENGLISH, *languages]))
    found: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST), at, -1):
            if days := _read([word.strip(",;()").lower() for word in words[at:end]], known):
                found.append((at, end, tuple(dict.fromkeys(form for day in days for form in _forms(day, known)))))
                at = end - 1
                break
        at += 1
    return found


def _read(words: Sequence[str], languages: tuple[str, ...]) -> list[date]:
    """The days that the words may mean together: two where it is not said what is the month."""
    if len(words) == 1:
        if not (numbers := _NUMBERS.fullmatch(words[0].rstrip("."))):
            return []
        if numbers[1]:
            return _days(int(numbers[1]), (int(numbers[2]), int(numbers[3])))
        some = int(numbers[4]), int(numbers[6])
        both = (some[::-1], some) if numbers[5] == "/" else (some[::-1],)
        return _days(int(numbers[7]), *both)
    told = [word.rstrip(".") for word in words if word not in _BETWEEN]
    if len(told) != 3 or not re.fullmatch(r"\d{4}", told[2]) or words[0] in _BETWEEN:
        return []
    for day, name in (told[:2], told[1::-1]):
        month, number = _months(languages).get(folded(name)), _DAY.fullmatch(day)
        if month and number:
            return _days(int(told[2]), (month, int(number[1])))
    return []


def _days(year: int, *days: tuple[int, int]) -> list[date]:
    """days: (month, day); those that there are."""
    found = []
    for month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def _forms(day: date, languages: tuple[str, ...]) -> list[str]:
    numbers = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%m/%d/%Y}"]
    numbers.append(f"{day.month}/{day.day}/{day.year}")
    named = []
    for language in languages:
        for name in _names(language)[day.month]:
            named += [f"{day.day} {name} {day.year}", f"{day.day} de {name} de {day.year}"]
            if language == _ENGLISH:
                named += [f"{name} {day.day} {day.year}", f"{name} {day.day}{_ordinal(day.day)} {day.year}"]
                named.append(f"{day.day}{_ordinal(day.day)} {name} {day.year}")
    return [phrase_of(one) for one in (*numbers, *named)]


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


@lru_cache(maxsize=32)
def _names(language: str) -> dict[int, tuple[str, ...]]:
    """Month -> its name and its short name."""
    whole, short = (get_month_names(width, locale=language) for width in ("wide", "abbreviated"))
    return {number: tuple(dict.fromkeys([whole[number], short[number].rstrip(".")])) for number in range(1, 13)}


@lru_cache(maxsize=32)
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    return {
        folded(name): number
        for language in languages for number, names in _names(language).items() for name in names
    }  # fmt: skip
