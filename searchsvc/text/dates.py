"""Dates: as they are kept (ISO 8601 to the day, month or year), and as they are written out in many languages.

Names of months are the CLDR's, through Babel. What can be read in two ways is kept as far as both agree: of `3/5/2021`
the year, of `12-14 May 2023` its first day, of `Spring 2021` the year.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

__all__ = ["ENGLISH_MONTHS", "WrittenDate", "compact_date", "dates_in", "is_date", "iso_date", "month_of"]

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ENGLISH = {
    form: number for number, name in enumerate(ENGLISH_MONTHS, start=1) for form in (name.lower(), name.lower()[:3])
} | {"sept": 9}
# Those whose months are known. Where two have one name for different months (`listopad`), the first one's counts.
_LANGUAGES: tuple[str, ...] = (
    "en", "fr", "es", "pt", "de", "it", "nl", "sw", "ar", "da", "el", "fi", "hu", "no", "ro", "ru", "sv",
    "ta", "tr", "pl", "cs", "sk", "uk", "bg", "ca", "gl", "eu", "id", "ms", "sl", "et", "lv", "lt", "is",
    "hi", "bn", "ur", "fa", "he", "am", "th", "hr", "sr", "bs", "mk", "sq", "az", "ka", "hy", "kk", "uz",
    "ne", "af", "so", "ha", "yo", "rw",
)  # fmt: skip
_WORDS_TOO = frozenset(("mars", "mart", "set", "out", "man", "sun", "see", "mac", "for", "dan", "may", "march"))
# Short names that a language has beside the CLDR's.
_MORE = {"set": 9, "setiembre": 9, "gen": 1, "ott": 10, "mrz": 3, "märz": 3, "jänner": 1, "feber": 2, "fev": 2}

_YEAR, _MONTH, _DAY = r"(?:19|20)\d{2}", r"0[1-9]|1[0-2]", r"0[1-9]|[12]\d|3[01]"
_KEPT = re.compile(rf"[0-9]{{4}}(-({_MONTH})(-({_DAY}))?)?")
_COMPACT = re.compile(rf"^\s*+(?:D:\s*+)?({_YEAR})-?(?:({_MONTH})-?({_DAY})?)?")

_NAME = r"(?P<{}>[^\W\d_][^\s\d.,;:()\[\]/–—-]{{1,14}})"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|re|ème|de|ste|[ºª°.])?"
_OF = r"(?:(?:of|de|del|di|do|of the|de l[’']année|av|van|ng)\s{1,2}|d[’'])?"
_TO = r"(?:\s{0,2}[-–—/&]\s{0,2}|\s{1,2}(?:to|and|until|a|al|au|à|bis|und|y|e|et|tot|en|hadi|till)\s{1,2})"
_BEFORE = 48  # characters before the name of a month that are looked at for days

_NAMED = re.compile(rf"{_NAME.format('month')}\.?,?\s{{0,2}}(?:\s{_OF})?(?P<year>{_YEAR})(?![\d–-]*\d)")
_FIRST_NAMED = re.compile(
    rf"{_NAME.format('month')}\.?\s{{1,2}}(?P<day>\d{{1,2}}){_ORDINAL}"
    rf"(?:{_TO}(?:{_NAME.format('other')}\.?\s{{1,2}})?\d{{1,2}}{_ORDINAL})?,?\s{{1,2}}(?P<year>{_YEAR})(?!\d)"
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR})(?:\s?m)?[.,]?\s{{1,2}}{_NAME.format('month')}\.?"
    rf"(?:\s{{1,2}}(?P<day>\d{{1,2}})(?!\d|\s\d|[./]\d))?"
)
_DAYS = re.compile(rf"(?<![\d.,])(?P<day>\d{{1,2}}){_ORDINAL}(?:{_TO}\d{{1,2}}{_ORDINAL})?\s{{0,2}}{_OF}$")
_DAYS_OF_TWO = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}}){_ORDINAL}\s{{0,2}}{_OF}{_NAME.format('month')}\.?"
    rf"(?:\s{_YEAR})?{_TO}\d{{1,2}}{_ORDINAL}\s{{0,2}}{_OF}$"
)
_MONTHS_OF_TWO = re.compile(rf"{_NAME.format('month')}\.?(?:\s{_YEAR})?{_TO}$")
_DASHED = re.compile(rf"(?<![\w./-])(?P<day>\d{{1,2}})([-./])\s?{_NAME.format('month')}\2\s?(?P<year>{_YEAR})(?!\w)")
_ROMAN_MONTHS = "I II III IV V VI VII VIII IX X XI XII"
_ROMAN = {numeral: at for at, numeral in enumerate(_ROMAN_MONTHS.split(), start=1)}
_ISO = re.compile(rf"(?<![\d./-])({_YEAR})(?:-({_MONTH})(?:-({_DAY}))?)(?![\d-])")
_YEAR_MONTH_DAY = re.compile(rf"(?<![\d./-])({_YEAR})([./-])(\d{{1,2}})\2(\d{{1,2}})(?![\d/])")
_NUMBERS = re.compile(rf"(?<![\d./-])(\d{{1,2}})\s?([./-])\s?(\d{{1,2}})\s?\2\s?({_YEAR})(?!\d)")
_MONTH_OF_YEAR = re.compile(rf"(?<![\d./-])({_MONTH})/({_YEAR})(?!\d)")
_OF_A_SERIES = re.compile(r"(?i)\b(?:no|nr|num|n[°º]|nummer|heft|issue|vol|volume|ausgabe|numéro|núm)\.?\s*$")
_EASTERN = re.compile(
    rf"({_YEAR})\s?[年년]\s?(?:度\s?)?(?:(\d{{1,2}})\s?[月월](?:\s?(\d{{1,2}})\s?[日号號일])?)?"
    r"|([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号號])?)?"
    r"|(令和|平成)\s?(\d{1,2}|元)年(?:\s?(\d{1,2})月(?:\s?(\d{1,2})日)?)?"
)
_VIETNAMESE = re.compile(rf"(?i)(?:(\d{{1,2}})\s)?tháng\s(\d{{1,2}})(?:\s(?:năm\s)?|/)({_YEAR})(?!\d)")
_THAI = re.compile(r"(?:(\d{1,2})\s)?([\u0e01-\u0e4e.]{3,12})\s(?:พ\.ศ\.\s?)?(2[45]\d{2})(?!\d)")
_SEASON = (
    "spring|summer|autumn|fall|winter|printemps|été|automne|hiver|primavera|verano|otoño|invierno|verão|outono|inverno"
    "|frühling|frühjahr|sommer|herbst|estate|autunno|lente|voorjaar|zomer|herfst|najaar|q[1-4]|[1-4]q|t[1-4]"
    "|(?:first|second|third|fourth|1st|2nd|3rd|4th)\\s(?:quarter|half)(?:\\sof)?|[1-4]\\.\\squartal"
    "|(?:michaelmas|hilary|trinity|lent)\\sterm|wintersemester|sommersemester"
)
_SEASONAL = re.compile(rf"(?i)(?<!\w)(?:{_SEASON})(?:\s(?:of|de|del|di))?,?[\s/-]{{1,2}}({_YEAR})(?!\d)")
_BARE = re.compile(rf"(?<![\w./-])({_YEAR})(?![\d-])(?!/\d)")
_HAN = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text. iso: to what is sure. start, end: where it stands. bare: a year with nothing beside it."""

    iso: str
    start: int
    end: int
    bare: bool = False


