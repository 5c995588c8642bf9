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
        [sitter] = self._portraits.of([_subject(resource, mine)], facet)
        if sitter is None or sitter.silent:
            return []
        candidates = self._finder.related(resource_id, limit=POOL)
        passages = {candidate.resource.id: self._passages(candidate.resource.id) for candidate in candidates}
        sitters = self._portraits.of(
            [_subject(candidate.resource, passages[candidate.resource.id]) for candidate in candidates], facet
        )
        made = []
        for candidate, other in zip(candidates, sitters, strict=True):
            if other is None or other.silent:
                continue
            band = _band(sitter, other)
            if band is None:
                continue
            score = facet_score(sitter.portrait, other.portrait)
            pairs = _meetings(sitter, other, mine, passages[candidate.resource.id])
            made.append(replace(candidate, band=band, score=score, meetings=pairs))
        return sorted(made, key=lambda candidate: (-candidate.score, candidate.resource.id))[:limit]

    def _passages(self, resource_id: str) -> list[StoredPassage]:
        return telling(self._catalogue.passages_of(resource_id))


def _subject(resource: Resource, passages: Sequence[StoredPassage]) -> Subject:
    key = f"{resource.id}/{resource.content_hash}/{resource.state}"
    return Subject(key, resource.title, [one.passage for one in passages])


def _band(first: Sitter, second: Sitter) -> Band | None:
    close = (float(first.portrait.summary @ second.portrait.summary) + best_match(first.portrait, second.portrait)) / 2
    return _BANDS.of(close)


def _meetings(
    first: Sitter, second: Sitter, mine: Sequence[StoredPassage], theirs: Sequence[StoredPassage]
) -> tuple[Meeting, ...]:
    pairs = []
    for row, column, cosine in meetings(first.portrait, second.portrait)[:PAIRS_SHOWN]:
        one, other = first.sentences[row], second.sentences[column]
        pairs.append(
            Meeting(mine[one.passage], theirs[other.passage], cosine, (one.start, one.end), (other.start, other.end))
        )
    return tuple(pairs)
