import uuid
from pathlib import Path

import numpy as np
import pytest

from searchsvc.model import Filter, Point, SparseVector
from searchsvc.store.edge import EdgeStore
from searchsvc.store.protocol import DenseQuery, LexicalQuery, TokensQuery


@pytest.fixture
def store(tmp_path: Path):
    made = EdgeStore(tmp_path / "store", dimensions=8, token_dimensions=4)
    yield made
    made.close()


def point(number: int, resource_id: str, **payload: object) -> Point:
    random = np.random.default_rng(number)
    dense = random.normal(size=8).astype(np.float32)
    whole = {"resource_id": resource_id, "ordinal": number, "first": True, "kind": "paper", "year": 2020, "person": []}
    return Point(
        str(uuid.UUID(int=number)),
        dense / np.linalg.norm(dense),
        SparseVector((number, 1000), (1.0, 0.5)),
        {**whole, **payload},
        random.normal(size=(3, 4)).astype(np.float32),
    )


def test_the_nearest_by_cosine_come_first(store: EdgeStore) -> None:
    points = [point(n, f"r{n}") for n in range(1, 30)]
    store.upsert(points)
    store.upsert(points)
    asked = points[4].dense
    expected = sorted(points, key=lambda one: -float(one.dense @ asked))[:10]
    assert [one.point_id for one in store.query([DenseQuery(asked, 10)])[0]] == [one.id for one in expected]
    assert store.count() == 29


def test_a_rare_term_weighs_more_than_a_common_one(store: EdgeStore) -> None:
    store.upsert([point(n, f"r{n}") for n in range(1, 30)])
    found = store.query([LexicalQuery(SparseVector((7, 1000), (1.0, 1.0)), 5)])[0]
    assert found[0].resource_id == "r7"


def test_token_vectors_are_scored_by_the_sum_of_best_matches(store: EdgeStore) -> None:
    points = [point(n, f"r{n}") for n in range(1, 6)]
    store.upsert(points)
    asked = np.eye(4, dtype=np.float32)[:2]
    found = store.query([TokensQuery(asked, tuple(one.id for one in points[:3]), 10)])[0]
    expected = {one.id: float((asked @ one.tokens.T).max(axis=1).sum()) for one in points[:3]}
    assert {one.point_id: one.score for one in found} == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(kind=("event",)), {"b"}),
        (Filter(kind=("event", "paper")), {"a", "b", "c"}),
        (Filter(kind=("paper",), year_from=2022), {"c"}),
        (Filter(year_to=2020), {"a"}),
        (Filter(person=("p1", "p9")), {"c"}),
        (Filter(not_resource_id=("a",)), {"b", "c"}),
        (Filter(first=False), set()),
    ],
)
def test_any_value_within_a_field_and_all_fields_together(store: EdgeStore, where: Filter, expected: set[str]) -> None:
    store.upsert([point(1, "a"), point(2, "b", kind="event", year=2021), point(3, "c", year=2022, person=["p1", "p2"])])
    found = store.query([DenseQuery(point(1, "a").dense, 10, where)])[0]
    assert {one.resource_id for one in found} == expected
    assert store.count(where) == len(expected)


def test_a_deleted_resource_and_a_deleted_point_are_gone(store: EdgeStore) -> None:
    store.upsert([point(1, "a"), point(2, "a"), point(3, "b"), point(4, "c")])
    store.delete("a")
    store.delete("nobody")
    store.delete_points([point(3, "b").id])
    assert store.resource_ids() == {"c"}


def test_a_point_comes_back_as_it_was_written_also_after_reopening(store: EdgeStore, tmp_path: Path) -> None:
    written = point(5, "ré", person=["p1"])
    store.upsert([written])
    store.set_payload("ré", {"project": ["pr-1"]})
    store.snapshot(tmp_path / "copy")
    copy = EdgeStore(tmp_path / "copy", dimensions=8, token_dimensions=4)
    back = copy.points([written.id])[written.id]
    copy.close()
    assert back.payload == {**written.payload, "project": ["pr-1"]}
    assert back.sparse == written.sparse
    np.testing.assert_allclose(back.dense, written.dense, atol=1e-6)
    assert copy is not store and store.facet("person") == {"p1": 1}
