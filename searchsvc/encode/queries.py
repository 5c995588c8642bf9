"""Vectors of queries, begun and not waited for: what else a search needs is looked up meanwhile."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from searchsvc.model import Encoded

__all__ = ["QueryVectors"]


class QueryVectors:
    """Keeps the last `most`: a page further, or another filter, asks with the same words. What is asked for again while
    it is encoded is encoded once. For many threads.
    """

    def __init__(
        self,
        begin: Callable[[Sequence[str]], Future[Encoded]],
        *,
        most: int,
        timed: Callable[[], Callable[[], object]],
    ) -> None:
        """timed: called when an encoding begins; what it returns, when it has ended, in another thread."""
        self._begin = begin
        self._most = most
        self._timed = timed
        self._kept: OrderedDict[str, Future[Encoded]] = OrderedDict()
        self._keeping = threading.Lock()

    def begin(self, words: str) -> Callable[[], Encoded]:
        """What is returned waits for one row, and raises what the encoder raises. Raises BusyError."""
        with self._keeping:
            known = self._kept.get(words)
            if known is None or (known.done() and known.exception() is not None):
                known = self._kept[words] = self._begun(words)
            self._kept.move_to_end(words)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return known.result

    def _begun(self, words: str) -> Future[Encoded]:
        future, ended = self._begin([words]), self._timed()
        future.add_done_callback(lambda _: ended())
        return future
