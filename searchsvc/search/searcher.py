"""Ranked search: candidates by meaning and by words, fused, collapsed to resources, and judged."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from searchsvc.catalogue import Catalogue
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.errors import QueryError
from searchsvc.filters import Filter, facets
from searchsvc.model import Candidate, Resource
from searchsvc.search.archive import Archive, ArchiveCache, count_facet
from searchsvc.search.expansion import NOTHING, Expansion
from searchsvc.search.fuse import Found, collapse
from searchsvc.search.hits import PASSAGES_SHOWN, Group, Hit, Hits, Ranked
from searchsvc.search.literal import NOWHERE, LiteralFinder, Standing
from searchsvc.search.query import Query, parse
from searchsvc.search.ranker import DEPTH, DEPTH_IN_LARGE, LARGE, MODES, Mode, Ranker, Retrieved
from searchsvc.search.relevance import (
    BUNDLED_LIMITS,
    Evidence,
    Limits,
    bands_of,
    estimate_coverage,
    least_strength,
    relevant,
)
from searchsvc.search.weights import TermWeights
from searchsvc.search.words import Words
from searchsvc.text.stems import other_languages
from searchsvc.text.terms import phrase_of, terms

MAX_LIMIT = 100
MAX_REACH = 1000  # offset + limit
Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True)
class _Narrow:
    """What a result has to pass.

    allowed: resources that hold the quoted phrases, when there are such. quoted: resource -> its passages with one.
    """

    where: Filter
    allowed: frozenset[str] | None = None
    banned: frozenset[str] = frozenset()
    quoted: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)

    def passes(self, resource: Resource, archive: Archive) -> bool:
        return (
            (self.allowed is None or resource.id in self.allowed)
            and resource.id not in self.banned
            and archive.passes(resource, self.where)
        )

    def without(self, name: str) -> _Narrow:
        return replace(self, where=self.where.without(name))

    @property
    def store_filter(self) -> Filter:
        """The same for a store."""
        if self.allowed is not None:
            return replace(self.where, resource_id=tuple(sorted(self.allowed - self.banned)) or ("",))
        return replace(self.where, not_resource_id=tuple(sorted(self.banned)))

    @property
    def all(self) -> bool:
        return self.where == Filter() and self.allowed is None and not self.banned


@dataclass(frozen=True, slots=True)
class Answer:
    """facets: field -> value -> number of resources that are found with that value chosen.

    at_least: there may be more than `total` and the numbers in `facets`, not all of a large archive was looked at.
    did_you_mean: what was typed, with errors corrected. corrected: that is what was searched. archive: the state that
    was searched; whoever shows the answer reads names and resources from it, so that nothing changes in between.
    """

    query: Query
    mode: Mode
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    at_least: bool = False
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
        literal: LiteralFinder,
        understands: Callable[[str], bool] = lambda words: True,
        reads_all_languages: bool = False,
        limits: Limits = BUNDLED_LIMITS,
        stage: Callable[[str], AbstractContextManager[object]] = lambda name: nullcontext(),
    ) -> None:
        """understands: whether the encoder makes something of a query; otherwise nothing is relevant by its meaning.
        reads_all_languages: a query may be in another language than what answers it. Its words count the less then, the
        fewer of them the archive has: what they hit by chance is noise. With the bundled encoder, for which words are
        all there is in other languages, the same costs up to .014 nDCG@10.
        limits: how near is near for the encoder. stage: what times the stages of a search, by name.
        """
        self._catalogue = catalogue
        self._archive = archive
        self._ranker = ranker
        self._lexical = lexical
        self._hits = Hits(catalogue, lexical)
        self._words = words
        self._literal = literal
        self._weights = TermWeights(catalogue)
        self._understands = understands
        self._stage = stage
        self._reads_all_languages = reads_all_languages
        self._limits = limits

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
        keep_all: leave in what is not relevant, with the band None; to evaluate. as_typed: search no corrected query.
        """
        started = time.perf_counter()
        _check(mode, sort, limit, offset)
        archive = self._archive.current()
        query = parse(raw)
        meant = self._words.correction(raw, archive) if query.words and not archive.exact(query.words) else None
        corrected = meant is not None and meant.sure and not as_typed
        if meant and corrected:
            query = replace(parse(meant.text), raw=raw)
        narrow = self._narrow(query, archive.resolve(where), archive)
        if not query.words:
            only_signs = bool(raw.strip()) and query.empty  # they ask for nothing that there is
            listed = () if only_signs else archive.newest_first
            ranked = [Ranked(Found(one.id, 0.0, ()), None) for one in listed]
            answer = self._answer(query, ranked, narrow, archive, limit, offset)
        else:
            with self._stage("all"):
                answer = self._ranked(query, narrow, mode, sort, archive, limit, offset, keep_all)
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
        narrow: _Narrow,
        mode: Mode,
        sort: Sort,
        archive: Archive,
        limit: int,
        offset: int,
        keep_all: bool = False,
    ) -> Answer:
        """What is relevant, and in which order, is decided without the filters: they only choose from it.

        Where candidates are not all that may be relevant, more are sought among what passes the filters; they follow.
        """
        expansion = self._words.expansion(query.words, archive)
        begun = self._ranker.begin(query.words, mode, expansion)  # meanwhile the words are looked up
        with self._stage("words"):
            standing = self._literal.stand(query.words, archive) if mode != "semantic" else NOWHERE
        depth = DEPTH if archive.passages < LARGE else DEPTH_IN_LARGE
        asked = [Filter()] if narrow.all or archive.passages <= depth else [Filter(), narrow.store_filter]
        weigh = self._weights.at(archive.version)
        counts = standing.known_share**2 if self._reads_all_languages and mode == "hybrid" else 1.0
        with self._stage("rank"):
            whole, *more = self._ranker.retrieve(
                query.words, asked, mode, weigh, expansion, depth=depth, words_count=counts, begun=begun
            )
        ranking, cut = self._judge(query, whole, more, standing, narrow.allowed or frozenset(), archive, depth)
        ranking = [ranked for ranked in ranking if keep_all or ranked.band is not None]
        answer = self._answer(query, ranking, narrow, archive, limit, offset, sort, expansion, standing)
        return replace(answer, at_least=cut and not keep_all)

    def _judge(
        self,
        query: Query,
        whole: Retrieved,
        more: Sequence[Retrieved],
        standing: Standing,
        quoted: Collection[str],
        archive: Archive,
        depth: int,
    ) -> tuple[list[Ranked], bool]:
        """All that was found, best first, what is irrelevant too; and whether there may be more that is relevant.

        quoted: resources in which the quoted phrases stand.
        """
        exact = {one: boost for one, boost in archive.exact(query.words).items() if one in archive.resources}
        cosines = self._cosines(query, whole)
        boosts = standing.boosts(_nearest(whole, cosines) if standing.rare else {}, answers=self._limits.answers)
        ranking = self._collapsed(whole, archive, {**boosts, **exact})
        known = {one.resource_id for one in ranking}
        ranking += [Found(one, boost, ()) for one, boost in exact.items() if one not in known]
        ranking.sort(key=lambda one: (-one.score, one.resource_id))
        semantic = bool(whole.dense)
        evidence = self._evidence(query, ranking, whole, standing, exact, archive, semantic)
        limit = least_strength(evidence)
        cut = (len(whole.dense) == depth and whole.dense[-1].score >= limit) or (
            len(whole.lexical) == depth and standing.everywhere
        )
        tails = [ranking]
        for retrieved in more if cut else ():
            seen = {one.resource_id for some in tails for one in some}
            tails.append([one for one in self._collapsed(retrieved, archive, {}) if one.resource_id not in seen])
            evidence += self._evidence(query, tails[-1], retrieved, standing, exact, archive, semantic)
        seen = {one.resource_id for some in tails for one in some}
        worded = sorted(
            (one for one in {*standing.by_resource, *quoted} - seen if one in quoted or standing.found(one)),
            key=lambda one: (-standing.coverage(standing.by_resource.get(one, 0)), one),
        )
        tails.append([Found(one, 0.0, ()) for one in worded])
        evidence += self._evidence(query, tails[-1], None, standing, exact, archive, semantic)
        everything = [one for some in tails for one in some]
        if quoted:
            evidence = [
                replace(judged, words=judged.words or one.resource_id in quoted)
                for one, judged in zip(everything, evidence, strict=True)
            ]
        return _banded(everything, evidence), cut

    def _collapsed(self, retrieved: Retrieved, archive: Archive, boosts: Mapping[str, float]) -> list[Found]:
        found = collapse(retrieved.passages, boosts=boosts, per_resource=PASSAGES_SHOWN)
        return [one for one in found if one.resource_id in archive.resources]

    def _evidence(
        self,
        query: Query,
        ranking: Sequence[Found],
        retrieved: Retrieved | None,
        standing: Standing,
        exact: Collection[str],
        archive: Archive,
        semantic: bool,
    ) -> list[Evidence]:
        """retrieved: what the passages were found by; None for what was found by its words alone."""
        cosine = self._cosines(query, retrieved) if retrieved else {}
        others = other_languages(terms(query.words)) if self._limits.foreign and semantic else ()
        estimated = estimate_coverage(retrieved.lexical, self._verify(query, retrieved)) if retrieved else {}

        def best(of: Mapping[str, float], resource: Found) -> float:
            return max([of.get(one.point_id, 0.0) for one in resource.passages]) if resource.passages else 0.0

        return [
            Evidence(
                cosine=best(cosine, resource),
                coverage=max(
                    best(estimated, resource), standing.coverage(standing.by_resource.get(resource.resource_id, 0))
                ),
                exact=resource.resource_id in exact,
                words=standing.found(resource.resource_id),
                semantic=semantic,
                foreign=archive.resources[resource.resource_id].language in others,
                limits=self._limits,
            )
            for resource in ranking
        ]

    def _cosines(self, query: Query, retrieved: Retrieved) -> Mapping[str, float]:
        """point id -> cosine; of none where they say nothing."""
        return retrieved.cosine if self._understands(query.words) else {}

    def _verify(self, query: Query, retrieved: Retrieved) -> list[tuple[Candidate, float]]:
        """The share of the query's words that the best by BM25 hold."""
        wanted = [terms for _, _, terms in self._lexical.terms(query.words)]
        return [
            (candidate, sum(not there.isdisjoint(terms) for terms in wanted) / len(wanted))
            for candidate in retrieved.lexical
            if wanted and (there := retrieved.terms.get(candidate.point_id)) is not None
        ]

    # -- narrowing ----------------------------------------------------------------------------------------------------

    def _narrow(self, query: Query, where: Filter, archive: Archive) -> _Narrow:
        """The filter, and what quoted phrases and minus words leave."""
        allowed: frozenset[str] | None = None
        quoted: dict[str, Sequence[str]] = {}
        for phrase in query.phrases:
            holding = self._holding(phrase, archive)
            allowed = frozenset(holding) if allowed is None else allowed & holding.keys()
            quoted = {**holding, **quoted}
        banned = frozenset[str]().union(*(self._holding(word, archive) for word in query.excluded))
        return _Narrow(where, allowed, banned, quoted)

    def _holding(self, phrase: str, archive: Archive) -> dict[str, Sequence[str]]:
        """Resources in whose text, or in what else is known of them, it stands, and the passages where it does."""
        known = archive.with_terms([phrase_of(phrase)] if phrase_of(phrase) else [])
        in_texts = self._catalogue.containing(phrase)
        return {**dict.fromkeys(known, ()), **{one: ids for one, ids in in_texts.items() if one in archive.resources}}

    # -- showing ------------------------------------------------------------------------------------------------------

    def _answer(
        self,
        query: Query,
        ranking: Sequence[Ranked],
        narrow: _Narrow,
        archive: Archive,
        limit: int,
        offset: int,
        sort: Sort = "relevance",
        expansion: Expansion = NOTHING,
        standing: Standing = NOWHERE,
    ) -> Answer:
        """ranking: without the filters. The count of a value is the number of results with that value chosen."""
        groups = _groups(ranking, narrow, archive)
        if sort == "date":
            age = {resource.id: rank for rank, resource in enumerate(archive.newest_first)}
            groups.sort(key=lambda group: age[group.shown.found.resource_id])
        page = self._hits.of(query, groups[offset : offset + limit], narrow.quoted, archive, expansion, standing)
        counts = {}
        found = _members(groups, archive)
        for name in facets():
            asked = name in narrow.where.asked
            some = _members(_groups(ranking, narrow.without(name), archive), archive) if asked else found
            counts[name] = count_facet(some, name)
        return Answer(query, "hybrid", len(groups), page, counts)


