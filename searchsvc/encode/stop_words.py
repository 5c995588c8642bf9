"""Words that say nothing by themselves, in the languages that the sparse encoder's tokenizer knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdrant_edge import Bm25

__all__ = ["are_stop_words"]

_LANGUAGES = ("english", "french", "spanish", "portuguese", "german", "italian", "dutch")


def are_stop_words(words: Sequence[str]) -> list[bool]:
    """Of a query's words, in the language that has the most of them; in English when several have as many."""

    def stop(language: str) -> list[bool]:
        return [bool(word) and not _tokenizer(language).embed_query(word).indices for word in words]

    return max(map(stop, _LANGUAGES), key=sum)  # the first of those that are equal


@cache
def _tokenizer(language: str) -> Bm25:
    from qdrant_edge import Bm25, Bm25Config

    return Bm25(Bm25Config(language=language, lowercase=True, ascii_folding=True))
