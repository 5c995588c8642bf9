"""Whether the title that a service gives is that of the work here. Pure functions.

A DOI that was read from a file may be of a work that the file cites, and such a work is about the same things. So
titles agree when they are one title in two spellings, and not when they are near.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from searchsvc.text.folding import folded

__all__ = ["ALIKE", "agree", "plain_title", "stands_in"]

ALIKE = 90.0
"""Share of the letters, in hundredths, that two spellings of one title have in common in order. Of 11,960 titles of
papers in five collections, 140 have another one that agrees at 90 without being equal, many of them the same work
twice; 286 at 85, 76 at 95. Of titles with one damage that extraction does (a last word, a letter, all of `fi` and `fl`
lost, a word cut in two) 96% agree at 90, 98% at 85, 90% at 95."""
_STATE = re.compile(
    r"(?i)^(?:[\[(]retracted[\])]\s?|(?:retracted(?: article)?|withdrawn):\s?)|\s?[\[(]retracted[^\])]{0,40}[\])]$"
)
_OTHER_WORKS = frozenset((
    "addendum", "comment", "commentary", "correction", "corrigendum", "editorial", "errata", "erratum", "protocol",
    "rejoinder", "reply", "response", "retraction", "supplement", "supplementary", "supporting",
))  # fmt: skip
_ROMAN = re.compile(r"(?=[ivx])(?:x{0,3})(?:ix|iv|v?i{0,3})")
_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,100}>")
_CUT = re.compile(r"\s?[:;.?!|]\s|\s[–—-]\s")
_FEWEST_BEFORE_A_CUT = 5  # words of a title whose subtitle is missing in one of the two
_FEWEST_IN_A_TEXT = 4  # words: fewer stand together by chance


def plain_title(title: str) -> str:
    """Without markup, and without the word that it was retracted."""
    return _STATE.sub("", " ".join(_TAGS.sub("", title).split())).strip()


def agree(here: str, there: str) -> bool:
    """Whether both are one title. Subtitles may be missing in one of the two."""
    one, other = plain_title(here), plain_title(there)
    if not folded(one) or not folded(other):
        return False
    if _same(one, other):
        return True
    shorter, longer = sorted((one, other), key=len)
    return any(
        len(folded(longer[: cut.start()]).split()) >= _FEWEST_BEFORE_A_CUT
        and not _kinds(longer[cut.end() :])
        and _same(shorter, longer[: cut.start()])
        for cut in _CUT.finditer(longer)
    )


def stands_in(title: str, beginning: str) -> bool:
    """Whether the beginning of a text has this title, for a work whose own title is missing or looks wrong."""
    words = folded(plain_title(title)).split()
    return len(words) >= _FEWEST_IN_A_TEXT and f" {' '.join(words)} " in f" {folded(beginning)} "


def _same(one: str, other: str) -> bool:
    a, b = folded(one).split(), folded(other).split()
    if "".join(a) == "".join(b):
        return True
    if _numbers(a) != _numbers(b) or _kinds(one) != _kinds(other):
        return False
    return fuzz.ratio("".join(a), "".join(b)) >= ALIKE


def _numbers(words: list[str]) -> list[str]:
    """In order: Part 1 is not Part 2, and phase II not phase III."""
    return [word for word in words if word.isdigit() or any(map(str.isdigit, word)) or _ROMAN.fullmatch(word)]


def _kinds(title: str) -> frozenset[str]:
    return _OTHER_WORKS.intersection(folded(title).split())
