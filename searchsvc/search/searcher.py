"""Ranked search: candidates by meaning and by words, fused, collapsed to resources, judged and explained."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.errors import QueryError
from searchsvc.filters import Filter, facets
from searchsvc.model import Candidate, Passage, Resource
from searchsvc.search.archive import Archive, ArchiveCache, count_facet
from searchsvc.search.expansion import NOTHING, Expansion
from searchsvc.search.fuse import Found, collapse, fold_copies
from searchsvc.search.query import Query, parse
from searchsvc.search.ranker import DEPTH, DEPTH_IN_LARGE, LARGE, MODES, Mode, Ranker, Retrieved
from searchsvc.search.relevance import Band, Evidence, answers, band_of, estimate_coverage
from searchsvc.search.words import Words
from searchsvc.text.folding import folded

MAX_LIMIT = 100
MAX_REACH = 1000  # offset + limit
PASSAGES_SHOWN = 3
Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """highlights: (start, end) offsets in characters into the passage's text."""

    id: str
    passage: Passage
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found, with its best passages first and the ids of its copies."""

    resource: Resource
    band: Band | None
    passages: tuple[ShownPassage, ...]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A resource in a ranking. band: None when it is not relevant; search leaves it out then."""

    found: Found
    band: Band | None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """facets: field -> value -> number of resources that would be found with that value chosen.

    did_you_mean: what was typed, with errors corrected. corrected: that is what was searched. archive: the state that was
    searched; whoever shows the answer reads names and resources from it, so that nothing changes in between.
    """

    query: Query
    mode: Mode
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    took_ms: float = 0.0
    did_you_mean: str | None = None
    corrected: bool = False
    archive: Archive = field(default_factory=Archive.empty, repr=False)


