"""Compounds of German, Dutch and their like, split by the archive's own words: `Grundwasserschutz` has `Schutz` in it.

Only where what is left is a word of the archive, too, with what joins them: -s-, -es-, -n-, -en-, -er-, -e-.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator

__all__ = ["COMPOUNDING", "Compounds"]

# ISO 639-1 of languages that write compounds in one word.
COMPOUNDING = frozenset({"da", "de", "nl", "no", "sv"})
_JOINTS = ("", "s", "es", "n", "en", "er", "e")
_ENDINGS = ("", "s", "es", "n", "en", "e", "er")
_SHORTEST = 4  # letters of a part
_MOST = 200  # compounds of one word


class Compounds:
    """Words of texts in such languages. Safe to use from many threads.

    A word that is gone from the archive stays: it finds nothing.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._lock = threading.Lock()
        self._sorted: tuple[list[str], list[str]] | None = None
        self.put(words)

    def put(self, words: Iterable[str]) -> None:
        """words: as `searchsvc.search.dictionary.plain` makes them."""
        with self._lock:
            before = len(self._words)
            self._words.update(word for word in words if len(word) >= _SHORTEST)
            if len(self._words) > before:
                self._sorted = None

    def __bool__(self) -> bool:
        return bool(self._words)

    def __contains__(self, word: object) -> bool:
        """Whether it is a word, a part of a compound, or made of words."""
        return word in self._words or (isinstance(word, str) and bool(self.of(word) or self.split(word)))

    def of(self, word: str) -> list[str]:
        """Those that begin or end with the word."""
        if len(word) < _SHORTEST or not self._words:
            return []
        found = dict.fromkeys(
            one for one in _starting(self._orders[0], word) if any(self._is_word(rest) for rest in _rests(one, word))
        )
        for ending in _ENDINGS:
            tail = word + ending
            for reverse in _starting(self._orders[1], tail[::-1]):
                one = reverse[::-1]
                if any(self._is_word(part) for part in _bare(one.removesuffix(tail))):
                    found[one] = None
        return list(found)[:_MOST]

    def split(self, word: str) -> list[str]:
        """The two words it is made of, the longest first part; nothing where the archive has it, or lacks a part."""
        if word in self._words or not self._words:
            return []
        for at in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
            rest = word[at:]
            if self._is_word(rest):
                for part in _bare(word[:at]):
                    if self._is_word(part):
                        return [part, rest]
        return []

    def _is_word(self, word: str) -> bool:
        """In any of its cases."""
        return len(word) >= _SHORTEST and any(word + ending in self._words for ending in _ENDINGS)

    @property
    def _orders(self) -> tuple[list[str], list[str]]:
        """All words in order, and all of them read backwards."""
        known = self._sorted
        if known is None:
            with self._lock:
                known = self._sorted = (sorted(self._words), sorted(word[::-1] for word in self._words))
        return known


def _starting(order: list[str], beginning: str) -> Iterator[str]:
    """Those that go on after the beginning; the first ones of very many."""
    at = bisect_left(order, beginning)
    for one in order[at : at + 10 * _MOST]:
        if not one.startswith(beginning):
            return
        if len(one) > len(beginning):
            yield one


def _bare(beginning: str) -> Iterator[str]:
    """A first part without what joins it to the next."""
    for joint in _JOINTS:
        if beginning.endswith(joint):
            yield beginning.removesuffix(joint)


def _rests(word: str, beginning: str) -> Iterator[str]:
    """A second part without what joins it to the first."""
    rest = word.removeprefix(beginning)
    for joint in _JOINTS:
        if rest.startswith(joint):
            yield rest.removeprefix(joint)
