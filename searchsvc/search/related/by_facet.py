"""Resources that are related in one facet: the same problem, way of working, or findings on the same question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Matrix, Resource
from searchsvc.search.related.facets import best_match, facet_score, meetings
from searchsvc.search.related.finder import PAIRS_SHOWN, Meeting, Related, RelatedFinder, telling
from searchsvc.search.related.labels import Facet
from searchsvc.search.related.portraits import Portraits, Sitter, Subject
from searchsvc.search.relevance import Band, Bands

__all__ = ["RelatedByFacet"]

POOL = 30  # resources related as a whole that are looked at through the facet
# On the mean of the cosine of the summaries and of the matching sentences (MiniLM), over the sample archive.
_BANDS = Bands(0.60, 0.45, 0.30)


class RelatedByFacet:
    """Safe to use from many threads. Encodes what it has not seen lately: seconds; never call it on an event loop."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        finder: RelatedFinder,
        lexical: LexicalEncoder,
        encode: Callable[[Sequence[str]], Matrix],
    ) -> None:
        """encode: texts to (n, d), unit length."""
        self._catalogue = catalogue
        self._finder = finder
        self._portraits = Portraits(encode, lexical)

    def related(self, resource_id: str, facet: Facet, *, limit: int = 10) -> list[Related]:
        """Of the resources that are related as a whole, those that are in this facet, best first. Raises NotFoundError.

        Nothing when no sentence of the resource belongs to the facet; resources without such a sentence are left out.
        The meetings are passages with the sentences that meet marked in them.
        """
        resource = self._catalogue.resource(resource_id)
        mine = self._passages(resource_id)
        [here] = self._portraits.of([_subject(resource, mine)], facet)
        if here is None or here.silent:
            return []
        found = self._finder.related(resource_id, limit=POOL)
        passages = {one.resource.id: self._passages(one.resource.id) for one in found}
        sitters = self._portraits.of([_subject(one.resource, passages[one.resource.id]) for one in found], facet)
        made = []
        for one, there in zip(found, sitters, strict=True):
            if there is None or there.silent:
                continue
            band = _band(here, there)
            if band is None:
                continue
            score = facet_score(here.portrait, there.portrait)
            pairs = _meetings(here, there, mine, passages[one.resource.id])
            made.append(replace(one, band=band, score=score, meetings=pairs))
        return sorted(made, key=lambda one: (-one.score, one.resource.id))[:limit]

    def _passages(self, resource_id: str) -> list[StoredPassage]:
        return telling(self._catalogue.passages_of(resource_id))


def _subject(resource: Resource, passages: Sequence[StoredPassage]) -> Subject:
    key = f"{resource.id}/{resource.content_hash}/{resource.updated_at}"
    return Subject(key, resource.title, [one.passage for one in passages])


def _band(here: Sitter, there: Sitter) -> Band | None:
    close = (float(here.portrait.summary @ there.portrait.summary) + best_match(here.portrait, there.portrait)) / 2
    return _BANDS.of(close)


def _meetings(
    here: Sitter, there: Sitter, mine: Sequence[StoredPassage], theirs: Sequence[StoredPassage]
) -> tuple[Meeting, ...]:
    pairs = []
    for row, column, cosine in meetings(here.portrait, there.portrait)[:PAIRS_SHOWN]:
        one, other = here.sentences[row], there.sentences[column]
        pairs.append(
            Meeting(mine[one.passage], theirs[other.passage], cosine, (one.start, one.end), (other.start, other.end))
        )
    return tuple(pairs)
