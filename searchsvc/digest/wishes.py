"""What a person looks for, or the whole network, in the words of the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from searchsvc.digest.model import Wish
from searchsvc.register.model import Person
from searchsvc.register.register import Register
from searchsvc.text.folding import folded

__all__ = ["MOST", "of_network", "of_person"]

MOST = 40  # wishes that are asked for; a search takes some hundredths of a second


def of_person(person: Person, register: Register) -> list[Wish]:
    """Needs first, then interests, then what their projects need and are for."""
    projects = [one for one in register.projects.values() if person.id in one.people]
    return _distinct(
        [
            *(Wish(one, "need") for one in person.needs),
            *(Wish(one, "interest") for one in person.interests),
            *(Wish(one, "need") for project in projects for one in project.needs),
            *(Wish(one.goal, "goal") for one in projects if one.goal),
        ]
    )


def of_network(register: Register) -> list[Wish]:
    """What most people and projects need or are interested in."""
    said = list(_said(register))
    often = Counter(folded(one.words) for one in said)
    return _distinct(sorted(said, key=lambda one: (-often[folded(one.words)], one.kind != "need")))


def _said(register: Register) -> Iterator[Wish]:
    for owners in (register.people, register.projects, register.organizations):
        for owner in owners:
            yield from (Wish(one, "need") for one in register.wishes(owner, "needs"))
    for person in register.people.values():
        yield from (Wish(one, "interest") for one in person.interests)


def _distinct(wishes: Iterable[Wish]) -> list[Wish]:
    kept: dict[str, Wish] = {}
    for one in wishes:
        if one.words.strip():
            kept.setdefault(folded(one.words), one)
    return list(kept.values())[:MOST]
