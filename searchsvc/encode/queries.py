"""Vectors of queries, begun and not waited for: what else a search needs is looked up meanwhile."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

from searchsvc.model import Encoded

__all__ = ["QueryVectors"]


class QueryVectors:
    """Keeps the last `most`: a page further, or another filter, asks with the same words. For many threads."""

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
        self._kept: OrderedDict[str, Encoded] = OrderedDict()
        self._keeping = threading.Lock()

    def begin(self, words: str) -> Callable[[], Encoded]:
        """What is returned waits for one row, and raises what the encoder raises. Raises BusyError."""
        with self._keeping:
            known = self._kept.get(words)
            if known is not None:
                self._kept.move_to_end(words)
                return lambda: known
        future, ended = self._begin([words]), self._timed()
        future.add_done_callback(lambda _: ended())
        future.add_done_callback(partial(self._keep, words))
        return future.result

    def _keep(self, words: str, future: Future[Encoded]) -> None:
        if future.exception() is None:
            with self._keeping:
                self._kept[words] = future.result()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
