"""The ranker over a real store: what a cross-encoder says decides among the best, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.filters import Filter
from searchsvc.model import Point, SparseVector
from searchsvc.search.ranker import Ranker
from searchsvc.search.weights import weighed
from searchsvc.store.edge import EdgeStore

TEXTS = [f"ring number {number} with {'gel ' * number}" for number in range(1, 9)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EdgeStore]:
    encoder, lexical = HashingEncoder(), LexicalEncoder()
    store = EdgeStore(tmp_path / "store", dimensions=encoder.dimensions)
    encoded = encoder.encode_passages(TEXTS)
    store.upsert(
        [
            Point(_id(at), encoded.dense[at], sparse, {"resource_id": f"r{at}", "ordinal": 0})
            for at, sparse in enumerate(lexical.encode_documents(TEXTS))
        ]
    )
    yield store
    store.close()


def weigh(query: SparseVector) -> SparseVector:
    return weighed(query, len(TEXTS), {})


def _id(at: int) -> str:
    return f"00000000-0000-0000-0000-{at:012d}"


def ranker(store: EdgeStore, **more: object) -> Ranker:
    encoder = HashingEncoder()
    return Ranker(
        store=store,
        begin_query=lambda text: lambda: encoder.encode_queries([text]),
        lexical=LexicalEncoder(),
        **more,  # type: ignore[arg-type]
    )


def test_a_cross_encoder_decides_among_the_best_and_loses_nothing(store: EdgeStore) -> None:
    [plain] = ranker(store).retrieve("ring gel", [Filter()], "hybrid", weigh)
    last = plain.passages[-1].point_id

    def prefers_the_last(_query: str, ids: Sequence[str]) -> Mapping[str, float]:
        return {one: float(one == last) for one in ids}

    [read] = ranker(store, read_together=prefers_the_last).retrieve("ring gel", [Filter()], "hybrid", weigh)
    assert read.passages[0].point_id == last
    assert {one.point_id for one in read.passages} == {one.point_id for one in plain.passages}
    scores = [one.score for one in read.passages]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_the_same_question_has_the_same_answer_and_every_filter_its_own(store: EdgeStore, mode: str) -> None:
    where = [Filter(), Filter(resource_id=("r2", "r3"))]
    first = ranker(store).retrieve("ring gel", where, mode, weigh)  # type: ignore[arg-type]
    assert first == ranker(store).retrieve("ring gel", where, mode, weigh)  # type: ignore[arg-type]
    assert {one.resource_id for one in first[1].passages} == {"r2", "r3"}


def test_what_no_text_holds_is_found_by_meaning_only(store: EdgeStore) -> None:
    [found] = ranker(store).retrieve("zzz", [Filter()], "hybrid", weigh)
    assert found.lexical == [] and len(found.passages) == len(TEXTS)
    assert [one.passages for one in ranker(store).retrieve("zzz", [Filter()], "keyword", weigh)] == [[]]


def test_words_that_count_nothing_leave_the_order_of_meaning(store: EdgeStore) -> None:
    [by_meaning] = ranker(store).retrieve("ring gel", [Filter()], "semantic", weigh)
    [mixed] = ranker(store).retrieve("ring gel", [Filter()], "hybrid", weigh, words_count=0.0)
    known = [one.point_id for one in by_meaning.passages]
    assert [one.point_id for one in mixed.passages if one.point_id in known] == known
