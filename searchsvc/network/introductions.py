"""Whom to introduce to whom next: close a triangle, bridge two clusters, pull in somebody from the periphery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np

from searchsvc.matching.likeness import Likeness
from searchsvc.network.graph import Network, Pair, pair_of
from searchsvc.network.reasons import Profile, Reasons, reasons_for
from searchsvc.register.register import Register
from searchsvc.register.ties import Tie
from searchsvc.remarks import Remark
from searchsvc.text.folding import folded

__all__ = ["Aim", "GoBetween", "Ground", "Introduction", "introduction_id", "pair_with_id", "suggest"]

Aim = Literal["triangle", "bridge", "periphery"]

_BONUS: Mapping[Aim, float] = {"triangle": 0.2, "bridge": 0.3, "periphery": 0.3}  # chosen, not tuned
_ORGANIZATION, _PARTNERS, _NAME = (
    0.5,
    0.8,
    0.5,
)  # what is left of the score when it speaks against it. Chosen, not tuned.
_LEAST_FIT = 0.25  # two titles that are somewhat alike are no reason
_NEAREST = 15  # offers for each need, and people for each person, that are looked at closely
_OFTEN = 2  # one person, in a list for the whole network
_GO_BETWEENS = 2
_ID_DIGITS = 8  # of each person


@dataclass(frozen=True, slots=True)
class GoBetween:
    """Somebody who knows both, with their ties to each."""

    person: str
    with_a: tuple[Tie, ...]
    with_b: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Introduction:
    """a and b: ids of people who do not know each other, a < b. score: of use within one list only.

    against: what speaks against it.
    """

    id: str
    a: str
    b: str
    aims: tuple[Aim, ...]
    score: float
    reasons: Reasons
    go_betweens: tuple[GoBetween, ...]
    against: tuple[Remark, ...]


def introduction_id(a: str, b: str) -> str:
    """The same for the same two people, whichever comes first."""
    return "".join(map(_digits, pair_of(a, b)))


def pair_with_id(people: Collection[str], introduction: str) -> Pair | None:
    """The two of these people whose introduction has this id."""
    digits = {_digits(one): one for one in people}
    a, b = digits.get(introduction[:_ID_DIGITS]), digits.get(introduction[_ID_DIGITS:])
    return (a, b) if a and b and a < b else None


def _digits(person: str) -> str:
    return sha256(person.encode()).hexdigest()[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Ground:
    """What introductions stand on. likeness: of all texts of the profiles. cluster: the number of each person's.

    loose: of the network's shape.
    """

    register: Register
    network: Network
    profiles: Mapping[str, Profile]
    likeness: Likeness
    cluster: Mapping[str, int]
    loose: Collection[str]

    def introduction(self, a: str, b: str) -> Introduction:
        """Of any two people, whatever speaks for it or against it."""
        a, b = pair_of(a, b)
        network = self.network
        go_betweens = tuple(
            GoBetween(one, network.between(a, one), network.between(one, b))
            for one in network.in_common(a, b)[:_GO_BETWEENS]
        )
        aims = tuple(self._aims(a, b))
        reasons = reasons_for(self.profiles[a], self.profiles[b], alike=self.likeness, meets=self.likeness)
        left, against = _against(self.register, a, b, reasons)
        score = reasons.fit * (1 + sum(_BONUS[aim] for aim in aims)) * left
        return Introduction(introduction_id(a, b), a, b, aims, score, reasons, go_betweens, tuple(against))

    def _aims(self, a: str, b: str) -> Iterator[Aim]:
        if self.network.in_common(a, b):
            yield "triangle"
        if a in self.cluster and b in self.cluster and self.cluster[a] != self.cluster[b]:
            yield "bridge"
        if a in self.loose or b in self.loose:
            yield "periphery"


def suggest(
    ground: Ground, *, leave_out: Collection[Pair] = (), person: str | None = None, limit: int = 10
) -> list[Introduction]:
    """The best first. Two who know each other are never among them, nor two between whom there is hardly a reason.

    leave_out: pairs that were suggested before. person: only introductions of this one; otherwise nobody comes more
    than twice.
    """
    pairs = [
        (a, b) for a, b in sorted(_candidates(ground.profiles, ground.likeness, person))
        if not ground.network.graph.has_edge(a, b) and (a, b) not in leave_out
    ]  # fmt: skip
    found = [one for one in (ground.introduction(a, b) for a, b in pairs) if one.aims and one.reasons.fit >= _LEAST_FIT]
    found.sort(key=lambda one: (-one.score, one.a, one.b))
    return found[:limit] if person else list(_varied(found))[:limit]


def _candidates(profiles: Mapping[str, Profile], likeness: Likeness, person: str | None) -> set[Pair]:
    """Pairs worth a closer look: a need near an offer, or two people whose topics are near."""
    people = [one for one in profiles.values() if any(one.texts)]
    pairs = [*_near_topics(people, likeness), *_near_needs(people, likeness)]
    return {pair_of(a, b) for a, b in pairs if a != b and person in (None, a, b)}


def _near_topics(people: Sequence[Profile], likeness: Likeness) -> Iterator[Pair]:
    if not people:
        return
    means = np.stack([likeness.mean([one.text for one in profile.topics]) for profile in people])
    for row, profile in enumerate(people):
        for other in np.argsort(-(means @ means[row]), kind="stable")[: _NEAREST + 1]:
            yield profile.person, people[other].person


def _near_needs(people: Sequence[Profile], likeness: Likeness) -> Iterator[Pair]:
    offers = [(said.text, one.person) for one in people for said in one.offers]
    for profile in people if offers else ():
        if profile.needs:
            cosines = likeness.cosines([one.text for one in profile.needs], [text for text, _ in offers])
            for nearest in np.argsort(-cosines, axis=1, kind="stable")[:, :_NEAREST]:
                yield from ((profile.person, offers[at][1]) for at in nearest)


def _against(register: Register, a: str, b: str, reasons: Reasons) -> tuple[float, list[Remark]]:
    """What is left of the score, and why."""
    first, second = register.people[a], register.people[b]
    left = 1.0
    against: list[Remark] = []
    common = [it for it in first.organizations if it in second.organizations]
    if common:
        left *= _ORGANIZATION
        against.append(Remark("introduction.colleagues", {"organization": register.names.get(common[0], common[0])}))
    partners = [
        project.name for project in register.projects.values()
        if not common and not {*first.organizations}.isdisjoint(project.organizations)
        and not {*second.organizations}.isdisjoint(project.organizations)
    ]  # fmt: skip
    if partners:
        left *= _PARTNERS
        against.append(Remark("introduction.partners", {"project": partners[0]}))
    if {*map(folded, first.names)} & {*map(folded, second.names)}:
        left *= _NAME
        against.append(Remark("introduction.same_name"))
    for has, gets_none in ((reasons.for_a, second), (reasons.for_b, first)):
        if has and not reasons.shared and not (reasons.for_a and reasons.for_b):
            against.append(Remark("introduction.one_sided", {"name": gets_none.name}))
    return left, against


def _varied(introductions: Sequence[Introduction]) -> Iterator[Introduction]:
    """Without those in which somebody comes for the third time, and those that say little new."""
    counts: Counter[str] = Counter()
    said: set[tuple[str, str]] = set()
    for introduction in introductions:
        if max(counts[introduction.a], counts[introduction.b]) < _OFTEN and 2 * len(
            introduction.reasons.said & said
        ) <= len(introduction.reasons.said):
            counts.update((introduction.a, introduction.b))
            said |= introduction.reasons.said
            yield introduction
