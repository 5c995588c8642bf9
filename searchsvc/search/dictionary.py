"""Words of languages: what stands here is no typing error, also when the archive does not have it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import unicodedata
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["LANGUAGES", "Dictionary", "plain"]

LANGUAGES = ("en", "es", "fr", "pt")
_VOWELS = frozenset("aeiou")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_FORM = 2  # of what is kept: raise it when `plain` makes other words


class Dictionary:
    """The word lists of pyspellchecker: 0.8 million words as sorted hashes (6 MB). Safe to use from many threads."""

    def __init__(self, languages: tuple[str, ...] = LANGUAGES, *, kept_in: Path | None = None) -> None:
        """kept_in: a folder for the hashes, which are then made once and not by each process; it may be deleted."""
        self._languages = languages
        self._kept_in = kept_in
        self._loading = threading.Lock()

    def load(self) -> None:
        """Takes seconds where the hashes are not kept yet."""
        with self._loading:
            _ = self._hashes

    def __contains__(self, word: object) -> bool:
        """word: a text as `plain` makes it. Regular plurals of known words are, too. The first call loads the lists."""
        self.load()
        if not isinstance(word, str) or self._has(word):
            return isinstance(word, str)
        wrong_plural = word[-2:-1] == "y" and word[-3:-2] not in _VOWELS  # priority, prioritys
        return word.endswith("s") and not wrong_plural and self._has(word[:-1])

    def _has(self, word: str) -> bool:
        value = np.uint64(_hash(word))
        at = int(np.searchsorted(self._hashes, value))
        return at < len(self._hashes) and bool(self._hashes[at] == value)

    @cached_property
    def _hashes(self) -> NDArray[np.uint64]:
        if self._kept_in is None:
            return _made(self._languages)
        path = self._kept_in / f"words-{_FORM}-{'-'.join(self._languages)}-{version('pyspellchecker')}.npy"
        try:
            known: NDArray[np.uint64] = np.load(path, mmap_mode="r", allow_pickle=False)
            if known.dtype == np.uint64 and known.ndim == 1 and len(known):
                return known
        except (OSError, ValueError, EOFError):
            pass  # not made yet, or damaged
        made = _made(self._languages)
        _keep(made, path)
        return made


def _hash(word: str) -> int:
    """The same in every process."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _made(languages: tuple[str, ...]) -> NDArray[np.uint64]:
    from spellchecker import SpellChecker

    by_language = [
        np.fromiter((_hash(plain(word)) for word in SpellChecker(language=one).word_frequency.words()), np.uint64)
        for one in languages
    ]
    hashes: NDArray[np.uint64] = np.unique(np.concatenate(by_language))
    return hashes


def _keep(hashes: NDArray[np.uint64], path: Path) -> None:
    """In one step; where that does not work, each process makes its own."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("words-*.npy"):
            old.unlink(missing_ok=True)
        with partial.open("wb") as out:
            np.save(out, hashes)
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def plain(word: str) -> str:
    """Lower case, without accents."""
    if word.isascii():
        return word.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).casefold()
    return bare if bare.isascii() else bare.translate(_UNDECOMPOSED)
