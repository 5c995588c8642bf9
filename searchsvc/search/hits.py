"""What of each result is shown: its best passages, where the words stand in them, and the sentence that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.model import Passage, Resource
from searchsvc.search.archive import Archive
from searchsvc.search.expansion import Expansion
from searchsvc.search.fuse import Found
from searchsvc.search.literal import Standing
from searchsvc.search.query import Query
from searchsvc.search.relevance import Band, Evidence
from searchsvc.search.shown import Elsewhere, Reading, answering, is_label, reading, rows_above, telling_first
from searchsvc.text.spans import merged
from searchsvc.text.terms import places

__all__ = ["PASSAGES_SHOWN", "Group", "Hit", "Hits", "Ranked", "ShownPassage"]

PASSAGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """highlights: (start, end) offsets in characters into the passage's text. answer: of the sentence that answers.

    reading: the same with its tables read out, where it has any.
    """

    id: str
    passage: Passage
    highlights: tuple[tuple[int, int], ...]
    answer: tuple[int, int] | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found, with its best passages first and the ids of its copies.

    only_words: it holds words of the query, and nothing else speaks for it. words_in: what they stand in where that is
    no prose, such as its list of references; the passages are then others. evidence: what it was judged by.
    """

    resource: Resource
    band: Band | None
    passages: tuple[ShownPassage, ...]
    copies: tuple[str, ...] = ()
    only_words: bool = False
    words_in: Elsewhere | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A resource in a ranking. band: None when it is not relevant; search leaves it out then."""

    found: Found
    band: Band | None
    evidence: Evidence | None = None

    @property
    def only_words(self) -> bool:
        return self.band is not None and self.evidence is not None and self.evidence.only_words


@dataclass(frozen=True, slots=True)
class Group:
    """A resource and its copies, as far as they pass the filters; the best one is shown."""

    shown: Ranked
    members: tuple[str, ...]


class Hits:
    """Makes the hits of a page. Safe to use from many threads."""

    def __init__(self, catalogue: Catalogue, lexical: LexicalEncoder) -> None:
        self._catalogue = catalogue
        self._lexical = lexical

    def of(
        self,
        query: Query,
        page: Sequence[Group],
        quoted: Mapping[str, Sequence[str]],
        archive: Archive,
        expansion: Expansion,
        standing: Standing,
    ) -> tuple[Hit, ...]:
        inside = standing.in_passages([group.shown.found.resource_id for group in page])
        ids = {
            (one := group.shown.found.resource_id): _shown_ids(group.shown, standing, inside.get(one, {}))
            for group in page
        }
        chosen = {resource_id: _with_one_of(quoted.get(resource_id, ()), some) for resource_id, some in ids.items()}
        stored = self._catalogue.passages([one for ids in chosen.values() for one in ids])
        marked = expansion.sparse(query.words, self._lexical.encode_query)
        terms = frozenset(marked.indices) if query.words else frozenset()
        everything = lru_cache(maxsize=1)(self._catalogue.passages_of)  # several passages of one are shown

        def shown(passage: StoredPassage, first: bool) -> ShownPassage:
            text, language = passage.passage.text, archive.resources[passage.resource_id].language
            marks = merged([*self._lexical.matches(terms, text), *places(text, standing.phrases, language)])
            answer = answering(text, marks, standing.weight_of) if first else None
            above = rows_above(lambda: everything(passage.resource_id), passage)
            return ShownPassage(passage.id, passage.passage, tuple(marks), answer, reading(text, marks, answer, above))

        hits = []
        for group in page:
            resource = archive.resources[group.shown.found.resource_id]
            passages = [stored[one] for one in chosen[resource.id] if one in stored]
            words_in: Elsewhere | None = None
            asked = query.words or quoted.get(resource.id)
            if asked and (not passages or any(map(_says_little, passages))):
                held = _held(standing, inside.get(resource.id, {}), quoted.get(resource.id, ()))
                passages, words_in = telling_first(partial(everything, resource.id), passages, held)
                if not (quoted.get(resource.id) or standing.listed.get(resource.id)):
                    words_in = None  # they are known of it beside its text
            hits.append(
                Hit(
                    resource,
                    group.shown.band,
                    tuple(shown(one, at == 0) for at, one in enumerate(passages[:PASSAGES_SHOWN])),
                    tuple(one for one in group.members if one != resource.id),
                    group.shown.only_words or words_in is not None,
                    words_in,
                    group.shown.evidence,
                )
            )
        return tuple(hits)


def _says_little(one: StoredPassage) -> bool:
    return one.passage.matter != "prose" or is_label(one.passage.text)


def _held(standing: Standing, inside: Mapping[str, int], quoted: Sequence[str] = ()) -> Callable[[str], float]:
    """passage id -> how much of what was asked for stands there. inside: passage id -> which words."""
    return lambda one: standing.coverage(inside.get(one, 0)) + (one in quoted)


def _shown_ids(ranked: Ranked, standing: Standing, inside: Mapping[str, int]) -> list[str]:
    """Ids of its best passages; first the one with most of the words, if found by these and the others have none."""
    resource, ids = ranked.found, [one.point_id for one in ranked.found.passages]
    if not standing.found(resource.resource_id):
        return ids
    held = _held(standing, inside)
    best = max(inside, key=held, default=None)  # the first of those that are equal
    shown = max(map(held, ids), default=0.0)
    if best is None or held(best) <= shown or (shown and not ranked.only_words):
        return ids
    return [best, *(one for one in ids if one != best)][:PASSAGES_SHOWN]


def _with_one_of(quoted: Sequence[str], ids: Sequence[str]) -> list[str]:
    """First a passage with the quoted phrase: the best of these, or the first in the text."""
    if not quoted:
        return [*ids]
    first = next((one for one in ids if one in quoted), quoted[0])
    return [first, *(one for one in ids if one != first)][:PASSAGES_SHOWN]
