"""What groups of people work on: the words of their works and projects that tell one group from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from searchsvc.model import Resource
from searchsvc.naming.lexis import Lexis
from searchsvc.naming.names import name_words
from searchsvc.naming.words import named, terms_of
from searchsvc.register.register import Register

__all__ = ["subjects_of"]

# Read on 30 groups of 1,492 people: with .05 odd words of two titles stand first, and without _ALONE such as `towards`.
_COMMON = 0.08  # of a group's titles
_ALONE = 0.7  # about the 3,200 words that are the most frequent


def subjects_of(
    groups: Sequence[Sequence[str]], register: Register, works: Mapping[str, Sequence[Resource]]
) -> list[tuple[str, ...]]:
    """Of each group, in this order, the most telling words of titles of works and of names and goals of projects.

    groups: ids of people. works: person -> theirs. What belongs to people of several groups speaks for the group of
    most of them. Names of people, organizations and places are no subjects.
    """
    number = {person: at for at, people in enumerate(groups) for person in people}
    lexis, texts, labels = Lexis(), [], []
    for text, language, people in _said(register, works):
        of = Counter(number[one] for one in people if one in number)
        if of:
            texts.append(lexis.read(text, language))
            labels.append(min(of, key=lambda one: (-of[one], one)))
    if not texts:
        return [()] * len(groups)
    names = name_words(register, (one for own in works.values() for one in own))
    found = named(terms_of(lexis, texts), np.array(labels), without=names, common=_COMMON, alone=_ALONE)
    return [*found, *[()] * (len(groups) - len(found))]


def _said(
    register: Register, works: Mapping[str, Sequence[Resource]]
) -> Iterable[tuple[str, str | None, Sequence[str]]]:
    """What a work or a project is called, its language, and whose it is; each once, of copies of one work one."""
    seen: set[str] = set()
    for own in works.values():
        for one in own:
            if (key := one.copy_group or one.id) not in seen:
                seen.add(key)
                yield one.title, one.language, one.people
    for project in register.projects.values():
        yield f"{project.name}\n\n{project.goal or ''}", None, project.people
