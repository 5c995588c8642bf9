"""Which language a text is in."""

from __future__ import annotations

from functools import cache
from typing import Any

MIN_LETTERS = 40
MIN_CONFIDENCE = 0.8
_READ_CHARACTERS = 5000


def language_of(text: str, declared: str | None) -> str | None:
    """ISO 639-1. What the text shows when it is long and clear enough, otherwise what the file declares."""
    sample = text[:_READ_CHARACTERS]
    if sum(character.isalpha() for character in sample) >= MIN_LETTERS:
        language, confidence = _identifier().classify(sample)
        if confidence >= MIN_CONFIDENCE:
            return str(language)
    return declared[:2].lower() if declared else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
