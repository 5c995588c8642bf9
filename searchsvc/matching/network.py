"""What all of a network say and wrote, brought together for `judgement`; after an edit only what changed is encoded."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Protocol, TypeVar

import numpy as np

from searchsvc.catalogue import Decided
from searchsvc.matching.board import Board
from searchsvc.matching.covers import paid_for
from searchsvc.matching.judgement import (
    PRIOR_PAIRS,
    PRIOR_TEXTS,
    WEIGHTS,
    Centres,
    PartyKind,
    Said,
    Scale,
    middles_of,
)
from searchsvc.matching.nearest import Behind, Questions
from searchsvc.matching.needs import Clear, Wish, clear_by
from searchsvc.matching.sayings import ByOwner, Sayings, by_owner, wished
from searchsvc.matching.statements import Statements, TextRarity, rarity
from searchsvc.matching.wording import Words
from searchsvc.model import Matrix, Resource, Vector
from searchsvc.register.model import Organization, Person, Project
from searchsvc.register.register import HasRegister, Register
from searchsvc.search.archive import ArchiveCache

__all__ = ["Judge", "Judgement"]


_T = TypeVar("_T")


class WorkVectors(Protocol):
    """What resources are about."""

    def __call__(self, resources: Sequence[Resource], /) -> Mapping[str, Vector]:
        """id -> mean of its passages, of unit length; those without text are missing."""

    def mended(self) -> bool:
        """Some that were missing the last time are there now."""


class WorkWords(Protocol):
    """What stands in resources."""

    def __call__(self, resources: Sequence[Resource], /) -> Mapping[str, Words]:
        """id -> its words; those without text are missing."""


TopicKind = Literal["interest", "goal", "work"]
_SILENT = 0.1  # of the people say what they need or offer, at most, where the words of their works are compared
_SAMPLED = 500  # statements, by which it is told what is near
_STAYS = 0.01  # of the parties may have changed since it was measured what is near: it moves less than that


@dataclass(frozen=True)
class Judgement:
    """One state of a network. Boards are made when they are first asked for.

    before: an earlier state with the same centres, of which what did not change is taken over.
    """

    register: Register
    version: int
    texts: Statements
    needs: tuple[Wish, ...]
    offers: tuple[Wish, ...]
    works: Mapping[str, Vector]  # resource -> its vector
    works_of_person: Mapping[str, tuple[str, ...]]
    works_of_project: Mapping[str, tuple[str, ...]]
    centres: Centres
    said_by_people: Mapping[str, Said]
    said_by_projects: Mapping[str, Said]
    moved: int = 0  # parties that changed since the centres were measured
    scales: Mapping[PartyKind, tuple[Scale, ...]] = field(default_factory=dict)
    rare: TextRarity | None = None
    decided: Decided = field(default_factory=Decided)
    wording: Mapping[str, Words] = field(default_factory=dict)  # resource -> its words, where these are compared
    rare_words: TextRarity | None = None  # of words in works; it stays as long as the centres do

    def is_of_this_field(self, said: Said) -> bool:
        """Whether anything that is asked is as near to a statement of the network as its own are to each other.

        Nineteen in twenty of these have one of somebody else as near as that. Where there are few, what statements of
        no field reach among each other counts more.
        """
        rows = np.vstack([said.topics, _rows(said.needs, said.topics), _rows(said.offers, said.topics)])
        statements, owners = self._statements
        if not owners or not len(rows):
            return True
        return bool((rows @ statements.T).max() > self._nearest)

    @cached_property
    def _statements(self) -> tuple[Matrix, list[str]]:
        """All needs, offers, goals and interests, a row each, and whose they are."""
        register = self.register
        goals = {one.id: one.goal for one in register.projects.values() if one.goal}
        interests = [(one.id, text) for one in register.people.values() for text in one.interests]
        wishes = (*self.needs, *self.offers)
        told = self.texts.vectors([*goals.values(), *(text for _, text in interests)])
        return np.vstack([_rows(wishes, told), told]), [
            *(one.owner for one in wishes), *goals, *(owner for owner, _ in interests)
        ]  # fmt: skip

    @cached_property
    def _nearest(self) -> float:
        """The cosine with the nearest statement of another owner that all but the twentieth part reach."""
        rows, whose = self._statements
        neutral = self.texts.vectors(PRIOR_TEXTS)
        names = np.unique(whose, return_inverse=True)[1]
        sample = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLED)).astype(int)
        cosines = rows[sample] @ rows.T
        cosines[names[sample][:, None] == names[None, :]] = -1.0
        among_neutral = neutral @ neutral.T - 2 * np.eye(len(neutral), dtype=np.float32)
        own, prior = (float(np.quantile(one.max(axis=1), 0.05)) for one in (cosines, among_neutral))
        return (len(rows) * own + PRIOR_PAIRS * prior) / (len(rows) + PRIOR_PAIRS)

    def alike(self, topic: TopicKind, some: Matrix, others: Matrix) -> Matrix:
        """(n, m): how near statements or works are to each other, rows of unit length, in standard deviations above any
        two of the network."""
        middle, scale = self._topics[topic]
        return scale.standard((some - middle) @ (others - middle).T)

    @cached_property
    def _topics(self) -> Mapping[TopicKind, tuple[Vector, Scale]]:
        register = self.register
        goals = [one.goal for one in register.projects.values() if one.goal]
        interests = [text for one in register.people.values() for text in one.interests]
        rows: dict[TopicKind, tuple[Vector, Matrix]] = {
            "interest": (self.centres.topics["people"], self.texts.vectors(_sampled(interests))),
            "goal": (self.centres.topics["projects"], self.texts.vectors(_sampled(goals))),
            "work": (self.centres.work, np.array(_sampled([*self.works.values()]), np.float32)),
        }
        found: dict[TopicKind, tuple[Vector, Scale]] = {}
        for topic, (middle, some) in rows.items():
            less = some - middle if len(some) else np.zeros((0, len(middle)), np.float32)
            apart = (less @ less.T)[~np.eye(len(less), dtype=bool)]
            found[topic] = middle, Scale.of(apart.astype(np.float32, copy=False), self.centres.prior)
        return found

    def with_decided(self, decided: Decided) -> Judgement:
        """The same, of which only what somebody decided has changed."""
        made = replace(self, decided=decided)
        made.__dict__.update(
            {name: it for name, it in vars(self).items() if name not in ("decided", "clear", "questions")}
        )
        return made

    @cached_property
    def clear(self) -> Clear:
        return clear_by(self.rarity, self.decided).learned(self.texts.terms)

    @cached_property
    def questions(self) -> Questions:
        """What of needs and offers that may fit is worth a question."""
        return Questions(
            self.needs, self.offers, Behind(self.centres, self.about, self.entry), self.clear, self.together
        )

    @cached_property
    def together(self) -> Mapping[str, frozenset[str]]:
        """Who has part in whose needs and offers: people in their projects, and projects in those of their people."""
        found: dict[str, set[str]] = defaultdict(set)
        for project in self.register.projects.values():
            for person in project.people:
                found[person].add(project.id)
                found[project.id].add(person)
        return {one: frozenset(some) for one, some in found.items()}

    @cached_property
    def rarity(self) -> TextRarity:
        """Of terms in needs and offers; it stays as long as the centres do."""
        return self.rare or rarity(one.text.terms for one in (*self.needs, *self.offers))

    @cached_property
    def projects(self) -> Board:
        """Of each project its own needs and offers, and those of its people."""
        return self._board("projects", self.said_by_projects)

    @cached_property
    def people(self) -> Board:
        """Of each person their own needs and offers, and those of their projects."""
        return self._board("people", self.said_by_people)

    def _board(self, kind: PartyKind, said: Mapping[str, Said]) -> Board:
        return Board(
            kind, said, self.centres, scales=self.scales.get(kind), rare=self.rare_words if kind == "people" else None
        )

    def entry(self, owner: str) -> object:
        """Another object when the owner of needs and offers is about something else than before."""
        for said in (self.said_by_projects, self.said_by_people):
            if owner in said:
                return said[owner]
        return self.register.organizations.get(owner)

    def about(self, owner: str) -> Vector:
        """(d,) what an owner of needs and offers is about, less the mean of its kind; zeros where it is not known."""
        row = self._about.get(owner)
        return np.zeros_like(self.centres.need) if row is None else row

    @cached_property
    def _about(self) -> Mapping[str, Vector]:
        kinds: tuple[tuple[PartyKind, Mapping[str, Said]], ...] = (
            ("organizations", self.organizations), ("people", self.said_by_people), ("projects", self.said_by_projects),
        )  # fmt: skip
        return {
            owner: rows[0]
            for kind, said in kinds
            for owner, rows in zip(
                said, middles_of([one.topics for one in said.values()], self.centres.topics[kind]), strict=True
            )
            if len(rows)
        }

    def measured(self) -> dict[PartyKind, tuple[Scale, ...]]:
        """What is known by now of the distributions: they stay as long as the centres do."""
        made = {kind: self.__dict__[kind].scales for kind in WEIGHTS if kind in self.__dict__}
        return {**self.scales, **made}

    @cached_property
    def organizations(self) -> Mapping[str, Said]:
        return {one.id: self._of_organization(one) for one in self.register.organizations.values()}

    def _of_organization(self, one: Organization) -> Said:
        needs, offers = self._wished((one.id,))
        covers = tuple(Wish(one.id, text) for text in self.texts.of(paid_for(one)))
        nothing = self.texts.vectors(())
        return Said(needs, (*offers, *covers), self.texts.vectors([one.about]) if one.about else nothing, nothing)

    def _wished(self, owners: Iterable[str]) -> tuple[tuple[Wish, ...], tuple[Wish, ...]]:
        return wished(owners, self._by_owner)

    @cached_property
    def _by_owner(self) -> ByOwner:
        return by_owner(self.needs), by_owner(self.offers)


class Judge:
    """Keeps the judgement of the network as it is now. Safe to use from many threads."""

    def __init__(
        self,
        *,
        registry: HasRegister,
        archive: ArchiveCache,
        texts: Statements,
        works: WorkVectors,
        words: WorkWords = lambda resources: {},
        decided: Callable[[], Decided] = Decided,
    ) -> None:
        self._registry = registry
        self._archive = archive
        self.texts = texts
        self._works = works
        self._words = words
        self._decided = decided
        self._lock = threading.Lock()
        self._cached: Judgement | None = None

    def now(self) -> Judgement:
        """Encodes what it has not seen yet, in large batches: not for an event loop."""
        register, archive = self._registry.register, self._archive.current()
        with self._lock:
            known = self._cached
            decided = self._decided()
            stale = known is None or known.register is not register or known.version != archive.version
            if known is None or stale or self._works.mended():
                known = self._cached = self._made(register, archive.resources, archive.version, known, decided)
            elif known.decided != decided:
                known = self._cached = known.with_decided(decided)
            return known

    def _made(
        self,
        register: Register,
        resources: Mapping[str, Resource],
        version: int,
        before: Judgement | None,
        decided: Decided,
    ) -> Judgement:
        owners: list[Person | Organization | Project] = [
            *register.people.values(), *register.organizations.values(), *register.projects.values()
        ]  # fmt: skip
        said = {kind: [(one.id, text) for one in owners for text in getattr(one, kind)] for kind in ("needs", "offers")}
        topics = [text for one in register.people.values() for text in one.interests]
        topics += [one.goal for one in register.projects.values() if one.goal]
        topics += [text for one in register.projects.values() for text in (one.approach, one.population) if text]
        topics += [one.about for one in register.organizations.values() if one.about]
        self.texts.keep([*(text for some in said.values() for _, text in some), *topics, *PRIOR_TEXTS])
        needs, offers = (
            tuple(
                Wish(owner, text) for (owner, _), text in zip(some, self.texts.of([it for _, it in some]), strict=True)
            )
            for some in said.values()
        )
        copies: dict[str, dict[str, dict[str, str]]] = {"people": defaultdict(dict), "projects": defaultdict(dict)}
        wanted: dict[str, Resource] = {}
        linked = [one for one in resources.values() if one.people or one.projects]
        for one in sorted(linked, key=lambda it: (it.date or "", it.id), reverse=True):
            for kind, by in copies.items():
                for owner in getattr(one, kind):
                    if by[owner].setdefault(one.copy_group or one.id, one.id) == one.id:
                        wanted[one.id] = one
        works = self._works(list(wanted.values()))
        silent = _silent(register)
        wording = self._words(list(wanted.values())) if silent else None
        if before and (before.rare_words is not None) != silent:
            before = None
        of_person, of_project = ({owner: tuple(some.values()) for owner, some in by.items()} for by in copies.values())
        sayings = Sayings(
            register, self.texts, (by_owner(needs), by_owner(offers)), works, of_person, of_project, wording,
            before,
        )  # fmt: skip
        people, projects = sayings.people(), sayings.projects()
        moved = _changed(before, register, people, projects) if before else 0
        parties = len(people) + len(projects) + len(register.organizations)
        if before and before.moved + moved <= _STAYS * parties:
            return Judgement(
                register, version, self.texts, needs, offers, works, of_person, of_project, before.centres, people,
                projects, before.moved + moved, before.measured(), before.__dict__.get("rarity", before.rare), decided,
                wording or {}, before.rare_words,
            )  # fmt: skip
        vectors = self.texts.vectors
        neutral = vectors(PRIOR_TEXTS)
        vectors_of_works = np.array(list(works.values()), np.float32).reshape(len(works), neutral.shape[1])
        middles: dict[PartyKind, Matrix] = {
            "projects": _middles(projects.values(), neutral),
            "people": _middles(people.values(), neutral),
            "organizations": vectors([one.about for one in register.organizations.values() if one.about]),
        }
        centres = Centres.of(_rows(needs, neutral), _rows(offers, neutral), middles, vectors_of_works, neutral)
        return Judgement(
            register, version, self.texts, needs, offers, works, of_person, of_project, centres, people, projects,
            decided=decided, wording=wording or {},
            rare_words=None if wording is None else rarity(one.terms.tolist() for one in wording.values()),
        )  # fmt: skip


def _sampled(some: Sequence[_T]) -> Sequence[_T]:
    """Evenly from all."""
    return some[:: max(1, len(some) // _SAMPLED)]


def _silent(register: Register) -> bool:
    """Hardly anybody says what they need or offer, themselves or by their projects."""
    speaking = {one.id for one in register.people.values() if one.needs or one.offers}
    speaking.update(it for one in register.projects.values() if one.needs or one.offers for it in one.people)
    return len(speaking) <= _SILENT * len(register.people)


def _changed(before: Judgement, register: Register, people: Mapping[str, Said], projects: Mapping[str, Said]) -> int:
    """Parties that came, went or say something else."""
    kinds: tuple[tuple[Mapping[str, object], Mapping[str, object]], ...] = (
        (before.said_by_people, people),
        (before.said_by_projects, projects),
        (before.register.organizations, register.organizations),
    )
    count = 0
    for known, now in kinds:
        count += sum(known.get(one) is not it for one, it in now.items()) + len(known.keys() - now.keys())
    return count


def _rows(wishes: Sequence[Wish], like: Matrix) -> Matrix:
    rows: Matrix = np.array([one.text.vector for one in wishes], np.float32).reshape(len(wishes), like.shape[1])
    return rows


def _middles(parties: Iterable[Said], like: Matrix) -> Matrix:
    """(n, d): what each is about, of those of whom it is known."""
    rows = [one.topics.mean(axis=0) for one in parties if len(one.topics)]
    made: Matrix = np.array(rows, np.float32).reshape(len(rows), like.shape[1])
    return made
