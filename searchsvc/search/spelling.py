"""Typing errors in a query, corrected to words that the archive has."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA, Prefix

from searchsvc.search.dictionary import plain
from searchsvc.search.query import plain_parts
from searchsvc.text.forms import form

__all__ = ["Correction", "Vocabulary", "correct"]

_LETTERS = re.compile(r"[^\W\d_]+")
_DOUBLE = re.compile(r"(.)\1")
_IDENTIFIER = re.compile(r"[\d@/\\_:.]\w|\d|\*$")
_MOST_WORDS = 40  # of a query; a pasted text has words of its own
_SHORTEST = 4  # letters of a word that is corrected
_TWO_EDITS = 6  # letters of a word that may have two errors
_LONG = 10  # letters of a word in which two errors leave no doubt
_A_NAME = 6  # letters of a capitalised word inside a query that is corrected; shorter ones are names that nobody knows
# log(resources) - 2.5 edits: two errors are as likely as one when the word is in 12 times as many resources.
_EDIT = 2.5
_SURE = 0.7  # by which the best must lead the next one


class Vocabulary(Protocol):
    """What is asked of the archive; see `Lexicon`."""

    def count(self, word: str) -> int: ...

    def shown(self, word: str) -> str: ...

    def near(self, word: str, distance: int) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Correction:
    """text: the query corrected. sure: there is one way to correct it, so it may be searched without asking."""

    text: str
    sure: bool


def correct(
    raw: str, archive: Vocabulary, dictionary: Container[str], stems: Callable[[str], frozenset[int]]
) -> Correction | None:
    """None when nothing is to be corrected.

    Left alone: phrases, excluded words, identifiers and numbers, acronyms, words under 4 letters, words that the
    archive has, and words of a language. Words that the archive has in another inflection (`stems`: the terms of a word
    for BM25) and in the same form are found as they are, and corrected only along with others.
    """
    text, parts = plain_parts(raw)
    if len(parts) > _MOST_WORDS:
        return None
    pieces, at, sure, needed = [], 0, True, False
    for start, end in parts:
        if _IDENTIFIER.search(text, start, end):
            continue
        for match in _LETTERS.finditer(text, start, end):
            meant = _meant(match.group(), match.start() == 0, archive, dictionary)
            if meant is None:
                continue
            word, certain = meant
            pieces += [text[at : match.start()], _written(word, match.group(), archive)]
            at, sure = match.end(), sure and certain
            bare = plain(match.group())
            needed = needed or stems(bare) != stems(word) or form(bare) != form(word)
    return Correction("".join([*pieces, text[at:]]), sure) if needed else None


def _meant(typed: str, first: bool, archive: Vocabulary, dictionary: Container[str]) -> tuple[str, bool] | None:
    """The word of the archive that was meant, and whether that is certain."""
    word = plain(typed)
    if len(word) < _SHORTEST or not word.isascii() or any(c.isupper() for c in typed[1:]) or archive.count(word):
        return None
    name = typed[0].isupper() and not first
    if name and len(word) < _A_NAME:
        return None
    near = archive.near(word, 2 if len(word) >= _TWO_EDITS and not name else 1)
    if not near or word in dictionary:
        return None
    scored = sorted((-_likelihood(one, word, archive), one) for one in near if _spelled(one, archive, dictionary))
    if not scored:
        return None
    lead, best = scored[0]
    others = [score for score, one in scored[1:] if not _akin(one, best)]
    alone = not others or others[0] - lead >= _SURE
    return best, alone and best[0] == word[0] and (len(word) >= _LONG or _edits(word, best) < 2)


def _akin(a: str, b: str) -> bool:
    """Whether two words differ in their last three letters only, as priority and priorities do: either will do."""
    return Prefix.similarity(a, b) >= min(len(a), len(b)) - 3


def _likelihood(meant: str, typed: str, archive: Vocabulary) -> float:
    """log of how often it is written, less what the errors cost."""
    return math.log(archive.count(meant)) - _EDIT * _edits(typed, meant)


def _edits(typed: str, meant: str) -> float:
    """A letter too few or too many of a double one is half an error."""
    squeezed = OSA.distance(_DOUBLE.sub(r"\1", typed), _DOUBLE.sub(r"\1", meant))
    return (OSA.distance(typed, meant) + squeezed) / 2


def _spelled(word: str, archive: Vocabulary, dictionary: Container[str]) -> bool:
    """Whether it is surely spelled right: a word of a language, one that several resources have, or a name."""
    return archive.count(word) > 1 or archive.shown(word)[:1].isupper() or word in dictionary


def _written(word: str, typed: str, archive: Vocabulary) -> str:
    shown = archive.shown(word)
    return shown[0].upper() + shown[1:] if typed[0].isupper() else shown
