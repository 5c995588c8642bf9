"""Where an English word may break at a line's end: a few rules, enough to have broken words in the papers."""

from __future__ import annotations

import re
import zlib

__all__ = ["breaks"]

_SHORTEST_WORD = 8
_SHORTEST_PART = 3
# One word in so many is never broken: about as many lines then end in a hyphen as with TeX, one in ten.
_KEPT_WHOLE = 2
_BREAKS = re.compile(
    r"(?<=[aeiouy][bcdfghjklmnpqrstvwxz])(?=[bcdfgjkmnpqstvwxz][aeiouy])"  # vac-cine
    r"|(?=(?:tion|sion|ment|ness|able|ible|ful|less|ship|ing|ism|ity)s?$)"  # measure-ment
    r"|(?<=[aeiou])(?=[bcdfgklmnpt][aeiou])"  # re-sult
)
_ENDING = re.compile(r"^[a-z]e[dsr]$")  # report-ed, not repor-ted
_TOGETHER = re.compile(r"^(?:ch|ck|gh|ng|ph|qu|sh|sk|sp|st|th|tr|wh)$")


def breaks(word: str) -> list[tuple[str, str]]:
    """Head and tail of every break, the longest head first. Names and short words have none."""
    if len(word) < _SHORTEST_WORD or not word.isascii() or not word.islower() or not word.isalpha():
        return []
    if zlib.crc32(word.encode()) % _KEPT_WHOLE == 0:
        return []
    places = [match.start() for match in _BREAKS.finditer(word)]
    return [
        (word[:at], word[at:])
        for at in reversed(places)
        if _SHORTEST_PART <= at <= len(word) - _SHORTEST_PART
        and not _TOGETHER.match(word[at - 1 : at + 1])
        and not _ENDING.match(word[at:])
    ]
