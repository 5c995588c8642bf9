"""Which terms the archive has, and in how many resources; it can forget a resource."""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, KeysView, Mapping

__all__ = ["Counted"]


class Counted:
    """Terms as `plain` makes them, with the form that people read. Not safe to use from many threads by itself.

    Of each resource the numbers of its terms are kept: 2.4 kB for 600 of them.
    """

    def __init__(self, note: Callable[[str], object] = lambda term: None) -> None:
        """note: is told every term when it is seen for the first time."""
        self._note = note
        self._numbers: dict[str, int] = {}
        self._terms: list[str] = []
        self._shown: list[str] = []
        self._counts = array("I")
        self._of: dict[str, array[int]] = {}
        self._order: list[str] = []  # all terms, sorted when that is needed
        self._sorted = 0

    def put(self, owner: str, terms: Mapping[str, str]) -> None:
        """terms: term -> the form that people read. Replaces what the owner had."""
        self.drop(owner)
        own = array("I")
        for term, shown in terms.items():
            number = self._numbers.get(term)
            if number is None:
                number = self._numbers[term] = len(self._terms)
                self._terms.append(term)
                self._shown.append(shown)
                self._counts.append(0)
                self._order.append(term)
                self._note(term)
            elif shown.islower() and not self._shown[number].islower():
                self._shown[number] = shown  # a word that stood at the start of a sentence
            self._counts[number] += 1
            own.append(number)
        self._of[owner] = own

    def drop(self, owner: str) -> None:
        for number in self._of.pop(owner, ()):
            self._counts[number] -= 1

    def owners(self) -> KeysView[str]:
        return self._of.keys()

    def count(self, term: str) -> int:
        """In how many resources."""
        number = self._numbers.get(term)
        return 0 if number is None else self._counts[number]

    def shown(self, term: str) -> str:
        """As people read it; the term itself when it is not known."""
        number = self._numbers.get(term)
        return term if number is None else self._shown[number]

    def settle(self) -> None:
        """Sort what is new."""
        if self._sorted < len(self._order):
            self._order.sort()
            self._sorted = len(self._order)

    def starting(self, prefix: str, most: int) -> list[tuple[int, str]]:
        """(number of resources, term) of those that start so and are in the archive now, most frequent first."""
        self.settle()
        some = self._order[bisect_left(self._order, prefix) : bisect_right(self._order, prefix + "\U0010ffff")]
        found = heapq.nlargest(most, ((self._counts[self._numbers[term]], term) for term in some))
        return [(count, term) for count, term in found if count]
