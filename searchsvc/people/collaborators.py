"""Who could help: people and organizations by what they know, and by what one needs and the other offers.

    who asks ── works, projects, statements ── passages near them in the archive ── people of these ┐
                                            └─ people whose statements are near ───────────────────┴─ compared in full

A person is worth an introduction for knowing about the same (`expertise`), and more so when an offer meets a need, in
either direction. How much was written plays no part beyond the closest works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from searchsvc.errors import NotFoundError, QueryError
from searchsvc.filters import Filter
from searchsvc.matching.needs import MEETS, Met, Wish, meetings_of
from searchsvc.matching.statements import Statements, TextRarity
from searchsvc.matching.statements import rarity as word_rarity
from searchsvc.model import Resource
from searchsvc.network.ways import Ways, WayStep
from searchsvc.people.contents import Contents, EncodedTexts, Read
from searchsvc.people.expertise import Content, WorkRarity, closeness, kinship, rarity_of, weighed
from searchsvc.register.model import Organization, Person, Project
from searchsvc.register.register import HasRegister, Register
from searchsvc.register.ties import Tie, TieKind, ties
from searchsvc.remarks import Code, Remark
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.related.finder import Meeting, one_to_one
from searchsvc.search.relevance import Band, Bands
from searchsvc.store.protocol import DenseQuery, Store
from searchsvc.text.folding import folded

__all__ = [
    "AskedKind", "Collaborator", "CollaboratorFinder", "CollaboratorKind", "SuggestedCollaborators", "Whose",
    "whose_need",
]  # fmt: skip

CollaboratorKind = Literal["person", "organization"]
AskedKind = Literal["person", "project", "resource", "words"]
Whose = Literal["asker", "other"]
MAX_LIMIT = 50
_NEAR = 60  # passages looked up for each of the asker's
_ASKED_ROWS = 24  # passages and statements of the asker that are looked up
_CANDIDATES = 150  # people that are compared in full
_WHY = 2  # passages shown for one suggestion
# On the sample archive's 27 topics, nDCG@10 without the bands' lower end: knowledge alone .653, with what needs and
# offers say .680 at .25, .689 at .5, .710 at 1 and .719 at 1.5. Read off the same topics, so less than 1.5 is taken.
_MET_WEIGHT = 1.0
_ORGANIZATION_BEHIND = 0.03  # an organization comes after the person of it who fits best
# Of the topics, weak from .36 on shows 66% of who is relevant, from .27 on 89% (nDCG@10 .620 and .682); words of other
# fields reach .30 at most.
_BANDS = Bands(0.62, 0.48, 0.27)
_TOGETHER: Mapping[TieKind, Code] = {  # ties that make partners
    "co-authorship": "partner.work",
    "project": "partner.project",
    "organization": "partner.colleague",
    "introduced": "partner.introduced",
}


@dataclass(frozen=True, slots=True)
class Collaborator:
    """Somebody worth an introduction, and all that a coordinator needs to check it.

    why: passages of the asker's and theirs that meet, or, for words, passages of theirs alone (`Meeting.here` is
    there's own).
    met: needs that offers meet; the owner of a need is "asker" or "other". shared: statements of theirs that are near
    the asker's. new: what they bring besides.
    way: from somebody of the asker's to them by ties; empty when there is none. against: what speaks against it.
    """

    id: str
    kind: CollaboratorKind
    name: str
    role: str | None
    organizations: tuple[str, ...]
    band: Band
    score: float
    why: tuple[Meeting, ...]
    met: tuple[Met, ...]
    shared: tuple[str, ...]
    new: tuple[str, ...]
    way: tuple[WayStep, ...]
    against: tuple[Remark, ...]
    partner: Remark | None = None  # how they work together already
    people: tuple[str, ...] = ()  # of an organization, whom to talk to


@dataclass(frozen=True, slots=True)
class SuggestedCollaborators:
    """kind: of what was asked about. title: what people read."""

    kind: AskedKind
    id: str | None
    title: str
    collaborators: tuple[Collaborator, ...]


@dataclass(frozen=True, slots=True)
class _Asker:
    """Whoever asks. people: never suggested. organizations: theirs."""

    kind: AskedKind
    id: str | None
    title: str
    works: tuple[Read, ...]
    statements: EncodedTexts
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    funders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Profile:
    """What is known of a person or an organization. told: statements and the texts of projects."""

    works: tuple[Read, ...]
    told: tuple[EncodedTexts, ...]
    needs: tuple[str, ...]
    offers: tuple[str, ...]
    statements: EncodedTexts


@dataclass(frozen=True)
class _Network:
    """One state of archive and register, with what is drawn from both."""

    archive: Archive
    register: Register
    works: Mapping[str, tuple[Resource, ...]]
    ties: tuple[Tie, ...]
    ways: Ways
    members: Mapping[str, tuple[str, ...]]
    words: TextRarity  # over all needs and offers
    by_person: Mapping[str, tuple[Tie, ...]] = field(default_factory=dict)


class CollaboratorFinder:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        archive: ArchiveCache,
        store: Store,
        registry: HasRegister,
        contents: Contents,
        texts: Statements,
    ) -> None:
        self._archive = archive
        self._store = store
        self._registry = registry
        self._contents = contents
        self._texts = texts
        self._cached: _Network | None = None

    # -- what can be asked --------------------------------------------------------------------------------------------

    def for_person(self, key: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """key: id, ORCID or a name that only one person has. Raises NotFoundError with the nearest names."""
        network = self._network()
        person = network.register.person(key)
        profile = self._person(person, network)
        asked = _Asker(
            "person", person.id, person.name, profile.works,
            self._contents.said([*profile.statements.texts, *(text for one in profile.told for text in one.texts)]),
            profile.needs, profile.offers, frozenset({person.id}), frozenset(person.organizations),
            frozenset(
                funder
                for project in network.register.projects_of(person.id)
                for funder in network.register.funders_of(project)
            ),
        )  # fmt: skip
        return self._found(asked, network, limit, partners)

    def for_project(self, key: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """key: id or name. Raises NotFoundError with the nearest names."""
        network = self._network()
        project = network.register.project(key)
        works = [one for one in network.archive.resources.values() if project.id in one.projects]
        asked = _Asker(
            "project", project.id, project.name, self._reads(works), self._contents.said(_told(project)),
            project.needs, project.offers, frozenset(project.people), frozenset(project.organizations),
            frozenset(network.register.funders_of(project)),
        )  # fmt: skip
        return self._found(asked, network, limit, partners)

    def for_resource(self, resource_id: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """Whom its authors should meet. Raises NotFoundError."""
        network = self._network()
        resource = network.archive.resources.get(resource_id)
        if resource is None:
            raise NotFoundError(f"no resource has the id {resource_id!r}; `searchsvc search` shows ids.")
        people = frozenset(resource.people)
        asked = _Asker(
            "resource", resource.id, resource.title, self._reads([resource]),
            self._contents.said([resource.title] if not resource.passages else []),
            people=people, organizations=frozenset(resource.organizations),
        )  # fmt: skip
        return self._found(asked, network, limit, partners)

    def for_words(self, words: str, *, limit: int = 10) -> SuggestedCollaborators:
        """Who knows about this, or offers it."""
        if not words.strip():
            raise QueryError("say what a collaborator should know about, or name a person, a project or a resource.")
        asked = _Asker("words", None, words.strip(), (), self._contents.said([words]), needs=(words.strip(),))
        return self._found(asked, self._network(), limit, True)

    def for_any(self, about: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """An id or the full name of a person or project, the id of a resource, or, when it is none of these, words."""
        network, name = self._network(), folded(about)
        register = network.register
        people = [one.id for one in register.people.values() if name in map(folded, one.names)]
        projects = [one.id for one in register.projects.values() if name == folded(one.name)]
        if about in register.people or about in register.redirects or len(people) == 1:
            return self.for_person(people[0] if people else about, limit=limit, partners=partners)
        if people:
            return self.for_person(about, limit=limit, partners=partners)  # says whose name it is
        if about in register.projects or projects:
            return self.for_project(projects[0] if projects else about, limit=limit, partners=partners)
        if about in network.archive.resources:
            return self.for_resource(about, limit=limit, partners=partners)
        return self.for_words(about, limit=limit)

    # -- who knows whom -----------------------------------------------------------------------------------------------

    def ties_of(self, person_id: str) -> tuple[Tie, ...]:
        """All that the person shares with others who are shown, as it is now."""
        return self._network().by_person.get(person_id, ())

    # -- comparing ----------------------------------------------------------------------------------------------------

    def _found(self, asked: _Asker, network: _Network, limit: int, partners: bool) -> SuggestedCollaborators:
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"limit is between 1 and {MAX_LIMIT}, not {limit}.")
        chosen = self._candidates(asked, network)
        people = [network.register.people[person_id] for person_id in chosen]
        profiles = {one.id: self._person(one, network) for one in people}
        organizations = {
            key: self._organization(network.register.organizations[key], network)
            for key in self._of_interest(chosen, asked, network)
        }
        rarity = _rarity(asked, [*profiles.values(), *organizations.values()])
        rows = _contents_of(asked.works, (asked.statements,), rarity)
        scored = [
            collaborator
            for person in people
            if (collaborator := self._compared(asked, rows, profiles[person.id], rarity, network, person)) is not None
        ]
        best: dict[str, Collaborator] = {}
        for collaborator in scored:
            for organization in collaborator.organizations:
                if organization not in best or best[organization].score < collaborator.score:
                    best[organization] = collaborator
        scored += [
            collaborator
            for key, profile in organizations.items()
            if (collaborator := self._of_organization(key, profile, asked, rows, rarity, network, best.get(key)))
            is not None
        ]
        shown = [one for one in scored if partners or one.partner is None]
        ranked = sorted(shown, key=lambda one: (-one.score, one.kind != "person", one.id))
        return SuggestedCollaborators(asked.kind, asked.id, asked.title, tuple(ranked[:limit]))

    def _compared(
        self,
        asked: _Asker,
        rows: Sequence[Content],
        theirs: _Profile,
        rarity: WorkRarity,
        network: _Network,
        person: Person,
    ) -> Collaborator | None:
        score, met = self._score(asked, rows, theirs, rarity, network)
        band = _BANDS.of(score)
        if band is None:
            return None
        shared, new = self._shared(asked, theirs)
        way = network.ways.between(asked.people, person.id)
        against = []
        if not theirs.works:
            against.append(Remark("meet.no_work"))
        if not way and asked.people:
            against.append(Remark("meet.no_way"))
        return Collaborator(
            person.id, "person", person.name, person.role, person.organizations, band, score,
            self._why(asked, theirs), met, shared, new, way, tuple(against), _partner(asked, person, network),
        )  # fmt: skip

    def _of_organization(
        self, key: str, theirs: _Profile, asked: _Asker, rows: Sequence[Content], rarity: WorkRarity, network: _Network,
        best: Collaborator | None,
    ) -> Collaborator | None:  # fmt: skip
        organization = network.register.organizations[key]
        score, met = self._score(asked, rows, theirs, rarity, network)
        if best is not None and best.score - _ORGANIZATION_BEHIND > score:
            score, met = best.score - _ORGANIZATION_BEHIND, best.met
        band = _BANDS.of(score)
        if band is None:
            return None
        shared, new = self._shared(asked, theirs)
        partner = _partner_organization(asked, key, network)
        return Collaborator(
            key, "organization", organization.name, organization.type, (), band, score,
            best.why if best else (), met, shared, new, best.way if best else (),
            () if network.members.get(key) else (Remark("meet.no_people"),), partner, (best.id,) if best else (),
        )  # fmt: skip

    def _score(
        self, asked: _Asker, rows: Sequence[Content], theirs: _Profile, rarity: WorkRarity, network: _Network
    ) -> tuple[float, tuple[Met, ...]]:
        columns = _contents_of(theirs.works, theirs.told, rarity)
        near = (
            np.array([closeness(row, columns) for row in rows], np.float32)
            if rows and columns
            else np.zeros((0, 0), np.float32)
        )
        knowledge = max(0.0, kinship(near))
        met = [
            *meetings_of(self._wishes("asker", asked.needs), self._wishes("other", theirs.offers), network.words),
            *meetings_of(self._wishes("other", theirs.needs), self._wishes("asker", asked.offers), network.words),
        ]
        met.sort(key=lambda one: (-one.likeness, one.need.text.words, one.offer.text.words))
        most = max((one.likeness for one in met), default=MEETS)
        return round(knowledge + _MET_WEIGHT * (most - MEETS), 4), tuple(met[:3])

    def _wishes(self, owner: Whose, texts: Sequence[str]) -> list[Wish]:
        return [Wish(owner, one) for one in self._texts.of([text for text in texts if text.strip()])]

    def _shared(self, asked: _Asker, theirs: _Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Their statements that are near what is asked about, and their offers that are not."""
        texts = theirs.statements.texts
        mine = np.concatenate([asked.statements.dense, *(one.dense for one in asked.works)])
        if not texts or not len(mine):
            return (), theirs.offers[:3]
        near = (theirs.statements.dense @ mine.T).max(axis=1)
        shared = [
            text for text, value in sorted(zip(texts, near, strict=True), key=lambda pair: -pair[1]) if value >= 0.55
        ]
        return tuple(shared[:3]), tuple(one for one in theirs.offers if one.strip() not in shared[:3])[:3]

    def _why(self, asked: _Asker, theirs: _Profile) -> tuple[Meeting, ...]:
        """Where the two meet: the closest passages of works of both, otherwise passages nearest to what is said."""
        theirs_rows = [
            (passage, row) for work in theirs.works for passage, row in zip(work.passages, work.dense, strict=True)
        ]
        if not theirs_rows:
            return ()
        vectors = np.array([row for _, row in theirs_rows], np.float32)
        asked_rows = [
            (passage, row) for work in asked.works for passage, row in zip(work.passages, work.dense, strict=True)
        ]
        if asked_rows:
            cosines = np.array([row for _, row in asked_rows], np.float32) @ vectors.T
            return tuple(
                Meeting(asked_rows[a][0], theirs_rows[b][0], value) for a, b, value in one_to_one(cosines, _WHY)
            )
        if not len(asked.statements.dense):
            return ()
        near = (vectors @ asked.statements.dense.T).max(axis=1)
        best = np.argsort(-near, kind="stable")[:_WHY]
        return tuple(Meeting(theirs_rows[at][0], theirs_rows[at][0], float(near[at])) for at in best)

    # -- candidates ---------------------------------------------------------------------------------------------------

    def _candidates(self, asked: _Asker, network: _Network) -> list[str]:
        """Ids of people, those with the nearest passages and statements first."""
        rows = np.concatenate([asked.statements.dense, *(one.dense for one in asked.works)])
        if not len(rows):
            return []
        chosen = rows[np.linspace(0, len(rows) - 1, min(len(rows), _ASKED_ROWS)).astype(int)]
        nearest: dict[str, float] = defaultdict(float)
        for found in self._store.query([DenseQuery(row, _NEAR, Filter()) for row in chosen]):
            for candidate in found:
                resource = network.archive.resources.get(candidate.resource_id)
                for person in resource.people if resource else ():
                    nearest[person] = max(nearest[person], candidate.score)
        everybody = [one for one in network.register.people.values() if one.id not in asked.people]
        self._contents.said([text for one in everybody for text in _statements(one)])  # encoded in one go
        told = [self._contents.said(_statements(one)) for one in everybody]
        for one, said in zip(everybody, told, strict=True):
            if len(said.dense):
                nearest[one.id] = max(nearest[one.id], float((said.dense @ rows.T).max()))
        known = [key for key in nearest if key in network.register.people and key not in asked.people]
        return sorted(known, key=lambda key: (-nearest[key], key))[:_CANDIDATES]

    def _of_interest(self, people: Iterable[str], asked: _Asker, network: _Network) -> list[str]:
        register = network.register
        theirs = {one for person in people for one in register.people[person].organizations}
        alone = {one.id for one in register.organizations.values() if not network.members.get(one.id)}
        return sorted(one for one in theirs | alone if one in register.organizations)

    # -- profiles -----------------------------------------------------------------------------------------------------

    def _person(self, person: Person, network: _Network) -> _Profile:
        projects = network.register.projects_of(person.id)
        told = [self._contents.said(_statements(person))]
        told += [self._contents.said(_told(project)) for project in projects]
        return _Profile(
            self._reads(network.works.get(person.id, ())), tuple(one for one in told if one.texts),
            _of_all(person.needs, *(one.needs for one in projects)),
            _of_all(person.offers, *(one.offers for one in projects)),
            self._contents.said([*person.interests, *person.offers]),
        )  # fmt: skip

    def _organization(self, one: Organization, network: _Network) -> _Profile:
        said = self._contents.said([text for text in (one.about, *one.offers, *one.covers) if text])
        return _Profile((), (said,) if said.texts else (), one.needs, (*one.offers, *one.covers), said)

    def _reads(self, resources: Iterable[Resource]) -> tuple[Read, ...]:
        read = (self._contents.read(one) for one in resources)
        return tuple(one for one in read if one.passages)

    def _network(self) -> _Network:
        archive, register = self._archive.current(), self._registry.register
        cached = self._cached
        if cached is not None and cached.archive is archive and cached.register is register:
            return cached
        resources = list(archive.resources.values())
        tied = ties(register, resources)
        members: dict[str, list[str]] = defaultdict(list)
        for person in register.people.values():
            for organization in person.organizations:
                members[organization].append(person.id)
        by_person: dict[str, list[Tie]] = defaultdict(list)
        for tie in tied:
            by_person[tie.a].append(tie)
            by_person[tie.b].append(tie)
        self._cached = _Network(
            archive, register, register.works(resources), tied, Ways.of(tied),
            {one: tuple(members.get(one, ())) for one in register.organizations},
            word_rarity(self._texts.terms(text) for text in _wishes_of(register)),
            {one: tuple(some) for one, some in by_person.items()},
        )  # fmt: skip
        return self._cached


