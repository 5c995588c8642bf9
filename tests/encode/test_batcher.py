"""What callers of a batcher may rely on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import numpy as np
import pytest

from searchsvc.encode.batcher import Batcher
from searchsvc.errors import BusyError, ModelError
from searchsvc.model import Encoded

Made = Callable[..., Batcher]


class Encoder:
    """Vectors that say which text they are of. Waits at its gate, and notes what it was given together."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, texts: Sequence[str]) -> Encoded:
        self.calls.append(list(texts))
        self.begun.release()
        assert self.gate.wait(120)
        if "bad" in texts:
            raise ModelError("it does not fit")
        return Encoded(np.array([[float(text)] for text in texts], np.float32).reshape(-1, 1))


class Caller(threading.Thread):
    """Somebody who waits for vectors."""

    def __init__(self, batcher: Batcher, *texts: str) -> None:
        super().__init__(daemon=True)
        self._batcher, self._texts = batcher, texts
        self.answer: list[float] | None = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self._batcher.encode(self._texts).dense[:, 0].tolist()
        except Exception as error:
            self.error = error

    def result(self) -> list[float] | None:
        self.join(120)
        assert not self.is_alive()
        return self.answer


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
def made(encoder: Encoder) -> Iterator[Made]:
    with ExitStack() as closing:

        def make(**given: int) -> Batcher:
            batcher = Batcher(encoder, name="test", **given)  # type: ignore[arg-type]
            closing.callback(batcher.close)
            closing.callback(encoder.gate.set)
            return batcher

        yield make


def occupied(batcher: Batcher, encoder: Encoder) -> Caller:
    """The first caller, whom the encoder is busy with until the gate opens."""
    encoder.gate.clear()
    caller = Caller(batcher, "0")
    assert encoder.begun.acquire(timeout=120)
    return caller


def waiting(batcher: Batcher, count: int) -> None:
    """Wait until so many requests wait."""
    with batcher._changed:
        assert batcher._changed.wait_for(lambda: len(batcher._waiting) >= count, timeout=120)


def test_the_vectors_come_in_the_order_of_the_texts(made: Made) -> None:
    assert made().encode(["3", "1", "2"]).dense.tolist() == [[3], [1], [2]]


def test_no_texts_give_no_vectors(made: Made) -> None:
    assert made().encode([]).dense.shape == (0, 1)


def test_requests_that_wait_together_are_encoded_together_and_everybody_gets_his_own(
    made: Made, encoder: Encoder
) -> None:
    batcher = made()
    first = occupied(batcher, encoder)
    others = [Caller(batcher, str(number), str(number + 10)) for number in range(1, 5)]
    waiting(batcher, 4)
    encoder.gate.set()
    assert first.result() == [0]
    assert [other.result() for other in others] == [[number, number + 10] for number in range(1, 5)]
    assert [len(call) for call in encoder.calls] == [1, 8]


def test_one_call_never_has_more_texts_than_allowed(made: Made, encoder: Encoder) -> None:
    batcher = made(max_texts=3)
    first = occupied(batcher, encoder)
    others = [Caller(batcher, str(number), str(number + 10)) for number in range(1, 4)]
    waiting(batcher, 3)
    encoder.gate.set()
    assert first.result() == [0]
    assert [other.result() for other in others] == [[1, 11], [2, 12], [3, 13]]
    assert [len(call) for call in encoder.calls] == [1, 2, 2, 2]


def test_a_long_request_lets_short_ones_through(made: Made, encoder: Encoder) -> None:
    batcher = made(max_texts=2)
    encoder.gate.clear()
    long = Caller(batcher, *map(str, range(10)))
    assert encoder.begun.acquire(timeout=120)
    short = Caller(batcher, "77")
    waiting(batcher, 1)
    encoder.gate.set()
    assert short.result() == [77]
    assert long.result() == list(range(10))
    assert max(map(len, encoder.calls)) <= 2
    assert next(at for at, call in enumerate(encoder.calls) if "77" in call) <= 2


def test_a_failure_reaches_all_who_asked_together_and_nobody_else(made: Made, encoder: Encoder) -> None:
    batcher = made()
    first = occupied(batcher, encoder)
    together = [Caller(batcher, "1"), Caller(batcher, "bad")]
    waiting(batcher, 2)
    encoder.gate.set()
    assert first.result() == [0]
    for caller in together:
        assert caller.result() is None
        assert isinstance(caller.error, ModelError)
    assert batcher.encode(["5"]).dense.tolist() == [[5]]


def test_who_finds_the_queue_full_is_told_to_come_back(made: Made, encoder: Encoder) -> None:
    batcher = made(max_waiting=1, block=False)
    first = occupied(batcher, encoder)
    second = Caller(batcher, "1")
    waiting(batcher, 1)
    with pytest.raises(BusyError, match="try again"):
        batcher.encode(["2"])
    encoder.gate.set()
    assert (first.result(), second.result()) == ([0], [1])
    assert batcher.encode(["2"]).dense.tolist() == [[2]]


def test_who_may_wait_for_room_does(made: Made, encoder: Encoder) -> None:
    batcher = made(max_waiting=1)
    callers = [occupied(batcher, encoder), *(Caller(batcher, str(number)) for number in range(1, 6))]
    waiting(batcher, 1)
    encoder.gate.set()
    assert [caller.result() for caller in callers] == [[number] for number in range(6)]


@pytest.mark.parametrize("max_waiting", [1, 10])
def test_closing_answers_all_who_wait_even_those_who_wait_for_room(
    made: Made, encoder: Encoder, max_waiting: int
) -> None:
    batcher = made(max_waiting=max_waiting)
    first = occupied(batcher, encoder)
    others = [Caller(batcher, str(number)) for number in range(1, 6)]
    waiting(batcher, min(max_waiting, 5))
    closing = threading.Thread(target=batcher.close)
    closing.start()
    with batcher._changed:
        assert batcher._changed.wait_for(lambda: batcher._closed, timeout=120)
    encoder.gate.set()
    closing.join(120)
    assert first.result() == [0]
    for other in others:
        assert other.result() is None
        assert isinstance(other.error, BusyError)
    with pytest.raises(BusyError, match="stopping"):
        batcher.encode(["9"])
    batcher.close()


def test_nobody_waits_forever_who_comes_just_when_it_closes(encoder: Encoder) -> None:
    for _ in range(100):
        batcher = Batcher(encoder, name="test", max_waiting=2)
        callers = [Caller(batcher, "1") for _ in range(3)]
        batcher.close()
        for caller in callers:
            assert caller.result() == [1] or isinstance(caller.error, BusyError)
