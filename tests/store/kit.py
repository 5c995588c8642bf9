"""The stores that the contract suite runs on, and points to put into them."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import qdrant_edge as qe
from qdrant_client import QdrantClient, models

from searchsvc.filters import Filter, Span
from searchsvc.model import Point, SparseVector
from searchsvc.store.edge import EdgeStore
from searchsvc.store.protocol import Store
from searchsvc.store.qdrant import QdrantStore, drop_generation, open_qdrant
from tests.variables import variable

Opener = Callable[..., Store]
SERVER = variable("QDRANT_URL")
SHARDS, COPIES = int(variable("QDRANT_SHARDS") or 1), int(variable("QDRANT_COPIES") or 1)
needs_server = pytest.mark.skipif(not SERVER, reason="TEST_SEARCHSVC_QDRANT_URL names no Qdrant server")


STORES = ["edge", "memory", pytest.param("server", marks=needs_server)]


def stores(kind: str, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same store every time; `dimensions` as asked."""
    opened: list[Store] = []
    if kind == "edge":
        client = None
    elif kind == "memory":
        client = QdrantClient(":memory:")
    else:
        client = open_qdrant(SERVER or "", variable("QDRANT_API_KEY"))
    collection = f"test{uuid.uuid4().hex}"

    def open_store(dimensions: int = 8) -> Store:
        if client is None:
            store: Store = EdgeStore(tmp_path / "store", dimensions=dimensions)
        else:
            store = QdrantStore(
                client, collection=collection, generation="a1", dimensions=dimensions, shards=SHARDS, replicas=COPIES,
            )  # fmt: skip
        opened.append(store)
        return store

    yield open_store
    for store in opened:
        store.close()
    if client is not None:
        drop_generation(client, collection, "a1")
        client.close()


def edge_with_tokens(dimensions: int) -> qe.EdgeConfig:
    """What shards were made by before December 2026."""
    tokens = qe.EdgeVectorParams(
        size=4, distance=qe.Distance.Dot, multivector_config=qe.MultiVectorConfig(qe.MultiVectorComparator.MaxSim)
    )
    dense = qe.EdgeVectorParams(size=dimensions, distance=qe.Distance.Cosine)
    sparse = {"lexical": qe.EdgeSparseVectorParams()}
    return qe.EdgeConfig(vectors={"dense": dense, "tokens": tokens}, sparse_vectors=sparse)


def params_with_tokens(dimensions: int) -> dict[str, models.VectorParams]:
    """What collections were made by before December 2026."""
    compared = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    tokens = models.VectorParams(size=4, distance=models.Distance.DOT, multivector_config=compared)
    return {"dense": models.VectorParams(size=dimensions, distance=models.Distance.COSINE), "tokens": tokens}


def point(number: int, resource_id: str, **payload: object) -> Point:
    random = np.random.default_rng(number)
    dense = random.normal(size=8).astype(np.float32)
    whole = {"resource_id": resource_id, "ordinal": number, "kind": "paper", "year": 2020, "person": []}
    return Point(
        str(uuid.UUID(int=number)),
        dense / np.linalg.norm(dense),
        SparseVector((number, 5000), (1.0, 0.5)),
        {**whole, **payload},
    )


def same(back: Point, written: Point) -> None:
    assert (back.id, back.sparse, back.payload) == (written.id, written.sparse, written.payload)
    np.testing.assert_allclose(back.dense, written.dense, atol=1e-6)


FILTERS = [
    (Filter(), "abcd"),
    (Filter({"kind": ("event",)}), "b"),
    (Filter({"kind": ("event", "paper")}), "abc"),
    (Filter({"kind": ("paper",), "year": Span(2022)}), "c"),
    (Filter({"kind": ("nothing",)}), ""),
    (Filter({"year": Span(None, 2020)}), "a"),
    (Filter({"year": Span(2021, 2021)}), "b"),
    (Filter({"year": Span(2023, 2021)}), ""),
    (Filter({"person": ("p1", "p9")}), "c"),
    (Filter({"person": ("p2",), "organization": ("o1",)}), "c"),
    (Filter({"person": ("p2",), "organization": ("o2",)}), ""),
    (Filter({"project": ("x", "y")}), "bc"),
    (Filter({"language": ("de",)}), "d"),
    (Filter({"source": ("feed",), "language": ("de", "en")}), "d"),
    (Filter(resource_id=("a", "d", "zz")), "ad"),
    (Filter(not_resource_id=("a",)), "bcd"),
    (Filter(resource_id=("a", "b"), not_resource_id=("a",)), "b"),
]
"""Filters, and which of the resources a, b, c, d of the contract suite pass them."""
