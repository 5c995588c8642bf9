"""Asks a child of its own, with limits, how a stored file looks, and keeps the last answers in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar, cast

from ingest.extract.protocol import ExtractLimits
from ingest.facsimile.values import Deck, Part, Picture, Slide
from searchsvc.errors import BusyError, NotFoundError
from searchsvc.files import FileStore
from searchsvc.model import Resource

__all__ = ["Facsimiles"]

_SLIDES_AT_ONCE = 6  # opening a presentation takes longer than drawing a slide
_AT_ONCE = 2  # children; others wait
_WAIT_S = 60.0
_KEPT_BYTES = 48_000_000
_LEAST_BYTES = 20_000  # that an answer counts for, whatever it holds

T = TypeVar("T")


class Runner(Protocol):
    def run(self, target: str, *args: object) -> object: ...


class Facsimiles:
    """Safe to use from many threads. Raises IngestError for files that cannot be read, BusyError, NotFoundError."""

    def __init__(self, runner: Runner, files: FileStore, limits: ExtractLimits, *, scratch: Path) -> None:
        self._runner = runner
        self._files = files
        self._limits = limits
        self._scratch = scratch
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
        asked = ("ingest.facsimile.pages:page", resource.url or "", (text,), self._limits)
        return self._answer(resource, asked, _size_of_page)

    def pdf_page(self, resource: Resource, number: int) -> Picture:
        """A page of a PDF, small, from 1."""
        asked = ("ingest.facsimile.pdf_pages:pdf_page", number, self._limits)
        return self._answer(resource, asked, _size_of_picture)

    def _answer(self, resource: Resource, asked: tuple[object, ...], size: Callable[[T], int]) -> T:
        key = (resource.content_hash, *asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key][0])
            one_asks = self._asked.setdefault(key, threading.Lock())
        with one_asks:  # whoever asks for the same meanwhile waits for this answer
            with self._lock:
                if key in self._kept:
                    return cast("T", self._kept[key][0])
            try:
                made = cast("T", self._made(resource, asked))
            finally:
                with self._lock:
                    self._asked.pop(key, None)
            self._keep(key, made, size(made) + _LEAST_BYTES)
            return made

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
            self._kept[key] = made, size
            self._held += size
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
