"""The seam's values in qdrant-client's terms, and back."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from searchsvc.errors import StoreAwayError, StoreError
from searchsvc.filters import Filter, Span
from searchsvc.model import Candidate, Point, SparseVector
from searchsvc.store.nodes import Nodes
from searchsvc.store.protocol import ID, SHOWN, DenseQuery, ScoreQuery, StoreQuery, conditions, number_of, numbered

_MAY_PASS = (408, 429, 500, 502, 503, 504)  # of HTTP: a node that starts, a copy that is away, too much at once


def vector_params(dimensions: int) -> dict[str, models.VectorParams]:
    return {"dense": models.VectorParams(size=dimensions, distance=models.Distance.COSINE)}


def sparse_params() -> dict[str, models.SparseVectorParams]:
    return {"lexical": models.SparseVectorParams()}


def client_request(query: StoreQuery) -> models.QueryRequest | None:
    """None when there is nothing to find."""
    if query.limit <= 0:
        return None
    asked: Any
    if isinstance(query, DenseQuery):
        asked, using = query.vector.tolist(), "dense"
    elif query.vector.indices:
        asked, using = _sparse(query.vector), "lexical"
    else:
        return None
    return models.QueryRequest(
        query=asked, using=using, filter=client_filter(query.filter), limit=query.limit,
        with_payload=SHOWN,
    )  # fmt: skip


def client_score_request(query: ScoreQuery) -> models.QueryRequest | None:
    """None when there is nothing to score."""
    ids: list[Any] = list(numbered(query.point_ids))
    if not ids or query.empty:
        return None
    asked: Any = _sparse(query.to) if isinstance(query.to, SparseVector) else query.to.tolist()
    chosen = models.Filter(must=[models.HasIdCondition(has_id=ids)])
    return models.QueryRequest(query=asked, using=query.using, filter=chosen, limit=len(ids), with_payload=False)


def client_filter(where: Filter) -> models.Filter | None:
    """The filter in the client's terms; None when everything passes."""
    must: list[Any] = [
        models.FieldCondition(key=name, range=models.Range(gte=asked.first, lte=asked.last))
        if isinstance(asked, Span) else models.FieldCondition(key=name, match=models.MatchAny(any=list(asked)))
        for name, asked in conditions(where)
    ]  # fmt: skip
    must_not: list[Any] = []
    if where.not_resource_id:
        match = models.MatchAny(any=list(where.not_resource_id))
        must_not.append(models.FieldCondition(key="resource_id", match=match))
    return models.Filter(must=must or None, must_not=must_not or None) if must or must_not else None


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def client_point(point: Point) -> models.PointStruct:
    vectors: dict[str, Any] = {"dense": point.dense.tolist(), "lexical": _sparse(point.sparse)}
    return models.PointStruct(id=number_of(point.id), vector=vectors, payload={**point.payload, ID: point.id})


def client_candidate(scored: models.ScoredPoint) -> Candidate:
    payload = scored.payload or {}
    return Candidate(
        payload[ID], payload["resource_id"], payload["ordinal"], scored.score, bool(payload.get("references"))
    )


def model_point(record: models.Record) -> Point:
    """What was not asked for is empty."""
    vectors: Any = record.vector
    sparse = vectors.get("lexical")
    payload = dict(record.payload or {})
    return Point(
        payload.pop(ID),
        np.asarray(vectors["dense"], dtype=np.float32),
        SparseVector(tuple(sparse.indices), tuple(sparse.values)) if sparse else SparseVector((), ()),
        payload,
    )


def where_is(client: QdrantClient) -> str:
    """The addresses of the server's nodes, without anything secret in them."""
    nodes = client.init_options.get("transport")
    return ", ".join(nodes.urls) if isinstance(nodes, Nodes) else str(client.init_options["location"] or "")


@contextmanager
def as_store_error(client: QdrantClient) -> Iterator[None]:
    at = f"Qdrant at {where_is(client)}"
    try:
        yield
    except StoreError:
        raise
    except ResponseHandlingException as error:
        source = error.source
        if isinstance(source, httpx.TransportError):
            raise StoreAwayError(f"{at} {_transport(source)}") from error
        raise StoreError(f"{at} answered what is no Qdrant answer: {_line(source)}") from error
    except UnexpectedResponse as error:
        if error.status_code in (401, 403):
            raise StoreError(f"{at} turned the request down; set qdrant_api_key.") from error
        kind = StoreAwayError if error.status_code in _MAY_PASS else StoreError
        raise kind(f"{at} failed with {error.status_code}: {_line(_reason(error))}") from error
    except json.JSONDecodeError as error:
        raise StoreError(f"{at} answered what is no Qdrant answer: {_line(error)}") from error
    except Exception as error:  # the client's store in memory raises ValueError and the like
        raise StoreError(f"{at} failed: {_line(error)}") from error


def _transport(error: BaseException) -> str:
    """What is wrong with the connection, in plain words."""
    if isinstance(error, httpx.TimeoutException):
        return "did not answer in time; see its log, or try again."
    causes: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in causes:
        causes.append(at)
        at = at.__cause__ or at.__context__
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return (
            "has a certificate that is not trusted here; set qdrant_ca (or SSL_CERT_FILE) to the file with the "
            "certificate of who signed it."
        )
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return "does not speak TLS as asked; see whether qdrant_url should begin with http: or https:."
    if any(isinstance(one, socket.gaierror) for one in causes):
        return "has a name that cannot be found; see qdrant_url."
    return "does not answer; start it, or set qdrant_url."


def _reason(error: UnexpectedResponse) -> object:
    try:
        return error.structured()["status"]["error"]
    except (ValueError, KeyError, TypeError):
        return error.reason_phrase


def _line(said: object) -> str:
    return " ".join(str(said).split())[:500]
