"""Why two people should meet: what one looks for and the other has, and what both work on, with where it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from searchsvc.matching.judgement import BANDS, best_of_many
from searchsvc.model import Matrix, Resource
from searchsvc.register.model import Person
from searchsvc.register.register import Register

__all__ = ["Match", "Profile", "Reasons", "Said", "Topic", "profile_of", "reasons_for"]

Topic = Literal["need", "offer", "interest", "work", "goal"]

_SHARED: tuple[Topic, ...] = ("interest", "goal", "work")
_SHOWN = 2  # needs of each side
_ALIKE = BANDS.fair  # from which on what both are about is named; interests, of which people have many, from strong on
_WORKS = 20  # the newest of each person; prolific people do not win by volume


@dataclass(frozen=True, slots=True)
class Said:
    """text: word for word. of: id of the person or project whose entry says it, or of the resource so called."""

    text: str
    topic: Topic
    of: str


@dataclass(frozen=True, slots=True)
class Match:
    """mine: the need, or what the first of two people is about. theirs: the offer, or what the second one is about.

    score: for an order; of what both are about as `best_of_many`. clear: wording makes it plain, else it is a question.
    """

    mine: Said
    theirs: Said
    score: float
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What is said of a person: in their entry, in those of their projects, and by the titles of their works."""

    person: str
    needs: tuple[Said, ...]
    offers: tuple[Said, ...]
    topics: tuple[Said, ...]

    @property
    def texts(self) -> Iterator[str]:
        return (one.text for one in (*self.needs, *self.offers, *self.topics))


@dataclass(frozen=True, slots=True)
class Reasons:
    """for_a: needs of a that b may meet. for_b: the other way round. shared: what both are about, a's side first."""

    for_a: tuple[Match, ...]
    for_b: tuple[Match, ...]
    shared: tuple[Match, ...]

    def __bool__(self) -> bool:
        return bool(self.for_a or self.for_b or self.shared)

    def only(self, worth: Callable[[str, str], bool]) -> Reasons:
        """Less the needs and offers that are neither plain nor `worth` a question, and interests that only share the
        field; the best stays where nothing else speaks for a meeting."""
        for_a, for_b = (
            tuple(one for one in some if one.clear or worth(one.mine.text, one.theirs.text))
            for some in (self.for_a, self.for_b)
        )
        shared = tuple(one for one in self.shared if one.mine.topic != "interest" or one.score >= BANDS.strong)
        if for_a or for_b or shared:
            return Reasons(for_a, for_b, shared)
        best = max(self.shared or (*self.for_a, *self.for_b), key=lambda one: one.score, default=None)
        return Reasons(*(tuple(one for one in some if one is best) for some in (self.for_a, self.for_b, self.shared)))

    @property
    def said(self) -> set[frozenset[str]]:
        """What is looked for and what is had, and what both are about; the same with the sides changed."""
        return {frozenset((one.mine.text, one.theirs.text)) for one in (*self.for_a, *self.for_b, *self.shared)}


def profile_of(person: Person, register: Register, works: Sequence[Resource]) -> Profile:
    """works: the newest first."""
    projects = register.projects_of(person.id)
    needs = [Said(text, "need", person.id) for text in person.needs]
    needs += [Said(text, "need", project.id) for project in projects for text in project.needs]
    offers = [Said(text, "offer", person.id) for text in person.offers]
    offers += [Said(text, "offer", project.id) for project in projects for text in project.offers]
    topics = [Said(text, "interest", person.id) for text in person.interests]
    topics += [Said(project.goal, "goal", project.id) for project in projects if project.goal]
    topics += [Said(work.title, "work", work.id) for work in works[:_WORKS] if work.title]
    return Profile(person.id, tuple(needs), tuple(offers), tuple(topics))


Near = Callable[[Sequence[str], Sequence[str]], Matrix]
"""Texts (n) and others (m) -> how near, (n, m), by `judgement`."""
Alike = Callable[[Topic, Sequence[Said], Sequence[Said]], Matrix]
"""The same of interests, goals or works, in standard deviations above any two of the network."""


def reasons_for(a: Profile, b: Profile, *, meets: Near, alike: Alike, clear: Callable[[str, str], bool]) -> Reasons:
    """The best there are. meets: of needs and offers. alike: of what both are about."""
    return Reasons(
        for_a=_best(a.needs, b.offers, _by_text(meets), clear),
        for_b=_best(b.needs, a.offers, _by_text(meets), clear),
        shared=tuple(one for topic in _SHARED for one in _same(a, b, topic, alike)),
    )


def _same(a: Profile, b: Profile, topic: Topic, alike: Alike) -> Iterable[Match]:
    """What is one thing for both, such as a work they share, is none that speaks for a meeting."""
    mine, theirs = ([one for one in profile.topics if one.topic == topic] for profile in (a, b))
    both = {one.of for one in mine} & {one.of for one in theirs}
    mine, theirs = ([one for one in some if one.of not in both] for some in (mine, theirs))
    best = _best(mine, theirs, partial(alike, topic), lambda one, other: False, most=1)
    scored = (replace(one, score=best_of_many(one.score, len(mine) * len(theirs))) for one in best)
    return (one for one in scored if one.score > _ALIKE)


def _by_text(near: Near) -> Callable[[Sequence[Said], Sequence[Said]], Matrix]:
    return lambda mine, theirs: near([one.text for one in mine], [one.text for one in theirs])


def _best(
    mine: Sequence[Said], theirs: Sequence[Said], near: Callable[[Sequence[Said], Sequence[Said]], Matrix],
    clear: Callable[[str, str], bool], *, most: int = _SHOWN,
) -> tuple[Match, ...]:  # fmt: skip
    """The closest, in which nothing is said twice."""
    if not mine or not theirs:
        return ()
    values = near(mine, theirs)
    chosen: list[Match] = []
    said: set[str] = set()
    for at in np.argsort(-values, axis=None, kind="stable"):
        row, column = divmod(int(at), len(theirs))
        if len(chosen) == most or values[row, column] <= 0:
            break
        one, other = mine[row], theirs[column]
        if said.isdisjoint((one.text, other.text)):
            said |= {one.text, other.text}
            chosen.append(Match(one, other, float(values[row, column]), clear(one.text, other.text)))
    return tuple(sorted(chosen, key=lambda one: (not one.clear, -one.score)))
