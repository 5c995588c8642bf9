"""A whole archive moved to another deployment: originals, points with their vectors, and last the catalogue.

Nothing is encoded again, and nothing is taken away here. What is there already is compared and passed over, so a move
that was stopped goes on; until the catalogue is put in, in one transaction, the other deployment is empty.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from ingest.verification import Verification, Verified
from searchsvc.catalogue import Catalogue
from searchsvc.errors import HomeError, StoreError
from searchsvc.files import FileStore
from searchsvc.model import Point
from searchsvc.store.protocol import Store

__all__ = ["Moved", "Mover", "Place"]

_BATCH = 256  # points
_DENSE = 1e-5  # what stores round: unit vectors again made one long

Told = Callable[[str, int, int], object]  # what, how many are done, of how many


@dataclass(frozen=True, slots=True)
class Place:
    """One deployment. generation: what its index is made by."""

    catalogue: Catalogue
    files: FileStore
    store: Store
    verification: Verification
    generation: str


@dataclass(frozen=True, slots=True)
class Moved:
    """copied_*: those that were not there yet. lost: originals that are not here either.

    changed: here something was written meanwhile, which may not be there.
    """

    resources: int
    passages: int
    originals: int
    copied_originals: int
    copied_points: int
    lost: tuple[str, ...]
    changed: bool
    verified: Verified


class Mover:
    """here: is only read. there: whose settings ask for the same generation.

    erase_again: takes out there the people who were erased there.
    """

    def __init__(
        self, here: Place, there: Place, *, scratch: Path, erase_again: Callable[[], object] = lambda: None,
        told: Told = lambda *_: None,
    ) -> None:  # fmt: skip
        self._here, self._there = here, there
        self._erase_again = erase_again
        self._scratch = scratch
        self._told = told

    def move(self, *, replace: bool = False) -> Moved:
        """replace: though there is something there.

        Raises HomeError when there is, and the move is not a move of vectors; StoreError when what was written there
        does not read as what was written.
        """
        here, there = self._here, self._there
        if here.generation != there.generation:
            raise HomeError(
                f"the index here is made by {here.generation}, and there it would be by {there.generation}; name the "
                "same encoder in both, and index anew afterwards with `searchsvc reindex`."
            )
        if there.catalogue.whole.has_something() and not replace:
            raise HomeError("there is an archive there already; `--replace` puts this one in its place.")
        before = here.catalogue.version()
        copied, lost = self._originals(sorted(here.catalogue.whole.contents()))
        points = self._points(here.catalogue.passage_ids())
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._scratch) as dumped:
            here.catalogue.whole.dump(dumped)
            dumped.seek(0)
            wanted = here.catalogue.whole.digests(dumped)
            dumped.seek(0)
            there.catalogue.whole.replace(dumped)
        self._told("the catalogue", 1, 1)
        self._compare(wanted)
        self._erase_again()
        verified = there.verification.compare(repair=True)
        changed = here.catalogue.version() != before
        return Moved(
            verified.resources, verified.passages, verified.files, copied, points, tuple(lost), changed, verified
        )

    def _originals(self, wanted: list[str]) -> tuple[int, list[str]]:
        """How many were copied, and which are whole neither here nor there."""
        copied, lost = 0, []
        for number, content_hash in enumerate(wanted, 1):
            if self._there.files.state(content_hash) != "whole":
                if self._here.files.state(content_hash) == "whole":
                    self._there.files.delete(content_hash)
                    with self._here.files.opened(content_hash) as stream:
                        kept, _, _ = self._there.files.add(stream, max_bytes=2**63 - 1)
                    if kept != content_hash:
                        raise HomeError(f"the original {content_hash} changed while it was copied; move again.")
                    copied += 1
                else:
                    lost.append(content_hash)
            self._told("originals", number, len(wanted))
        return copied, lost

    def _points(self, wanted: Iterable[str]) -> int:
        """How many were written. Those that the index here lacks are made there from the catalogue afterwards."""
        ids, copied, done = list(wanted), 0, 0
        for batch in _batches(ids):
            ours, theirs = self._here.store.points(batch), self._there.store.points(batch)
            differing = [point for point in ours.values() if not _alike(point, theirs.get(point.id))]
            if differing:
                self._there.store.upsert(differing)
                again = self._there.store.points([point.id for point in differing])
                if wrong := [point.id for point in differing if not _alike(point, again.get(point.id))]:
                    raise StoreError(
                        f"{len(wrong)} points do not read there as they were written, {wrong[0]} for one; see whether "
                        "the server there is healthy, and move again."
                    )
            copied, done = copied + len(differing), done + len(batch)
            self._told("passages", done, len(ids))
        return copied

    def _compare(self, wanted: dict[str, str]) -> None:
        """That what stands in the catalogue there is what was dumped here, by the checksum of each table."""
        with tempfile.TemporaryFile(dir=self._scratch) as dumped:
            self._there.catalogue.whole.dump(dumped)
            dumped.seek(0)
            found = self._there.catalogue.whole.digests(dumped)
        if differing := sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)):
            raise HomeError(
                f"the catalogue there is not what was put in ({', '.join(differing)} differ); when nobody writes "
                "there, move again with `--replace`."
            )


def _batches(ids: list[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _alike(one: Point, other: Point | None) -> bool:
    if other is None or dict(one.payload) != dict(other.payload):
        return False
    if not np.allclose(one.dense, other.dense, atol=_DENSE):
        return False
    ours, theirs = (dict(zip(point.sparse.indices, point.sparse.values, strict=True)) for point in (one, other))
    return ours.keys() == theirs.keys() and np.allclose(list(ours.values()), [theirs[key] for key in ours])
