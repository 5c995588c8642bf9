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


def collaborators_body(suggested: SuggestedCollaborators, archive: Archive) -> CollaboratorsBody:
    return CollaboratorsBody(
        kind=suggested.kind, id=suggested.id, title=suggested.title,
        collaborators=[_collaborator(one, archive) for one in suggested.collaborators],
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


def _collaborator(collaborator: Collaborator, archive: Archive) -> CollaboratorBody:
    english = texts("en")
    return CollaboratorBody(
        id=collaborator.id, kind=collaborator.kind, name=collaborator.name, role=collaborator.role,
        band=collaborator.band, partner=english.of(collaborator.partner) if collaborator.partner else None,
        organizations=[_named(key, archive) for key in collaborator.organizations],
        why=[body for meeting in collaborator.why if (body := _why(meeting, archive)) is not None],
        met=[
            ExchangeBody(
                need=met.need.text.words, offer=met.offer.text.words, whose=whose_need(met), clear=met.clear
            )
            for met in collaborator.met
        ],
        shared=list(collaborator.shared), new=list(collaborator.new),
        against=[english.of(remark) for remark in collaborator.against],
        way=[_step_body(step, archive) for step in collaborator.way],
        people=[_named(key, archive) for key in collaborator.people],
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
