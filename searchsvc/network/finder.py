"""The network as it is now, and the introductions that would tie it closer. What became of them is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from searchsvc.catalogue import Catalogue, Remembered, Status
from searchsvc.errors import QueryError
from searchsvc.matching.network import Judge
from searchsvc.model import Resource
from searchsvc.network.between import bridges_of, gaps_of
from searchsvc.network.candidates import Candidates
from searchsvc.network.closeness import Closeness
from searchsvc.network.clusters import Cluster, clusters_of, colours_of, groups_of, regrouped
from searchsvc.network.graph import Network, Pair, PathStep, moved_between, pair_of
from searchsvc.network.growth import Growth, growth_of
from searchsvc.network.introductions import Ground, Introduction, no_introduction, pair_with_id, suggest
from searchsvc.network.layout import Place, laid_out
from searchsvc.network.reasons import Profile, profile_of
from searchsvc.network.shape import Shape, loose_of, shape_of
from searchsvc.network.subjects import subjects_of
from searchsvc.register.register import HasRegister, Register
from searchsvc.register.ties import Tie, TieCache
from searchsvc.search.archive import Archive, ArchiveCache

__all__ = ["NetworkFinder", "Picture"]


_AGAIN = 0.01  # of the people may be tied otherwise before groups are found anew


@dataclass(frozen=True, slots=True)
class _Groups:
    """As they were found, and who is tied otherwise since."""

    groups: tuple[tuple[str, ...], ...]
    moved: frozenset[str]


@dataclass(frozen=True)
class _Tied:
    """What follows from people and their ties alone, so that it stays when only words are edited."""

    people: tuple[str, ...]
    ties: tuple[Tie, ...]
    network: Network
    kept: _Groups | None = None  # of an earlier state

    @classmethod
    def of(cls, people: tuple[str, ...], ties: tuple[Tie, ...], register: Register, before: _Tied | None) -> _Tied:
        network = Network.of(register, ties)
        kept = None
        if before and (before.kept or "groups" in before.__dict__):
            known = before.kept or _Groups(before.groups, frozenset())
            moved = known.moved | moved_between(before.network, network)
            kept = _Groups(known.groups, moved) if len(moved) <= _AGAIN * len(people) else None
        return cls(people, ties, network, kept)

    @cached_property
    def closeness(self) -> Closeness:
        return Closeness.of(self.ties)

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        kept = self.kept
        return regrouped(kept.groups, self.network, kept.moved) if kept else groups_of(self.network)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        return laid_out(self.network, self.groups)

    @cached_property
    def loose(self) -> frozenset[str]:
        return frozenset(loose_of(self.network))

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.network, self.groups)

    @cached_property
    def growth(self) -> Growth:
        return growth_of(self.network)


@dataclass(frozen=True)
class Picture:
    """One state of register, archive and accepted introductions, and what follows from it."""

    register: Register
    archive: Archive
    accepted: tuple[Tie, ...]
    tied: _Tied

    @property
    def network(self) -> Network:
        return self.tied.network

    @property
    def ties(self) -> tuple[Tie, ...]:
        return self.tied.ties

    @property
    def shape(self) -> Shape:
        return self.tied.shape

    @property
    def growth(self) -> Growth:
        return self.tied.growth

    @property
    def places(self) -> Mapping[str, Place]:
        """Where everybody stands in a picture."""
        return self.tied.places

    @cached_property
    def bridges(self) -> tuple[str, ...]:
        return bridges_of(self.network, self.cluster)

    @cached_property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        return gaps_of(self.network, self.tied.groups, self.cluster)

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        groups = self.tied.groups
        return clusters_of(self.network, self.register, groups, subjects_of(groups, self.register, self.works))

    @cached_property
    def colours(self) -> tuple[int, ...]:
        """Of each cluster the number of its colour."""
        return colours_of(self.clusters)

    @cached_property
    def cluster(self) -> Mapping[str, int]:
        """id of a person -> number of their cluster; without those who are in none."""
        return {person: number for number, one in enumerate(self.tied.groups) for person in one}

    def profile(self, person: str) -> Profile:
        return profile_of(self.register.people[person], self.register, self.works.get(person, ()))

    @cached_property
    def works(self) -> Mapping[str, tuple[Resource, ...]]:
        return self.register.works(self.archive.resources.values())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """id of a resource -> its title, of those that are the evidence of a tie or the work of somebody."""
        return {one.id: one.title for one in self.archive.resources.values() if one.people}


class NetworkFinder:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        archive: ArchiveCache,
        registry: HasRegister,
        judge: Judge,
        ties: TieCache,
        now: Callable[[], str],
    ) -> None:
        """now: ISO 8601."""
        self._catalogue = catalogue
        self._archive = archive
        self._registry = registry
        self._judge = judge
        self._ties = ties
        self._now = now
        self._cached: Picture | None = None
        self._grounds: tuple[Picture, Ground] | None = None

    # -- the network --------------------------------------------------------------------------------------------------

    def picture(self) -> Picture:
        """The network now."""
        register, archive = self._registry.register, self._archive.current()
        accepted = tuple(
            Tie(*pair, "introduced", one.id, one.at[:10])
            for one in self._catalogue.introductions.all()
            if one.status == "accepted" and (pair := _shown(register, one))
        )
        known = self._cached
        if (
            known is None
            or known.register is not register
            or known.archive is not archive
            or known.accepted != accepted
        ):
            tied = known.tied if known else None
            people, ties = tuple(sorted(register.people)), (*self._ties.current(register, archive), *accepted)
            if tied is None or tied.people != people or tied.ties != ties:
                tied = _Tied.of(people, ties, register, tied)
            known = self._cached = Picture(register, archive, accepted, tied)
        return known

    def path(self, source: str, target: str) -> tuple[Picture, str, str, tuple[PathStep, ...] | None]:
        """The picture, the two people's ids, and the way between them. Raises NotFoundError and QueryError."""
        picture = self.picture()
        a, b = picture.register.person(source).id, picture.register.person(target).id
        if a == b:
            raise QueryError(f"{source} and {target} are one person; give two.")
        return picture, a, b, picture.network.path(a, b)

    # -- introductions ------------------------------------------------------------------------------------------------

    def suggest(
        self, *, person: str | None = None, limit: int = 10, again: bool = False
    ) -> tuple[Picture, list[tuple[Introduction, Remembered | None]]]:
        """The next introductions, each with what is remembered of it. again: those that were suggested before, too.

        Raises NotFoundError.
        """
        picture = self.picture()
        chosen = picture.register.person(person).id if person else None
        before = self._remembered(picture.register)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: picture.cluster)  # in a large network it takes half as long as all else
            found = suggest(self._ground(picture), leave_out=() if again else set(before), person=chosen, limit=limit)
        return picture, [(one, before.get((one.a, one.b))) for one in found]

    def introduction(self, introduction: str) -> tuple[Picture, Introduction, Remembered | None]:
        """Any one by its id. Raises NotFoundError."""
        picture = self.picture()
        before = self._known(introduction)
        a, b = self._pair(picture, introduction, before)
        ground = self._ground(picture)
        return picture, ground.shown([ground.introduction(a, b)])[0], before

    def remember(self, introductions: Sequence[Introduction]) -> list[Remembered]:
        """Note them as suggested, unless more is known of them already."""
        before = {one.id for one in self._catalogue.introductions.all()}
        new = [
            Remembered(one.id, one.a, one.b, "suggested", self._now()) for one in introductions if one.id not in before
        ]
        self._catalogue.introductions.put(*new)
        return new

    def mark(self, introduction: str, status: Status, note: str | None = None) -> tuple[Picture, Remembered]:
        """Note what became of an introduction; without a note, the one that was there stays. Raises NotFoundError."""
        picture = self.picture()
        before = self._known(introduction)
        pair = self._pair(picture, introduction, before)
        kept = before.note if before and note is None else note
        now = Remembered(introduction, *pair, status, self._now(), kept or None)
        self._catalogue.introductions.put(now)
        return self.picture(), now

    def remembered(self, status: Status | None = None) -> tuple[Picture, list[Remembered]]:
        """What became of those between people who are shown, the latest first."""
        picture = self.picture()
        every = self._catalogue.introductions.all()
        return picture, [
            Remembered(one.id, *pair, one.status, one.at, one.note)
            for one in every if status in (None, one.status) and (pair := _shown(picture.register, one))
        ]  # fmt: skip

    def _remembered(self, register: Register) -> dict[Pair, Remembered]:
        """By the two people as they are now; of several, the latest."""
        every = reversed(self._catalogue.introductions.all())
        return {pair: one for one in every if (pair := _shown(register, one))}

    def _known(self, introduction: str) -> Remembered | None:
        return {one.id: one for one in self._catalogue.introductions.all()}.get(introduction)

    def _pair(self, picture: Picture, introduction: str, before: Remembered | None) -> Pair:
        register = picture.register
        pair = _shown(register, before) if before else pair_with_id(register.people, introduction)
        if pair is None:
            raise no_introduction(register, introduction)
        return pair

    def _ground(self, picture: Picture) -> Ground:
        known, judgement = self._grounds, self._judge.now()
        if known is None or known[0] is not picture or known[1].judgement is not judgement:
            ground = Ground(
                register=picture.register,
                network=picture.network,
                profile=picture.profile,
                judgement=judgement,
                candidates=Candidates(
                    judgement.people, picture.tied.closeness, picture.network,
                    known[1].candidates.scored if known else None,
                ),
                cluster=lambda: picture.cluster,
                loose=picture.tied.loose,
            )  # fmt: skip
            known = self._grounds = (picture, ground)
        return known[1]


def _shown(register: Register, one: Remembered) -> Pair | None:
    """The two people as they are now; None when one is hidden or gone, or the two turned out to be one."""
    a, b = (register.redirects.get(person, person) for person in (one.a, one.b))
    return pair_of(a, b) if a != b and a in register.people and b in register.people else None
