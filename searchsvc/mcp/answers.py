"""The API's answers as those of the tools. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from searchsvc.api.people.schemas import CollaboratorBody, CollaboratorsBody, ExchangeBody, WayStepBody, WhyBody
from searchsvc.api.projects.schemas import ComplementaryBody, ComplementBody, GapsBody, MetNeedBody, UnmetNeedBody
from searchsvc.api.register.schemas import PeopleBody, PersonBody, PersonSummaryBody
from searchsvc.api.resources.schemas import ResourceBody, SurroundedPassageBody
from searchsvc.api.schemas import NamedBody, PassageBody
from searchsvc.api.search.schemas import HitBody, RelatedBody, SearchBody
from searchsvc.mcp.schemas import (
    Collaborator,
    CollaboratorsAnswer,
    Complement,
    ComplementaryAnswer,
    Differs,
    FoundAnswer,
    GapsAnswer,
    Hit,
    Meeting,
    Met,
    Named,
    NamedEntry,
    Passage,
    PassageAnswer,
    PeopleAnswer,
    PersonAnswer,
    PersonListed,
    Quote,
    RelatedAnswer,
    RelatedResource,
    Resource,
    SameWork,
    Unfunded,
    Unmet,
    Work,
)
from searchsvc.text.folding import folded

__all__ = ["Answers"]

_SECTIONS = {"person": "people", "organization": "organizations", "project": "projects"}


@dataclass(frozen=True, slots=True)
class Answers:
    """base: where people open the service's pages, such as https://archive.example.org; None: nowhere."""

    base: str | None

    def found(self, body: SearchBody) -> FoundAnswer:
        return FoundAnswer(
            total=body.total, at_least=body.at_least, nothing_relevant=body.nothing_relevant,
            searched=(body.did_you_mean or body.query) if body.corrected else body.query,
            named=[
                NamedEntry(id=one.id, name=one.name, kind=one.kind, link=self._page(_SECTIONS[one.kind], one.id))
                for one in body.named
            ],
            hits=[self._hit(one) for one in body.hits],
        )  # fmt: skip

    def passage(self, body: SurroundedPassageBody) -> PassageAnswer:
        return PassageAnswer(
            resource=Resource(**self._resource(body.resource)), passage=self._passage(body.passage),
            before=[self._passage(one) for one in body.before], after=[self._passage(one) for one in body.after],
        )  # fmt: skip

    def related(self, body: RelatedBody) -> RelatedAnswer:
        return RelatedAnswer(
            related=[
                RelatedResource(
                    **self._resource(one.resource), band=one.band,
                    meetings=[
                        Meeting(here=self._passage(met.here), there=self._passage(met.there)) for met in one.meetings
                    ],
                )
                for one in body.related
            ]
        )  # fmt: skip

    def people(self, body: PeopleBody, words: str, *, limit: int, offset: int) -> PeopleAnswer:
        """words: that a name, a role or an organization's name must have, each of them; all people without any."""
        wanted = folded(words).split()
        chosen = [one for one in body.people if _mentions(one, wanted)]
        return PeopleAnswer(
            total=len(chosen), people=[PersonListed(**self._person(one)) for one in chosen[offset : offset + limit]]
        )

    def person(self, body: PersonBody) -> PersonAnswer:
        return PersonAnswer(
            **self._person(body), aliases=body.aliases, orcid=body.orcid, interests=body.interests, offers=body.offers,
            needs=body.needs, projects=self._named("projects", body.projects),
            works=[
                Work(
                    id=one.id, title=one.title, kind=one.kind, date=one.date, reason=one.reason,
                    link=self._page("resources", one.id),
                )
                for one in body.works
            ],
        )  # fmt: skip

    def collaborators(self, body: CollaboratorsBody) -> CollaboratorsAnswer:
        return CollaboratorsAnswer(
            asked_for=body.title, collaborators=[self._collaborator(one, body.title) for one in body.collaborators]
        )

    def complementary(self, body: ComplementaryBody) -> ComplementaryAnswer:
        return ComplementaryAnswer(
            project=self._one("projects", body.project) if body.project else None,
            suggestions=[self._complement(one) for one in body.suggestions],
            same_work=[
                SameWork(
                    id=one.project.id, name=one.project.name, link=self._page("projects", one.project.id), sure=one.sure
                )
                for one in body.duplicates
            ],
        )

    def gaps(self, body: GapsBody, limit: int) -> GapsAnswer:
        return GapsAnswer(
            needs=body.needs, unmet_total=len(body.unmet), unmet=[_unmet(one) for one in body.unmet[:limit]],
            unfunded=[
                Unfunded(projects=self._named("projects", one.projects), goals=one.goals)
                for one in body.unfunded[:limit]
            ],
        )  # fmt: skip

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _page(self, section: str, key: str) -> str | None:
        return self._link(f"/{section}/{quote(key, safe='')}")

    def _link(self, path: str) -> str | None:
        return f"{self.base}{path}" if self.base else None

    def _one(self, section: str, body: NamedBody) -> Named:
        return Named(id=body.id, name=body.name, link=self._page(section, body.id))

    def _named(self, section: str, bodies: Iterable[NamedBody]) -> list[Named]:
        return [self._one(section, one) for one in bodies]

    def _resource(self, body: ResourceBody) -> Mapping[str, Any]:
        return {
            "id": body.id, "title": body.title, "kind": body.kind, "authors": [one.name for one in body.authors],
            "date": body.date, "link": self._page("resources", body.id),
        }  # fmt: skip

    def _passage(self, body: PassageBody) -> Passage:
        return Passage(id=body.id, text=body.text, place=body.locator.label, link=self._link(body.href))

    def _hit(self, body: HitBody) -> Hit:
        return Hit(
            **self._resource(body.resource), band=body.band, only_words=body.only_words, summary=body.resource.summary,
            passages=[self._passage(one) for one in body.passages],
        )  # fmt: skip

    def _person(self, body: PersonSummaryBody) -> Mapping[str, Any]:
        return {
            "id": body.id, "name": body.name, "role": body.role, "link": self._page("people", body.id),
            "organizations": self._named("organizations", body.organizations),
        }  # fmt: skip

    def _collaborator(self, body: CollaboratorBody, asker: str) -> Collaborator:
        return Collaborator(
            id=body.id, name=body.name, link=self._page(_SECTIONS[body.kind], body.id), kind=body.kind, role=body.role,
            organizations=self._named("organizations", body.organizations), band=body.band,
            met=[_exchange(one, asker, body.name) for one in body.met], shared=body.shared, new=body.new,
            evidence=[self._quote(one) for one in body.why], way=[_step(one) for one in body.way],
            against=body.against, partner=body.partner,
        )  # fmt: skip

    def _quote(self, body: WhyBody) -> Quote:
        there = body.there
        return Quote(
            resource=self._one("resources", there.resource), text=there.passage.text,
            place=there.passage.locator.label, link=self._link(there.passage.href),
        )  # fmt: skip

    def _complement(self, body: ComplementBody) -> Complement:
        return Complement(
            id=body.project.id, name=body.project.name, link=self._page("projects", body.project.id), band=body.band,
            goal_here=body.goals.here, goal_there=body.goals.there,
            differs=[Differs(aspect=one.aspect, here=one.here, there=one.there) for one in body.differs],
            met=[_met(one) for one in body.met], against=body.against, people=self._named("people", body.people),
        )  # fmt: skip


def _mentions(body: PersonSummaryBody, wanted: Iterable[str]) -> bool:
    text = folded(" ".join([body.name, body.role or "", *(one.name for one in body.organizations)]))
    return all(word in text for word in wanted)


def _exchange(body: ExchangeBody, asker: str, other: str) -> Met:
    needs, offers = (asker, other) if body.whose == "asker" else (other, asker)
    return Met(need=body.need, offer=body.offer, needed_by=needs, offered_by=offers, clear=body.clear)


def _met(body: MetNeedBody) -> Met:
    return Met(need=body.need, offer=body.offer, needed_by=body.of.name, offered_by=body.by.name, clear=body.clear)


def _step(body: WayStepBody) -> str:
    return f"{body.source.name} knows {body.target.name}: {body.tie}, {body.evidence.name}"


def _unmet(body: UnmetNeedBody) -> Unmet:
    return Unmet(
        need=body.need, of=Named(id=body.of.id, name=body.of.name), kind=body.kind,
        nearest=[
            Met(need=body.need, offer=one.offer, needed_by=body.of.name, offered_by=one.by.name, clear=False)
            for one in body.offers
        ],
    )  # fmt: skip
