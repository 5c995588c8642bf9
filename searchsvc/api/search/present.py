"""Answers to searches, and about what is related, made from the domain's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from searchsvc.api.resources.present import copy_bodies, passage_body, resource_body
from searchsvc.api.schemas import NamedBody, PassageBody
from searchsvc.api.search.schemas import (
    FacetValueBody,
    HitBody,
    MeetingBody,
    NamedEntryBody,
    RelatedBody,
    RelatedHitBody,
    SearchBody,
)
from searchsvc.catalogue import StoredPassage
from searchsvc.model import Resource
from searchsvc.search.hits import Hit
from searchsvc.search.related.finder import Related
from searchsvc.search.related.labels import Facet
from searchsvc.search.searcher import Answer

if TYPE_CHECKING:  # a search by command does not need the register, but where a name may be meant
    from searchsvc.register.named import Named
    from searchsvc.register.register import Register

_PAGES = {"person": "people", "organization": "organizations", "project": "projects"}


def named_bodies(found: Sequence[Named], register: Register, resources: Iterable[Resource]) -> list[NamedEntryBody]:
    """resources: of the archive, to count what belongs to each."""
    if not found:
        return []
    works = {one.id: set[str]() for one in found}
    for resource in resources:
        for one in (*resource.people, *resource.organizations, *resource.projects):
            if one in works:
                works[one].add(resource.copy_group or resource.id)

    def body(one: Named) -> NamedEntryBody:
        note: str | None = None
        place: str | None = None
        organizations: tuple[str, ...] = ()
        if one.kind == "person":
            person = register.people[one.id]
            note, organizations = person.role, person.organizations
        elif one.kind == "organization":
            organization = register.organizations[one.id]
            note = organization.type
            place = ", ".join(part for part in (organization.city, organization.country) if part) or None
        else:
            project = register.projects[one.id]
            note, organizations = project.goal, project.organizations
        return NamedEntryBody(
            kind=one.kind,
            id=one.id,
            name=one.name,
            note=note,
            organizations=[NamedBody(id=of, name=register.names[of]) for of in organizations if of in register.names],
            place=place,
            works=len(works[one.id]),
            href=f"/{_PAGES[one.kind]}/{one.id}",
        )

    return [body(one) for one in found]


def search_body(
    answer: Answer,
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    *,
    limit: int,
    offset: int,
    named: list[NamedEntryBody] | None = None,
    unindexed: int = 0,
) -> SearchBody:
    """resources and names: of the archive, for copies and labels. named: as `named_bodies` makes them.

    unindexed: passages that the index has lost.
    """
    asked = bool(answer.query.words)

    def hit_body(hit: Hit) -> HitBody:
        return HitBody(
            resource=resource_body(hit.resource, names),
            band=hit.band,
            only_words=hit.only_words,
            words_in=hit.words_in,
            passages=[
                passage_body(hit.resource, one.id, one.passage, one.highlights, one.answer, one.reading)
                for one in hit.passages
            ],
            copies=copy_bodies(hit.copies, resources),
        )

    return SearchBody(
        query=answer.query.raw,
        mode=answer.mode,
        total=answer.total,
        at_least=answer.at_least,
        limit=limit,
        offset=offset,
        did_you_mean=answer.did_you_mean,
        corrected=answer.corrected,
        nothing_relevant=asked and answer.total == 0 and not unindexed,
        unindexed=unindexed,
        named=named or [],
        hits=[hit_body(hit) for hit in answer.hits],
        facets={
            name: [FacetValueBody(value=v, label=names.get(v, v), count=n) for v, n in counts.items()]
            for name, counts in answer.facets.items()
        },
        took_ms=answer.took_ms,
    )


def related_body(
    resource: Resource,
    found: Sequence[Related],
    resources: Mapping[str, Resource],
    names: Mapping[str, str],
    facet: Facet | None = None,
) -> RelatedBody:
    def stored_body(of: Resource, stored: StoredPassage, span: tuple[int, int] | None) -> PassageBody:
        return passage_body(of, stored.id, stored.passage, [span] if span else [])

    return RelatedBody(
        resource_id=resource.id,
        facet=facet,
        related=[
            RelatedHitBody(
                resource=resource_body(one.resource, names),
                band=one.band,
                meetings=[
                    MeetingBody(
                        here=stored_body(resource, pair.here, pair.here_span),
                        there=stored_body(one.resource, pair.there, pair.there_span),
                    )
                    for pair in one.meetings
                ],
                copies=copy_bodies(one.copies, resources),
            )
            for one in found
        ],
    )