def _banded(ranking: Sequence[Found], evidence: Sequence[Evidence]) -> list[Ranked]:
    """With the band of what is relevant."""
    kept = relevant(evidence)
    bands = iter(bands_of(one for one, keep in zip(evidence, kept, strict=True) if keep))
    return [
        Ranked(one, next(bands) if keep else None, judged)
        for one, judged, keep in zip(ranking, evidence, kept, strict=True)
    ]


def _nearest(retrieved: Retrieved, cosines: Mapping[str, float]) -> dict[str, float]:
    """resource id -> cosine of its nearest passage."""
    nearest: dict[str, float] = {}
    for one in retrieved.passages:
        if (cosine := cosines.get(one.point_id)) is not None:
            nearest[one.resource_id] = max(cosine, nearest.get(one.resource_id, cosine))
    return nearest


def _groups(ranking: Sequence[Ranked], narrow: _Narrow, archive: Archive) -> list[Group]:
    """What passes, with copies folded into the best one."""
    by_key: dict[str, list[Ranked]] = defaultdict(list)
    everything = narrow.all
    for ranked in ranking:
        resource_id = ranked.found.resource_id
        if everything or narrow.passes(archive.resources[resource_id], archive):
            by_key[archive.copy_groups.get(resource_id) or resource_id].append(ranked)
    return [Group(some[0], tuple([one.found.resource_id for one in some])) for some in by_key.values()]


def _members(groups: Sequence[Group], archive: Archive) -> list[list[Resource]]:
    return [[archive.resources[one] for one in group.members] for group in groups]


def _check(mode: str, sort: str, limit: int, offset: int) -> None:
    if mode not in MODES:
        raise QueryError(f"the mode is one of {', '.join(MODES)}, not {mode!r}.")
    if sort not in get_args(Sort):
        raise QueryError(f"sort is one of {', '.join(get_args(Sort))}, not {sort!r}.")
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit is between 1 and {MAX_LIMIT}, not {limit}.")
    if offset < 0 or offset + limit > MAX_REACH:
        raise QueryError(f"offset is at least 0 and offset + limit at most {MAX_REACH}; narrow the search instead.")
