"""Answers about collaborators, made from the domain's values."""

from __future__ import annotations

from searchsvc.api.people.schemas import (
    CollaboratorBody,
    CollaboratorsBody,
    ExchangeBody,
    PlaceBody,
    WayStepBody,
    WhyBody,
)
from searchsvc.api.resources.present import passage_body
from searchsvc.api.schemas import NamedBody
from searchsvc.network.ways import WayStep
from searchsvc.people.collaborators import Collaborator, SuggestedCollaborators, whose_need
from searchsvc.search.archive import Archive
from searchsvc.search.related.finder import Meeting
from searchsvc.texts import texts


def collaborators_body(found: SuggestedCollaborators, archive: Archive) -> CollaboratorsBody:
    return CollaboratorsBody(
        kind=found.kind, id=found.id, title=found.title,
        collaborators=[_collaborator(one, archive) for one in found.collaborators],
    )  # fmt: skip


def _step_body(step: WayStep, archive: Archive) -> WayStepBody:
    evidence = step.tie.evidence
    title = (
        archive.resources[evidence].title if evidence in archive.resources else archive.names.get(evidence, evidence)
    )
    return WayStepBody(
        source=_named(step.source, archive), target=_named(step.target, archive), tie=step.tie.kind,
        evidence=NamedBody(id=evidence, name=title), date=step.tie.date,
    )  # fmt: skip


def _collaborator(one: Collaborator, archive: Archive) -> CollaboratorBody:
    english = texts("en")
    return CollaboratorBody(
        id=one.id, kind=one.kind, name=one.name, role=one.role, band=one.band, partner=english.of(one.partner) if one.partner else None,
        organizations=[_named(key, archive) for key in one.organizations],
        why=[body for meeting in one.why if (body := _why(meeting, archive)) is not None],
        met=[ExchangeBody(need=met.need.text.words, offer=met.offer.text.words, whose=whose_need(met)) for met in one.met],
        shared=list(one.shared), new=list(one.new), against=[english.of(remark) for remark in one.against],
        way=[_step_body(step, archive) for step in one.way],
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
