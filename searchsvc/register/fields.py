"""Fields that the register does not know: which are meant to be one that it knows, and who gets to see the rest.

`hiden: true` would be kept as a note and publish somebody who asked not to be; so it is a fault. A mobile number is a
note, and is shown to nobody who may not write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from searchsvc.register.kinds import KINDS, EntryKind
from searchsvc.register.model import Entry
from searchsvc.search.dictionary import Dictionary, plain

__all__ = ["Seen", "meant", "no_field"]

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_AROUND = frozenset("a an date directory do flag from id ids in is it list me no not on the to".split())  # noqa: SIM905
_TYPO_LETTERS = 4  # of a name that may have one letter wrong; from twice as many on two may be


@dataclass(frozen=True, slots=True)
class Seen:
    """Which of the fields that the register does not know somebody gets to see.

    everything: of whoever may write. named: those for everybody, as LIST.FIELD, such as people.pronouns.
    """

    everything: bool
    named: Collection[str] = ()

    def of(self, kind: EntryKind, extra: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in extra.items() if self._sees(kind, name)}

    def entries(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries without what is not seen."""
        return list(entries) if self.everything else [self._entry(KINDS[one.type], one) for one in entries]

    def _entry(self, kind: EntryKind, entry: Entry) -> Entry:
        known = kind.known
        data = {name: value for name, value in entry.data.items() if name in known or self._sees(kind, name)}
        return entry._replace(data=data)

    def _sees(self, kind: EntryKind, name: str) -> bool:
        return self.everything or f"{kind.section}.{name}" in self.named


@lru_cache(4096)
def meant(kind: EntryKind, name: str) -> str | None:
    """The field that an unknown one is taken for: it differs in case, signs, number or spelling, in words around it, or
    in a letter; or says in another word what a field says. None for what is something else, and for known fields.
    """
    known = kind.known
    if name in known:
        return None
    words, said = _words(name), _closed(name)
    for field in known:
        if said == _closed(field):
            return field
    core = [word for word in words if word not in _AROUND] or words
    for field, others in kind.said_as.items():
        if len(core) == 1 and core[0] in others:
            return field
    near = [field for field in known if _same_word("".join(core), _closed(field))]
    near = near or [field for field in known if _mistyped(said, _closed(field), kind, field)]
    return min(near, key=lambda field: (OSA.distance(said, _closed(field)), known.index(field)), default=None)


def no_field(kind: EntryKind, name: str) -> str | None:
    """What is wrong with the name of a field, if so."""
    if field := meant(kind, name):
        return f"{kind.noun} has no field {name[:50]!r}; did you mean {field}?"
    if "groups" not in kind.known and (name == "groups" or meant(KINDS["person"], name) == "groups"):
        return f"{kind.noun} has no field {name[:50]!r}: everybody would see it all the same"
    return None


def _words(name: str) -> list[str]:
    text = _HUMP.sub(" ", "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)))
    return _WORD.findall(text.replace("_", " ").casefold())


def _closed(name: str) -> str:
    return "".join(_words(name))


def _same_word(one: str, other: str) -> bool:
    """Singular and plural, and British spelling, are."""
    return bool(_numbers(one) & _numbers(other))


def _numbers(word: str) -> set[str]:
    word = word.replace("z", "s")
    return {word, *(word.removesuffix(end) for end in ("s", "es") if len(word) - len(end) >= _TYPO_LETTERS)}


def _mistyped(said: str, known: str, kind: EntryKind, field: str) -> bool:
    """Words of English are none, such as county for country, but where a mistake would publish somebody."""
    if min(len(said), len(known)) < _TYPO_LETTERS:
        return False
    most = 1 if len(known) < 2 * _TYPO_LETTERS else 2
    near = OSA.distance(said, known, score_cutoff=most) <= most
    return near and (field in kind.flags or plain(said) not in _english())


@cache
def _english() -> Dictionary:
    return Dictionary(("en",))
