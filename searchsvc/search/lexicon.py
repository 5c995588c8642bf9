"""The archive's own language: its words, the phrases of its titles, its acronyms, and the names of its register."""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from searchsvc.search.acronyms import mined
from searchsvc.search.counted import Counted
from searchsvc.search.dictionary import plain
from searchsvc.text.folding import folded

__all__ = ["Lexicon", "RegisterName", "words_of_text"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![^\s<(\[{,;:])[^\s@<(\[{,;:]{1,64}@\S+|\b[\w-]{1,64}\.(?:[\w-]{1,64}\.){0,10}[a-z]{2,}\b\S*"
)
_BETWEEN_PHRASES = re.compile(r"[^\w\s'’-]+|\s[-–—]\s")
_NAMED = ("person", "organization", "project", "event")  # types of entries that have names
_PHRASE_WORDS = (2, 3)
_LONGEST_FORM = 10  # words of a long form that are looked for in a query
_MEANINGS = 2  # of one acronym that are used
_SUPPORT = 2  # resources that must give a meaning beside the most frequent one


@dataclass(frozen=True, slots=True)
class RegisterName:
    """Somebody or something of the register that may be shown. forms: the name, aliases and acronym, folded."""

    id: str
    kind: str
    text: str
    forms: tuple[str, ...]


class Lexicon:
    """Safe to use from many threads; every method takes milliseconds at most."""

    def __init__(self, is_stop: Callable[[str], bool] = lambda word: False) -> None:
        """is_stop: whether a word is too common to begin or end a phrase."""
        self._is_stop = is_stop
        self._lock = threading.RLock()
        self._near: dict[tuple[str, int], list[str]] = defaultdict(list)  # first letter, length -> words
        self._words = Counted(self._note)
        self._phrases = Counted()
        self._pairs: dict[str, tuple[tuple[str, str], ...]] = {}  # resource -> its short and long forms
        self._long: dict[str, Counter[str]] = defaultdict(Counter)  # short -> long forms, in how many resources
        self._short: dict[str, Counter[str]] = defaultdict(Counter)  # folded long form -> short ones
        self._registered: tuple[tuple[str, str], ...] = ()  # acronyms of the register
        self._names: tuple[RegisterName, ...] = ()
        self._name_words: Mapping[str, str] = {}
        self._hidden: frozenset[str] = frozenset()

    # -- what it knows ------------------------------------------------------------------------------------------------

    def put(self, resource_id: str, title: str, text: str) -> None:
        """What a resource says now; text: with its headings."""
        words = _shown_words(f"{title}\n{text}")
        pairs = tuple(
            {(_one(short), _singular(folded(long))): (_one(short), long) for short, long in mined(text)}.values()
        )
        phrases = {folded(one): one for one in (*self._phrases_of(title), *(long for _, long in pairs))}
        with self._lock:
            self._forget_pairs(resource_id)
            self._words.put(resource_id, words)
            self._phrases.put(resource_id, phrases)
            if pairs:
                self._pairs[resource_id] = pairs
                self._count_pairs(pairs, 1)

    def forget(self, resource_ids: Iterable[str]) -> None:
        with self._lock:
            for resource_id in resource_ids:
                self._forget_pairs(resource_id)
                self._words.drop(resource_id)
                self._phrases.drop(resource_id)

    @property
    def resources(self) -> int:
        """How many were put and not forgotten."""
        return len(self._words.owners())

    def beside(self, resource_ids: AbstractSet[str]) -> set[str]:
        """The ids of resources that are known here and are not among these."""
        with self._lock:
            return self._words.owners() - resource_ids

    def set_register(
        self, entries: Iterable[tuple[str, str, str, Mapping[str, Any]]], shown_ids: Container[str]
    ) -> None:
        """entries: (id, type, name, data), as the catalogue has them. shown_ids: of those with a name to be shown."""
        named = [one for one in entries if one[1] in _NAMED]
        hidden = [one for one in named if one[3].get("hidden")]
        shown = [one for one in named if one[0] in shown_ids]
        names = tuple(
            RegisterName(entry_id, kind, text, tuple(dict.fromkeys(map(folded, _forms(text, data)))))
            for entry_id, kind, text, data in shown
        )
        acronyms = {(str(data["acronym"]), text) for _, _, text, data in shown if data.get("acronym")}
        with self._lock:
            self._count_pairs(self._registered, -_SUPPORT)
            self._registered = tuple(sorted(acronyms))
            self._count_pairs(self._registered, _SUPPORT)
            self._names = names
            self._name_words = _shown_words("\n".join(form for *_, text, data in shown for form in _forms(text, data)))
            for word in self._name_words:
                if not self._words.count(word) and word not in self._near[word[0], len(word)]:
                    self._note(word)
            private = {
                word for *_, text, data in hidden for form in _forms(text, data) for word in folded(form).split()
            }
            self._hidden = frozenset(private - self._name_words.keys())

    def settle(self) -> None:
        """Put in order what was added, so that nobody who asks has to wait for that."""
        with self._lock:
            for terms in (self._words, self._phrases):
                terms.settle()

    # -- what it is asked ---------------------------------------------------------------------------------------------

    @property
    def names(self) -> tuple[RegisterName, ...]:
        return self._names

    def count(self, word: str) -> int:
        """In how many resources a word stands, the register counting as two. word: as `plain` makes it."""
        return self._words.count(word) + _SUPPORT * (word in self._name_words)

    def shown(self, word: str) -> str:
        return self._words.shown(word) if self._words.count(word) else self._name_words.get(word, word)

    def near(self, word: str, distance: int) -> list[str]:
        """Words of the archive that are at most so many edits away and start alike.

        Edits are insertion, deletion, change, and swap of neighbours (optimal string alignment). When none starts
        alike, those with another first letter that are one edit away.
        """
        with self._lock:
            alike = self._within(word, [word[0]], distance)
            return alike or self._within(word, sorted({first for first, _ in self._near} - {word[0]}), 1)

    def starting(self, prefix: str, most: int) -> list[tuple[int, str, str]]:
        """(number of resources, word or phrase, the form that people read) that start so, most frequent first."""
        with self._lock:
            continued = [
                (count, entry, terms.shown(entry))
                for terms in (self._words, self._phrases)
                for count, entry in terms.starting(prefix, most)
                if not self._private(entry) and not self._is_stop(entry)
            ]
        return sorted(continued, key=lambda counted: (-counted[0], counted[1]))[:most]

    def long_forms(self, short: str) -> list[str]:
        """What an acronym stands for in this archive, most frequent first: at most two. Capitals count."""
        with self._lock:
            return _meant(self._long.get(short))

    def short_forms(self, words: str) -> list[str]:
        """Acronyms of the long forms that stand in these words, where that is what they mean in most of the archive."""
        parts = folded(words).split()
        meant: list[str] = []
        with self._lock:
            for at in range(len(parts)):
                for end in range(at + 2, min(len(parts), at + _LONGEST_FORM) + 1):
                    long = _singular(" ".join(parts[at:end]))
                    known = _meant(self._short.get(long))
                    meant += [
                        short
                        for short in known
                        if long in {_singular(folded(form)) for form in _meant(self._long.get(short))}
                    ]
        return list(dict.fromkeys(meant))

    def forms(self) -> list[tuple[str, str]]:
        """All (short, long) forms."""
        with self._lock:
            return [(short, long) for short in sorted(self._long) for long in _meant(self._long[short])]

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _within(self, word: str, firsts: Iterable[str], distance: int) -> list[str]:
        alike: dict[str, None] = {}
        for first in firsts:
            for length in range(len(word) - distance, len(word) + distance + 1):
                choices = self._near.get((first, length), ())
                for near, _, _ in process.extract(
                    word, choices, scorer=OSA.distance, processor=None, score_cutoff=distance, limit=None
                ):
                    if self.count(near) and not self._private(near):
                        alike[near] = None
        return list(alike)

    def _note(self, word: str) -> None:
        self._near[word[0], len(word)].append(word)

    def _private(self, term: str) -> bool:
        """Whether it is of the name of a hidden person: then it is used for search, and never shown."""
        return any(word in self._hidden and not self.shown(word).islower() for word in term.split())

    def _phrases_of(self, title: str) -> Iterator[str]:
        for part in _BETWEEN_PHRASES.split(title):
            words = part.split()
            for size in _PHRASE_WORDS:
                for at in range(len(words) - size + 1):
                    some = words[at : at + size]
                    if not self._is_stop(some[0]) and not self._is_stop(some[-1]):
                        yield " ".join(some)

    def _forget_pairs(self, resource_id: str) -> None:
        self._count_pairs(self._pairs.pop(resource_id, ()), -1)

    def _count_pairs(self, pairs: Iterable[tuple[str, str]], by: int) -> None:
        for short, long in pairs:
            for table, key, value in ((self._long, short, long), (self._short, _singular(folded(long)), short)):
                table[key][value] += by
                if table[key][value] <= 0:
                    del table[key][value]
                if not table[key]:
                    del table[key]


def _meant(forms: Counter[str] | None) -> list[str]:
    if not forms:
        return []
    merged: dict[str, tuple[int, str]] = {}
    for form, count in sorted(forms.items(), key=lambda pair: (-pair[1], pair[0])):
        before = merged.get(_singular(folded(form)))
        merged[_singular(folded(form))] = (count + before[0], before[1]) if before else (count, form)
    ordered = sorted(merged.values(), key=lambda pair: (-pair[0], pair[1]))
    return [form for rank, (count, form) in enumerate(ordered[:_MEANINGS]) if rank == 0 or count >= _SUPPORT]


def _one(short: str) -> str:
    """IUDs -> IUD."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() and len(short) > 2 else short


def _singular(words: str) -> str:
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def words_of_text(text: str) -> set[str]:
    """As `plain` makes them."""
    return {plain(word) for word in set(_WORD.findall(text))}


def _shown_words(text: str) -> dict[str, str]:
    """Word as `plain` makes it -> as it stands, in lower case where it stands so anywhere but in an address.

    In addresses all words are in lower case, names as well.
    """
    shown = {
        key: word.capitalize()
        for address in _ADDRESS.findall(text)
        for word in _WORD.findall(address)
        if len(key := plain(word)) > 1
    }
    text = _ADDRESS.sub(" ", text) if shown else text
    for word in sorted(set(_WORD.findall(text))):  # capitals first, so that the last one is in lower case
        if len(key := plain(word)) > 1:
            shown[key] = word
    return shown


def _forms(name: str, data: Mapping[str, Any]) -> list[str]:
    return [name, *map(str, data.get("aliases") or ()), *([str(data["acronym"])] if data.get("acronym") else [])]
