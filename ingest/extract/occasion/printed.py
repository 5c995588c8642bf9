"""The occasion that a text prints: `Deadline: 15 March 2027, 17:00 CET`, `12–14 May 2027, Lisbon, Portugal`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from ingest.extract.clean import one_line
from searchsvc.model import DateKind, Document, Kind, Occasion
from searchsvc.text.folding import folded
from searchsvc.text.moments import Moment, moments_in

__all__ = ["amount_in", "deadlines_in", "place_in", "printed_occasion"]

_BLOCKS = 80
_LONGEST = 2000  # characters of one line that are looked at
_WINDOW = 140  # characters after a label
_MOST = 5
_DEADLINE = re.compile(
    r"(?i)(?<!\w)(?:deadlines?|closing date|closes(?: on)?|applications? (?:close|are due|must be received|due)"
    r"|(?:apply|submit|due) (?:by|before)|due dates?|no later than|open until|date limite|jusqu[’']au|clôture"
    r"|fecha límite|plazo|prazo|data limite|scadenza|frist|einsendeschluss)(?!\w)"
)
_NO_DEADLINE = re.compile(r"(?i)\b(?:extended from|was|previous|passed|no|without)\s*$")
_LABEL = re.compile(
    r"(?i)^\W{0,3}(?P<what>date and place|dates? and time|dates?|when|starts?|begins|quand|fecha|data|datum|time"
    r"|(?P<place>venue|location|place|where|lieu|lugar|local|ort|luogo|city))\s{0,2}[:–—-]\s{0,3}"
)
_ONLINE = re.compile(
    r"(?i)\b(?:online|on-line|virtual(?:ly)?|webinar|via (?:zoom|teams|webex)|en ligne|en línea|em linha)\b"
)
_BOTH = re.compile(r"(?i)\b(?:hybrid|in person and online|online and in person|on site and online)\b")
_PLACED = re.compile(
    r"[\s,;(]{1,4}(?:in\s|at\s|à\s|en\s)?([A-ZÀ-Þ][\w'’.-]{1,25}(?:\s[\w'’.-]{1,25}){0,4}),\s"
    r"([A-ZÀ-Þ][\w'’.-]{1,20}(?:\s[\w'’.-]{1,20}){0,4})"
)
_CODES = (
    "USD", "EUR", "GBP", "CHF", "ZAR", "KES", "CAD", "AUD", "SEK", "NOK", "DKK", "JPY", "INR", "NGN", "UGX",
)  # fmt: skip
_SIGNS = {
    **{one: one for one in _CODES},
    "US$": "USD", "€": "EUR", "£": "GBP", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "₹": "INR", "¥": "¥", "$": "$",
    "swiss francs": "CHF", "us dollars": "USD", "euros": "EUR", "euro": "EUR", "pounds sterling": "GBP", "rand": "ZAR",
    "kenyan shillings": "KES",
}  # fmt: skip
_NAMED = r"(?i:swiss francs|us dollars|euros?|pounds sterling|rand|kenyan shillings)"
_SIGN = r"(?:US\$|CA\$|C\$|A\$|USD|EUR|GBP|CHF|ZAR|KES|CAD|AUD|SEK|NOK|DKK|JPY|INR|NGN|UGX|[€£¥₹$])"
_NUMBER = r"\d{1,3}(?:[,.’' ]\d{3}){1,4}(?:\.\d{2})?(?!\d)|\d{1,9}(?:\.\d{1,3})?(?!\d)"
_SCALE = r"(?:\s?(?P<{}>million|millions|mio|m|k|thousand)\b)?"
_AMOUNT = re.compile(
    rf"(?P<how>(?i:up to|maximum of|max\.?|at most|jusqu[’']à|hasta|até|at least|minimum of|from|between)\s{{1,2}})?"
    rf"(?P<sign>{_SIGN})\s?(?P<one>{_NUMBER}){_SCALE.format('scale')}"
    rf"(?:\s?(?:[-–—]|to|and)\s?(?:{_SIGN})?\s?(?P<two>{_NUMBER}){_SCALE.format('scale2')})?"
    rf"|(?P<how_>(?i:up to|maximum of|at most|at least|from)\s{{1,2}})?(?P<one_>{_NUMBER})"
    rf"{_SCALE.format('scale_')}\s?(?P<sign_>€|EUR|USD|GBP|CHF|ZAR|KES|£|{_NAMED})(?!\w)"
)
_UP, _DOWN = ("up to", "maximum", "max", "at most", "jusqu", "hasta", "até"), ("at least", "minimum", "from")
_GIVEN = re.compile(
    r"(?i)\b(?:awards?|grants?|funding|amounts?|budgets?|fellowships?|support|per (?:project|award|year)|montante?"
    r"|monto)\b"
)


def printed_occasion(document: Document) -> Occasion:
    """What the first blocks say, without what only other works in it say."""
    lines = [
        line[:_LONGEST] for block in document.blocks[:_BLOCKS]
        if block.role in ("text", "table", "heading") for line in block.text.split("\n")
    ]  # fmt: skip
    lines = [line for line in (document.title, *lines) if line.strip()]
    deadlines, unsure = deadlines_in(lines)
    if document.kind is Kind.PAGE:
        return Occasion(deadlines=deadlines, unsure=unsure)
    if document.kind is Kind.FUNDING:
        amount, currency, least, most = amount_in(lines)
        return Occasion(
            deadlines=deadlines, amount=amount or None, currency=currency or None, least=least, most=most, unsure=unsure
        )
    held, doubted = _held(document, lines)
    place, online = place_in(lines, held)
    return Occasion(
        starts=held.iso if held else None, ends=(held.end or None) if held else None, deadlines=deadlines,
        place=place or None, online=online, unsure=(*unsure, *doubted),
    )  # fmt: skip


def deadlines_in(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Moments behind a word for a deadline, in order; and what stands there and can be read in two ways."""
    found: dict[str, None] = {}
    unsure: dict[str, None] = {}
    for line in lines:
        for label in islice(_DEADLINE.finditer(line), _MOST):
            if _NO_DEADLINE.search(line[max(0, label.start() - 20) : label.start()]):
                continue
            behind = line[label.end() : label.end() + _WINDOW]
            first = next(iter(moments_in(behind)), None)
            if first is None:
                continue
            if first.iso:
                found[first.iso] = None
            if first.unsure:
                unsure[one_line(first.said)] = None
    return tuple(sorted(found))[:_MOST], tuple(unsure)[:_MOST]


