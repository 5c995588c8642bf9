"""The seam's values in Qdrant Edge's terms, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as qe

from searchsvc.errors import StoreError
from searchsvc.filters import Filter, Span
from searchsvc.model import Candidate, Point, SparseVector
from searchsvc.store.protocol import ID, SHOWN, DenseQuery, ScoreQuery, StoreQuery, conditions, number_of, numbered

_HNSW_EF = 256


def edge_config(dimensions: int) -> qe.EdgeConfig:
    return qe.EdgeConfig(
        vectors={"dense": qe.EdgeVectorParams(size=dimensions, distance=qe.Distance.Cosine)},
        sparse_vectors={"lexical": qe.EdgeSparseVectorParams()},
        hnsw_config=qe.HnswIndexConfig(m=16, ef_construct=100, full_scan_threshold=10_000),
    )


def edge_request(query: StoreQuery) -> qe.QueryRequest | None:
    """None when there is nothing to find."""
    if query.limit <= 0:
        return None
    asked: Any
    if isinstance(query, DenseQuery):
        asked, using, params = query.vector.tolist(), "dense", qe.SearchParams(hnsw_ef=_HNSW_EF)
    elif query.vector.indices:
        asked, using, params = _sparse(query.vector), "lexical", None
    else:
        return None
    return qe.QueryRequest(
        query=qe.Query.Nearest(asked, using=using),
        filter=edge_filter(query.filter),
        limit=query.limit,
        with_payload=SHOWN,
        params=params,
    )


def edge_score_request(query: ScoreQuery) -> qe.QueryRequest | None:
    """None when there is nothing to score."""
    ids: set[Any] = set(numbered(query.point_ids))
    if not ids or query.empty:
        return None
    asked: Any = _sparse(query.to) if isinstance(query.to, SparseVector) else query.to.tolist()
    return qe.QueryRequest(
        query=qe.Query.Nearest(asked, using=query.using),
        filter=qe.Filter(must=[qe.HasIdCondition(ids)]),
        limit=len(ids),
        with_payload=False,
    )


def edge_filter(where: Filter) -> Any:
    """The filter in Edge's terms; None when everything passes."""
    must: list[Any] = [
        qe.FieldCondition(name, range=qe.RangeFloat(gte=asked.first, lte=asked.last))
        if isinstance(asked, Span) else qe.FieldCondition(name, match=qe.MatchAny(list(asked)))
        for name, asked in conditions(where)
    ]  # fmt: skip
    must_not: list[Any] = []
    if where.not_resource_id:
        must_not.append(qe.FieldCondition("resource_id", match=qe.MatchAny(list(where.not_resource_id))))
    return qe.Filter(must=must or None, must_not=must_not or None) if must or must_not else None


def _sparse(vector: SparseVector) -> qe.SparseVector:
    return qe.SparseVector(list(vector.indices), list(vector.values))


def edge_point(point: Point) -> qe.Point:
    vectors: dict[str, Any] = {
        "dense": point.dense.tolist(),  # the engine takes arrays too, but half as fast
        "lexical": _sparse(point.sparse),
    }
    return qe.Point(number_of(point.id), vectors, {**point.payload, ID: point.id})


def edge_candidate(scored: Any) -> Candidate:
    payload = scored.payload  # every access makes a new dict
    return Candidate(
        payload[ID], payload["resource_id"], payload["ordinal"], scored.score, bool(payload.get("references"))
    )


def model_point(record: Any) -> Point:
    vectors = record.vector
    sparse = vectors["lexical"]
    payload = dict(record.payload)
    return Point(
        payload.pop(ID),
        np.asarray(vectors["dense"], dtype=np.float32),
        SparseVector(tuple(sparse.indices), tuple(sparse.values)),
        payload,
    )


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """The engine raises nothing more specific than Exception."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        message = " ".join(str(error).split())
        raise StoreError(f"the store {path} failed: {message}") from error
