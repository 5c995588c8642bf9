"""A Qdrant server or cluster: the store of a deployment that outgrew one process.

Every generation is a collection of its own, `{collection}-{generation}`, and the alias `{collection}` points at the
live one. A store reads and writes its own generation, never the alias, so that a switch cannot put vectors of one
encoder in front of another.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import ssl
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models
from qdrant_client.common.version_check import is_compatible
from qdrant_client.http.exceptions import UnexpectedResponse

from searchsvc.errors import GenerationError, StoreAwayError, StoreError
from searchsvc.filters import Filter
from searchsvc.model import Candidate, Point, Vector
from searchsvc.store.nodes import Nodes, addresses
from searchsvc.store.protocol import ID, VECTORS, ScoreQuery, StoreQuery, best_first, indexed, named, numbered
from searchsvc.store.qdrant_terms import (
    as_store_error,
    client_candidate,
    client_filter,
    client_point,
    client_request,
    client_score_request,
    model_point,
    sparse_params,
    vector_params,
    where_is,
)

log = logging.getLogger(__name__)

_KNOWN_MINORS = range(18, 21)  # of version 1: from the one that the contract of stores was run on to the client's
_TIMEOUT_S = 30
_MADE_WITHIN_S = 30.0
_MADE_POLL_S = 0.1
_PAGE = 1000
_UPSERT_POINTS = 256


def open_qdrant(
    urls: str, api_key: str | None = None, *, ca: Path | None = None, timeout_s: int = _TIMEOUT_S
) -> QdrantClient:
    """A client of the server at this URL, or of the cluster whose nodes are at these, separated by commas.

    ca: a file of certificates that are trusted, too. Raises StoreError when none answers, or turns the key down.
    """
    nodes = Nodes(addresses(urls, encrypted=api_key is not None), timeout_s=timeout_s, verify=_trusting(ca))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Api key is used with an insecure connection")
        first = urlsplit(nodes.urls[0])  # the client's own requests go where the nodes say
        client = QdrantClient(
            url=f"{first.scheme}://{first.netloc}",
            api_key=api_key,
            timeout=timeout_s,
            prefer_grpc=False,
            check_compatibility=False,
            transport=nodes,
        )
    try:
        with as_store_error(client):
            version = client.info().version
    except StoreError:
        client.close()
        raise
    if api_key and any(url.startswith("http://") for url in nodes.urls):
        log.warning("the Qdrant API key goes to %s unencrypted; use https.", where_is(client))
    ours = importlib.metadata.version("qdrant-client")
    if not is_compatible(ours, version) and not _known(version):
        log.warning(
            "Qdrant at %s is version %s, its client here %s; bring them level.", where_is(client), version, ours
        )
    return client


def _known(version: str) -> bool:
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    return major == "1" and minor.isdigit() and int(minor) in _KNOWN_MINORS


def _trusting(ca: Path | None) -> ssl.SSLContext | bool:
    if ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise StoreError(f"qdrant_ca: {ca} holds no certificates that can be read: {error}.") from None


class QdrantStore:
    """One generation on a server. The client is the caller's to close, and can serve several stores."""

    def __init__(
        self,
        client: QdrantClient,
        *,
        collection: str,
        generation: str,
        dimensions: int,
        shards: int = 1,
        replicas: int = 1,
        confirmed: int | None = None,
    ) -> None:
        """Makes the collection when it is missing. confirmed: copies that must confirm a write; about half when None.

        GenerationError: it has vectors of other dimensions."""
        self._client = client
        self._name = collection_name(collection, generation)
        self._dimensions = dimensions
        self._local = client.init_options["location"] == ":memory:" or client.init_options["path"] is not None
        # the client's own store in memory is for tests and not made for threads
        self._turn: Any = threading.RLock() if self._local else contextlib.nullcontext()
        self._closed = False
        with self._asking():
            if not client.collection_exists(self._name):
                self._create(shards, replicas, confirmed or (replicas + 1) // 2)
            self._check()
        self._wait_until_it_answers()

    def upsert(self, points: Sequence[Point]) -> None:
        for at in range(0, len(points), _UPSERT_POINTS):
            batch = [client_point(point) for point in points[at : at + _UPSERT_POINTS]]
            with self._asking() as client:
                client.upsert(self._name, points=batch, wait=True)

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        with self._asking() as client:
            client.set_payload(self._name, payload=dict(payload), points=_of(resource_id), wait=True)

    def delete(self, resource_id: str) -> None:
        with self._asking() as client:
            client.delete(self._name, points_selector=models.FilterSelector(filter=_of(resource_id)), wait=True)

    def delete_points(self, point_ids: Sequence[str]) -> None:
        if ids := _ids(point_ids):
            with self._asking() as client:
                client.delete(self._name, points_selector=models.PointIdsList(points=ids), wait=True)

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        requests = [client_request(query) for query in queries]
        asked = [request for request in requests if request is not None]
        answers: Iterator[models.QueryResponse] = iter(())
        if asked:
            with self._asking() as client:
                answers = iter(client.query_batch_points(self._name, requests=asked))
        return [
            best_first(client_candidate(one) for one in next(answers).points) if request else [] for request in requests
        ]

    def scores(self, queries: Sequence[ScoreQuery]) -> list[dict[str, float]]:
        requests = [client_score_request(query) for query in queries]
        asked = [request for request in requests if request is not None]
        answers: Iterator[models.QueryResponse] = iter(())
        if asked:
            with self._asking() as client:
                answers = iter(client.query_batch_points(self._name, requests=asked))
        return [
            named(query, ((one.id, one.score) for one in next(answers).points)) if request else {}
            for query, request in zip(queries, requests, strict=True)
        ]

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        return {one.id: one.dense for one in self._retrieve(point_ids, ["dense"], payload=[ID])}

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        return {one.id: one for one in self._retrieve(point_ids, VECTORS, payload=True)}

    def ids(self) -> Iterator[str]:
        after: Any = None
        while True:
            with self._asking() as client:
                page, after = client.scroll(
                    self._name, limit=_PAGE, offset=after, with_payload=[ID], with_vectors=False
                )
            yield from (str((record.payload or {})[ID]) for record in page)
            if after is None:
                return

    def count(self, where: Filter = Filter()) -> int:
        with self._asking() as client:
            return client.count(self._name, count_filter=client_filter(where), exact=True).count

    def check(self) -> None:
        with self._asking() as client:
            there = client.collection_exists(self._name)
        if not there:
            raise StoreError(f"the collection {self._name} is gone; `searchsvc reindex` makes it anew.")

    def away(self) -> tuple[str, ...]:
        nodes = self._client.init_options.get("transport")
        return nodes.away() if isinstance(nodes, Nodes) else ()

    def maintain(self) -> bool:
        """The server indexes by itself."""
        return False

    def close(self) -> None:
        self._closed = True

    # -- helpers ------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _asking(self) -> Iterator[QdrantClient]:
        if self._closed:
            raise StoreError(f"the store {self._name} is closed.")
        with self._turn, as_store_error(self._client):
            yield self._client

    def _retrieve(self, point_ids: Sequence[str], vectors: list[str], *, payload: bool | list[str]) -> list[Point]:
        ids, found = _ids(point_ids), []
        for at in range(0, len(ids), _PAGE):
            with self._asking() as client:
                page = ids[at : at + _PAGE]
                found += client.retrieve(self._name, ids=page, with_payload=payload, with_vectors=vectors)
        return [model_point(record) for record in found]

    def _create(self, shards: int, replicas: int, confirmed: int) -> None:
        try:
            self._client.create_collection(
                self._name,
                vectors_config=vector_params(self._dimensions),
                sparse_vectors_config=sparse_params(),
                shard_number=shards,
                replication_factor=replicas,
                write_consistency_factor=confirmed,  # so that a copy may be away: of two, one; of three, one
            )
        except UnexpectedResponse as error:
            if error.status_code != 409:  # another process was faster
                raise

    def _wait_until_it_answers(self) -> None:
        """A collection that another process is making just now has no active shard for a moment."""
        deadline = time.monotonic() + _MADE_WITHIN_S
        while True:
            try:
                with self._asking() as client:
                    client.count(self._name, exact=False)
                return
            except StoreAwayError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_MADE_POLL_S)

    def _check(self) -> None:
        """That the collection is what this store writes, with every payload index: a killed process may lack some."""
        info = self._client.get_collection(self._name)
        found = info.config.params.vectors
        dense = found.get("dense") if isinstance(found, dict) else None
        if dense is None or dense.size != self._dimensions:
            raise GenerationError(
                f"the collection {self._name} holds vectors of another encoder; name a new generation."
            )
        for field, holds in indexed().items():
            if not self._local and field not in info.payload_schema:
                schema = models.PayloadSchemaType.KEYWORD if holds == "word" else models.PayloadSchemaType.INTEGER
                self._client.create_payload_index(self._name, field_name=field, field_schema=schema, wait=True)


