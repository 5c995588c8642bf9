"""Titles, names and words of the archive that continue what is being typed. No encoder is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.lexicon import Lexicon, RegisterName
from searchsvc.search.lines import Lines
from searchsvc.search.words import Words
from searchsvc.text.folding import folded

__all__ = ["MAX_SUGGESTIONS", "SuggestedKind", "Suggester", "Suggestion"]

SuggestedKind = Literal["term", "title", "person", "organization", "project"]
_KINDS: tuple[SuggestedKind, ...] = ("term", "title", "person", "organization", "project")
MAX_SUGGESTIONS = 20
_SHORTEST = 2  # letters
_LONGEST = 200  # characters of what is typed; more is no beginning of anything
_SUPPORT = 2  # resources that have a term
_TERMS = 50  # most frequent ones, to choose from
_OF_A_KIND = 3  # suggestions of one kind while there are others


@dataclass(frozen=True, slots=True)
class Suggestion:
    """id: of the resource or of the register's entry; None for a term."""

    kind: SuggestedKind
    text: str
    id: str | None = None


_Found = tuple[int, int, int, str, Suggestion]  # how it continues, the kind's place, what goes first in a kind, text


class Suggester:
    """Safe to use from many threads."""

    def __init__(self, *, archive: ArchiveCache, words: Words) -> None:
        self._archive = archive
        self._words = words
        self._titles: tuple[Archive, Lines] | None = None
        self._names: tuple[tuple[RegisterName, ...], list[RegisterName], Lines] | None = None

    def suggest(self, typed: str, limit: int = 8) -> list[Suggestion]:
        """Best first; nothing under two letters. Accents and capitals do not matter."""
        wanted = folded(typed)
        if sum(map(str.isalnum, wanted)) < _SHORTEST or len(wanted) > _LONGEST:
            return []
        archive = self._archive.current()
        lexicon = self._words.of(archive)
        found = [*_terms(wanted, lexicon), *self._of_titles(wanted, archive), *self._of_names(wanted, lexicon)]
        ordered = [suggestion for *_, suggestion in sorted(found, key=lambda ranked: ranked[:4])]
        chosen: dict[Suggestion, None] = {}
        for most in (_OF_A_KIND, MAX_SUGGESTIONS):  # the second time to fill what is left
            counts = dict.fromkeys(_KINDS, 0)
            for suggestion in ordered:
                if len(chosen) < limit and counts[suggestion.kind] < most:
                    counts[suggestion.kind] += 1
                    chosen.setdefault(suggestion)
        return list(chosen)

    def _of_titles(self, typed: str, archive: Archive) -> Iterator[_Found]:
        if self._titles is None or self._titles[0] is not archive:
            self._titles = archive, Lines(tuple(archive.by_title))
        lines = self._titles[1]
        for rank, number in lines.continuing(typed):
            resource = archive.resources[min(archive.by_title[lines.lines[number]])]
            yield rank, 1, len(resource.title), resource.title, Suggestion("title", resource.title, resource.id)

    def _of_names(self, typed: str, lexicon: Lexicon) -> Iterator[_Found]:
        names = lexicon.names
        if self._names is None or self._names[0] is not names:
            pairs = [(name, form) for name in names for form in name.forms]
            self._names = names, [name for name, _ in pairs], Lines([form for _, form in pairs])
        _, owners, lines = self._names
        for rank, number in lines.continuing(typed):
            name = owners[number]
            for kind in _KINDS[2:]:
                if name.kind == kind:
                    yield rank, _KINDS.index(kind), len(name.text), name.text, Suggestion(kind, name.text, name.id)


def _terms(typed: str, lexicon: Lexicon) -> Iterator[_Found]:
    """Terms in many resources, but not in nearly all of them, go first."""
    resources = max(1, lexicon.resources)
    for count, term, shown in lexicon.starting(typed, _TERMS):
        if count >= _SUPPORT and term != typed:
            weight = count * math.log(1 + resources / count)
            yield 0, 0, -round(1000 * weight), term, Suggestion("term", shown)
