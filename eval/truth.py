"""What must hold on any archive, tried on this one; no judgements are needed.

1. A word that stands in a resource finds it: in its text, its title, an author's name, its file name, an identifier.
2. With a filter chosen, the results are those of the search without it that pass; the count beside the value is theirs.
3. An exclusion adds nothing, a second page repeats nothing, and the same search gives the same answer.
4. No hit is called better than one above it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from searchsvc.catalogue import Catalogue
from searchsvc.filters import FILTERS, Filter, Span, facets
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.hits import Hit
from searchsvc.search.ranker import Mode
from searchsvc.search.relevance import BANDS
from searchsvc.search.searcher import MAX_LIMIT, MAX_REACH, Answer, Searcher

__all__ = ["Searched", "Truth", "Untruth", "tried"]

T = TypeVar("T")
_WORD = re.compile(r"[^\W_]{3,}")
_RARE = 3  # resources with a word that is tried
_MODES: tuple[Mode, ...] = ("hybrid", "keyword")


class Searched(Protocol):
    """What is tried, such as a Service."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def archive(self) -> ArchiveCache: ...

    @property
    def searcher(self) -> Searcher: ...


@dataclass(frozen=True, slots=True)
class Untruth:
    """query: as it was asked. says: what does not hold."""

    query: str
    says: str


@dataclass(frozen=True)
class Truth:
    """How many searches were held against what must hold, and where that failed."""

    searches: int
    faults: Sequence[Untruth] = field(default_factory=tuple)


def tried(service: Searched, *, words: int = 200, queries: int = 30, seed: int = 0) -> Truth:
    """words: that are looked for. queries: whose filters, pages and exclusions are tried. seed: which are drawn."""
    trial = _Trial(service, random.Random(seed))
    faults = [*trial.words(words), *trial.answers(queries)]
    return Truth(trial.searches, faults)


class _Trial:
    def __init__(self, service: Searched, chance: random.Random) -> None:
        self._service = service
        self._chance = chance
        self._archive = service.archive.current()
        self.searches = 0

    # -- words --------------------------------------------------------------------------------------------------------

    def words(self, most: int) -> Iterator[Untruth]:
        standing = self._standing()
        for word in self._some(sorted(standing), most):
            for mode in _MODES:
                found = _members(self._all_hits(word, mode=mode))
                for resource_id in sorted(standing[word] - found):
                    title = self._archive.resources[resource_id].title[:60]
                    yield Untruth(word, f"stands in {title!r} ({resource_id}), which is not found ({mode})")

    def _standing(self) -> dict[str, set[str]]:
        """Words as they are written, with the resources that hold them; of those in few."""
        found: dict[str, set[str]] = {}
        texts = self._service.catalogue.texts_with_headings(list(self._archive.resources))
        for resource in self._archive.resources.values():
            known = [resource.title, *(one.name for one in resource.shown_authors), *resource.identifiers.values()]
            for word in set(_WORD.findall("\n".join([*known, resource.file_name, texts.get(resource.id, "")]))):
                found.setdefault(word, set()).add(resource.id)
        return {word: ids for word, ids in found.items() if len(ids) <= _RARE}

    # -- answers ------------------------------------------------------------------------------------------------------

    def answers(self, most: int) -> Iterator[Untruth]:
        titles = self._some(sorted({resource.title for resource in self._archive.resources.values()}), most)
        for title in titles:
            words = title.split()
            at = self._chance.randrange(max(1, len(words) - 2))
            query = " ".join(words[at : at + 3]).replace('"', " ").replace("-", " ")
            for asked in dict.fromkeys((query, " ".join(words).replace('"', " "), words[-1].strip('-"'))):
                yield from self._answer(asked)

    def _answer(self, query: str) -> Iterator[Untruth]:
        whole = self._search(query)
        hits = self._all_hits(query, first=whole)
        ids = [hit.resource.id for hit in hits]
        again = [hit.resource.id for hit in self._all_hits(query)]
        if ids != again:
            yield Untruth(query, "gives another answer when it is asked again")
        if len(set(ids)) < len(ids):
            yield Untruth(query, "shows a resource on two pages")
        bands = [BANDS.index(hit.band) for hit in hits if hit.band]
        if bands != sorted(bands):
            yield Untruth(query, "calls a hit better than one above it")
        if whole.at_least or whole.total > MAX_REACH:
            return
        if len(ids) != whole.total:
            yield Untruth(query, f"has {whole.total} results, and shows {len(ids)}")
        yield from self._filters(query, whole, hits)
        excluded = self._chance.choice(
            sorted(set(_WORD.findall(" ".join(hit.resource.title for hit in hits)))) or ["ring"]
        )
        left = {hit.resource.id for hit in self._all_hits(f"{query} -{excluded}")}
        if query and left - _members(hits):
            yield Untruth(f"{query} -{excluded}", f"adds {sorted(left - _members(hits))}")

    def _filters(self, query: str, whole: Answer, hits: Sequence[Hit]) -> Iterator[Untruth]:
        for name in facets():
            for value, count in self._some(sorted(whole.facets[name].items()), 3):
                where = Filter({name: Span(int(value), int(value)) if FILTERS[name].bounds else (value,)})
                narrowed = self._search(query, where)
                if narrowed.total != count:
                    yield Untruth(query, f"counts {count} with {name}={value}, and finds {narrowed.total} with it")
                if added := _members(self._all_hits(query, where, first=narrowed)) - _members(hits):
                    yield Untruth(query, f"with {name}={value} adds {sorted(added)}")

    # -- asking -------------------------------------------------------------------------------------------------------

    def _some(self, choices: Sequence[T], most: int) -> list[T]:
        return self._chance.sample(choices, min(most, len(choices)))

    def _search(self, query: str, where: Filter = Filter(), *, mode: Mode = "hybrid", offset: int = 0) -> Answer:
        self.searches += 1
        return self._service.searcher.search(query, where, mode=mode, limit=MAX_LIMIT, offset=offset, as_typed=True)

    def _all_hits(
        self, query: str, where: Filter = Filter(), *, mode: Mode = "hybrid", first: Answer | None = None
    ) -> list[Hit]:
        """On all pages. first: the first one, where it is known."""
        answer = first or self._search(query, where, mode=mode)
        found = [*answer.hits]
        while len(answer.hits) == MAX_LIMIT and len(found) < MAX_REACH:
            answer = self._search(query, where, mode=mode, offset=len(found))
            found += answer.hits
        return found


def _members(hits: Sequence[Hit]) -> set[str]:
    return {resource_id for hit in hits for resource_id in (hit.resource.id, *hit.copies)}
