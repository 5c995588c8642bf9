"""Words of languages: what stands here is no typing error, also when the archive does not have it."""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["LANGUAGES", "Dictionary", "plain"]

LANGUAGES = ("en", "es", "fr", "pt")
_VOWELS = frozenset("aeiou")


class Dictionary:
    """The word lists of pyspellchecker: 0.8 million words as sorted hashes (6 MB). Safe to use from many threads."""

    def __init__(self, languages: tuple[str, ...] = LANGUAGES) -> None:
        self._languages = languages
        self._loading = threading.Lock()

    def load(self) -> None:
        """Takes about two seconds, once."""
        with self._loading:
            _ = self._hashes

    def __contains__(self, word: object) -> bool:
        """word: a text as `plain` makes it. Regular plurals of known words are, too. The first call loads the lists."""
        self.load()
        if not isinstance(word, str) or self._has(word):
            return isinstance(word, str)
        wrong_plural = word[-2:-1] == "y" and word[-3:-2] not in _VOWELS  # priority, prioritys
        return word.endswith("s") and not wrong_plural and self._has(word[:-1])

    def _has(self, word: str) -> bool:
        value = np.int64(hash(word))
        at = int(np.searchsorted(self._hashes, value))
        return at < len(self._hashes) and bool(self._hashes[at] == value)

    @cached_property
    def _hashes(self) -> NDArray[np.int64]:
        from spellchecker import SpellChecker

        by_language = [
            np.fromiter(
                (hash(plain(word)) for word in SpellChecker(language=language).word_frequency.words()), np.int64
            )
            for language in self._languages
        ]
        hashes: NDArray[np.int64] = np.unique(np.concatenate(by_language))
        return hashes


def plain(word: str) -> str:
    """Lower case, without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).casefold()
