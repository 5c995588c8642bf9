"""What a search may rely on while its words are encoded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from searchsvc.encode.batcher import Batcher
from searchsvc.encode.queries import QueryVectors
from searchsvc.errors import ModelError
from searchsvc.model import Encoded


class Encoder:
    """Waits at its gate, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.fails = False

    def __call__(self, texts: Sequence[str]) -> Encoded:
        assert self.gate.wait(120)
        self.asked += texts
        if self.fails:
            raise ModelError("it does not fit")
        return Encoded(np.array([[float(len(text))] for text in texts], np.float32))


def untimed() -> Callable[[], object]:
    return lambda: None


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
def batcher(encoder: Encoder) -> Iterator[Batcher]:
    batcher = Batcher(encoder, name="queries")
    yield batcher
    encoder.gate.set()
    batcher.close()


def test_who_begins_waits_for_nothing_until_the_vector_is_wanted(encoder: Encoder, batcher: Batcher) -> None:
    wanted = QueryVectors(batcher.begin, most=2, timed=untimed).begin("ring")
    assert not encoder.asked
    encoder.gate.set()
    assert wanted().dense.tolist() == [[4.0]]


def test_the_last_ones_are_not_encoded_again(encoder: Encoder, batcher: Batcher) -> None:
    encoder.gate.set()
    vectors = QueryVectors(batcher.begin, most=2, timed=untimed)
    for words in ("ring", "gel", "ring", "film", "ring", "gel"):
        assert vectors.begin(words)().dense.tolist() == [[float(len(words))]]
    assert encoder.asked == ["ring", "gel", "film", "gel"]


def test_what_is_on_its_way_is_not_encoded_again(encoder: Encoder, batcher: Batcher) -> None:
    vectors = QueryVectors(batcher.begin, most=2, timed=untimed)
    both = [vectors.begin("ring"), vectors.begin("ring")]
    encoder.gate.set()
    assert [one().dense.tolist() for one in both] == [[[4.0]], [[4.0]]] and encoder.asked == ["ring"]


def test_what_failed_is_tried_again(encoder: Encoder, batcher: Batcher) -> None:
    encoder.gate.set()
    vectors = QueryVectors(batcher.begin, most=2, timed=untimed)
    encoder.fails = True
    with pytest.raises(ModelError):
        vectors.begin("ring")()
    encoder.fails = False
    assert vectors.begin("ring")().dense.tolist() == [[4.0]]


def test_the_time_is_that_of_encoding(encoder: Encoder, batcher: Batcher) -> None:
    told: list[str] = []
    ended = threading.Event()

    def timed() -> Callable[[], None]:
        told.append("began")

        def end() -> None:
            told.append("ended")
            ended.set()

        return end

    vectors = QueryVectors(batcher.begin, most=2, timed=timed)
    wanted = vectors.begin("ring")
    assert told == ["began"]
    encoder.gate.set()
    wanted()
    assert ended.wait(120)
    vectors.begin("ring")()
    assert told == ["began", "ended"]  # what is kept takes no time