def is_date(value: str) -> bool:
    """Whether it is written 2026, 2026-05 or 2026-05-31."""
    return bool(_KEPT.fullmatch(value))


def month_of(name: str, *, dated: bool = True) -> int | None:
    """1 to 12 for the name of a month, whole or short, in English, then in any other language.

    dated: a day or a stop beside it says that it is no other word; else short names count in English only.
    """
    word = unicodedata.normalize("NFC", name).casefold().rstrip(".")
    if word in _ENGLISH:
        return _ENGLISH[word]
    if not dated and word in _WORDS_TOO and not name.islower():
        return None
    if len(word) < 3 and word.isascii():
        return None
    whole, short = _names()
    return whole.get(word) or (short.get(word) if dated else None)


@cache
def _names() -> tuple[dict[str, int], dict[str, int]]:
    """Whole and short names of months in small letters, all languages together."""
    from babel import Locale

    whole: dict[str, int] = {}
    short: dict[str, int] = dict(_MORE)
    for language in _LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for names, width in ((whole, "wide"), (short, "abbreviated")):
                for number, name in months[context][width].items():
                    form = unicodedata.normalize("NFC", str(name)).casefold().rstrip(".")
                    if not any(map(str.isdigit, form)):
                        names.setdefault(form, number)
    return whole, short


def compact_date(text: str) -> str | None:
    """ISO 8601 of a date as files have it: `D:20260531120000Z`, `2026-05`."""
    match = _COMPACT.match(text)
    return _iso(*match.groups()) if match else None


def iso_date(text: str | None, *, year_alone: bool = True) -> str | None:
    """The first date written out in `text` as ISO 8601 (day, month or year), or None.

    year_alone: else a year counts only where a season, a quarter or a numeric date stands with it.
    """
    found = dates_in(text) if text else []
    best = next((one for one in found if not one.bare), None) or (found[0] if found and year_alone else None)
    return best.iso if best else None


