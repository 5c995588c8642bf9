"""Queries that cite a work: `Okonjo & Varga 2021`, `Okonjo, A., et al. (2021a)`, `Okonjo Varga`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from searchsvc.model import Resource
from searchsvc.text.folding import folded

__all__ = ["Citation", "citation_of"]

_YEAR = re.compile(r"\(?((?:1[5-9]|20)\d\d)[a-z]?\)?[.,;:]?")
_BETWEEN = frozenset(["&", "and", "et", "al", "und", "y", "e", "en", "i", "och", "og", "others", "colleagues"])
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}(?<=\.)[,;]?|[^\W\d_][,;]?")
_BARE_INITIALS = re.compile(r"[A-Z]{2,3}[,;]?")  # behind a name
_MOST_NAMES = 6
_SIGNS = ".,;:()[]"


@dataclass(frozen=True, slots=True)
class Citation:
    """names: as they were typed. year: None where there are two names."""

    names: tuple[str, ...]
    year: int | None

    def fits(self, resource: Resource) -> bool:
        """Whether these are authors' names, one of each author with the first or the last of theirs, and it is of that
        year.
        """
        if self.year is not None and resource.year != self.year:
            return False
        authors = [folded(author.name).split() for author in resource.shown_authors]
        meant = set[int]()
        for name in self.names:
            words = folded(name).split()
            found = [at for at, own in enumerate(authors) if set(words) <= set(own)]
            if not found:
                return False
            meant.update(at for at in found if {words[0], words[-1]} & {authors[at][0], authors[at][-1]})
        return len(meant) >= (1 if self.year is not None else 2)

    def begins(self, resource: Resource) -> bool:
        """Whether the first name is the first author's."""
        first = folded(resource.shown_authors[0].name).split() if resource.shown_authors else []
        return set(folded(self.names[0]).split()) <= set(first)


def citation_of(query: str) -> Citation | None:
    """None for what is no citation."""
    years: list[int] = []
    names: list[str] = []
    for one in query.split():
        if year := _YEAR.fullmatch(one):
            years.append(int(year[1]))
        elif _INITIALS.fullmatch(one) or (names and _BARE_INITIALS.fullmatch(one)):
            continue
        elif (name := one.strip(_SIGNS)) and name.casefold() not in _BETWEEN:
            names.append(name)
    if not 1 <= len(names) <= _MOST_NAMES or len(years) > 1 or len(names) + len(years) < 2:
        return None
    return Citation(tuple(names), years[0] if years else None) if all(map(_may_be_name, names)) else None


def _may_be_name(word: str) -> bool:
    return bool(folded(word)) and any(map(str.isalpha, word)) and not any(map(str.isdigit, word))
