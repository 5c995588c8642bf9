"""Words that are names of somebody or of a place, and so name no subject."""

from __future__ import annotations

import re
from collections.abc import Iterable

from searchsvc.model import Resource
from searchsvc.register.register import Register

__all__ = ["name_words"]

_WORD = re.compile(r"[^\W\d_]+")
_PLACES = 2  # parts of an affiliation, from its end: a city and its country


def name_words(register: Register, works: Iterable[Resource]) -> frozenset[str]:
    """The words of names of people, authors, organizations and of the places where they are, in small letters.

    Acronyms of organizations are not among them: `HIV` may be what a topic is about.
    """
    authors = [author for one in works for author in one.shown_authors]
    people = [name for one in register.people.values() for name in one.names] + [author.name for author in authors]
    others: list[str | None] = []
    for one in register.organizations.values():
        others += [*one.names, one.city, one.country]
    for author in authors:
        others += (author.affiliation or "").split(",")[1:][-_PLACES:]
    words = {word for name in people for word in _WORD.findall(name)}
    words |= {word for name in others if name for word in _WORD.findall(name) if not word.isupper()}
    return frozenset(word.lower() for word in words)
