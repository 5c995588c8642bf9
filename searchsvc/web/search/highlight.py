"""Passages with their words marked, cut to what fits. Pieces of text, never HTML: the templates escape them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Piece", "excerpt", "pieces"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


def pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """`text` cut at the spans, (start, end) in characters; overlaps are mended, odd spans passed over."""
    cut: list[Piece] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        if start > at:
            cut.append(Piece(text[at:start]))
        cut.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        cut.append(Piece(text[at:]))
    return tuple(cut)


def excerpt(text: str, spans: Sequence[Span], *, characters: int = 320) -> tuple[Piece, ...]:
    """About `characters` of the text around most of the spans, between whole words, with … where text is left out."""
    if len(text) <= characters * 1.25:
        return pieces(text, spans)
    start = _start(spans, characters)
    start = 0 if start < 40 else text.find(" ", start) + 1
    end = len(text) if len(text) - start <= characters * 1.15 else start + characters
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    kept = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    cut = pieces(text[start:end], kept)
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
