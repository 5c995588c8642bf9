"""Stop words and stems of the languages that Qdrant's tokenizer knows (Snowball)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdrant_edge import Bm25

__all__ = ["STEMMED", "are_stop_words", "is_stop_word", "other_languages", "stems"]

# ISO 639-1 -> as the tokenizer calls it. English has no stems here: they join too much, and `forms` is enough.
STEMMED = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_WITH_STOP_WORDS = {
    "english": "en", "french": "fr", "spanish": "es", "portuguese": "pt", "german": "de", "italian": "it",
    "dutch": "nl",
}  # fmt: skip


def stems(words: Iterable[str], language: str | None) -> list[str]:
    """One term for each word with a stem, as it stands in no text: `es0001f3a`. None without a stemmer."""
    if language not in STEMMED:
        return []
    return [stem for word in words if (stem := _stem(word, language))]


def are_stop_words(words: Sequence[str]) -> list[bool]:
    """Of a query's words, in the language that has the most of them; in English when several have as many."""
    return max((_stop_words(words, language) for language in _WITH_STOP_WORDS), key=sum)  # the first of equal ones


def is_stop_word(word: str, language: str | None) -> bool:
    """Whether a word is one in a language (ISO 639-1), or in English, of which there is some everywhere."""
    known = {"english", STEMMED.get(language or "", "english")}
    return bool(word) and any(one != "tamil" and _stop_words([word], one)[0] for one in known)


def other_languages(words: Sequence[str]) -> frozenset[str]:
    """Codes of languages that a query is not in, by its stop words; none where it has none, or only of unknown ones."""
    counts = {code: sum(_stop_words(words, language)) for language, code in _WITH_STOP_WORDS.items()}
    most = max(counts.values())
    return frozenset(code for code, count in counts.items() if count < most)


def _stop_words(words: Sequence[str], language: str) -> list[bool]:
    return [bool(word) and not _tokenizer(language).embed_query(word).indices for word in words]


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    indices = _tokenizer(STEMMED[language]).embed_query(word).indices if word.isalpha() else []
    return f"{language}{indices[0]:08x}" if len(indices) == 1 else ""


@cache
def _tokenizer(language: str) -> Bm25:
    from qdrant_edge import Bm25, Bm25Config

    return Bm25(Bm25Config(language=language, lowercase=True, ascii_folding=True))
