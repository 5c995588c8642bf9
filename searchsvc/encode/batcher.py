"""One thread that encodes, so that nobody else ever waits inside a model: texts that wait together go together."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError

import numpy as np

from searchsvc.errors import BusyError
from searchsvc.model import Encoded

__all__ = ["Batcher"]

_Request = tuple[Sequence[str], "Future[Encoded]"]
_STOPPING = "the service is stopping; try again when it is up."


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
        self._max_waiting = max_waiting
        self._block = block
        self._waiting: deque[_Request] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Blocks until the vectors are there. Raises what the encoder raises, and BusyError."""
        pieces = [texts[at : at + self._max_texts] for at in range(0, len(texts), self._max_texts)] or [texts]
        return _joined([self.begin(piece).result() for piece in pieces])

    def begin(self, texts: Sequence[str]) -> Future[Encoded]:
        """The vectors of at most `max_texts`, when they are there. Raises BusyError; the future raises what the encoder
        does.
        """
        future: Future[Encoded] = Future()
        with self._changed:
            if not self._block and len(self._waiting) >= self._max_waiting:
                raise BusyError("too many searches are waiting; try again in a moment.")
            self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._max_waiting)
            if self._closed:
                raise BusyError(_STOPPING)
            self._waiting.append((texts, future))
            self._changed.notify_all()
        return future

    def close(self) -> None:
        """Answers what waits with BusyError and ends the thread."""
        with self._changed:
            self._closed = True
            left = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for _, future in left:
            future.set_exception(BusyError(_STOPPING))
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while together := self._next():
            self._answer(together)

    def _next(self) -> list[_Request]:
        """What goes into one call, as soon as something waits; nothing when this is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._waiting))
            together: list[_Request] = []
            room = self._max_texts
            while self._waiting and (not together or len(self._waiting[0][0]) <= room):
                together.append(self._waiting.popleft())
                room -= len(together[-1][0])
            self._changed.notify_all()
            return together

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
            with contextlib.suppress(InvalidStateError):
                future.set_result(Encoded(encoded.dense[at:end]))
            at = end


def _joined(parts: Sequence[Encoded]) -> Encoded:
    return parts[0] if len(parts) == 1 else Encoded(np.concatenate([part.dense for part in parts]))