def dates_in(text: str) -> list[WrittenDate]:
    """All dates in `text`, in order, none within another."""
    if not any(map(str.isdigit, text)) and "年" not in text:
        return []
    plain = _western(text)
    found = [one for reader in _READERS for one in reader(plain)]
    found.sort(key=lambda one: (one.bare, one.start, -one.end))
    kept: list[WrittenDate] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _western(text: str) -> str:
    """With digits from 0 to 9, sign for sign."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else " " if sign in "\u00a0\u202f" else sign for sign in text
    )


def _iso(year: str | int, month: str | int | None = None, day: str | int | None = None) -> str:
    """As far as the calendar has it."""
    number, of_month = int(month or 0), int(day or 0)
    if not 1 <= number <= 12:
        return str(year)
    known = 1 <= of_month <= monthrange(int(year), number)[1]
    return f"{year}-{number:02}" + (f"-{of_month:02}" if known else "")


def _named(text: str) -> Iterator[WrittenDate]:
    for match in _NAMED.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        at = match.start() - len(before)
        days = _DAYS.search(before)
        month = month_of(match["month"], dated=bool(days) or text[match.end("month")] == ".")
        if month is None:
            continue
        two = _DAYS_OF_TWO.search(before) if days else _MONTHS_OF_TWO.search(before)
        first = month_of(two["month"]) if two else None
        if two and first:
            # a year that turns between the two is that of the second
            year = int(match["year"]) - (first > month)
            day = two["day"] if days else None
            yield WrittenDate(_iso(year, first, day), at + two.start(), match.end())
        else:
            start = at + days.start() if days else match.start()
            yield WrittenDate(_iso(match["year"], month, days["day"] if days else None), start, match.end())


def _name_first(text: str) -> Iterator[WrittenDate]:
    for pattern in (_FIRST_NAMED, _YEAR_FIRST):
        for match in pattern.finditer(text):
            month = month_of(match["month"], dated=bool(match["day"]))
            if month is not None:
                yield WrittenDate(_iso(match["year"], month, match["day"]), match.start(), match.end())


def _numbers(text: str) -> Iterator[WrittenDate]:
    for match in _ISO.finditer(text):
        span = not match[3] and int(match[2]) == int(match[1][2:]) + 1 and match[0] != text.strip()  # 2010-11
        yield WrittenDate(_iso(match[1], None if span else match[2], match[3]), match.start(), match.end())
    for match in _YEAR_MONTH_DAY.finditer(text):
        yield WrittenDate(_iso(match[1], match[3], match[4]), match.start(), match.end())
    for match in _NUMBERS.finditer(text):
        one, other = int(match[1]), int(match[3])
        if not (1 <= one <= 31 and 1 <= other <= 31 and min(one, other) <= 12):
            continue
        if match[2] == "." or one > 12 or one == other:  # with points, the day goes first everywhere
            one, other = other, one
        elif other <= 12:
            one, other = 0, 0
        yield WrittenDate(_iso(match[4], one, other), match.start(), match.end())
    for match in _MONTH_OF_YEAR.finditer(text):
        issue = bool(_OF_A_SERIES.search(text[max(0, match.start() - 12) : match.start()]))
        yield WrittenDate(_iso(match[2], None if issue else match[1]), match.start(), match.end(), bare=issue)


def _eastern(text: str) -> Iterator[WrittenDate]:
    for match in _EASTERN.finditer(text):
        year: str | int
        if match[1]:
            year, month, day = match[1], match[2], match[3]
        elif match[4]:
            year, month, day = int("".join(str(_HAN[sign]) for sign in match[4])), _han(match[5]), _han(match[6])
            if not 1900 <= year <= 2099:
                continue
        else:
            year = (2018 if match[7] == "令和" else 1988) + (1 if match[8] == "元" else int(match[8]))
            month, day = match[9], match[10]
        yield WrittenDate(_iso(year, month, day), match.start(), match.end())
    for match in _VIETNAMESE.finditer(text):
        yield WrittenDate(_iso(match[3], match[2], match[1]), match.start(), match.end())
    for match in _THAI.finditer(text):  # years of the Buddha
        if month_ := month_of(match[2]):
            yield WrittenDate(_iso(int(match[3]) - 543, month_, match[1]), match.start(), match.end())


def _han(digits: str | None) -> str | None:
    """`十二` as 12."""
    if not digits:
        return None
    tens, ten, ones = digits.rpartition("十")
    return str((_HAN.get(tens, 1) * 10 if ten else 0) + _HAN.get(ones, 0))


def _years(text: str) -> Iterator[WrittenDate]:
    for match in _SEASONAL.finditer(text):
        yield WrittenDate(match[1], match.start(), match.end())
    for match in _BARE.finditer(text):
        yield WrittenDate(match[1], match.start(), match.end(), bare=True)


def _dashed(text: str) -> Iterator[WrittenDate]:
    for match in _DASHED.finditer(text):
        month = _ROMAN.get(match["month"].upper()) or month_of(match["month"])
        if month is not None:
            yield WrittenDate(_iso(match["year"], month, match["day"]), match.start(), match.end())


_READERS = (_named, _name_first, _numbers, _dashed, _eastern, _years)
