"""Why two people should meet: what one looks for and the other has, and what both work on, with where it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Literal

from searchsvc.matching.likeness import Meets
from searchsvc.model import Resource
from searchsvc.register.register import Register

__all__ = ["Match", "Profile", "Reasons", "Said", "profiles_of", "reasons_for"]

Topic = Literal["need", "offer", "interest", "work", "goal"]

_MET = 0.45  # likeness from which an offer meets a need. In the sample register, below it more were wrong than right.
_SAME: Mapping[Topic, float] = {"interest": 0.6, "goal": 0.5, "work": 0.45}  # likewise, for both to be about the same
_SHARED = 0.5  # what a shared topic weighs beside a met need. Chosen, not tuned.
_OF_A_PROJECT = (
    0.8  # what a need or offer of a whole project weighs beside one's own; others of the project have it, too
)
_SHOWN = 2  # met needs of each side, and shared topics of each kind
_WORKS = 20  # the newest of each person; prolific people do not win by volume


@dataclass(frozen=True, slots=True)
class Said:
    """text: word for word. of: id of the person or project whose entry says it, or of the resource so called."""

    text: str
    topic: Topic
    of: str


@dataclass(frozen=True, slots=True)
class Match:
    """mine: the need, or what the first of two people is about. theirs: the offer, or what the second one is about."""

    mine: Said
    theirs: Said
    score: float


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
    """for_a: needs of a that b can meet. for_b: the other way round. shared: what both are about, a's side first."""

    for_a: tuple[Match, ...]
    for_b: tuple[Match, ...]
    shared: tuple[Match, ...]

    def __bool__(self) -> bool:
        return bool(self.for_a or self.for_b or self.shared)

    @property
    def fit(self) -> float:
        """0 to 1: 1 - product of (1 - score) over all reasons, so each one that is taken away makes it less."""
        scores = [one.score for one in (*self.for_a, *self.for_b)] + [_SHARED * one.score for one in self.shared]
        return 1 - prod(1 - min(1.0, score) for score in scores)

    @property
    def said(self) -> set[tuple[str, str]]:
        """What is looked for and what is had, and what both are about."""
        return {(one.mine.text, one.theirs.text) for one in (*self.for_a, *self.for_b, *self.shared)}


def profiles_of(register: Register, works: Mapping[str, Sequence[Resource]]) -> dict[str, Profile]:
    """works: id of a person -> their works, the newest first."""
    profiles = {}
    for person in register.people.values():
        projects = register.projects_of(person.id)
        needs = [Said(text, "need", person.id) for text in person.needs]
        needs += [Said(text, "need", project.id) for project in projects for text in project.needs]
        offers = [Said(text, "offer", person.id) for text in person.offers]
        offers += [Said(text, "offer", project.id) for project in projects for text in project.offers]
        topics = [Said(text, "interest", person.id) for text in person.interests]
        topics += [Said(project.goal, "goal", project.id) for project in projects if project.goal]
        topics += [Said(work.title, "work", work.id) for work in works.get(person.id, ())[:_WORKS] if work.title]
        profiles[person.id] = Profile(person.id, tuple(needs), tuple(offers), tuple(topics))
    return profiles


def reasons_for(a: Profile, b: Profile, *, alike: Callable[[str, str], float], meets: Meets) -> Reasons:
    """alike: of two texts, 0 to 1. meets: of a need and an offer, 0 to 1."""
    return Reasons(
        for_a=_best(_own_first(a, b, _matches(a.needs, b.offers, meets, _MET))),
        for_b=_best(_own_first(b, a, _matches(b.needs, a.offers, meets, _MET))),
        shared=tuple(one for topic, least in _SAME.items() for one in _best(_same(a, b, topic, alike, least))),
    )


def _own_first(seeker: Profile, giver: Profile, matches: Iterable[Match]) -> Iterator[Match]:
    for one in matches:
        own = (one.mine.of == seeker.person, one.theirs.of == giver.person)
        yield replace(one, score=one.score * _OF_A_PROJECT ** own.count(False))


def _same(a: Profile, b: Profile, topic: Topic, alike: Callable[[str, str], float], least: float) -> Iterator[Match]:
    """What is one thing for both, such as a work they share, is none that speaks for a meeting."""
    mine, theirs = ([one for one in profile.topics if one.topic == topic] for profile in (a, b))
    both = {one.of for one in mine} & {one.of for one in theirs}
    yield from _matches(
        [one for one in mine if one.of not in both], [one for one in theirs if one.of not in both], alike, least
    )


def _matches(
    mine: Iterable[Said], theirs: Sequence[Said], like: Callable[[str, str], float], least: float
) -> Iterator[Match]:
    for statement in mine:
        for other in theirs:
            if (score := like(statement.text, other.text)) >= least:
                yield Match(statement, other, score)


def _best(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The closest, in which nothing is said twice."""
    chosen: list[Match] = []
    said: set[str] = set()
    for match in sorted(matches, key=lambda match: (-match.score, match.mine.text, match.theirs.text)):
        if len(chosen) < _SHOWN and said.isdisjoint((match.mine.text, match.theirs.text)):
            chosen.append(match)
            said |= {match.mine.text, match.theirs.text}
    return tuple(chosen)
