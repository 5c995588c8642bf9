"""Resources that are about the same, and the passages in which they meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from searchsvc.catalogue import Catalogue, StoredPassage
from searchsvc.filters import Filter
from searchsvc.model import Matrix, Resource, Vector
from searchsvc.search.archive import Archive, ArchiveCache
from searchsvc.search.relevance import Band, Bands
from searchsvc.store.protocol import DenseQuery, Store
from searchsvc.text.sentences import sentences

MAX_PASSAGES = 48  # of one resource; more are thinned out evenly
NEAREST = 30  # passages looked up for each passage
CANDIDATES = 60  # resources that are compared in full
PAIRS_SHOWN = 2
_BEST_PAIRS = 3
# On the means of whole resources and their closest passages (MiniLM); unrelated papers of one field seldom go over .45.
_BANDS = Bands(0.70, 0.55, 0.45)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A passage of the resource asked for, a passage of the one found, and the cosine between them.

    here_span, there_span: (start, end) in the passage's text, where sentences of the two meet.
    """

    here: StoredPassage
    there: StoredPassage
    cosine: float
    here_span: tuple[int, int] | None = None
    there_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """A related resource, and where the two meet, closest first."""

    resource: Resource
    band: Band
    score: float
    meetings: tuple[Meeting, ...]
    copies: tuple[str, ...] = ()


class RelatedFinder:
    """Safe to use from many threads."""

    def __init__(self, *, catalogue: Catalogue, store: Store, archive: ArchiveCache) -> None:
        self._catalogue = catalogue
        self._store = store
        self._archive = archive

    def related(self, resource_id: str, *, limit: int = 10) -> list[Related]:
        """Best first, without copies of the resource itself, copies of one thing shown once. Raises NotFoundError.

        The score of two resources is the mean of the cosine of their mean vectors and of their three closest passages.
        """
        archive = self._archive.current()
        resource = archive.resources.get(resource_id) or self._catalogue.resource(resource_id)
        passages = thinned(telling(self._catalogue.passages_of(resource_id)), MAX_PASSAGES)
        vectors = self._store.vectors([one.id for one in passages])
        passages = [one for one in passages if one.id in vectors]
        if not passages:
            return []
        mine = np.array([vectors[one.id] for one in passages], np.float32)
        own = self._copies_of(resource, archive)
        compared = [
            self._compared(passages, mine, other, archive)
            for other in self._candidates(mine, Filter(not_resource_id=tuple(sorted(own))))
            if other in archive.resources
        ]
        ranked = sorted((one for one in compared if one), key=lambda one: (-one.score, one.resource.id))
        return _folded(ranked, limit)

    def _copies_of(self, resource: Resource, archive: Archive) -> set[str]:
        group = resource.copy_group
        return {resource.id} | {one for one, other in archive.copy_groups.items() if group and other == group}

    def _candidates(self, mine: Matrix, where: Filter) -> list[str]:
        """Resources with the most close passages, the best CANDIDATES of them."""
        queries = [DenseQuery(row, NEAREST, where) for row in mine]
        mean = _unit(mine.mean(axis=0))
        best: dict[str, list[float]] = defaultdict(list)
        for nearest in self._store.query([*queries, DenseQuery(mean, NEAREST, where)]):
            for candidate in nearest:
                best[candidate.resource_id].append(candidate.score)
        ranked = sorted(best, key=lambda one: (-sum(sorted(best[one])[-_BEST_PAIRS:]), one))
        return ranked[:CANDIDATES]

    def _compared(
        self, passages: Sequence[StoredPassage], mine: Matrix, other: str, archive: Archive
    ) -> Related | None:
        others = thinned(telling(self._catalogue.passages_of(other)), MAX_PASSAGES)
        vectors = self._store.vectors([one.id for one in others])
        others = [one for one in others if one.id in vectors]
        if not others:
            return None
        cosines = mine @ np.array([vectors[one.id] for one in others], np.float32).T
        pairs = one_to_one(cosines, _BEST_PAIRS)
        whole = float(_unit(mine.mean(axis=0)) @ _unit(np.mean([vectors[one.id] for one in others], axis=0)))
        score = (whole + sum(cosine for _, _, cosine in pairs) / len(pairs)) / 2
        band = _BANDS.of(score)
        if band is None:
            return None
        meetings = tuple(Meeting(passages[row], others[column], cosine) for row, column, cosine in pairs[:PAIRS_SHOWN])
        return Related(archive.resources[other], band, score, meetings)


def one_to_one(cosines: Matrix, count: int) -> list[tuple[int, int, float]]:
    """The closest pairs (row, column, cosine), best first, each row and column in one of them at most."""
    left = cosines.copy()
    pairs: list[tuple[int, int, float]] = []
    for _ in range(min(count, *cosines.shape)):
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        pairs.append((int(row), int(column), float(cosines[row, column])))
        left[row, :] = left[:, column] = -2.0
    return pairs


def own_words(mine: Sequence[str], theirs: Sequence[str]) -> tuple[list[int], list[int]]:
    """Places of passages that do not mostly stand in the other word for word, as what a house puts below all
    that it publishes does; of a side of which nothing else is there, all."""
    said = [[_said(one) for one in some] for some in (mine, theirs)]
    same = frozenset.intersection(*(frozenset(it for one in some for it in one) for some in said))
    left, right = ([at for at, one in enumerate(some) if _own(one, same)] or list(range(len(some))) for some in said)
    return left, right


def _said(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


def _own(said: Sequence[str], same: frozenset[str]) -> bool:
    return 2 * sum(len(one) for one in said if one not in same) > sum(map(len, said))


def telling(passages: Sequence[StoredPassage]) -> list[StoredPassage]:
    """What says something; all if nothing does.

    In lists of references papers of one field meet for no other reason, and on title pages those of one house.
    """
    kept = [one for one in passages if one.passage.matter == "prose"]
    return kept or list(passages)


def thinned(passages: Sequence[StoredPassage], count: int) -> list[StoredPassage]:
    """At most `count`, evenly from the whole."""
    if len(passages) <= count:
        return list(passages)
    return [passages[at * len(passages) // count] for at in range(count)]


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return (vector / length if length > 0 else vector).astype(np.float32)


def _folded(ranked: Sequence[Related], limit: int) -> list[Related]:
    shown: dict[str, Related] = {}
    others: Mapping[str, list[str]] = defaultdict(list)
    for related in ranked:
        key = related.resource.copy_group or related.resource.id
        if key in shown:
            others[key].append(related.resource.id)
        else:
            shown[key] = related
    first = list(shown.items())[:limit]
    return [
        Related(related.resource, related.band, related.score, related.meetings, tuple(others[key]))
        for key, related in first
    ]
