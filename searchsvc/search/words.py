"""The lexicon of the archive as it is now: loaded once, and brought up to date as the catalogue changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Container, Iterable
from functools import lru_cache

from searchsvc.catalogue import Catalogue
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.encode.ranks import RAREST, word_rank
from searchsvc.errors import SearchsvcError
from searchsvc.model import Resource
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.compounds import COMPOUNDING, Compounds
from searchsvc.search.dictionary import Dictionary
from searchsvc.search.expansion import Expansion, expand
from searchsvc.search.lexicon import Lexicon, words_of_text
from searchsvc.search.spelling import Correction, correct

__all__ = ["Words"]

log = logging.getLogger(__name__)

_REST_S = 2.0  # between two updates in the background
_READ_BY_COMMANDS = 5000  # passages, read in half a second
_SHORTEST_NAME = 2
_OFTEN_IN_CAPITALS = 5  # resources, the register counting as two
_SELDOM = 10_000  # of the English words from this rank on most are names where none is in small letters
_FREQUENT = 2500  # of the English words up to this rank a single one names nobody
_AT_ONCE = 50  # resources read in one go; deletions that a reader sees to itself


class Words:
    """Safe to use from many threads.

    Without `keep`, whoever asks brings it up to date first: right for a single command. In a large archive that would
    take longer than the command itself, which then does without. With `keep` a thread does so, at most every two
    seconds; readers then use what there is, but what was deleted or hidden is forgotten before they do.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        archive: ArchiveCache,
        lexical: LexicalEncoder,
        dictionary: Dictionary | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._archive = archive
        self._lexical = lexical
        self._dictionary = dictionary or Dictionary()
        self._lexicon = Lexicon(is_stop=lru_cache(100_000)(lambda word: not lexical.terms(word)))
        self._compounds = Compounds()
        self._version = 0
        self._register_version: str | None = None
        self._seen: dict[str, tuple[object, ...]] = {}  # resource -> what of it was read
        self._complete = False  # everything was read once
        self._updating = threading.Lock()
        self._stale = threading.Event()
        self._keeper: threading.Thread | None = None

    def correction(self, raw: str, archive: Archive) -> Correction | None:
        """A query with its typing errors corrected; None when there are none, or the words are still being read."""
        lexicon = self.of(archive)
        known = _Either(self._dictionary, self._compounds)
        return correct(raw, lexicon, known, self._stems) if self._complete else None

    def compounds(self, archive: Archive) -> Compounds:
        """Words of texts in languages that write compounds in one word."""
        self.of(archive)
        return self._compounds

    def starting(self, start: str, most: int, archive: Archive) -> list[str]:
        """Words of texts that begin so, most frequent first."""
        return [word for _, word, _ in self.of(archive).starting(start, 2 * most) if " " not in word][:most]

    def expansion(self, words: str, archive: Archive) -> Expansion:
        """What else a query asks for by its acronyms."""
        return expand(words, self.of(archive))

    def is_name(self, word: str, archive: Archive) -> bool:
        """Whether a folded word is written as names are, and no word of a language.

        Never where it stands in small letters in some text of the archive. Otherwise where many texts have it with a
        capital, or it is seldom in English, or no language that is known has it.
        """
        lexicon = self.of(archive)
        if len(word) < _SHORTEST_NAME or (lexicon.count(word) and lexicon.shown(word).islower()):
            return False
        rank = word_rank(word)
        if lexicon.count(word) >= _OFTEN_IN_CAPITALS and rank >= _FREQUENT:
            return True
        return _SELDOM <= rank < RAREST or (rank == RAREST and not self.dictionary_has(word))

    def dictionary_has(self, word: str) -> bool:
        """Whether a language that is known has a folded word, or it is frequent in English."""
        return word_rank(word) < RAREST or word in self._dictionary

    def of(self, archive: Archive) -> Lexicon:
        """The lexicon, which knows nothing that this archive, the current one, has no more."""
        if archive.version != self._version:
            if self._keeper is None:
                if archive.passages <= _READ_BY_COMMANDS:
                    self.update()
            else:
                self._let_go(archive)
                self._stale.set()
        return self._lexicon

    @property
    def kept(self) -> bool:
        """Whether a thread keeps it up to date."""
        return self._keeper is not None

    def keep(self, stop: threading.Event) -> threading.Thread:
        """Read everything in the background, and what changes until `stop`; the thread that does."""
        self._stale.set()
        self._keeper = threading.Thread(target=self._keep, args=(stop,), name="words", daemon=True)
        self._keeper.start()
        return self._keeper

    def update(self, stop: threading.Event | None = None) -> None:
        """Read what changed since the last time; what was read is whole, also when it is stopped."""
        with self._updating:
            archive = self._archive.current()
            if archive.version == self._version:
                return
            self._take_register(archive)
            self._forget(self._lexicon.beside(archive.resources.keys()))
            new = [one for one in archive.resources.values() if self._seen.get(one.id) != _content(one)]
            for at in range(0, len(new), _AT_ONCE):
                if stop is not None and stop.is_set():
                    return
                self._read(new[at : at + _AT_ONCE])
            self._lexicon.settle()
            self._version = archive.version
            self._complete = True

    def _read(self, resources: list[Resource]) -> None:
        texts = self._catalogue.texts_with_headings([one.id for one in resources])
        for one in resources:
            self._lexicon.put(one.id, one.title, texts.get(one.id, ""))
            if one.language in COMPOUNDING:
                self._compounds.put(words_of_text(f"{one.title}\n{texts.get(one.id, '')}"))
            self._seen[one.id] = _content(one)

    def _take_register(self, archive: Archive) -> None:
        if archive.register_version != self._register_version:
            self._lexicon.set_register(self._catalogue.register(), archive.names)
            self._register_version = archive.register_version

    def _let_go(self, archive: Archive) -> None:
        """What may not be shown any more: people who were hidden, and what was deleted, unless that is very much."""
        self._take_register(archive)
        gone = self._lexicon.beside(archive.resources.keys())
        if len(gone) <= _AT_ONCE:
            self._forget(gone)

    def _forget(self, gone: Iterable[str]) -> None:
        self._lexicon.forget(gone)
        for one in gone:
            self._seen.pop(one, None)

    def _keep(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._stale.wait(_REST_S)
            if not self._stale.is_set():
                continue
            self._stale.clear()
            try:
                self.update(stop)
                self._dictionary.load()
            except SearchsvcError as error:
                log.warning("the archive's words were not brought up to date: %s", error)
                self._stale.set()
            except Exception:  # a database that is away for a while must not end this for good
                log.exception("the archive's words were not brought up to date")
                self._stale.set()
            stop.wait(_REST_S)

    def _stems(self, word: str) -> frozenset[int]:
        return frozenset(self._lexical.encode_query(word).indices)


class _Either:
    """What one of two has."""

    def __init__(self, one: Container[str], other: Container[str]) -> None:
        self._one, self._other = one, other

    def __contains__(self, word: object) -> bool:
        return word in self._other or word in self._one


def _content(resource: Resource) -> tuple[object, ...]:
    return resource.content_hash, resource.title, resource.hidden_authors
