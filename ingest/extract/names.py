"""Which of the words on a title slide or in a byline are names of people."""

from __future__ import annotations

import re

from ingest.extract.clean import one_line

__all__ = ["looks_like_a_name", "names_in"]

_SEPARATORS = re.compile(r"\s*(?:[;|\u2022\u00b7&/]|,|\band\b|\bund\b|\bet\b|\by\b)\s*")
_TITLES = re.compile(r"(?i)^(?:(?:prof|dr|mr|mrs|ms|univ|assoc|asst|hon|rev|sir|dame|ir)\b\.?-?\s*)+")
_DEGREES = re.compile(
    r"(?i)^(?:ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|m\.?a|b\.?a|mph|mba|jr|sr|ii|iii|rn|d\.?phil|frcp|facp|dvm|pharm\.?d)\.?$"
)
_BYLINE = re.compile(
    r"(?i)^\s*(?:(?:presented|written|text|words) by|presenters?|speakers?|authors?|by|por|текст|автор)\s*[:\-]?\s+"
)
_MARKS = re.compile(r"(?<=\w)[\d*†‡§¶,]+$|[*†‡§¶\u2070-\u2079\u00b9\u00b2\u00b3]+")
_WORD = re.compile(r"^(?:[^\W\d_][\w'’\-]*\.?|[A-Z]\.)$")
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "ibn",
     "ter", "ten", "zu", "zur", "af", "av")
)  # fmt: skip
# Words that stand on title slides in the same capitals as names do.
_NOT_NAME_TEXT = """
university institute department center centre school college faculty hospital laboratory lab group team project
network foundation ministry agency council committee association society company inc ltd gmbh corporation news
desk staff editor editors editorial admin administrator user owner unknown author authors microsoft office
windows student conference workshop symposium meeting seminar webinar lecture session annual report update
overview introduction presentation results summary agenda outline research science sciences technology
engineering medicine health global international national world european africa african asia asian america
american europe january february march july september october november december monday
tuesday wednesday thursday friday saturday sunday learning data analysis study studies review methods using
toward towards from with for the a an of in on at by to and version draft final slides talk press release
contact home page website media writer reporter correspondent columnist contributor sport sports insider business
laboratories photo photos division unit program programme platform reuters afp associated text subtitle body smart art box slide title click add edit
master content figure table chapter part module lesson day week thank you questions welcome
"""
_NOT_NAMES = frozenset(_NOT_NAME_TEXT.split())


def looks_like_a_name(text: str) -> bool:
    """Whether `text` could be one person's name: two to five capitalised words, none of an institution or a topic."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 60:
        return False
    if any(word.strip(".,").casefold() in _NOT_NAMES for word in words) or not all(_WORD.match(word) for word in words):
        return False
    capitalised = [word for word in words if word.casefold() not in _PARTICLES]
    if len(capitalised) < 2 or not all(word[0].isupper() or not word[0].islower() for word in capitalised):
        return False
    return any(len(word.strip(".")) > 1 and not word.isupper() for word in capitalised) or len(words) <= 3


def names_in(line: str, *, at_least_share: float = 0.6) -> list[str]:
    """The names in a line such as `Dr. Ana Souza, PhD and Kofi Mensah`; empty unless most of the line is names."""
    line = _BYLINE.sub("", one_line(line))
    parts = [part for raw in _SEPARATORS.split(line) if (part := _TITLES.sub("", _MARKS.sub("", raw)).strip(" .,()"))]
    parts = [part for part in parts if not _DEGREES.match(part)]
    parts = [re.sub(r"(?i)\s+(?:ph\.?d|m\.?d|msc|mph)\.?$", "", part) for part in parts]
    names = [part for part in parts if looks_like_a_name(part)]
    return list(dict.fromkeys(names)) if parts and len(names) >= at_least_share * len(parts) else []