def whose_need(met: Met) -> Whose:
    return "asker" if met.need.owner == "asker" else "other"


def _contents_of(works: Sequence[Read], told: Sequence[EncodedTexts], rarity: WorkRarity) -> list[Content]:
    parts: list[Read | EncodedTexts] = [*works, *told]
    return [Content(one.dense, weighed(one.counts, rarity)) for one in parts if len(one.dense)]


def _rarity(asked: _Asker, profiles: Sequence[_Profile]) -> WorkRarity:
    works = {one.resource.id: one.counts for profile in profiles for one in profile.works}
    works |= {one.resource.id: one.counts for one in asked.works}
    told = [one.counts for profile in profiles for one in profile.told]
    return rarity_of([*works.values(), *told])


def _statements(person: Person) -> list[str]:
    return [text for text in (person.role, *person.interests, *person.offers) if text]


def _told(project: Project) -> list[str]:
    return [
        text for text in (project.name, project.goal, project.approach, project.population, *project.offers) if text
    ]


def _of_all(*some: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for texts in some for one in texts))


def _wishes_of(register: Register) -> list[str]:
    owners: list[Person | Project | Organization] = [
        *register.people.values(),
        *register.projects.values(),
        *register.organizations.values(),
    ]
    return [text for one in owners for text in (*one.needs, *one.offers) if text.strip()]


def _partner(asked: _Asker, person: Person, network: _Network) -> Remark | None:
    """How somebody of the asker's works with this person already."""
    if asked.kind == "words":
        return None
    for person_id in sorted(asked.people):
        kinds = {tie.kind for tie in network.by_person.get(person_id, ()) if tie.other(person_id) == person.id}
        for kind, code in _TOGETHER.items():
            if kind in kinds:
                return Remark(code, {"name": network.register.people[person_id].name})
    if asked.organizations & set(person.organizations):
        return Remark("partner.organization")
    if asked.funders & set(person.organizations):
        return Remark("partner.funder")
    return None


def _partner_organization(asked: _Asker, key: str, network: _Network) -> Remark | None:
    """How somebody of the asker's works with this organization already."""
    if asked.kind == "words":
        return None
    if key in asked.organizations:
        return Remark("partner.own")
    if key in asked.funders:
        return Remark("partner.funds")
    tied = {tie.other(one) for one in asked.people for tie in network.by_person.get(one, ()) if tie.kind == "project"}
    return Remark("partner.with_it") if tied & set(network.members.get(key, ())) else None
