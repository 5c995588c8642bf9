"""Many short texts in one string, so that all that hold a word are found fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

__all__ = ["Lines"]

_ENOUGH = 60  # lines that go on as typed
_LOOKED_AT = 500  # lines that hold the longest word typed, to see whether they hold the others


class Lines:
    """Folded texts in one string, in which looking for a word costs little more than reading it once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line) + 2
        self._text = "".join(f"\n {line}" for line in lines)

    def continuing(self, typed: str) -> Iterator[tuple[int, int]]:
        """(rank, number of the line): 0 begins as typed, 1 has it inside, 2 has words that begin as those typed.

        At most 60, the better ones first.
        """
        words = typed.split()
        known: set[int] = set()
        for rank, needle in enumerate((f"\n {typed}", f" {typed}", f" {max(words, key=len)}")):
            for number in islice(self._holding(needle), _LOOKED_AT):
                if len(known) == _ENOUGH:
                    return
                if number not in known and (rank < 2 or all(f" {word}" in f" {self.lines[number]}" for word in words)):
                    known.add(number)
                    yield rank, number

    def _holding(self, needle: str) -> Iterator[int]:
        at = self._text.find(needle)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            if number + 1 == len(self._starts):
                return
            at = self._text.find(needle, self._starts[number + 1])