def place_in(lines: Sequence[str], held: Moment | None) -> tuple[str, bool]:
    """Where it is, as it is written, and whether one can take part online."""
    place, online = "", False
    for line in lines:
        label = _LABEL.match(line)
        said = line[label.end() :] if label else ""
        if label and label["place"] and not place and said.strip():
            place = one_line(said)[:200].rstrip(".")
        if (label or (held and held.said in line)) and (_ONLINE.search(line[:400]) or _BOTH.search(line[:400])):
            online = True
        if held and not place and held.said in line:
            place = _behind(line, line.index(held.said) + len(held.said))
    if place and _ONLINE.fullmatch(place):
        return "", True
    return place, online


def _behind(line: str, at: int) -> str:
    """`, Lisbon, Portugal` behind a date, where the second is a country."""
    match = _PLACED.match(line, at, min(len(line), at + 150))
    if match is None:
        return ""
    words = match[2].split()
    for count in range(len(words), 0, -1):
        country = " ".join(words[:count]).rstrip(".,;)")
        if folded(country) in _countries():
            return f"{match[1]}, {country}"
    return ""


def amount_in(lines: Sequence[str]) -> tuple[str, str, int | None, int | None]:
    """As it is written, currency (as it stands, where a sign has several), least and most; of what is given first."""
    for line in lines:
        given = _GIVEN.search(line)
        for match in _AMOUNT.finditer(line):
            one = _amount(match["one"] or match["one_"], match["scale"] or match["scale_"])
            two = _amount(match["two"], match["scale2"]) if match["two"] else None
            if one is None or not (given or match["how"] or match["how_"]):
                continue
            if two is not None and match["scale2"] and not match["scale"] and one < 1000:
                one = _amount(match["one"], match["scale2"]) or one  # `1 to 2 million`
            how = (match["how"] or match["how_"] or "").lower()
            sign = match["sign"] or match["sign_"]
            currency = _SIGNS.get(sign) or _SIGNS.get(sign.lower(), "")
            least = None if how.startswith(_UP) else one
            most = two if two is not None else None if how.startswith(_DOWN) else one
            if least is not None and most is not None and least > most:
                continue
            return one_line(match[0]), currency, least, most
    return "", "", None, None


def _amount(number: str | None, scale: str | None) -> int | None:
    if not number:
        return None
    plain = re.sub(r"[,.’' ](?=\d{3}(?:\D|$))", "", number)
    try:
        value = float(plain)
    except ValueError:
        return None
    by = {"k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "millions": 10**6, "mio": 10**6}
    found = round(value * by.get((scale or "").lower(), 1))
    return found if 0 < found < 10**13 else None


def _held(document: Document, lines: Sequence[str]) -> tuple[Moment | None, tuple[str, ...]]:
    """When it is: behind a label, else the moment of the day that is known of it, else the only stretch of days."""
    known = document.date if document.date and document.date_kind is DateKind.HELD else ""
    labelled, all_ = [], []
    unsure: list[str] = []
    for line in lines:
        found = list(moments_in(line))
        if (label := _LABEL.match(line)) and not label["place"]:
            labelled += found[:1]
            unsure += [one_line(one.said) for one in found[:1] if one.unsure]
        if not _DEADLINE.search(line):
            all_ += found
    for one in _in_turn(labelled, all_, known):
        if one.iso:
            return one, tuple(dict.fromkeys(unsure))[:_MOST]
    if len(known) == 10:
        return Moment(known, known, 0, 0), tuple(unsure)[:_MOST]
    return None, tuple(dict.fromkeys(unsure))[:_MOST]


def _in_turn(labelled: Sequence[Moment], found: Sequence[Moment], known: str) -> Iterator[Moment]:
    if len(known) == 10:
        same = [one for one in (*labelled, *found) if one.iso[:10] == known]
        yield from sorted(same, key=lambda one: (len(one.iso) == 10, not one.end))
        return
    yield from labelled
    yield from (one for one in found if one.end)


@cache
def _countries() -> frozenset[str]:
    """Names of countries, in the languages of the field."""
    from babel import Locale

    codes = ("en", "fr", "es", "pt", "de", "it")
    names = (name for code in codes for key, name in Locale.parse(code).territories.items() if len(key) == 2)
    return frozenset((*map(folded, names), "uk", "usa", "us", "england", "scotland", "wales", "the netherlands", "drc"))
