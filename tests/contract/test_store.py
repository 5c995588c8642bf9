"""What every store does. TEST_SEARCHSVC_QDRANT_URL (and _API_KEY, _SHARDS, _COPIES) have it run on a server too."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from searchsvc.errors import GenerationError, StoreError
from searchsvc.filters import Filter, Span, Wanted
from searchsvc.model import Point, SparseVector
from searchsvc.store.protocol import DenseQuery, LexicalQuery, ScoreQuery, Store, StoreQuery
from tests.store.kit import FILTERS, STORES, Opener, edge_with_tokens, params_with_tokens, point, same, stores


@pytest.fixture(params=STORES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    yield from stores(request.param, tmp_path)


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()


# -- finding ----------------------------------------------------------------------------------------------------------


def test_the_nearest_by_cosine_come_first_also_when_written_twice(store: Store) -> None:
    points = [point(n, f"r{n}") for n in range(1, 30)]
    store.upsert(points)
    store.upsert(points)
    asked = points[4].dense
    expected = sorted(points, key=lambda one: -float(one.dense @ asked))[:10]
    nearest = store.query([DenseQuery(asked, 10)])[0]
    assert [(one.point_id, one.resource_id, one.ordinal) for one in nearest] == [
        (one.id, one.payload["resource_id"], one.payload["ordinal"]) for one in expected
    ]
    assert [one.score for one in nearest] == pytest.approx([float(one.dense @ asked) for one in expected], abs=1e-5)
    assert store.count() == 29


def test_equal_scores_are_ordered_by_point_id(store: Store) -> None:
    twins = [Point(str(uuid.UUID(int=n)), point(1, "a").dense, SparseVector((3,), (1.0,)), point(n, "a").payload)
             for n in (9, 2, 30, 7)]  # fmt: skip
    store.upsert(twins)
    dense, lexical = store.query([DenseQuery(twins[0].dense, 9), LexicalQuery(SparseVector((3,), (1.0,)), 9)])
    ordered = sorted(one.id for one in twins)
    assert [one.point_id for one in dense] == ordered
    assert [one.point_id for one in lexical] == ordered


def test_the_ids_of_all_points_are_told(store: Store) -> None:
    assert list(store.ids()) == []
    points = [point(n, f"r{n}") for n in range(1, 1203)]
    store.upsert(points)
    store.delete("r7")
    assert sorted(store.ids()) == sorted(one.id for one in points if one.payload["resource_id"] != "r7")


def test_words_score_by_their_weights_multiplied_whatever_else_is_in_the_store(store: Store) -> None:
    asked = SparseVector((7, 5000, 8000), (3.0, 0.25, 9.0))
    seven, eight = point(7, "r7"), point(8, "r8")
    expected = {seven.id: 3.0 * 1.0 + 0.25 * 0.5, eight.id: 0.25 * 0.5}

    def scored() -> list[dict[str, float]]:
        [found] = store.query([LexicalQuery(asked, 40)])
        [known] = store.scores([ScoreQuery(asked, (*expected,))])
        return [{one.point_id: one.score for one in found if one.point_id in expected}, known]

    store.upsert([seven, eight])
    assert scored() == [pytest.approx(expected)] * 2
    store.upsert([point(n, f"r{n}") for n in range(9, 30)])
    assert scored() == [pytest.approx(expected)] * 2
    store.delete_points([point(n, "").id for n in range(9, 20)])
    assert scored() == [pytest.approx(expected)] * 2


def test_known_points_are_scored_as_a_search_would_score_them(store: Store) -> None:
    points = [point(n, f"r{n}") for n in range(1, 30)]
    store.upsert(points)
    dense, words = point(7, "").dense, SparseVector((7, 5000), (1.0, 0.5))
    answers = store.query([DenseQuery(dense, 30), LexicalQuery(words, 30)])
    chosen = {one.id for one in points[3:9]}
    scored = store.scores(
        [ScoreQuery(dense, tuple(chosen)), ScoreQuery(words, (*chosen, "no id")), ScoreQuery(dense, ())]
    )
    for some, all_ in zip(scored, answers, strict=False):
        assert some == pytest.approx({one.point_id: one.score for one in all_ if one.point_id in chosen}, rel=1e-4)
    assert scored[2] == {} and store.scores([ScoreQuery(SparseVector((9999,), (1.0,)), tuple(chosen))]) == [{}]


def test_every_query_has_its_own_answer(store: Store) -> None:
    store.upsert([point(n, f"r{n}") for n in range(1, 6)])
    dense, nothing, lexical, no_words, few = store.query(
        [
            DenseQuery(point(2, "").dense, 3),
            DenseQuery(point(2, "").dense, 0),
            LexicalQuery(SparseVector((4,), (1.0,)), 10),
            LexicalQuery(SparseVector((), ()), 10),
            DenseQuery(point(3, "").dense, 10, Filter(resource_id=("r5",))),
        ]
    )
    assert (len(dense), dense[0].resource_id) == (3, "r2")
    assert [one.resource_id for one in lexical] == ["r4"]
    assert (nothing, no_words) == ([], [])
    assert [one.resource_id for one in few] == ["r5"]


def test_an_empty_store_finds_nothing(store: Store) -> None:
    dense = np.ones(8, dtype=np.float32)
    queries: list[DenseQuery | LexicalQuery] = [
        DenseQuery(dense, 5),
        LexicalQuery(SparseVector((1,), (1.0,)), 5),
    ]
    assert store.query(queries) == [[], []]
    assert store.scores([ScoreQuery(np.eye(8, dtype=np.float32)[0], (str(uuid.uuid4()),))]) == [{}]
    assert store.count() == 0
    assert store.points(["no id", str(uuid.uuid4())]) == {} and store.vectors([]) == {}
    assert store.query([]) == [] and store.maintain() is False


@pytest.mark.parametrize(("where", "expected"), FILTERS)
def test_any_value_within_a_field_and_all_fields_together(store: Store, where: Filter, expected: str) -> None:
    store.upsert(
        [
            point(1, "a"),
            point(2, "b", kind="event", year=2021, project=["x"]),
            point(3, "c", year=2022, person=["p1", "p2"], organization=["o1"], project=["y", "z"]),
            point(4, "d", kind="page", year=None, language="de", source="feed"),
        ]
    )
    dense, lexical = store.query(
        [DenseQuery(point(1, "a").dense, 10, where), LexicalQuery(SparseVector((5000,), (1.0,)), 10, where)]
    )
    assert {one.resource_id for one in dense} == {one.resource_id for one in lexical} == set(expected)
    assert store.count(where) == len(expected)


@pytest.mark.parametrize(
    "asked", [{"colour": ("red",)}, {"year": ("2020",)}, {"kind": Span(2020)}, {"colour": Span(1)}]
)
def test_a_filter_that_is_not_declared_is_an_error_and_never_passed_over(
    store: Store, asked: dict[str, Wanted]
) -> None:
    store.upsert([point(1, "a")])
    where = Filter({"kind": ("paper",), **asked})
    queries: list[StoreQuery] = [
        DenseQuery(point(1, "a").dense, 1, where),
        LexicalQuery(SparseVector((1,), (1.0,)), 1, where),
    ]
    for query in queries:
        with pytest.raises(StoreError, match=f"no filter '{next(iter(asked))}'"):
            store.query([query])
    with pytest.raises(StoreError, match="no filter"):
        store.count(where)


def test_thousands_of_ids_in_a_filter(store: Store) -> None:
    store.upsert([point(n, f"r{n}") for n in range(1, 20)])
    many = tuple(f"r{n}" for n in range(10, 5010))
    assert store.count(Filter(resource_id=many)) == 10
    assert len(store.query([DenseQuery(point(1, "").dense, 100, Filter(not_resource_id=many))])[0]) == 9


# -- writing ----------------------------------------------------------------------------------------------------------


def test_a_deleted_resource_and_a_deleted_point_are_gone(store: Store) -> None:
    store.upsert([point(1, "a"), point(2, "a"), point(3, "b"), point(4, "c")])
    store.delete("a")
    store.delete("nobody")
    store.delete_points([point(3, "b").id, str(uuid.uuid4()), "no id"])
    assert store.count() == 1
    found = store.query([DenseQuery(point(1, "").dense, 9), LexicalQuery(SparseVector((1, 5000), (1.0, 1.0)), 9)])
    assert [[one.resource_id for one in answer] for answer in found] == [["c"], ["c"]]


def test_payload_is_set_on_every_point_of_the_resource_and_on_no_other(store: Store) -> None:
    store.upsert([point(1, "a"), point(2, "a", person=["p9"]), point(3, "b")])
    store.set_payload("a", {"person": ["p1"], "project": []})
    store.set_payload("nobody", {"person": ["p1"]})
    assert store.count(Filter({"person": ("p1",)})) == 2
    back = store.points([point(n, "").id for n in (1, 2, 3)])
    same(back[point(1, "").id], point(1, "a", person=["p1"], project=[]))
    same(back[point(3, "").id], point(3, "b"))


def test_a_point_written_again_is_replaced_whole(store: Store) -> None:
    store.upsert([point(1, "a", project=["x"])])
    other = point(2, "b")
    written = Point(point(1, "").id, other.dense, other.sparse, other.payload)
    store.upsert([written])
    same(store.points([written.id])[written.id], written)
    assert store.query([LexicalQuery(SparseVector((1,), (1.0,)), 5)]) == [[]]
    assert store.count(Filter(resource_id=("b",))) == store.count() == 1


def test_a_point_comes_back_as_it_was_written_and_can_be_written_again(store: Store) -> None:
    odd = {
        "person": ["", "a b", 'quo"te', "日本語", "\U0001f600", "o'x"],
        "note": {"deep": [1, 2.5, None, True, {"x": "ü"}]},
        "language": None,
    }
    written = point(5, "ré\n/⁄ %", **odd)
    wide = SparseVector((0, 1, 4_294_967_295), (0.1, 1e-7, 12345.678))
    written = Point(written.id, written.dense, wide, written.payload)
    stored = SparseVector(wide.indices, tuple(float(np.float32(value)) for value in wide.values))
    store.upsert([written])
    back = store.points([written.id])[written.id]
    np.testing.assert_allclose(back.sparse.values, stored.values, rtol=1e-7)
    assert (back.sparse.indices, back.payload) == (wide.indices, written.payload)
    store.upsert([back])
    again = store.points([written.id])[written.id]
    same(again, back)
    np.testing.assert_allclose(store.vectors([written.id])[written.id], written.dense, atol=1e-6)
    assert store.count(Filter({"person": ("日本語",)}, resource_id=("ré\n/⁄ %",))) == 1


def test_a_point_without_words_is_found_by_meaning(store: Store) -> None:
    bare = Point(str(uuid.UUID(int=8)), point(8, "").dense, SparseVector((), ()), point(8, "bare").payload)
    store.upsert([bare, point(1, "a")])
    assert store.query([DenseQuery(bare.dense, 1)])[0][0].resource_id == "bare"
    assert store.points([bare.id])[bare.id].sparse == SparseVector((), ())


def test_more_points_than_fit_a_page(store: Store) -> None:
    store.upsert([point(n, f"r{n // 2}") for n in range(2, 2602)])
    assert store.count() == 2600
    assert len(store.points([str(uuid.UUID(int=n)) for n in range(1, 2701)])) == 2600


def test_vectors_of_the_wrong_size_are_an_error_and_write_nothing(store: Store) -> None:
    wrong = Point(str(uuid.UUID(int=1)), np.ones(3, dtype=np.float32), SparseVector((), ()), point(1, "a").payload)
    with pytest.raises(StoreError) as caught:
        store.upsert([wrong])
    assert "\n" not in str(caught.value)
    with pytest.raises(StoreError):
        store.query([DenseQuery(wrong.dense, 5)])
    assert store.count() == 0


# -- keeping ----------------------------------------------------------------------------------------------------------


def test_everything_is_there_after_reopening(opener: Opener) -> None:
    first = opener()
    first.upsert([point(1, "a"), point(2, "b")])
    first.delete("b")
    first.set_payload("a", {"project": ["x"]})
    first.close()
    first.close()
    with pytest.raises(StoreError, match="closed"):
        first.count()
    again = opener()
    same(again.points([point(1, "").id])[point(1, "").id], point(1, "a", project=["x"]))
    assert again.count() == 1
    assert again.query([LexicalQuery(SparseVector((1,), (1.0,)), 5)])[0][0].resource_id == "a"


def test_a_store_of_another_encoder_is_not_opened(opener: Opener) -> None:
    first = opener()
    first.close()
    with pytest.raises(GenerationError):
        opener(dimensions=16)


def test_a_store_that_was_made_with_vectors_of_tokens_is_used_as_it_is(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("searchsvc.store.edge.edge_config", edge_with_tokens)
        before.setattr("searchsvc.store.qdrant.vector_params", params_with_tokens)
        first = opener()
        first.upsert([point(1, "a"), point(2, "b")])
        first.close()
    again = opener()
    again.upsert([point(2, "c"), point(3, "d")])
    same(again.points([point(1, "").id])[point(1, "").id], point(1, "a"))
    assert [one.resource_id for one in again.query([DenseQuery(point(2, "").dense, 1)])[0]] == ["c"]
    assert again.count() == 3
    again.close()
    with pytest.raises(GenerationError):
        opener(dimensions=16)


def test_many_threads_read_while_one_writes(store: Store) -> None:
    store.upsert([point(n, f"r{n}") for n in range(1, 50)])
    done, failures = threading.Event(), []

    def read() -> None:
        try:
            while not done.is_set():
                found = store.query([DenseQuery(point(3, "").dense, 5), LexicalQuery(SparseVector((3,), (1.0,)), 5)])
                assert found[0][0].resource_id == found[1][0].resource_id == "r3"
                assert store.count(Filter(resource_id=("r3",))) == 1
                assert store.points([point(3, "").id])
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(100, 160):
        store.upsert([point(n, f"w{n}")])
        store.set_payload(f"w{n}", {"project": ["x"]})
        if n % 2:
            store.delete(f"w{n}")
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert store.count(Filter({"project": ("x",)})) == 30
