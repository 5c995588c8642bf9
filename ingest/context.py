"""What goes to the encoder before a passage's text: the title and the headings above.

With another outcome `CHUNKER` in ingest/chunk.py changes; tests/packaging/test_fingerprints.py tells when.
"""

from __future__ import annotations

from searchsvc.encode.load import Counter

__all__ = ["Contexts"]

TITLE_TOKENS = 32
CONTEXT_TOKENS = 64


class Contexts:
    """The contexts of one document's passages, and how many of `limit` tokens each leaves for the text."""

    def __init__(self, title: str, counter: Counter, limit: int) -> None:
        self._counter = counter
        self._limit = limit
        self._budget = min(CONTEXT_TOKENS, limit // 4)
        self._title = self._shortened(" ".join(title.split()), min(TITLE_TOKENS, limit // 8))
        self._contexts: dict[tuple[str, ...], str] = {}
        self._rooms: dict[str, int] = {}

    def of(self, headings: tuple[str, ...]) -> str:
        """`Title > Section > Subsection`, without headings that repeat the title; outer sections go when it is long."""
        if headings not in self._contexts:
            parts = [self._title] if self._title else []
            parts += [heading for heading in headings if heading.casefold() != self._title.casefold()]
            outermost = 1 if self._title else 0
            while len(parts) > outermost + 1 and self._tokens(" > ".join(parts)) > self._budget:
                del parts[outermost]
            self._contexts[headings] = self._shortened(" > ".join(parts), self._budget)
        return self._contexts[headings]

    def room(self, headings: tuple[str, ...]) -> int:
        """Tokens left for the text below these headings."""
        context = self.of(headings)
        if context not in self._rooms:
            [used] = self._counter.count([f"{context}\n" if context else ""])
            self._rooms[context] = max(1, self._limit - used)
        return self._rooms[context]

    def _tokens(self, text: str) -> int:
        return len(self._counter.token_spans(text))

    def _shortened(self, text: str, tokens: int) -> str:
        text = text[: tokens * 16]
        spans = self._counter.token_spans(text)
        if len(spans) <= tokens:
            return text.strip()
        kept = text[: spans[tokens][0]]
        inside_a_word = not text[len(kept)].isspace() and not kept[-1:].isspace()
        return (kept.rsplit(" ", 1)[0] if inside_a_word and " " in kept else kept).strip()
