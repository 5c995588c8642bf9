"""Catalogue, files and store compared with each other, fully: what differs, and what to do about it.

The catalogue is the truth. The store is mended from it. An original that is gone is taken from where it was found, when
it still stands there unchanged; otherwise only a backup has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ingest.pipeline import Pipeline
from ingest.traces import traces
from ingest.upkeep import Upkeep
from searchsvc.catalogue import WORDS_DIFFER, Catalogue
from searchsvc.errors import NotFoundError
from searchsvc.files import FileStore
from searchsvc.store.protocol import Store

__all__ = ["Difference", "Kind", "Verification", "Verified"]

Kind = Literal["catalogue", "files", "store"]
_EXAMPLES = 5
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """advice: what to do, in one line. examples: some ids or hashes. mended: nothing is left to do."""

    kind: Kind
    what: str
    advice: str
    count: int
    examples: tuple[str, ...] = ()
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and how it differs."""

    resources: int
    passages: int
    points: int
    files: int
    differences: tuple[Difference, ...]

    @property
    def whole(self) -> bool:
        return all(one.mended for one in self.differences)


class Verification:
    def __init__(
        self,
        catalogue: Catalogue,
        files: FileStore,
        store: Store,
        upkeep: Upkeep,
        pipeline: Callable[[], Pipeline],
        home: Path,
    ) -> None:
        self._home = home
        self._catalogue = catalogue
        self._files = files
        self._store = store
        self._upkeep = upkeep
        self._pipeline = pipeline

    def traces(self, text: str) -> list[str]:
        """Files of the home, in which this text stands."""
        self._catalogue.whole.scrub()
        return traces(self._home, text)

    def compare(self, *, repair: bool = False) -> Verified:
        """Reads every row and every original. repair: mend what can be. Raises StoreError and DamagedHomeError."""
        if repair:
            self._pipeline().catch_up()
        differences = list(self._of_catalogue(repair=repair))
        resources = self._catalogue.resources()
        wanted = self._catalogue.whole.contents()
        differences += self._of_files(wanted, repair=repair)
        passages = self._catalogue.passage_ids()
        differences += self._of_store(passages, repair=repair)
        points = self._store.count()
        self._upkeep.look()
        return Verified(len(resources), len(passages), points, len(wanted), tuple(differences))

    def level(self) -> None:
        """Write to the index what it lacks of the catalogue's passages, and take out what belongs to nothing."""
        for _ in self._of_store(self._catalogue.passage_ids(), repair=True):
            pass

    def _of_catalogue(self, *, repair: bool) -> Iterator[Difference]:
        for what, ids in self._catalogue.whole.faults().items():
            advice = "Restore a backup with `searchsvc restore`, or hand these resources in again."
            if what == WORDS_DIFFER:
                advice = "`searchsvc verify --repair` makes it anew."
                if repair:
                    self._catalogue.whole.rebuild_words()
            mended = repair and what == WORDS_DIFFER
            yield Difference("catalogue", what, advice, len(ids), tuple(ids[:_EXAMPLES]), mended)

    def _of_files(self, wanted: dict[str, list[str]], *, repair: bool) -> Iterator[Difference]:
        gone: list[str] = []
        changed: list[str] = []
        for content_hash in wanted:
            state = self._files.state(content_hash)
            if state == "whole" or not self._catalogue.content_in_use(content_hash):  # it was deleted meanwhile
                continue
            if not (repair and self._found_again(content_hash, wanted[content_hash])):
                (gone if state == "gone" else changed).append(content_hash)
        advice = "Restore a backup with `searchsvc restore`, or hand the files in again where they were found."
        for what, some in (("originals are gone", gone), ("originals are not what was handed in", changed)):
            if some:
                yield Difference("files", what, advice, len(some), tuple(some[:_EXAMPLES]))

    def _found_again(self, content_hash: str, uris: Sequence[str]) -> bool:
        """Whether the same bytes still stand where the file was found, and were kept again."""
        for uri in uris:
            parts = urlsplit(uri)
            path = Path(url2pathname(parts.path)) if parts.scheme == "file" else None
            try:
                if path and path.is_file() and not path.is_symlink() and self._files.put_back(content_hash, path):
                    return True
            except OSError:
                continue
        return False

    def _of_store(self, passages: dict[str, str], *, repair: bool) -> Iterator[Difference]:
        """passages: id of a passage -> its resource."""
        there = set(self._store.ids())
        lacking = [one for one in passages if one not in there]
        if lacking:  # and was not deleted meanwhile
            still = self._catalogue.passage_ids()
            lacking = [one for one in lacking if one in still]
        # what is being taken in stands in the store first, and is noted
        coming = {point for removal in self._catalogue.removals() for point in removal.point_ids}
        left = sorted(there - passages.keys() - coming)
        if lacking:
            if repair:
                for resource_id in dict.fromkeys(passages[one] for one in lacking):
                    self._mend(resource_id)
            what = "passages are missing in the index"
            advice = "`searchsvc serve` writes them again by itself; `searchsvc verify --repair` does it now."
            yield Difference("store", what, advice, len(lacking), tuple(lacking[:_EXAMPLES]), mended=repair)
        if left:
            left = [one for one in left if one not in self._catalogue.passages([one])]
        if left:
            if repair:
                for at in range(0, len(left), _CHUNK):
                    self._store.delete_points(left[at : at + _CHUNK])
            what = "points in the index belong to nothing"
            advice = "`searchsvc verify --repair` takes them out."
            yield Difference("store", what, advice, len(left), tuple(left[:_EXAMPLES]), mended=repair)

    def _mend(self, resource_id: str) -> None:
        try:
            self._pipeline().mend(resource_id)
        except NotFoundError:
            return  # it was deleted meanwhile