class Searcher:
    """Answers searches. Safe to use from many threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        archive: ArchiveCache,
        ranker: Ranker,
        lexical: LexicalEncoder,
        words: Words,
    ) -> None:
        self._catalogue = catalogue
        self._archive = archive
        self._ranker = ranker
        self._lexical = lexical
        self._words = words

    def search(
        self,
        raw: str,
        where: Filter = Filter(),
        *,
        mode: Mode = "hybrid",
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        keep_all: bool = False,
        as_typed: bool = False,
    ) -> Answer:
        """An empty query lists what passes the filter, newest first. Raises QueryError and StoreError.

        sort: `date` puts what is relevant newest first.
        keep_all: leave in what is not relevant, with the band None; for evaluation. as_typed: search no corrected query.
        """
        started = time.perf_counter()
        _check(mode, sort, limit, offset)
        archive = self._archive.current()
        query = parse(raw)
        meant = self._words.correction(raw, archive) if query.words and not archive.exact(query.words) else None
        corrected = meant is not None and meant.sure and not as_typed
        if meant and corrected:
            query = replace(parse(meant.text), raw=raw)
        where = archive.resolve(where)
        narrowed = self._narrow(query, where, archive)
        if not query.words:
            answer = self._browse(query, narrowed, archive, limit, offset)
        else:
            answer = self._ranked(query, narrowed, mode, sort, archive, limit, offset, keep_all)
        return replace(
            answer,
            mode=mode,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            did_you_mean=meant.text if meant else None,
            corrected=corrected,
            archive=archive,
        )

    # -- ranked -------------------------------------------------------------------------------------------------------

    def _ranked(
        self,
        query: Query,
        where: Filter | None,
        mode: Mode,
        sort: Sort,
        archive: Archive,
        limit: int,
        offset: int,
        keep_all: bool = False,
    ) -> Answer:
        if where is None:
            return Answer(query, mode, 0, (), {name: {} for name in facets()})
        chosen = [name for name in facets() if name in where.asked]
        filters = [where, *(where.without(name) for name in chosen)]
        boosts = archive.exact(query.words)
        rankings = []
        expansion = self._words.expansion(query.words, archive)
        depth = DEPTH if archive.passages < LARGE else DEPTH_IN_LARGE
        found = self._ranker.retrieve(query.words, filters, mode, expansion, depth=depth)
        for retrieved, one in zip(found, filters, strict=True):
            ranking = self._judge(query, retrieved, boosts, one, archive)
            rankings.append([ranked for ranked in ranking if keep_all or ranked.band is not None])
        shown = rankings[0]
        if sort == "date":
            age = {one.id: rank for rank, one in enumerate(archive.newest_first)}
            shown = sorted(shown, key=lambda ranked: age[ranked.found.resource_id])
        hits = self._hits(query, shown[offset : offset + limit], archive, expansion)
        counts = {
            name: self._count(rankings[chosen.index(name) + 1] if name in chosen else shown, name, archive)
            for name in facets()
        }
        return Answer(query, mode, len(shown), hits, counts)

    def _judge(
        self,
        query: Query,
        retrieved: Retrieved,
        boosts: Mapping[str, float],
        where: Filter,
        archive: Archive,
    ) -> list[Ranked]:
        """Best first, copies folded, what is irrelevant too."""
        exact = {one: boost for one, boost in boosts.items() if archive.passes(archive.resources[one], where)}
        found = collapse(retrieved.passages, boosts=exact, per_resource=PASSAGES_SHOWN)
        found = [one for one in found if one.resource_id in archive.resources]
        known = {one.resource_id for one in found}
        words = frozenset(folded(query.words).split())
        titled = [
            Found(one, 0.0, ())
            for one, title in archive.textless
            if words and words <= title and one not in exact and archive.passes(archive.resources[one], where)
        ]
        found = (
            [Found(one, exact[one], ()) for one in sorted(exact, key=lambda i: (-exact[i], i)) if one not in known]
            + titled
            + found
        )
        cosine = retrieved.cosine
        coverage = estimate_coverage(retrieved.lexical, self._verify(query, retrieved))
        judged: list[tuple[Found, Evidence, tuple[str, ...]]] = []
        for one, copies in fold_copies(found, archive.copy_groups):
            evidence = Evidence(
                cosine=max((cosine.get(passage.point_id, 0.0) for passage in one.passages), default=0.0),
                coverage=max((coverage.get(passage.point_id, 0.0) for passage in one.passages), default=0.0),
                exact=one.resource_id in exact or not one.passages,
                semantic=bool(retrieved.dense),
            )
            judged.append((one, evidence, copies))
        answered = any(answers(evidence) for _, evidence, _ in judged)
        return [Ranked(one, band_of(evidence) if answered else None, copies) for one, evidence, copies in judged]

    def _verify(self, query: Query, retrieved: Retrieved) -> list[tuple[Candidate, float]]:
        """The share of the query's words that the best by BM25 hold."""
        wanted = [terms for _, _, terms in self._lexical.terms(query.words)]
        return [
            (candidate, sum(not there.isdisjoint(terms) for terms in wanted) / len(wanted))
            for candidate in retrieved.lexical
            if wanted and (there := retrieved.terms.get(candidate.point_id)) is not None
        ]

    # -- narrowing and browsing ---------------------------------------------------------------------------------------

    def _narrow(self, query: Query, where: Filter, archive: Archive) -> Filter | None:
        """The filter with what quoted phrases and minus words leave; None when they leave nothing."""
        allowed: set[str] | None = None
        for phrase in query.phrases:
            holding = self._holding(phrase, archive)
            allowed = holding if allowed is None else allowed & holding
        banned: set[str] = set()
        for word in query.excluded:
            banned |= self._holding(word, archive)
        if allowed is not None:
            allowed -= banned
            return replace(where, resource_id=tuple(sorted(allowed))) if allowed else None
        return replace(where, not_resource_id=tuple(sorted(banned))) if banned else where

    def _holding(self, phrase: str, archive: Archive) -> set[str]:
        """Resources in whose text or title the phrase stands."""
        return archive.titled(phrase) | {one for one in self._catalogue.containing(phrase) if one in archive.resources}

    def _browse(self, query: Query, where: Filter | None, archive: Archive, limit: int, offset: int) -> Answer:
        def passing(one: Filter) -> list[Resource]:
            return [resource for resource in archive.newest_first if archive.passes(resource, one)]

        if where is None:
            return Answer(query, "hybrid", 0, (), {name: {} for name in facets()})
        ranked = [Found(one.id, 0.0, ()) for one in passing(where)]
        folded_copies = fold_copies(ranked, archive.copy_groups)
        page = [Ranked(one, None, copies) for one, copies in folded_copies[offset : offset + limit]]
        counts = {name: count_facet(passing(where.without(name)), name) for name in facets()}
        return Answer(query, "hybrid", len(folded_copies), self._hits(query, page, archive), counts)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _hits(
        self, query: Query, page: Sequence[Ranked], archive: Archive, expansion: Expansion = NOTHING
    ) -> tuple[Hit, ...]:
        stored = self._catalogue.passages([one.point_id for ranked in page for one in ranked.found.passages])
        marked = expansion.sparse(query.words, self._lexical.encode_query)
        terms = frozenset(marked.indices) if query.words else frozenset()

        def shown(one: StoredPassage) -> ShownPassage:
            return ShownPassage(one.id, one.passage, tuple(self._lexical.matches(terms, one.passage.text)))

        hits = []
        for ranked in page:
            passages = [stored[one.point_id] for one in ranked.found.passages if one.point_id in stored]
            if query.words and not ranked.found.passages:  # found by its name alone: show how it begins
                passages = self._catalogue.passages_of(ranked.found.resource_id)[:1]
            resource = archive.resources[ranked.found.resource_id]
            hits.append(Hit(resource, ranked.band, tuple(map(shown, passages)), ranked.copies))
        return tuple(hits)

    def _count(self, ranking: Sequence[Ranked], name: str, archive: Archive) -> dict[str, int]:
        return count_facet((archive.resources[ranked.found.resource_id] for ranked in ranking), name)


def _check(mode: str, sort: str, limit: int, offset: int) -> None:
    if mode not in MODES:
        raise QueryError(f"the mode is one of {', '.join(MODES)}, not {mode!r}.")
    if sort not in get_args(Sort):
        raise QueryError(f"sort is one of {', '.join(get_args(Sort))}, not {sort!r}.")
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit is between 1 and {MAX_LIMIT}, not {limit}.")
    if offset < 0 or offset + limit > MAX_REACH:
        raise QueryError(f"offset is at least 0 and offset + limit at most {MAX_REACH}; narrow the search instead.")
