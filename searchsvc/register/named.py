"""Who or what of the register a query names: a whole name in it, or a part of one, or one with a typing error, alone.

    query                                    names
    Amara Okonjo, okonjo a, rings by amara okonjo      Amara C. Okonjo: order, initials, middle names do not matter
    okonjo, arden, arden institute                     a part that tells: the family name, or how the name begins
    okonyo                                             one letter is wrong
    health, prevention research                        nobody: words of the language, not names

A whole name of two words and more counts wherever it stands; everything else only where it is all that was typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from searchsvc.register.names import parsed
from searchsvc.register.register import HasRegister, Register
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.words import Words
from searchsvc.text.folding import folded

__all__ = ["MOST_NAMED", "NameFinder", "Named", "NamedKind", "Names", "named_in"]

NamedKind = Literal["person", "organization", "project"]
_KINDS: tuple[NamedKind, ...] = ("person", "organization", "project")
MOST_NAMED = 3  # more that have the same part of a name are not asked for by it
_LONGEST = 40  # words of a query in which names are looked for
_TYPO_WORDS = 6  # of a query whose typing errors are looked for
_TYPO_LETTERS = 4  # of a word that may have one; from twice as many on it may have two
_ALTERNATIVES = 3
_ARTICLES = frozenset("the le la les el los las o os as der die das il de het".split())  # noqa: SIM905
_ACRONYM = 2  # capitals


@dataclass(frozen=True, slots=True)
class Named:
    kind: NamedKind
    id: str
    name: str


@dataclass(frozen=True)
class Names:
    """All names of a register. forms: words of a name -> whose it is, by kind and id. acronyms: as they are written."""

    register: Register

    @cached_property
    def forms(self) -> Mapping[tuple[str, ...], frozenset[tuple[NamedKind, str]]]:
        forms: dict[tuple[str, ...], set[tuple[NamedKind, str]]] = defaultdict(set)
        for kind, entry_id, name in self._spoken():
            for words in {tuple(folded(name).split()), *(_ways(name) if kind == "person" else ())}:
                if words:
                    forms[words].add((kind, entry_id))
        return {words: frozenset(owners) for words, owners in forms.items()}

    @cached_property
    def by_word(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        by_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words in self.forms:
            for word in dict.fromkeys(words):
                by_word[word].append(words)
        return {word: tuple(some) for word, some in by_word.items()}

    @cached_property
    def families(self) -> Mapping[tuple[str, ...], frozenset[tuple[NamedKind, str]]]:
        """Words of family names, and of given names that are more than initials."""
        families: dict[tuple[str, ...], set[tuple[NamedKind, str]]] = defaultdict(set)
        for person in self.register.people.values():
            for name in map(parsed, person.names):
                parts = [tuple(name.family.split()), *((one,) for one in name.given if len(one) > 1)]
                for part in parts:
                    if part:
                        families[part].add(("person", person.id))
        return {words: frozenset(owners) for words, owners in families.items()}

    @cached_property
    def written(self) -> Mapping[str, frozenset[tuple[NamedKind, str]]]:
        """Names of one word as they are written."""
        written: dict[str, set[tuple[NamedKind, str]]] = defaultdict(set)
        for kind, entry_id, name in self._spoken():
            if len(name.split()) == 1:
                written[name].add((kind, entry_id))
        return {name: frozenset(owners) for name, owners in written.items()}

    def _spoken(self) -> Iterator[tuple[NamedKind, str, str]]:
        for person in self.register.people.values():
            yield from (("person", person.id, name) for name in person.names)
        for one in self.register.organizations.values():
            acronym = (one.acronym,) if one.acronym else ()
            yield from (("organization", one.id, name) for name in (*one.names, *acronym))
        for project in self.register.projects.values():
            yield "project", project.id, project.name


class NameFinder:
    """Safe to use from many threads."""

    def __init__(self, *, registry: HasRegister, words: Words, archive: ArchiveCache) -> None:
        self._registry = registry
        self._words = words
        self._archive = archive
        self._names: Names | None = None

    def named(self, typed: str) -> tuple[Named, ...]:
        """People, organizations and projects that are asked for by name, at most MOST_NAMED, the surest first.

        typed: a query without its operators. Nothing of hidden people is found.
        """
        register = self._registry.register
        names = self._names
        if names is None or names.register is not register:
            names = self._names = Names(register)
        archive = self._archive.current()
        return named_in(names, typed, lambda word: self._words.is_name(word, archive), self._words.dictionary_has)


def named_in(
    names: Names, typed: str, tells: Callable[[str], bool], is_word: Callable[[str], bool]
) -> tuple[Named, ...]:
    """tells: whether a word is a name, and no word of the language. is_word: whether it is no typing error."""
    asked = tuple(folded(typed).split())
    if not asked or len(asked) > _LONGEST:
        return ()
    found = _found(names, typed, asked, tells)
    if not found and len(asked) <= _TYPO_WORDS:
        for other in _corrected(names, asked, is_word):
            found |= dict.fromkeys(_found(names, "", other, tells))
    register = names.register
    return tuple(Named(kind, entry_id, register.names[entry_id]) for kind, entry_id in [*found][:MOST_NAMED])


def _found(
    names: Names, typed: str, asked: tuple[str, ...], tells: Callable[[str], bool]
) -> dict[tuple[NamedKind, str], None]:
    whole = names.forms.get(asked, frozenset()) if len(asked) > 1 or tells(asked[0]) else frozenset()
    bare = typed.strip()
    if sum(map(str.isupper, bare)) >= _ACRONYM:
        whole |= names.written.get(bare, frozenset())
    if whole:
        return _ordered(whole)
    inside = _inside(names, asked)
    if inside:
        return inside
    part = asked[1:] if len(asked) > 1 and asked[0] in _ARTICLES else asked
    if not any(map(tells, part)):
        return {}
    owners = set(names.families.get(part, ()))
    for words in names.by_word.get(part[0], ()):
        start = 1 if words[0] in _ARTICLES else 0
        if part in (words[: len(part)], words[start : start + len(part)]):
            owners |= names.forms[words]
    if len(part) > 1:
        for word in part:
            for words in names.by_word.get(word, ()):
                if _within(part, words) and 2 * len(part) >= len(words):
                    owners |= names.forms[words]
    return _ordered(owners) if len(owners) <= MOST_NAMED else {}


def _inside(names: Names, asked: tuple[str, ...]) -> dict[tuple[NamedKind, str], None]:
    """Whose name of two words and more stands in it; not of one that stands in a longer one."""
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    for at, word in enumerate(asked):
        for words in names.by_word.get(word, ()):
            if (
                len(words) > 1
                and words[0] == word
                and asked[at : at + len(words)] == words
                and max(map(len, words)) > 2
            ):
                spans.append((at, at + len(words), words))
    outer = [one for one in spans if not any(a <= one[0] and one[1] <= b and (a, b) != one[:2] for a, b, _ in spans)]
    return {owner: None for _, _, words in outer for owner in _ordered(names.forms[words])}


def _ways(name: str) -> Iterator[tuple[str, ...]]:
    """`Amara C. Okonjo` -> amara okonjo, okonjo amara, a okonjo, okonjo a and so on."""
    read = parsed(name)
    family = tuple(read.family.split())
    if not family or not read.given:
        return
    first = read.given[0]
    for given in {read.given, (first,), (first[0],), tuple(part[0] for part in read.given)}:
        yield (*given, *family)
        yield (*family, *given)
    initials = "".join(part[0] for part in read.given)
    yield (*family, initials)


def _corrected(names: Names, asked: Sequence[str], is_word: Callable[[str], bool]) -> Iterator[tuple[str, ...]]:
    """The same with what is in no name, and no word, replaced by words of names that are written nearly so."""
    choices: list[list[str]] = []
    for word in asked:
        near = [word]
        if word not in names.by_word and len(word) >= _TYPO_LETTERS and not word.isdigit() and not is_word(word):
            most = 1 if len(word) < 2 * _TYPO_LETTERS else 2
            alike = process.extract(
                word, [*names.by_word], scorer=OSA.distance, processor=None, score_cutoff=most, limit=_ALTERNATIVES
            )
            near = [other for other, _, _ in alike if len(other) >= _TYPO_LETTERS] or near
        choices.append(near)
    if all(some == [word] for some, word in zip(choices, asked, strict=True)):
        return
    yield from product(*choices)


def _within(part: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _ordered(owners: Iterable[tuple[NamedKind, str]]) -> dict[tuple[NamedKind, str], None]:
    return dict.fromkeys(sorted(owners, key=lambda one: (_KINDS.index(one[0]), one[1])))