# -- generations ------------------------------------------------------------------------------------------------------


def collection_name(collection: str, generation: str) -> str:
    """generation: letters and digits."""
    return f"{collection}-{generation}"


def generations(client: QdrantClient, collection: str) -> list[str]:
    """All generations of this collection on the server, by name."""
    with as_store_error(client):
        names = [one.name for one in client.get_collections().collections]
    prefix = collection_name(collection, "")
    found = (name.removeprefix(prefix) for name in names if name.startswith(prefix))
    return sorted(name for name in found if name.isalnum())  # `searchsvc-test-1a2b` is not one of `searchsvc`


def live_generation(client: QdrantClient, collection: str) -> str | None:
    """The one that the alias points at, or None when there is none yet."""
    with as_store_error(client):
        aliases = client.get_aliases().aliases
    names = [one.collection_name for one in aliases if one.alias_name == collection]
    return names[0].removeprefix(collection_name(collection, "")) if names else None


def make_live(client: QdrantClient, collection: str, generation: str) -> None:
    """Point the alias at this generation: in one step, so that there is a live one at every moment."""
    create = models.CreateAlias(collection_name=collection_name(collection, generation), alias_name=collection)
    changes: list[Any] = [models.CreateAliasOperation(create_alias=create)]
    if live_generation(client, collection) is not None:
        delete = models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=collection))
        changes.insert(0, delete)
    with as_store_error(client):
        client.update_collection_aliases(change_aliases_operations=changes)


def drop_generation(client: QdrantClient, collection: str, generation: str) -> None:
    """Delete this generation; one that is not there is passed over. Raises StoreError when it is the live one."""
    if live_generation(client, collection) == generation:
        raise StoreError(f"the generation {generation} of {collection} is live; make another live first.")
    with as_store_error(client):
        client.delete_collection(collection_name(collection, generation))


def _of(resource_id: str) -> models.Filter:
    match = models.MatchValue(value=resource_id)
    return models.Filter(must=[models.FieldCondition(key="resource_id", match=match)])


def _ids(point_ids: Sequence[str]) -> list[Any]:
    return list(numbered(point_ids))
