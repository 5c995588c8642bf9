"""Who could help: people and organizations by needs and offers, by what they are about, and by their works.

An order and no verdict: `matching.judgement` says how near somebody is, `network.closeness` how near by ties; all that
is nearer than two people of this network usually are is shown, best first. How much was written plays no part beyond
the closest works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from searchsvc.errors import QueryError
from searchsvc.matching.covers import paid_for
from searchsvc.matching.judgement import BANDS, Said, met_of
from searchsvc.matching.needs import Met, Wish
from searchsvc.matching.network import Judge, Judgement
from searchsvc.model import Resource
from searchsvc.network.closeness import Closeness
from searchsvc.network.ways import Ways, WayStep
from searchsvc.people.contents import Contents, EncodedTexts, Read
from searchsvc.register.model import Person, Project
from searchsvc.register.register import HasRegister, Register
from searchsvc.register.ties import Tie, TieCache, TieKind
from searchsvc.remarks import Code, Remark
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.related.finder import Meeting, one_to_one, own_words
from searchsvc.search.relevance import Band
from searchsvc.text.folding import folded
from searchsvc.text.nearest import unknown

__all__ = [
    "AskedKind", "Collaborator", "CollaboratorFinder", "CollaboratorKind", "SuggestedCollaborators", "Whose",
    "whose_need",
]  # fmt: skip

CollaboratorKind = Literal["person", "organization"]
AskedKind = Literal["person", "project", "resource", "words"]
Whose = Literal["asker", "other"]
ASKER = ""  # the owner of what whoever asks needs and offers
MAX_LIMIT = 100
_WORKS = 20  # the newest of each, that are quoted
_TIES = 0.15  # what ties weigh where people say what they need; where nobody does, as much as all else
_WHY = 2  # passages shown for one suggestion
_MET = 3  # needs and offers
_ORGANIZATION_BEHIND = 0.05  # an organization comes after the person of it who fits best
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
    """Whoever asks. people: never suggested. organizations: theirs. said: what is compared."""

    kind: AskedKind
    id: str | None
    title: str
    works: tuple[Read, ...]
    statements: EncodedTexts
    said: Said
    people: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    funders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Tied:
    """Ties, and what is drawn from them alone."""

    ties: tuple[Tie, ...]
    ways: Ways
    closeness: Closeness
    by_person: Mapping[str, tuple[Tie, ...]]

    @classmethod
    def of(cls, ties: tuple[Tie, ...]) -> _Tied:
        by_person: dict[str, list[Tie]] = defaultdict(list)
        for tie in ties:
            by_person[tie.a].append(tie)
            by_person[tie.b].append(tie)
        return cls(ties, Ways.of(ties), Closeness.of(ties), {one: tuple(some) for one, some in by_person.items()})


@dataclass(frozen=True, slots=True)
class _Network:
    """One state of archive and register, with what is drawn from both."""

    archive: Archive
    register: Register
    works: Mapping[str, tuple[Resource, ...]]
    tied: _Tied
    judgement: Judgement


class CollaboratorFinder:
    """Safe to use from many threads."""

    def __init__(
        self,
        *,
        archive: ArchiveCache,
        registry: HasRegister,
        contents: Contents,
        judge: Judge,
        ties: TieCache,
    ) -> None:
        self._archive = archive
        self._registry = registry
        self._contents = contents
        self._judge = judge
        self._ties = ties
        self._cached: _Network | None = None

    # -- what can be asked --------------------------------------------------------------------------------------------

    def for_person(self, key: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """key: id, ORCID or a name that only one person has. Raises NotFoundError with the nearest names."""
        network = self._network()
        person = network.register.person(key)
        told = [*person.interests, *person.offers]
        told += [text for one in network.register.projects_of(person.id) for text in _told(one)]
        asked = _Asker(
            "person", person.id, person.name, self._reads(network.works.get(person.id, ())[:_WORKS]),
            self._contents.said(told), network.judgement.people.said[person.id],
            frozenset({person.id}), frozenset(person.organizations),
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
            network.judgement.projects.said[project.id], frozenset(project.people), frozenset(project.organizations),
            frozenset(network.register.funders_of(project)),
        )  # fmt: skip
        return self._found(asked, network, limit, partners)

    def for_resource(self, resource_id: str, *, limit: int = 10, partners: bool = False) -> SuggestedCollaborators:
        """Whom its authors should meet. Raises NotFoundError."""
        network = self._network()
        resource = network.archive.resources.get(resource_id)
        if resource is None:
            titles = {one.id: (one.title,) for one in network.archive.resources.values()}
            raise unknown("resource", resource_id, titles, how="`searchsvc search` shows ids", digits=True)
        people = frozenset(resource.people)
        asked = _Asker(
            "resource", resource.id, resource.title, self._reads([resource]),
            self._contents.said([resource.title] if not resource.passages else []),
            self._of_resource(resource, people, network.judgement),
            people=people, organizations=frozenset(resource.organizations),
        )  # fmt: skip
        return self._found(asked, network, limit, partners)

    def for_words(self, words: str, *, limit: int = 10) -> SuggestedCollaborators:
        """Who knows about this, or offers it."""
        if not words.strip():
            raise QueryError("say what a collaborator should know about, or name a person, a project or a resource.")
        network, texts = self._network(), self._judge.texts
        [text] = texts.of([words.strip()])
        row = texts.vectors([text.words])
        said = Said((Wish(ASKER, text),), (), row, row)
        asked = _Asker("words", None, text.words, (), self._contents.said([words]), said)
        return self._found(asked, network, limit, True)

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
        return self._network().tied.by_person.get(person_id, ())

    # -- comparing ----------------------------------------------------------------------------------------------------

    def _found(self, asked: _Asker, network: _Network, limit: int, partners: bool) -> SuggestedCollaborators:
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"limit is between 1 and {MAX_LIMIT}, not {limit}.")
        board = network.judgement.people
        scores = dict(zip(board.ids, (board.scores(asked.said)).tolist(), strict=True))
        if asked.kind != "words":
            near = network.tied.closeness.near(asked.people, board.ids)
            quiet = float(network.tied.closeness.known([asked.people])[0, 0]) if board.silent else _TIES
            scores = {key: scores[key] + quiet * float(tied) for key, tied in zip(board.ids, near, strict=True)}
        best: dict[str, str] = {}
        for key in sorted(scores.keys() - asked.people, key=lambda one: (-scores[one], one)):
            for organization in network.register.people[key].organizations:
                best.setdefault(organization, key)
        for key, theirs in network.judgement.organizations.items():
            own = board.score(asked.said, theirs) if theirs.needs or theirs.offers else -np.inf
            behind = scores[best[key]] - _ORGANIZATION_BEHIND if key in best else -np.inf
            scores[key] = max(own, behind)
            if own > behind:
                best.pop(key, None)
        found: list[Collaborator] = []
        for key in sorted(scores.keys() - asked.people, key=lambda one: (-scores[one], one not in board.said, one)):
            if scores[key] <= 0 or len(found) == limit:
                break
            if _says_no_more(key, best, network.register):
                continue
            person = network.register.people.get(key)
            partner = _partner(asked, person, network) if person else _partner_organization(asked, key, network)
            if partner is None or partners:
                make = self._person if person else self._organization
                found.append(make(key, asked, scores[key], network, partner, best.get(key)))
        return SuggestedCollaborators(asked.kind, asked.id, asked.title, tuple(found))

    def _person(
        self, key: str, asked: _Asker, score: float, network: _Network, partner: Remark | None, best: str | None
    ) -> Collaborator:
        person = network.register.people[key]
        works = self._reads(network.works.get(key, ())[:_WORKS])
        statements = self._contents.said([*person.interests, *person.offers])
        theirs = network.judgement.people.said[key]
        shared, new = self._shared(asked, statements, [one.text.words for one in theirs.offers])
        way = network.tied.ways.between(asked.people, person.id)
        against = []
        if not works:
            against.append(Remark("meet.no_work"))
        if not way and asked.people:
            against.append(Remark("meet.no_way"))
        return Collaborator(
            key, "person", person.name, person.role, person.organizations, BANDS.of(score) or "weak", round(score, 4),
            self._why(asked, works), self._met(asked, theirs, network), shared, new, way, tuple(against), partner,
        )  # fmt: skip

    def _organization(
        self, key: str, asked: _Asker, score: float, network: _Network, partner: Remark | None, best: str | None
    ) -> Collaborator:
        organization, theirs = network.register.organizations[key], network.judgement.organizations[key]
        statements = self._contents.said(
            [text for text in (organization.about, *organization.offers, *paid_for(organization)) if text]
        )
        shared, new = self._shared(asked, statements, [one.text.words for one in theirs.offers])
        behind = network.judgement.people.said[best] if best else theirs
        works = self._reads(network.works.get(best, ())[:_WORKS]) if best else ()
        return Collaborator(
            key, "organization", organization.name, organization.type, (), BANDS.of(score) or "weak", round(score, 4),
            self._why(asked, works), self._met(asked, behind, network), shared, new,
            network.tied.ways.between(asked.people, best) if best else (),
            () if network.register.members.get(key) else (Remark("meet.no_people"),), partner, (best,) if best else (),
        )  # fmt: skip

    def _met(self, asked: _Asker, theirs: Said, network: _Network) -> tuple[Met, ...]:
        """The asker's wishes are those of `ASKER`, whoever of theirs says so."""
        judgement = network.judgement
        mine_needs, mine_offers = (
            [Wish(ASKER, one.text) for one in some] for some in (asked.said.needs, asked.said.offers)
        )
        met = [
            *met_of(mine_needs, theirs.offers, judgement.centres, most=_MET, clear=judgement.clear),
            *met_of(theirs.needs, mine_offers, judgement.centres, most=_MET, clear=judgement.clear),
        ]
        worth = judgement.questions(met)
        return tuple(sorted(worth, key=lambda one: (not one.clear, -one.likeness))[:_MET])

    def _of_resource(self, resource: Resource, people: Iterable[str], judgement: Judgement) -> Said:
        """What its authors need and offer, and what it is about."""
        said = [judgement.people.said[one] for one in sorted(people) if one in judgement.people.said]
        row = judgement.works.get(resource.id)
        works = self._judge.texts.vectors([resource.title]) if row is None else row[None]
        needs = {one.text.words: one for it in said for one in it.needs}
        offers = {one.text.words: one for it in said for one in it.offers}
        words = judgement.wording.get(resource.id)
        return Said(tuple(needs.values()), tuple(offers.values()), works, works, words)

    def _shared(
        self, asked: _Asker, statements: EncodedTexts, offers: Sequence[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Their statements that are near what is asked about, and their offers that are not."""
        texts = statements.texts
        mine = np.concatenate([asked.statements.dense, *(one.dense for one in asked.works)])
        if not texts or not len(mine):
            return (), tuple(offers[:3])
        near = (statements.dense @ mine.T).max(axis=1)
        shared = [
            text for text, value in sorted(zip(texts, near, strict=True), key=lambda pair: -pair[1]) if value >= 0.55
        ]
        return tuple(shared[:3]), tuple(one for one in offers if one.strip() not in shared[:3])[:3]

    def _why(self, asked: _Asker, works: Sequence[Read]) -> tuple[Meeting, ...]:
        """Where the two meet: the closest passages of works of both, otherwise passages nearest to what is said."""
        theirs_rows = [(passage, row) for work in works for passage, row in zip(work.passages, work.dense, strict=True)]
        if not theirs_rows:
            return ()
        vectors = np.array([row for _, row in theirs_rows], np.float32)
        asked_rows = [
            (passage, row) for work in asked.works for passage, row in zip(work.passages, work.dense, strict=True)
        ]
        if asked_rows:
            own, others = own_words(
                [one.passage.text for one, _ in asked_rows], [one.passage.text for one, _ in theirs_rows]
            )
            cosines = np.array([asked_rows[at][1] for at in own], np.float32) @ vectors[others].T
            return tuple(
                Meeting(asked_rows[own[a]][0], theirs_rows[others[b]][0], value)
                for a, b, value in one_to_one(cosines, _WHY)
            )
        if not len(asked.statements.dense):
            return ()
        near = (vectors @ asked.statements.dense.T).max(axis=1)
        best = np.argsort(-near, kind="stable")[:_WHY]
        return tuple(Meeting(theirs_rows[at][0], theirs_rows[at][0], float(near[at])) for at in best)

    def _reads(self, resources: Iterable[Resource]) -> tuple[Read, ...]:
        read = (self._contents.read(one) for one in resources)
        return tuple(one for one in read if one.passages)

    def _network(self) -> _Network:
        archive, register, judgement = self._archive.current(), self._registry.register, self._judge.now()
        cached = self._cached
        if (
            cached is not None
            and cached.archive is archive
            and cached.register is register
            and cached.judgement is judgement
        ):
            return cached
        known = self._ties.current(register, archive)
        tied = cached.tied if cached and cached.tied.ties is known else _Tied.of(known)
        works = (
            cached.works
            if cached and cached.archive is archive and cached.register.people.keys() == register.people.keys()
            else register.works(archive.resources.values())
        )
        self._cached = _Network(archive, register, works, tied, judgement)
        return self._cached


def whose_need(met: Met) -> Whose:
    return "asker" if met.need.owner == ASKER else "other"


def _told(project: Project) -> list[str]:
    return [
        text for text in (project.name, project.goal, project.approach, project.population, *project.offers) if text
    ]


def _says_no_more(key: str, best: Mapping[str, str], register: Register) -> bool:
    """An organization of which the register knows nothing but people, of whom the nearest comes before it."""
    one = register.organizations.get(key)
    return bool(one and key in best and not (one.about or one.needs or one.offers or one.covers))


def _partner(asked: _Asker, person: Person, network: _Network) -> Remark | None:
    """How somebody of the asker's works with this person already."""
    if asked.kind == "words":
        return None
    for person_id in sorted(asked.people):
        kinds = {tie.kind for tie in network.tied.by_person.get(person_id, ()) if tie.other(person_id) == person.id}
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
    tied = {
        tie.other(one) for one in asked.people for tie in network.tied.by_person.get(one, ()) if tie.kind == "project"
    }
    return Remark("partner.with_it") if tied & set(network.register.members.get(key, ())) else None
