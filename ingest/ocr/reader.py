"""Looks at pictures of text, each in a child of its own with limits, and remembers what was seen.

One picture at a time in a process: each takes half of its cores and much memory. What was seen is kept by the hash of
the file, so that a job that is stopped goes on where it was, and an index made anew asks nothing twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from searchsvc.errors import IngestError
from searchsvc.model import Seen

__all__ = ["KeptSights", "Ocr"]


class KeptSights(Protocol):
    """What was seen, by the hash of the file and the place in it."""

    def read(self, content_hash: str, engine: str) -> dict[str, Seen]: ...
    def put(self, content_hash: str, place: str, engine: str, seen: Seen) -> None: ...


class Runner(Protocol):
    def run(self, target: str, *args: object) -> object: ...


class Ocr:
    """Safe to use from many threads. max_pictures: of one file; those after them are left with the reason."""

    def __init__(
        self, runner: Runner, kept: KeptSights, *, engine: str, max_pictures: int, max_unpacked_bytes: int
    ) -> None:
        self._runner = runner
        self._kept = kept
        self._engine = engine
        self._max_pictures = max_pictures
        self._max_unpacked_bytes = max_unpacked_bytes
        self._one_at_a_time = threading.Lock()

    def look(
        self, content_hash: str, path: str, name: str, places: Sequence[str], told: Callable[[int, int], object]
    ) -> dict[str, Seen]:
        """What stands in these places of the file at `path`. told: how many are done, of how many.

        A picture that cannot be read is one that failed, with why; it is tried again the next time.
        """
        seen = self._kept.read(content_hash, self._engine)
        found: dict[str, Seen] = {}
        for number, place in enumerate(places):
            if place in seen:
                found[place] = seen[place]
                continue
            if number >= self._max_pictures:
                found[place] = Seen(failed=f"only {self._max_pictures} pages of a file are read; raise ocr_max_pages")
                continue
            told(number, len(places))
            try:
                with self._one_at_a_time:
                    one = self._runner.run("ingest.ocr.engine:look", path, name, place, self._max_unpacked_bytes)
            except IngestError as error:
                found[place] = Seen(failed=str(error))
                continue
            if not isinstance(one, Seen):
                raise TypeError(f"the child handed back {type(one).__name__}")
            self._kept.put(content_hash, place, self._engine, one)
            found[place] = one
        return found
