"""Which of the words on a title slide or in a byline are names of people."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.extract.clean import one_line
from searchsvc.text.dates import ENGLISH_MONTHS
from searchsvc.text.names import PARTICLES, is_degree, is_suffix, without_titles

__all__ = ["inverted_names", "looks_like_a_name", "names_in"]

_SEPARATORS = re.compile(r"\s*(?:[;|\u2022\u00b7&/]|,|\band\b|\bund\b|\bet\b|\by\b)\s*")
_BYLINE = re.compile(
    r"(?i)^\s*(?:(?:presented|written|text|words) by|presenters?|speakers?|authors?|by|por|текст|автор)\s*[:\-]?\s+"
)
_MARKS = re.compile(r"[*†‡§¶\u2070-\u2079\u00b9\u00b2\u00b3]+")
_MARKS_AT_END = "0123456789*†‡§¶,"
_INITIALS = re.compile(r"^(?:[^\W\d_]\.-?)+$")
_WORD = re.compile(r"^(?:[^\W\d_][\w'’\-]*\.?|(?:[^\W\d_]\.-?)+)$")
# Those that stand between the words of a topic, too (des polymères, do vale), would let in more departments than names.
_PARTICLES = PARTICLES - {"das", "dei", "degli", "dal", "dalla", "dello", "zum", "te", "vom", "des", "do"}
# Words that stand on title slides in the same capitals as names do.
_NOT_NAME_TEXT = """
university institute department center centre school college faculty hospital laboratory lab group team project
network foundation ministry agency council committee association society company inc ltd gmbh corporation news
desk staff editor editors editorial admin administrator user owner unknown author authors microsoft office
windows student conference workshop symposium meeting seminar webinar lecture session annual report update
overview introduction presentation results summary agenda outline research science sciences technology
engineering medicine health global international national world european africa african asia asian america
american europe monday
tuesday wednesday thursday friday saturday sunday learning data analysis study studies review methods using
toward towards from with for the a an of in on at by to and version draft final slides talk press release
contact home page website media writer reporter correspondent columnist contributor sport sports insider business
laboratories photo photos division unit program programme platform reuters afp associated text subtitle body smart
art box slide title click add edit
master content figure table chapter part module lesson day week thank you questions welcome keynote u.s u.k u.n e.u
"""
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl")
_NAMES_OF_PEOPLE = {"april", "may", "june", "august"}
_NOT_NAMES = frozenset(_NOT_NAME_TEXT.split()) | ({month.lower() for month in ENGLISH_MONTHS} - _NAMES_OF_PEOPLE)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(name.casefold() for language in _LANGUAGES for name in Locale(language).territories.values())


def looks_like_a_name(text: str) -> bool:
    """Whether `text` could be one person's name: two to five capitalised words, none of an institution or a topic.

    `F.M. Last` and, where nothing else is separated by commas, `Last, First` are names, too.
    """
    family, comma, given = text.partition(", ")
    words = f"{given} {family}".split() if comma else text.split()
    if not 2 <= len(words) <= 5 or len(text) > 60:
        return False
    if comma and (given.casefold() in _countries() or {*given.split()} & {*family.split()}):
        return False  # Geneva, Switzerland
    if any(word.strip(".,").casefold() in _NOT_NAMES and word != "A." for word in words) or not all(
        _WORD.match(word) for word in words
    ):
        return False
    capitalised = [word for word in words if word.casefold() not in _PARTICLES]
    if len(capitalised) < 2 or not all(word[0].isupper() or not word[0].islower() for word in capitalised):
        return False
    return any(len(word.strip(".")) > 1 and not word.isupper() for word in capitalised) or len(words) <= 3


def names_in(line: str, *, at_least_share: float = 0.6) -> list[str]:
    """The names in a line such as `Dr. Ana Souza, PhD and Kofi Mensah`; empty unless most of the line is names."""
    line = _BYLINE.sub("", one_line(line))
    if turned := inverted_names(line):
        return turned
    parts = [
        part
        for raw in _SEPARATORS.split(line)
        if (part := without_titles(_MARKS.sub("", raw.rstrip(_MARKS_AT_END))).strip(" .,()"))
    ]
    parts = [_without_degrees(part) for part in parts if not (is_degree(part) or is_suffix(part))]
    names = [part for part in parts if looks_like_a_name(part)]
    return list(dict.fromkeys(names)) if parts and len(names) >= at_least_share * len(parts) else []


def inverted_names(line: str) -> list[str]:
    """The names in `Okonjo, Amara; Berg, Jan` and `Okonjo, A.C.`; empty where `Lagos, Ghana` could stand as well."""
    parts = [part for part in re.split(r"\s*;\s*|\s+(?:and|&)\s+", line.strip(" ;")) if part]
    if not parts or not all("," in part and looks_like_a_name(part) for part in parts):
        return []
    certain = all(all(map(_INITIALS.match, part.partition(", ")[2].split())) for part in parts)
    return list(dict.fromkeys(parts)) if certain or (len(parts) > 1 and ";" in line) else []


def _without_degrees(name: str) -> str:
    words = name.split()
    while len(words) > 2 and is_degree(words[-1]):
        words.pop()
    return " ".join(words)
