"""Names of people, compared: the same, one that may stand for the other, or another one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from searchsvc.register.nicknames import familiar
from searchsvc.text.folding import folded
from searchsvc.text.names import is_particle, read_name

__all__ = ["Fit", "Name", "agree", "fit", "keys", "parsed"]

Fit = Literal["plain", "spelling", "shortened", "left out", "order", "letter"]
"""How two names fit: by initials and missing middle names alone; accents, umlauts, hyphens and spaces differ; a short
form of a given name; a family name, a first name or a particle is missing; the parts stand in another order; a letter
is different."""

_WHOLE = str.maketrans(  # letters that do not come apart into one with an accent
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "æ": "ae", "Æ": "Ae",
     "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ŋ": "ng", "ə": "e", "Ə": "E"}
)  # fmt: skip
_TWO = str.maketrans(  # and how those with one are written by two
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe",
     "đ": "dj", "Đ": "Dj", "æ": "a", "Æ": "A"}
)  # fmt: skip
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’ʼ`´](?=[^\W\d_])")
# One syllable of a Chinese, Korean or Vietnamese given name in Latin letters.
_SYLLABLE = (
    r"(?:zh|ch|sh|hs|ts|tz|ph|th|kh|nh|ng|tr|gy|hy|ky|kw|hw|[bcdfghjklmnpqrstwxyz])?w?"
    r"(?:i?a(?:ng|n|o|i|y|m|k|p|t)?|i?o(?:ng|n|k|m|i)?|y?eo(?:ng|n|k|l|m|p)?|yeu?(?:ng|n|l)?|e(?:ng|n|i|u|um|un|ul)?|ee|oo(?:n|k|ng)?|ou(?:ng)?"
    r"|i(?:e|en|ng|n|u|h|l|m|k|p|t|ao|eu)?|u(?:ai|an|ang|a|e|eng|i|n|ng|o|k|h|l|m|y|yen|ong)?|ae|yu(?:n|ng|k|an)?)"
)
_SYLLABLES = re.compile(rf"(?:{_SYLLABLE}){{1,2}}")


@dataclass(frozen=True, slots=True)
class Name:
    """Parts of a name, folded. given: first and middle names, each a word or an initial: `Jean-Paul` is two of them.

    units: given names as they are written together, `Jean-Paul` is one. words: of the family name, without particles.
    """

    family: str
    given: tuple[str, ...]
    units: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Whether it has a given name that is more than an initial."""
        return bool(self.family) and any(len(part) > 1 for part in self.given)

    @property
    def joined(self) -> str:
        return "".join((*self.given, *self.family.split()))

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.given, *self.words)


def parsed(name: str) -> Name:
    """`Okonjo, Amara C.`, `Amara C. Okonjo` and `Dr Amara C. Okonjo` are the same; titles and degrees are left out."""
    return spellings(name)[0]


@lru_cache(maxsize=50_000)
def spellings(name: str) -> tuple[Name, ...]:
    """The name without accents and, where it has umlauts or such, with two letters for each: `Müller`, `Mueller`."""
    read = read_name(name)
    return tuple(dict.fromkeys(_name(read.full_family, read.called, table) for table in (_WHOLE, _TWO)))


def agree(name: Name, other: Name) -> bool:
    """Whether two names can be of one person: see `fit`."""
    return _fit(name, other) is not None


@lru_cache(maxsize=50_000)
def fit(name: str, other: str) -> Fit | None:
    """How two written names can be of one person; None when they cannot."""
    found = _fit(parsed(name), parsed(other))
    if found == "plain":
        return found
    pairs = [(a, b) for a in spellings(name) for b in spellings(other)]
    if any(a.joined == b.joined and a.full and b.full for a, b in pairs) or (
        found is None and any(_fit(a, b) for a, b in pairs)  # Mueller and Müller
    ):
        return "spelling"
    return found


@lru_cache(maxsize=50_000)
def keys(name: str) -> tuple[str, ...]:
    """Under which a name is filed: two that fit have one in common. A word of it and the first letter of another."""
    return tuple(dict.fromkeys(_keys(name)))


def _keys(name: str) -> Iterator[str]:
    for one in spellings(name):
        joined = one.family.replace(" ", "")
        parts = dict.fromkeys((*one.all, joined, "".join(one.words), *("".join(unit) for unit in one.units)))
        for word in parts:
            if len(word) > 1:
                for letter in {form[0] for part in parts if part and part != word for form in familiar(part)}:
                    yield f"{word} {letter}"


# -- what is compared -------------------------------------------------------------------------------------------------


