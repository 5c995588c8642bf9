"""What parties say and wrote, with that of those who stand behind them; what did not change is taken over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from searchsvc.matching.judgement import Said
from searchsvc.matching.needs import Wish
from searchsvc.matching.statements import Statements
from searchsvc.matching.wording import Words
from searchsvc.model import Matrix, Vector
from searchsvc.register.model import Person, Project
from searchsvc.register.register import Register

if TYPE_CHECKING:
    from searchsvc.matching.network import Judgement

__all__ = ["ByOwner", "Sayings", "by_owner", "wished"]

ByOwner = tuple[Mapping[str, list[Wish]], Mapping[str, list[Wish]]]


@dataclass(frozen=True, slots=True)
class Sayings:
    """What parties say, made of a register and their works, or taken over where nothing changed."""

    register: Register
    texts: Statements
    wishes: ByOwner
    works: Mapping[str, Vector]
    works_of_person: Mapping[str, tuple[str, ...]]
    works_of_project: Mapping[str, tuple[str, ...]]
    wording: Mapping[str, Words] | None
    before: Judgement | None

    def people(self) -> dict[str, Said]:
        known = self.before
        return {
            one.id: (
                known.said_by_people[one.id]
                if known
                and known.register.people.get(one.id) is one
                and _alike(known.register.projects_of(one.id), self.register.projects_of(one.id))
                and self._same_works(known, known.works_of_person.get(one.id, ()), self.works_of_person.get(one.id, ()))
                else self._of_person(one)
            )
            for one in self.register.people.values()
        }

    def projects(self) -> dict[str, Said]:
        known, people = self.before, self.register.people
        return {
            one.id: (
                known.said_by_projects[one.id]
                if known
                and known.register.projects.get(one.id) is one
                and all(known.register.people.get(it) is people.get(it) for it in one.people)
                and self._same_works(
                    known, known.works_of_project.get(one.id, ()), self.works_of_project.get(one.id, ())
                )
                else self._of_project(one)
            )
            for one in self.register.projects.values()
        }

    def _same_works(self, known: Judgement, before: tuple[str, ...], now: tuple[str, ...]) -> bool:
        return before == now and all(known.works.get(one) is self.works.get(one) for one in now)

    def _of_project(self, project: Project) -> Said:
        needs, offers = wished((project.id, *project.people), self.wishes)
        works = self._works(self.works_of_project.get(project.id, ()))
        topics = self.texts.vectors([project.goal]) if project.goal else _mean(works)
        return Said(needs, offers, topics, works, self._words(self.works_of_project.get(project.id, ())))

    def _of_person(self, person: Person) -> Said:
        projects = self.register.projects_of(person.id)
        needs, offers = wished((person.id, *(one.id for one in projects)), self.wishes)
        works = self._works(self.works_of_person.get(person.id, ()))
        interests = (
            person.interests or [one.goal for one in projects if one.goal] or ([person.role] if person.role else [])
        )
        words = self._words(self.works_of_person.get(person.id, ()))
        return Said(needs, offers, self.texts.vectors(interests), works, words)

    def _works(self, ids: Iterable[str]) -> Matrix:
        known = [self.works[one] for one in ids if one in self.works]
        return np.array(known, np.float32) if known else self.texts.vectors(())

    def _words(self, ids: Iterable[str]) -> Words | None:
        if self.wording is None:
            return None
        return Words.together([self.wording[one] for one in ids if one in self.wording])


def _alike(before: Sequence[object], now: Sequence[object]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def by_owner(wishes: Iterable[Wish]) -> dict[str, list[Wish]]:
    side: dict[str, list[Wish]] = defaultdict(list)
    for one in wishes:
        side[one.owner].append(one)
    return side


def wished(owners: Iterable[str], by_owner: ByOwner) -> tuple[tuple[Wish, ...], tuple[Wish, ...]]:
    needs, offers = by_owner
    every = tuple(owners)
    return (
        _different(one for it in every for one in needs.get(it, ())),
        _different(one for it in every for one in offers.get(it, ())),
    )


def _different(wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """What is said in the same words by a person and by their project counts once."""
    known: dict[str, Wish] = {}
    for one in wishes:
        known.setdefault(one.text.words.strip().casefold(), one)
    return tuple(known.values())


def _mean(rows: Matrix) -> Matrix:
    """(1, d) of unit length, or (0, d)."""
    if not len(rows):
        return rows
    middle: Matrix = rows.mean(axis=0, keepdims=True)
    return middle / (np.linalg.norm(middle) or 1.0)
