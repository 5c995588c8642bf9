"""Asks a child of its own, with limits, how a stored file looks, and keeps the last answers in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

from ingest.extract.protocol import ExtractLimits
from ingest.facsimile.values import Deck, Part, Picture, Slide
from searchsvc.errors import BusyError, IngestError, NotFoundError
from searchsvc.files import FileStore
from searchsvc.model import Resource

__all__ = ["Facsimiles"]

_SLIDES_AT_ONCE = 6  # opening a presentation takes longer than drawing a slide
_AT_ONCE = 2  # children; others wait
_WAIT_S = 20.0
_KEPT_BYTES = 48_000_000
_FAILED_S = 600.0  # until it is tried again; a busy machine may have been too slow
_LEAST_BYTES = 20_000  # that an answer counts for, whatever it holds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Failed:
    """What was wrong with a file, so that it is not read in vain each time somebody looks."""

    error: IngestError
    until_s: float


class Runner(Protocol):
    def run(self, target: str, *args: object) -> object: ...


class Facsimiles:
    """Safe to use from many threads. Raises IngestError for files that cannot be read, BusyError, NotFoundError."""

    def __init__(
        self, runner: Runner, files: FileStore, limits: ExtractLimits, *, scratch: Path,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._runner = runner
        self._files = files
        self._limits = limits
        self._scratch = scratch
        self._now_s = now_s
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(_AT_ONCE)
        self._asked: dict[tuple[object, ...], threading.Lock] = {}
        self._kept: OrderedDict[tuple[object, ...], tuple[object, int]] = OrderedDict()
        self._held = 0

    def slide(self, resource: Resource, number: int) -> Slide:
        """One slide of a presentation, from 1."""
        first = (number - 1) // _SLIDES_AT_ONCE * _SLIDES_AT_ONCE + 1
        asked = ("ingest.facsimile.slides:slides", first, _SLIDES_AT_ONCE, self._limits)
        for one in self._answer(resource, asked, _size_of):
            if one.number == number:
                return one
        raise NotFoundError(f"{resource.id} has no slide {number}.")

    def deck(self, resource: Resource) -> Deck:
        """How large the slides of a presentation are, and the notes below each."""
        asked = ("ingest.facsimile.slides:deck", self._limits)
        return self._answer(resource, asked, _size_of_deck)

    def page(self, resource: Resource, text: str) -> tuple[Part, ...]:
        """The blocks of a web page of which `text` was read; none where it is better shown as that."""
        # not as arguments of their own: a child may read whatever such a text is the path of
        asked = ("ingest.facsimile.pages:page", (resource.url or "", text), self._limits)
        return self._answer(resource, asked, lambda parts: len(text) + _size_of_page(parts))

    def pdf_page(self, resource: Resource, number: int) -> Picture:
        """A page of a PDF, small, from 1."""
        asked = ("ingest.facsimile.pdf_pages:pdf_page", number, self._limits)
        return self._answer(resource, asked, _size_of_picture)

    def _answer(self, resource: Resource, asked: tuple[object, ...], size: Callable[[T], int]) -> T:
        key = (resource.content_hash, *asked)
        with self._lock:
            if self._knows(key):
                return cast("T", self._told(key))
            one_asks = self._asked.setdefault(key, threading.Lock())
        with one_asks:  # whoever asks for the same meanwhile waits for this answer
            with self._lock:
                if self._knows(key):
                    return cast("T", self._told(key))
            try:
                made = cast("T", self._made(resource, asked))
            except IngestError as error:
                self._keep(key, _Failed(error, self._now_s() + _FAILED_S), _LEAST_BYTES)
                raise
            finally:
                with self._lock:
                    self._asked.pop(key, None)
            self._keep(key, made, size(made) + _LEAST_BYTES)
            return made

    def _knows(self, key: tuple[object, ...]) -> bool:
        known = self._kept.get(key)
        return known is not None and not (isinstance(known[0], _Failed) and known[0].until_s < self._now_s())

    def _told(self, key: tuple[object, ...]) -> object:
        self._kept.move_to_end(key)
        known = self._kept[key][0]
        if isinstance(known, _Failed):
            raise type(known.error)(*known.error.args)
        return known

    def _made(self, resource: Resource, asked: tuple[object, ...]) -> object:
        if not self._turns.acquire(timeout=_WAIT_S):
            raise BusyError("too many files are being drawn; try again in a minute.")
        try:
            with self._files.local_path(resource.content_hash, self._scratch) as path:
                if not path.exists():
                    raise NotFoundError(f"the file of {resource.id} is gone from the file store.")
                target, *arguments = asked
                return self._runner.run(str(target), str(path), *arguments)
        finally:
            self._turns.release()

    def _keep(self, key: tuple[object, ...], made: object, size: int) -> None:
        with self._lock:
            self._held += size - self._kept.get(key, (None, 0))[1]
            self._kept[key] = made, size
            while self._held > _KEPT_BYTES and len(self._kept) > 1:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone


def _size_of(slides: tuple[Slide, ...]) -> int:
    return sum(len(box.picture.data) for slide in slides for box in slide.boxes if box.picture)


def _size_of_deck(deck: Deck) -> int:
    return sum(map(len, deck.notes))


def _size_of_page(parts: tuple[Part, ...]) -> int:
    return sum(len(part.text) + (len(part.picture.data) if part.picture else 0) for part in parts)


def _size_of_picture(made: Picture) -> int:
    return len(made.data)
