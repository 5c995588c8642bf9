"""Answers to searches, and about what is related, made from the domain's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searchsvc.api.resources.present import copy_bodies, passage_body, resource_body
from searchsvc.api.schemas import PassageBody
from searchsvc.api.search.schemas import FacetValueBody, HitBody, MeetingBody, RelatedBody, RelatedHitBody, SearchBody
from searchsvc.catalogue import StoredPassage
from searchsvc.model import Resource
from searchsvc.search.related.finder import Related
from searchsvc.search.related.labels import Facet
from searchsvc.search.searcher import Answer, Hit


def search_body(
    answer: Answer, resources: Mapping[str, Resource], names: Mapping[str, str], *, limit: int, offset: int
) -> SearchBody:
    """resources and names: of the archive, for copies and labels."""
    asked = bool(answer.query.words)

    def hit_body(hit: Hit) -> HitBody:
        return HitBody(
            resource=resource_body(hit.resource, names),
            band=hit.band,
            only_words=hit.only_words,
            words_in=None if hit.words_in == "prose" else hit.words_in,
            passages=[
                passage_body(hit.resource, one.id, one.passage, one.highlights, one.answer) for one in hit.passages
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
        nothing_relevant=asked and answer.total == 0,
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
