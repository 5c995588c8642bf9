"""What the API answers about collaborators, as pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from searchsvc.api.resources.present import passage_body
from searchsvc.api.resources.schemas import NamedBody, PassageBody
from searchsvc.network.ways import Step
from searchsvc.people.collaborators import Collaborator, Found, whose_need
from searchsvc.search.archive import Archive
from searchsvc.search.related.finder import Meeting
from searchsvc.search.relevance import Band
from searchsvc.texts import texts

__all__ = ["CollaboratorBody", "CollaboratorsBody", "StepBody", "collaborators_body", "step_body"]


class PlaceBody(BaseModel):
    """A passage and the resource it stands in."""

    resource: NamedBody
    passage: PassageBody


class WhyBody(BaseModel):
    """Where the two meet."""

    here: PlaceBody | None = Field(description="Of the one who asks; null when words were asked, or nothing is in the archive.")
    there: PlaceBody = Field(description="Of the one suggested.")


class MetBody(BaseModel):
    """A need that an offer meets."""

    need: str
    offer: str
    whose: Literal["asker", "other"] = Field(description="Whose need it is.")


class StepBody(BaseModel):
    """From one person to the next, and what ties them."""

    source: NamedBody
    target: NamedBody
    tie: str = Field(description="co-authorship, project, event, organization or introduced.")
    evidence: NamedBody = Field(description="The resource, project, event or organization that ties them.")
    date: str | None


class CollaboratorBody(BaseModel):
    """Somebody worth an introduction, and why."""

    id: str
    kind: Literal["person", "organization"]
    name: str
    role: str | None
    organizations: list[NamedBody]
    band: Band
    why: list[WhyBody]
    met: list[MetBody]
    shared: list[str] = Field(description="Of their interests and offers, what is near.")
    new: list[str] = Field(description="What they bring besides.")
    way: list[StepBody] = Field(description="How they could meet: by whom, from the one who asks to them.")
    against: list[str] = Field(description="What speaks against it.")
    partner: str | None = Field(description="How they work together already; such are left out unless `partners` is true.")
    people: list[NamedBody] = Field(description="Of an organization, whom to talk to.")


class CollaboratorsBody(BaseModel):
    kind: Literal["person", "project", "resource", "words"]
    id: str | None
    title: str
    collaborators: list[CollaboratorBody]


def collaborators_body(found: Found, archive: Archive) -> CollaboratorsBody:
    return CollaboratorsBody(
        kind=found.kind, id=found.id, title=found.title,
        collaborators=[_collaborator(one, archive) for one in found.collaborators],
    )  # fmt: skip


def step_body(step: Step, archive: Archive) -> StepBody:
    evidence = step.tie.evidence
    title = archive.resources[evidence].title if evidence in archive.resources else archive.names.get(evidence, evidence)
    return StepBody(
        source=_named(step.source, archive), target=_named(step.target, archive), tie=step.tie.kind,
        evidence=NamedBody(id=evidence, name=title), date=step.tie.date,
    )  # fmt: skip


def _collaborator(one: Collaborator, archive: Archive) -> CollaboratorBody:
    english = texts("en")
    return CollaboratorBody(
        id=one.id, kind=one.kind, name=one.name, role=one.role, band=one.band,
        partner=english.of(one.partner) if one.partner else None,
        organizations=[_named(key, archive) for key in one.organizations],
        why=[body for meeting in one.why if (body := _why(meeting, archive)) is not None],
        met=[MetBody(need=met.need.text.words, offer=met.offer.text.words, whose=whose_need(met)) for met in one.met],
        shared=list(one.shared), new=list(one.new), against=[english.of(it) for it in one.against],
        way=[step_body(step, archive) for step in one.way],
        people=[_named(key, archive) for key in one.people],
    )  # fmt: skip


def _why(meeting: Meeting, archive: Archive) -> WhyBody | None:
    places = []
    for stored in (meeting.here, meeting.there):
        resource = archive.resources.get(stored.resource_id)
        if resource is None:
            return None
        places.append(
            PlaceBody(
                resource=NamedBody(id=resource.id, name=resource.title),
                passage=passage_body(resource, stored.id, stored.passage),
            )
        )
    return WhyBody(here=None if meeting.here is meeting.there else places[0], there=places[1])


def _named(key: str, archive: Archive) -> NamedBody:
    return NamedBody(id=key, name=archive.names.get(key, key))
