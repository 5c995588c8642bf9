"""The words of texts as numbers, so that those of a whole archive are counted at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from searchsvc.text.stems import is_stop_word
from searchsvc.text.terms import phrase_of

__all__ = ["Lexis", "Tokens"]

Tokens = NDArray[np.int32]
"""Places of spellings in a `Lexis`, in the order of the text; -1 where no phrase goes across."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]+|[^\W\d_{_CJK}]+(?:-[^\W\d_{_CJK}]+)*|[^\w\s'’\u00ad-]|\d+|\n\n")
_RUN = re.compile(f"[{_CJK}]+")
_SHORTEST, _LONGEST = 3, 40  # letters
_CUT = -1
# What articles and pages are made of, whatever they are about.
_FURNITURE = frozenset((
    "abstract", "acknowledgements", "aim", "aims", "al", "appendix", "article", "author", "authors", "background",
    "based", "chapter", "com", "conclusion", "conclusions", "copyright", "corresponding", "dataset", "discussion",
    "doi", "email", "et", "etc", "fig", "figs", "figure", "figures", "google", "http", "https", "introduction",
    "isbn", "issn", "journal", "keywords", "license", "licence", "method", "methods", "objective", "objectives",
    "org", "page", "pages", "paper", "pdf", "permission", "pp", "preprint", "ref", "references", "result",
    "results", "section", "slide", "study", "studies", "summary", "supplementary", "table", "tables", "using",
    "vol", "volume", "www",
))  # fmt: skip


class Lexis:
    """Grows with what is read, and is used by one thread at a time."""

    def __init__(self) -> None:
        self._places: dict[str | None, dict[str, int]] = defaultdict(dict)  # language -> spelling -> place
        self._spellings: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        self._of: list[int] = []  # spelling -> term
        self._words: dict[int, list[tuple[str, int]]] = defaultdict(list)  # term -> its spellings, with their places
        self._said: Counter[int] = Counter()
        self._array = np.zeros(0, np.int64)

    def __len__(self) -> int:
        """How many spellings are known."""
        return len(self._of)

    @property
    def terms(self) -> NDArray[np.int64]:
        """(spellings,): the term of each; spellings of one word have one term."""
        if len(self._array) < len(self._of):
            self._array = np.array(self._of, np.int64)
        return self._array

    def read(self, text: str, language: str | None) -> Tokens:
        """The words that may name something: no stop words of the language, no numbers.

        language: ISO 639-1.
        """
        places = self._places[language]
        found: list[int] = []
        for word in _WORD.findall(text):
            place = places.get(word)
            if place is None:
                place = places[word] = self._place(word, language)
            if place == -2:
                found += [_CUT, *self._pairs(word), _CUT]
            else:
                found.append(place)
        self._said.update(found)
        return np.array(found, np.int32)

    def spelled(self, term: int) -> str:
        """As most texts spell it."""
        return min(self._words[term], key=lambda one: (-self._said[one[1]], one[0]))[0]

    def _place(self, word: str, language: str | None) -> int:
        if _RUN.match(word):
            return -2 if len(word) > 2 else self._spelling(word)
        small = word.lower()
        short = len(word) < _SHORTEST and word.isascii() and not (len(word) > 1 and word.isupper())
        if (
            short
            or len(word) > _LONGEST
            or not word[0].isalpha()
            or small in _FURNITURE
            or is_stop_word(small, language)
        ):
            return _CUT
        return self._spelling(word)

    def _pairs(self, run: str) -> list[int]:
        """Of signs without blanks between words."""
        return [self._spelling(run[at : at + 2]) for at in range(len(run) - 1)]

    def _spelling(self, word: str) -> int:
        place = self._spellings.get(word)
        if place is None:
            place = self._spellings[word] = len(self._of)
            term = phrase_of(word) or word
            number = self._terms.setdefault(term, len(self._terms))
            self._of.append(number)
            self._words[number].append((word, place))
        return place