def _name(family: str, called: str, table: dict[int, str]) -> Name:
    def plain(text: str) -> str:
        text = unicodedata.normalize("NFC", _APOSTROPHES.sub("", text)).translate(table).translate(_WHOLE)
        return folded(text)

    units = tuple(parts for word in called.split() if (parts := tuple(plain(word).split())))
    whole = plain(family)
    words = tuple(word for one in family.split() if not is_particle(one.casefold()) for word in plain(one).split())
    return Name(whole, tuple(part for unit in units for part in unit), units, words or tuple(whole.split()))


def _fit(a: Name, b: Name) -> Fit | None:
    if not a.family or not b.family or not a.given or not b.given:
        return None
    family = _families(a, b)
    if family is not None:
        given = _given(a, b)
        if given is not None:
            if family == "plain":
                return given
            if given in ("plain", "spelling") or (family == "spelling"):
                return family if given in ("plain", "spelling") else given
            if family == "left out" and given in ("shortened", "left out") and a.given[0][0] == b.given[0][0]:
                return family
    return _whole(a, b)


def _families(a: Name, b: Name) -> Fit | None:
    if a.family == b.family:
        return "plain"
    one, other = a.family.replace(" ", ""), b.family.replace(" ", "")
    if one == other:
        return "spelling"
    short, long = sorted((a.words, b.words), key=len)
    if len(short) == len(long) and "".join(short) == "".join(long):
        return "left out"  # de
    if any(len(word) > 2 for word in short) and len(short) < len(long) and _in_order(short, long):
        return "left out"
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return "left out" if a.full and b.full and len(a.given[0]) > 1 and len(b.given[0]) > 1 else None
    return "letter" if _a_letter(one, other) else None


def _given(a: Name, b: Name) -> Fit | None:
    if "".join(a.given) == "".join(b.given):
        return "plain" if a.given == b.given else "spelling"
    if all(_stands_for(x, y) for x, y in zip(a.given, b.given, strict=False)):
        if _half(a.units[0], b.units[0]) or _half(b.units[0], a.units[0]):
            return None
        return "plain"
    joined_a, joined_b = (tuple("".join(unit) for unit in name.units) for name in (a, b))
    if all(_stands_for(x, y) for x, y in zip(joined_a, joined_b, strict=False)):
        return "spelling"
    if all(_forms(x, y) for x, y in zip(joined_a, joined_b, strict=False)):
        return "shortened"
    short, long = sorted((joined_a, joined_b), key=len)
    while len(long) > len(short) or len(long) > 1:
        long = long[1:]  # Florian for T. Florian, Begoña for María Begoña
        if not long:
            break
        if len(short[0]) > 1 and len(long[0]) > 1 and all(_forms(x, y) for x, y in zip(short, long, strict=False)):
            return "left out"
        if len(long) <= len(short):
            break
    if Counter(a.given) == Counter(b.given) or Counter(joined_a) == Counter(joined_b):
        return "order"
    wrong = [(x, y) for x, y in zip(joined_a, joined_b, strict=False) if not _forms(x, y)]
    return "letter" if len(wrong) == 1 and _a_letter(*wrong[0]) else None


def _whole(a: Name, b: Name) -> Fit | None:
    """Where the two are cut elsewhere into given and family name."""
    if not a.full or not b.full:
        return None
    short, long = sorted((a.all, b.all), key=len)
    if Counter(short) == Counter(long):
        return "order" if all(len(word) > 1 for word in short) or len(short) > 2 else None
    if "".join(short) == "".join(long):
        return "spelling"
    if all(len(word) > 1 for word in short[:1]) and short[0] == long[0]:
        if long[: len(short)] == short and len(short) > 1 and len(short[-1]) > 2:
            return "left out"
        if len(short) > 2 and short[-1] == long[-1] and _in_order(short, long):
            return "left out"
    return None


def _stands_for(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def _forms(one: str, other: str) -> bool:
    """Whether it is a short form: `Ted` of Edward, `Alex` of Alexandros; but `Hong` is none of Hongzhi."""
    if _stands_for(one, other) or other in familiar(one):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(short) and not _SYLLABLES.fullmatch(long)


def _half(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the one is the first half of the other, as `Bo` of Bo-Hong, where both halves are the name."""
    return len(one) == 1 and len(other) > 1 and len(one[0]) > 1 and all(map(_SYLLABLES.fullmatch, other))


def _a_letter(one: str, other: str) -> bool:
    """Whether they are one word but for a letter. Not so short words, nor syllables, which make other names thus."""
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    if _SYLLABLES.fullmatch(one) and _SYLLABLES.fullmatch(other):
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)
