"""Whom to introduce to whom next: close a triangle, bridge two clusters, pull in somebody from the periphery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

import numpy as np

from searchsvc.errors import UnknownError
from searchsvc.matching.needs import Wish
from searchsvc.matching.network import Judgement
from searchsvc.model import Matrix
from searchsvc.network.candidates import Candidates, Corners
from searchsvc.network.graph import Network, Pair, pair_of
from searchsvc.network.reasons import Profile, Reasons, Said, Topic, reasons_for
from searchsvc.register.register import Register
from searchsvc.register.ties import Tie
from searchsvc.remarks import Remark
from searchsvc.text.folding import folded
from searchsvc.text.nearest import nearest, unknown

__all__ = ["Aim", "GoBetween", "Ground", "Introduction", "introduction_id", "pair_with_id", "suggest"]

Aim = Literal["triangle", "bridge", "periphery"]

_ORGANIZATION, _PARTNERS, _NAME = 1.0, 0.3, 1.0  # standard deviations that are taken off when it speaks against it
_OFTEN = 2  # one person, in each ten of a list for the whole network
_PAGE = 10
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


def no_introduction(register: Register, introduction: str) -> UnknownError:
    """Near are those of two people of each of whom the digits are right or nearly so."""
    digits = {_digits(one): one for one in register.people}
    halves = (introduction[:_ID_DIGITS], introduction[-_ID_DIGITS:])
    first, second = (nearest(half, dict.fromkeys(digits, ()), digits=True) for half in halves)
    pairs = {pair_of(digits[a], digits[b]) for a in first for b in second if a != b}
    names = {introduction_id(a, b): (f"{register.names[a]} – {register.names[b]}",) for a, b in sorted(pairs)}
    return unknown("introduction", introduction, names, how="`searchsvc introductions` shows ids", digits=True)


def _digits(person: str) -> str:
    return sha256(person.encode()).hexdigest()[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class Ground:
    """What introductions stand on. cluster: the number of each person's. loose: of the network's shape."""

    register: Register
    network: Network
    profile: Callable[[str], Profile]
    judgement: Judgement
    candidates: Candidates
    cluster: Callable[[], Mapping[str, int]]
    loose: Collection[str]

    def introduction(self, a: str, b: str, score: float | None = None) -> Introduction:
        """Of any two people, whatever speaks for it or against it. score: when it is known already."""
        a, b = pair_of(a, b)
        network, board = self.network, self.judgement.people
        go_betweens = tuple(
            GoBetween(one, network.between(a, one), network.between(one, b))
            for one in network.in_common(a, b)[:_GO_BETWEENS]
        )
        reasons = reasons_for(self.profile(a), self.profile(b), meets=self._meets, alike=self._alike, clear=self._clear)
        less, against = _against(self.register, a, b, reasons)
        value = board.score(board.said[a], board.said[b]) if score is None else score
        return Introduction(
            introduction_id(a, b), a, b, tuple(self._aims(a, b)), value - less, reasons, go_betweens, tuple(against)
        )

    def shown(self, introductions: Sequence[Introduction]) -> list[Introduction]:
        """With the reasons that are worth showing."""
        texts, questions = self.judgement.texts, self.judgement.questions
        said = [one.mine for it in introductions for one in (*it.reasons.for_a, *it.reasons.for_b) if not one.clear]
        words = texts.of([one.text for one in said])
        questions.look_up(Wish(one.of, text) for one, text in zip(said, words, strict=True))
        made = []
        for one in introductions:
            reasons = one.reasons.only(questions.holds)
            against = tuple(_against(self.register, one.a, one.b, reasons)[1])
            made.append(replace(one, reasons=reasons, against=against))
        return made

    def _meets(self, needs: Sequence[str], offers: Sequence[str]) -> Matrix:
        vectors, centres = self.judgement.texts.vectors, self.judgement.centres
        near: Matrix = (vectors(needs) - centres.need) @ (vectors(offers) - centres.offer).T
        return self.judgement.clear.judged(near, needs, offers)

    def _alike(self, topic: Topic, some: Sequence[Said], others: Sequence[Said]) -> Matrix:
        """Works by what stands in them; a title alone leaves out most of it."""
        judgement = self.judgement
        if topic == "work":
            known = judgement.works
            titles = dict(zip(
                untold := [one.text for one in (*some, *others) if one.of not in known],
                judgement.texts.vectors(untold), strict=True,
            ))  # fmt: skip
            mine, theirs = (
                np.array([known[one.of] if one.of in known else titles[one.text] for one in side], np.float32)
                for side in (some, others)
            )
            return judgement.alike("work", mine, theirs)
        mine, theirs = (judgement.texts.vectors([one.text for one in side]) for side in (some, others))
        return judgement.alike("interest" if topic == "interest" else "goal", mine, theirs)

    def _clear(self, need: str, offer: str) -> bool:
        one, other = self.judgement.texts.of([need, offer])
        return self.judgement.clear(one, other)

    def _aims(self, a: str, b: str) -> Iterator[Aim]:
        if self.network.in_common(a, b):
            yield "triangle"
        cluster = self.cluster()
        if a in cluster and b in cluster and cluster[a] != cluster[b]:
            yield "bridge"
        if a in self.loose or b in self.loose:
            yield "periphery"


def suggest(
    ground: Ground, *, leave_out: Collection[Pair] = (), person: str | None = None, limit: int = 10
) -> list[Introduction]:
    """The best first. Two who know each other are never among them, nor two who are no nearer than any two.

    leave_out: pairs that were suggested before. person: only introductions of this one; otherwise nobody comes
    more than twice in ten, and no corner of the network more than once.
    """
    board = ground.judgement.people
    if person is None:
        pages = -(-limit // _PAGE)
        pairs = ground.candidates.best(4 * limit, leave_out, often=2 * _OFTEN * pages)
    else:
        scores = ground.candidates.near([board.rows[person]])[0]
        most = min(len(scores), limit + len(leave_out) + 1)
        best = np.argpartition(-scores, most - 1)[:most].tolist()
        near = {pair_of(person, board.ids[at]): float(scores[at]) for at in best if scores[at] > 0}
        left = [(pair, score) for pair, score in near.items() if pair not in leave_out]
        pairs = sorted(left, key=lambda one: (-one[1], one[0]))[: 4 * limit]
    found = [ground.introduction(*pair, score) for pair, score in pairs]
    found.sort(key=lambda one: (-one.score, one.a, one.b))
    if person:
        return ground.shown(found[:limit])
    return _varied(ground.shown(found), limit, ground.candidates.around)


def _against(register: Register, a: str, b: str, reasons: Reasons) -> tuple[float, list[Remark]]:
    """What is taken off the score, and why."""
    first, second = register.people[a], register.people[b]
    less = 0.0
    against: list[Remark] = []
    common = [it for it in first.organizations if it in second.organizations]
    if common:
        less += _ORGANIZATION
        against.append(Remark("introduction.colleagues", {"organization": register.names.get(common[0], common[0])}))
    theirs = {one for it in second.organizations for one in register.projects_at.get(it, ())}
    partners = [
        register.projects[one].name
        for it in first.organizations for one in register.projects_at.get(it, ())
        if not common and one in theirs
    ]  # fmt: skip
    if partners:
        less += _PARTNERS
        against.append(Remark("introduction.partners", {"project": partners[0]}))
    if {*map(folded, first.names)} & {*map(folded, second.names)}:
        less += _NAME
        against.append(Remark("introduction.same_name"))
    for has, gets_none in ((reasons.for_a, second), (reasons.for_b, first)):
        if has and not reasons.shared and not (reasons.for_a and reasons.for_b):
            against.append(Remark("introduction.one_sided", {"name": gets_none.name}))
    return less, against


def _varied(
    introductions: Sequence[Introduction], limit: int, around: Callable[[str], Iterable[str]]
) -> list[Introduction]:
    """Ten by ten: in each ten nobody comes for the third time, no corner of the network for the second, and nothing is
    said again, with the sides changed or not. What is put off comes later."""
    left = list(introductions)
    chosen: list[Introduction] = []
    while left and len(chosen) < limit:
        counts: Counter[str] = Counter()
        said: set[frozenset[str]] = set()
        corners = Corners(around, 1)
        ten: list[Introduction] = []
        for one in left:
            often = max(counts[one.a], counts[one.b]) >= _OFTEN
            new = not one.reasons.said or one.reasons.said - said
            if len(ten) < _PAGE and not often and new and corners.take((one.a, one.b)):
                counts.update((one.a, one.b))
                said |= one.reasons.said
                ten.append(one)
        chosen += ten
        taken = {one.id for one in ten}
        left = [one for one in left if one.id not in taken]
    return chosen[:limit]
