"""Qdrant Edge in the process: the store of an embedded home."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as qe

from searchsvc.errors import StoreError
from searchsvc.model import Candidate, Filter, Point, SparseVector, Vector
from searchsvc.store.protocol import DenseQuery, LexicalQuery, StoreQuery

_KEYWORDS = ("resource_id", "kind", "language", "source", "person", "organization", "project")
_PAGE = 1000


class EdgeStore:
    """One shard in one folder; one process may have it open. `maintain` does not index yet: every query is a scan."""

    def __init__(self, path: Path, *, dimensions: int, token_dimensions: int | None = None) -> None:
        self._path = path
        self._tokens = token_dimensions is not None
        with _as_store_error(path):
            if path.is_dir() and any(path.iterdir()):
                self._shard: Any = qe.EdgeShard.load(str(path))
                return
            path.mkdir(parents=True, exist_ok=True)
            vectors = {"dense": qe.EdgeVectorParams(size=dimensions, distance=qe.Distance.Cosine)}
            if token_dimensions is not None:
                vectors["tokens"] = qe.EdgeVectorParams(
                    size=token_dimensions,
                    distance=qe.Distance.Dot,
                    datatype=qe.VectorStorageDatatype.Float16,
                    multivector_config=qe.MultiVectorConfig(qe.MultiVectorComparator.MaxSim),
                )
            sparse = {"lexical": qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)}
            self._shard = qe.EdgeShard.create(str(path), qe.EdgeConfig(vectors=vectors, sparse_vectors=sparse))
            for field in _KEYWORDS:
                self._shard.update(qe.UpdateOperation.create_field_index(field, qe.PayloadSchemaType.Keyword))
            self._shard.update(qe.UpdateOperation.create_field_index("year", qe.PayloadSchemaType.Integer))
            self._shard.update(qe.UpdateOperation.create_field_index("first", qe.PayloadSchemaType.Bool))

    def upsert(self, points: Sequence[Point]) -> None:
        if points:
            self._update(qe.UpdateOperation.upsert_points([self._edge_point(point) for point in points]))

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        where = edge_filter(Filter(resource_id=(resource_id,)))
        self._update(qe.UpdateOperation.set_payload_by_filter(where, dict(payload)))

    def delete(self, resource_id: str) -> None:
        where = edge_filter(Filter(resource_id=(resource_id,)))
        self._update(qe.UpdateOperation.delete_points_by_filter(where))

    def delete_points(self, point_ids: Sequence[str]) -> None:
        if point_ids:
            self._update(qe.UpdateOperation.delete_points([uuid.UUID(one) for one in point_ids]))

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        with _as_store_error(self._path):
            return [self._one(query) if query.limit > 0 else [] for query in queries]

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        return {one: point.dense for one, point in self.points(point_ids).items()}

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        if not point_ids:
            return {}
        with _as_store_error(self._path):
            records = self._shard.retrieve([uuid.UUID(one) for one in point_ids], True, True)
        return {str(record.id): _point(record) for record in records}

    def facet(self, field: str, where: Filter = Filter(), limit: int = 100) -> dict[str, int]:
        with _as_store_error(self._path):
            found = self._shard.facet(qe.FacetRequest(field, limit=limit, exact=True, filter=edge_filter(where)))
        counts = {str(hit.value): hit.count for hit in found.hits}
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def count(self, where: Filter = Filter()) -> int:
        with _as_store_error(self._path):
            return int(self._shard.count(qe.CountRequest(filter=edge_filter(where), exact=True)))

    def resource_ids(self) -> set[str]:
        found: set[str] = set()
        offset = None
        with _as_store_error(self._path):
            while True:
                request = qe.ScrollRequest(offset=offset, limit=_PAGE, with_payload=["resource_id"], with_vector=False)
                records, offset = self._shard.scroll(request)
                found.update(record.payload["resource_id"] for record in records)
                if offset is None:
                    return found

    def maintain(self) -> bool:
        return False

    def snapshot(self, target: Path) -> None:
        if target.exists():
            raise StoreError(f"{target} exists already; name a folder that does not.")
        with _as_store_error(self._path):
            self._shard.flush()
            shutil.copytree(self._path, target)

    def close(self) -> None:
        if self._shard is not None:
            self._shard.close()
            self._shard = None

    def _update(self, operation: Any) -> None:
        with _as_store_error(self._path):
            self._shard.update(operation)

    def _one(self, query: StoreQuery) -> list[Candidate]:
        if isinstance(query, DenseQuery):
            asked, using, where = query.vector.tolist(), "dense", edge_filter(query.filter)
        elif isinstance(query, LexicalQuery):
            asked = qe.SparseVector(list(query.vector.indices), list(query.vector.values))
            using, where = "lexical", edge_filter(query.filter)
        else:
            ids = {uuid.UUID(one) for one in query.point_ids}
            asked, using, where = query.tokens.tolist(), "tokens", qe.Filter(must=[qe.HasIdCondition(ids)])
        request = qe.QueryRequest(
            query=qe.Query.Nearest(asked, using=using),
            filter=where,
            limit=query.limit,
            with_payload=["resource_id", "ordinal"],
        )
        found = [
            Candidate(str(one.id), one.payload["resource_id"], one.payload["ordinal"], one.score)
            for one in self._shard.query(request)
        ]
        return sorted(found, key=lambda one: (-one.score, one.point_id))

    def _edge_point(self, point: Point) -> Any:
        vectors: dict[str, Any] = {
            "dense": point.dense.tolist(),
            "lexical": qe.SparseVector(list(point.sparse.indices), list(point.sparse.values)),
        }
        if self._tokens and point.tokens is not None:
            vectors["tokens"] = point.tokens.tolist()
        return qe.Point(uuid.UUID(point.id), vectors, dict(point.payload))


def edge_filter(where: Filter) -> Any:
    """The filter in Edge's terms; None when everything passes."""
    must: list[Any] = []
    for field in _KEYWORDS:
        if values := getattr(where, field):
            must.append(qe.FieldCondition(field, match=qe.MatchAny(list(values))))
    if where.year_from is not None or where.year_to is not None:
        must.append(qe.FieldCondition("year", range=qe.RangeFloat(gte=where.year_from, lte=where.year_to)))
    if where.first is not None:
        must.append(qe.FieldCondition("first", match=qe.MatchValue(where.first)))
    must_not = []
    if where.not_resource_id:
        must_not.append(qe.FieldCondition("resource_id", match=qe.MatchAny(list(where.not_resource_id))))
    return qe.Filter(must=must or None, must_not=must_not or None) if must or must_not else None


def _point(record: Any) -> Point:
    sparse, tokens = record.vector["lexical"], record.vector.get("tokens")
    return Point(
        str(record.id),
        np.asarray(record.vector["dense"], dtype=np.float32),
        SparseVector(tuple(sparse.indices), tuple(sparse.values)),
        dict(record.payload),
        np.asarray(tokens, dtype=np.float32) if tokens is not None else None,
    )


@contextmanager
def _as_store_error(path: Path) -> Any:
    try:
        yield
    except StoreError:
        raise
    except Exception as error:  # the engine raises nothing more specific
        message = " ".join(str(error).split())
        if "WouldBlock" in message:
            raise StoreError(f"the store {path} is in use by another process; end it first.") from None
        raise StoreError(f"the store {path} failed: {message}") from error
