"""What passages are made of: sentences, table rows, list items; how long they are, and where too long ones are cut.

With another outcome `CHUNKER` in ingest/chunk.py changes; tests/packaging/test_fingerprints.py tells when.
"""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left

from searchsvc.encode.load import Counter
from searchsvc.model import Role
from searchsvc.text.sentences import sentences

__all__ = ["CHARACTERS_PER_TOKEN", "TokenLengths", "cut_long", "sentence_continues", "unit_spans"]

# A passage is bounded in characters too: a tokenizer may take a word of 10,000 characters for one unknown token.
CHARACTERS_PER_TOKEN = 16
_WINDOW = 50_000  # characters given to the tokenizer at once
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_FINISHED = re.compile(r"(?:[.!?…:。！？؟۔।॥][\"'”’»)\]」』）]*|(?<=[a-z)])\.\d[\d,–-]*)$")


class TokenLengths:
    """How many tokens any stretch of `text` has, from cutting the whole of it once."""

    def __init__(self, text: str, counter: Counter) -> None:
        self.text = text
        self.starts = array("Q")
        at = 0
        while at < len(text):
            end = min(at + _WINDOW, len(text))
            if end < len(text):
                space = max(text.rfind(" ", at, end), text.rfind("\n", at, end))
                end = space + 1 if space > at else end
            self.starts.extend(at + start for start, _ in counter.token_spans(text[at:end]))
            at = end

    def tokens(self, start: int, end: int) -> int:
        """Tokens that begin in text[start:end]."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def cost(self, start: int, end: int) -> int:
        """Tokens, or characters in units of 16 where that is more."""
        return max(self.tokens(start, end), math.ceil((end - start) / CHARACTERS_PER_TOKEN))


def unit_spans(text: str, role: Role) -> list[tuple[int, int]]:
    """What should stay whole: rows of a table, a reference, sentences of all else. Without white space around."""
    if role == "table":
        spans = [match.span() for match in _LINE.finditer(text)]
    elif role in ("reference", "heading"):
        spans = [(0, len(text))]
    else:
        return sentences(text)
    return [trimmed for start, end in spans if (trimmed := _trim(text, start, end))]


def cut_long(lengths: TokenLengths, start: int, end: int, room: int) -> list[tuple[int, int]]:
    """text[start:end] in even parts of at most `room`: between words; inside a word only when it alone is too long."""
    total = lengths.cost(start, end)
    goal = min(room, math.ceil(total / math.ceil(total / room)) + 4)
    parts: list[tuple[int, int]] = []
    opened: int | None = None
    closed = start
    for match in _WORD.finditer(lengths.text, start, end):
        first, last = match.span()
        if opened is not None and lengths.cost(opened, last) > goal:
            parts.append((opened, closed))
            opened = None
        if opened is None and lengths.cost(first, last) > room:
            parts += _cut_word(lengths, first, last, room)
            continue
        opened, closed = (first if opened is None else opened), last
    if opened is not None:
        parts.append((opened, closed))
    return parts


def sentence_continues(ends: str, begins: str) -> bool:
    """Whether a text that ends so and one that begins with this letter are one sentence that a page break cut."""
    if _FINISHED.search(ends):
        return False
    return begins.isalpha() and not begins.isupper()


def _cut_word(lengths: TokenLengths, start: int, end: int, room: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    while start < end:
        after = bisect_left(lengths.starts, start) + room
        token = lengths.starts[after] if after < len(lengths.starts) else end
        stop = max(start + 1, min(token, start + room * CHARACTERS_PER_TOKEN, end))
        parts.append((start, stop))
        start = stop
    return parts


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    stripped = piece.strip()
    first = start + len(piece) - len(piece.lstrip())
    return (first, first + len(stripped)) if stripped else None
