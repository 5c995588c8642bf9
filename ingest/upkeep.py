"""The index held level with the catalogue: what it lacks is noticed, told, and written again while the rest is served.

A store is written before the catalogue is, so one with fewer passages than the catalogue was damaged: its folder was
deleted, its collection dropped, or it is of a layout that is no longer written. Vectors of what is left are kept.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from searchsvc.catalogue import Catalogue
from searchsvc.errors import IngestError, NotFoundError
from searchsvc.store.protocol import Store

if TYPE_CHECKING:  # a search by command looks at the counts, and writes nothing
    from ingest.pipeline import Pipeline

__all__ = ["Upkeep"]

log = logging.getLogger(__name__)


class Upkeep:
    """Looks at the counts when it is made and when it is told to; cheap enough for every start."""

    def __init__(self, catalogue: Catalogue, store: Store, pipeline: Callable[[], Pipeline]) -> None:
        """Raises StoreError. pipeline: asked for when something has to be written again."""
        self._catalogue = catalogue
        self._store = store
        self._pipeline = pipeline
        self._mending = threading.Lock()
        self.lacking = 0
        self.look()

    def look(self) -> int:
        """How many passages of the catalogue the store lacks, by their counts."""
        before = self._catalogue.passage_count()
        stored = self._store.count()
        wanted = min(before, self._catalogue.passage_count())  # what came or went meanwhile is no damage
        self.lacking = max(0, wanted - stored)
        return self.lacking

    def mend(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Write again what the store lacks, a resource at a time; how many passages. Raises StoreError, ModelError."""
        with self._mending:
            if not self.look():
                return 0
            log.warning("the index lacks %s passages; they are being written again.", self.lacking)
            written = 0
            for resource in self._catalogue.resources():
                if stopped():
                    return written
                try:
                    mended = self._pipeline().mend(resource.id)
                except (IngestError, NotFoundError) as error:  # it was deleted meanwhile
                    log.warning("resource %s was not indexed again: %s", resource.id, error)
                    continue
                written += mended
                self.lacking = max(0, self.lacking - mended)
            self.look()
            log.warning("%s passages were written to the index again.", written)
            return written
