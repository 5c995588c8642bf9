"""One thread that encodes, so that nobody else ever waits inside a model: texts that wait together go together."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError

import numpy as np

from searchsvc.errors import BusyError
from searchsvc.model import Encoded

__all__ = ["Batcher"]

_Request = tuple[Sequence[str], "Future[Encoded]"]


class Batcher:
    """Calls `encode` from a thread of its own, with what several callers ask at the same time in one call.

    max_texts: of one call, and of one piece of a longer request, so that a long one lets short ones through.
    max_waiting: requests that may wait; one more raises BusyError when `block` is false, and waits otherwise.
    """

    def __init__(
        self,
        encode: Callable[[Sequence[str]], Encoded],
        *,
        name: str,
        max_texts: int = 128,
        max_waiting: int = 256,
        block: bool = True,
    ) -> None:
        self._encode = encode
        self._max_texts = max_texts
        self._block = block
        self._waiting: queue.Queue[_Request | None] = queue.Queue(max_waiting)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Blocks until the vectors are there. Raises what the encoder raises, and BusyError."""
        pieces = [texts[at : at + self._max_texts] for at in range(0, len(texts), self._max_texts)] or [texts]
        return _joined([self._one(piece) for piece in pieces])

    def close(self) -> None:
        """Answers what waits with BusyError and ends the thread."""
        if self._closed:
            return
        self._closed = True
        self._wake()
        self._thread.join(timeout=10)

    def _one(self, texts: Sequence[str]) -> Encoded:
        future: Future[Encoded] = Future()
        if self._closed:
            raise BusyError("the service is stopping; try again when it is up.")
        try:
            self._waiting.put((texts, future), block=self._block)
        except queue.Full:
            raise BusyError("too many searches are waiting; try again in a moment.") from None
        if self._closed:  # the thread may have ended before this came in
            self._refuse(None)
            self._wake()
        return future.result()

    def _wake(self) -> None:
        with contextlib.suppress(queue.Full):  # then the thread has no reason to wait
            self._waiting.put_nowait(None)

    def _run(self) -> None:
        held: _Request | None = None
        while not self._closed:
            first = held or self._waiting.get()
            held = None
            if first is None:
                break
            together, count = [first], len(first[0])
            while count < self._max_texts:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._closed = True
                    break
                if count + len(following[0]) > self._max_texts:
                    held = following
                    break
                together.append(following)
                count += len(following[0])
            self._answer(together)
        self._refuse(held)

    def _answer(self, together: Sequence[_Request]) -> None:
        try:
            encoded = self._encode([text for texts, _ in together for text in texts])
        except Exception as error:  # whatever it is belongs to those who asked
            for _, future in together:
                with contextlib.suppress(InvalidStateError):
                    future.set_exception(error)
            return
        at = 0
        for texts, future in together:
            end = at + len(texts)
            tokens = encoded.tokens[at:end] if encoded.tokens is not None else None
            with contextlib.suppress(InvalidStateError):
                future.set_result(Encoded(encoded.dense[at:end], tokens))
            at = end

    def _refuse(self, held: _Request | None) -> None:
        left: list[_Request | None] = [held]
        with contextlib.suppress(queue.Empty):
            while True:
                left.append(self._waiting.get_nowait())
        for request in left:
            if request is not None:
                request[1].set_exception(BusyError("the service is stopping; try again when it is up."))


def _joined(parts: Sequence[Encoded]) -> Encoded:
    if len(parts) == 1:
        return parts[0]
    tokens = [part.tokens for part in parts]
    return Encoded(
        np.concatenate([part.dense for part in parts]),
        tuple(matrix for matrices in tokens if matrices is not None for matrix in matrices) if None not in tokens else None,
    )
