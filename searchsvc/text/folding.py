"""Words as they are compared."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["folded"]

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces: for comparing titles and names."""
    plain = text
    if not text.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", plain.casefold()).split())
