"""Passages with their words marked, cut to what fits. Pieces of text, never HTML: the templates escape them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Piece", "excerpt", "pieces"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """marked: a word that was asked for. answer: in the sentence that answers."""

    text: str
    marked: bool = False
    answer: bool = False


def pieces(text: str, spans: Sequence[Span], *, answer: Span | None = None) -> tuple[Piece, ...]:
    """`text` cut at the spans, (start, end) in characters; overlaps are mended, odd spans passed over."""
    first, last = answer or (0, 0)
    cut: list[Piece] = []

    def add(start: int, end: int, marked: bool) -> None:
        for a, b in ((start, min(end, first)), (max(start, first), min(end, last)), (max(start, last), end)):
            if a < b:
                cut.append(Piece(text[a:b], marked, first <= a < last))

    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        add(at, start, False)
        add(start, end, True)
        at = end
    add(at, len(text), False)
    return tuple(cut)


def excerpt(
    text: str, spans: Sequence[Span], *, characters: int = 320, answer: Span | None = None
) -> tuple[Piece, ...]:
    """About `characters` of the text, between whole words, with … where text is left out.

    From the sentence that answers, where one does; otherwise around most of the spans.
    """
    if len(text) <= characters * 1.25:
        return pieces(text, spans, answer=answer)
    start = _start(spans, characters)
    if answer:
        start = answer[0]
    elif start:
        start = 0 if start < 40 else text.find(" ", start) + 1
    end = len(text) if len(text) - start <= characters * 1.15 else start + characters
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    kept = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    inside = (answer[0] - start, min(answer[1], end) - start) if answer else None
    cut = pieces(text[start:end], kept, answer=inside)
    before = (Piece("… "),) if start else ()
    after = (Piece(" …"),) if end < len(text) else ()
    return (*before, *cut, *after)


def _start(spans: Sequence[Span], characters: int) -> int:
    """Where the window with most spans begins, a little before the first of them."""
    starts = sorted(start for start, _ in spans)
    if not starts:
        return 0
    best = max(starts, key=lambda one: (sum(one <= other < one + characters * 0.8 for other in starts), -one))
    return max(0, best - characters // 5)
