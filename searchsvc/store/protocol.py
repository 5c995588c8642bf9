"""The store seam: one contract, held by tests/contract/test_store.py for every implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from searchsvc.errors import StoreError
from searchsvc.filters import FILTERS, Filter, Span, Wanted
from searchsvc.model import Candidate, Point, SparseVector, Vector


@dataclass(frozen=True, slots=True)
class DenseQuery:
    """Cosine to one vector (d,)."""

    vector: Vector
    limit: int
    filter: Filter = Filter()


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Dot product with a sparse vector: no other point has a part in a score."""

    vector: SparseVector
    limit: int
    filter: Filter = Filter()


StoreQuery = DenseQuery | LexicalQuery


@dataclass(frozen=True, slots=True)
class ScoreQuery:
    """How near known points are: to a dense vector (d,) as DenseQuery, to a sparse one as LexicalQuery."""

    to: Vector | SparseVector
    point_ids: tuple[str, ...]

    @property
    def using(self) -> Literal["dense", "lexical"]:
        return "lexical" if isinstance(self.to, SparseVector) else "dense"

    @property
    def empty(self) -> bool:
        """Nothing is asked."""
        return not (len(self.to.indices) if isinstance(self.to, SparseVector) else len(self.to))


class Store(Protocol):
    """Passages as points. All methods may be called from many threads; all raise StoreError when they fail."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Write or replace by id. Durable on return. Doing it twice changes nothing."""
        ...

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        """Set these payload fields on every point of the resource; others stay."""
        ...

    def delete(self, resource_id: str) -> None:
        """Delete all points of the resource. No such resource: nothing happens."""
        ...

    def delete_points(self, point_ids: Sequence[str]) -> None:
        """Delete these points; unknown ids are passed over."""
        ...

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        """One list for each query, best first, ties by point id. Only points that pass the filter; one that is not
        declared is an error.

        Empty for a limit of 0 and a sparse vector without terms.
        """
        ...

    def scores(self, queries: Sequence[ScoreQuery]) -> list[dict[str, float]]:
        """point id -> score, one for each query.

        Missing are unknown points, and those that share no term with a sparse vector.
        """
        ...

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        """The dense vectors of these points; unknown ids are missing from the answer."""
        ...

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        """Whole points, to write them with another payload without encoding them again.

        Sparse vectors and payload as written, dense vectors to 1e-6.
        """
        ...

    def ids(self) -> Iterator[str]:
        """Of all points, in no order. What is written meanwhile may be missing."""
        ...

    def count(self, where: Filter = Filter()) -> int:
        """How many points pass the filter."""
        ...

    def check(self) -> None:
        """Raises StoreError when it could not answer now. Cheap: it is asked every few seconds."""
        ...

    def away(self) -> tuple[str, ...]:
        """Which parts of it do not answer now, of those that it works without: the addresses of nodes of a cluster."""
        ...

    def maintain(self) -> bool:
        """Index what waits to be indexed if that pays by now. Never stalls queries. True when something was done."""
        ...

    def close(self) -> None:
        """Flush and release. Calling it twice is fine; anything else afterwards raises StoreError."""
        ...


ID = "id"  # in the payload of a point, beside what it was written with: its whole id
VECTORS = ["dense", "lexical"]  # of a point; one of before December 2026 may have others, which nothing reads
SHOWN = [ID, "resource_id", "ordinal", "references"]  # what candidates are made of


def indexed() -> dict[str, Literal["word", "number"]]:
    """What a store indexes of the payload, for filters."""
    declared: dict[str, Literal["word", "number"]] = {
        name: "word" if known.bounds is None else "number" for name, known in FILTERS.items()
    }
    return {"resource_id": "word", **declared}


def conditions(where: Filter) -> Iterator[tuple[str, Wanted]]:
    """(payload field, any of which words or what span of numbers), all of which must hold; `not_resource_id` is apart.

    Raises StoreError for what is not declared: passed over, it would let everything pass.
    """
    for name, asked in where.asked.items():
        known = FILTERS.get(name)
        if known is None or isinstance(asked, Span) != (known.bounds is not None):
            raise StoreError(f"the store knows no filter {name!r} that takes {asked!r}.")
        yield name, asked
    if where.resource_id:
        yield "resource_id", where.resource_id


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """By score, ties by point id."""
    return sorted(candidates, key=lambda one: (-one.score, one.point_id))


def numbered(point_ids: Iterable[str]) -> dict[int, str]:
    """Number in a store -> id, once each and in order, of what can be the id of a point (a UUID).

    The last 64 bits: an object for each UUID costs a search more than a millisecond. The ids of passages are hashes, so
    of a million passages two have the same number with a chance of one in ten million. The one that is written last
    stands there then; `verify` tells that the other is missing, and its words still find it.
    """
    known: dict[int, str] = {}
    for point_id in point_ids:
        try:
            known[int(point_id[19:23] + point_id[24:], 16)] = point_id
        except ValueError:
            continue  # not an id of ours, so unknown
    return known


def number_of(point_id: str) -> int:
    """Raises StoreError for what is no UUID."""
    for number in numbered([point_id]):
        return number
    raise StoreError(f"{point_id!r} is no id of a point.")


def named(query: ScoreQuery, scores: Iterable[tuple[Any, float]]) -> dict[str, float]:
    """point id -> score. scores: by number."""
    ids = numbered(query.point_ids)
    return {ids[number]: score for number, score in scores}
