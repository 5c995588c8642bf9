"""How frequent words are in English at large: their order in the bundled model's vocabulary, sorted by frequency.

That costs nothing more: the list comes with the model. Words of other languages that it lacks count as rare.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from searchsvc.encode.models import find_model
from searchsvc.errors import ModelError

__all__ = ["RAREST", "word_rank"]

RAREST = 100_000  # what a word that is not in the list counts as
_FIRST = "the"  # the most frequent one; what stands before it are signs and pieces


def word_rank(*forms: str) -> int:
    """1 for the most frequent word; of several forms of one word, that of the most frequent."""
    ranks = _ranks()
    return min((ranks[form] for form in forms if form in ranks), default=RAREST)


@cache
def _ranks() -> Mapping[str, int]:
    try:
        words = (find_model(None, download=False) / "vocab.txt").read_text("utf-8").split("\n")
    except (ModelError, OSError):  # not installed: all words are alike then
        return {}
    first = words.index(_FIRST) if _FIRST in words else 0
    return {word: rank for rank, word in enumerate(words[first:], start=1) if word.isalnum()}
