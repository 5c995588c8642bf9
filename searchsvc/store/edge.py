"""Qdrant Edge in the process: the store of an embedded home."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as qe

from searchsvc.errors import DamagedStoreError, GenerationError, StoreError, StoreFullError
from searchsvc.filters import Filter
from searchsvc.model import Candidate, Point, Vector
from searchsvc.store.edge_terms import (
    as_store_error,
    edge_candidate,
    edge_config,
    edge_filter,
    edge_point,
    edge_request,
    edge_score_request,
    model_point,
)
from searchsvc.store.indexing import Indexer
from searchsvc.store.protocol import ID, VECTORS, ScoreQuery, StoreQuery, best_first, indexed, named, numbered
from searchsvc.store.shards import Lease, ShardFolder, folder_bytes

log = logging.getLogger(__name__)

_UPSERT_POINTS = 256  # an update holds the interpreter lock for part of its time: some 10 ms for so many
_FLUSH_POINTS = 2048  # a flush holds it too, for some 30 ms here; so does closing a shard, longer the more is unflushed
_PAGE = 1000
_ROOM = 3  # free disk that building an index needs, in times of the shard's size
# Free bytes below which nothing is written. The engine writes into mapped memory, and a page that finds no room on the
# disk ends the process (SIGBUS). Measured: a new shard takes 18 MB, an update 1 MB, a segment of its log 32 MB.
_SPARE_BYTES = 64_000_000
_SPARE_TO_DELETE_BYTES = 16_000_000  # what makes room may use what others may not


class EdgeStore:
    """A folder with one shard; one process may have it open.

    Threads read at the same time and never wait for writers, who take turns.
    """

    def __init__(
        self,
        path: Path,
        *,
        dimensions: int,
        index_threshold: int = 50_000,
        indexer: Indexer | None = None,
    ) -> None:
        """index_threshold: points that may wait unindexed. Raises StoreError: in use, unreadable, other dimensions."""
        self._path = path
        self._dimensions = dimensions
        self._index_threshold = index_threshold
        self._indexer = indexer or Indexer()
        self._writing = threading.Lock()
        self._maintaining = threading.Lock()
        self._journal: list[tuple[qe.UpdateOperation, int]] | None = None  # what was written while an index is built
        self._unflushed = 0
        self._not_before = 0  # unindexed points at which a build that failed is tried again
        with as_store_error(path):
            self._folder = ShardFolder(path)
            try:
                self._lease: Lease | None = Lease(self._open())
            except BaseException:
                self._folder.release()
                raise
        self._unindexed = self._folder.unindexed

    def upsert(self, points: Sequence[Point]) -> None:
        for at in range(0, len(points), _UPSERT_POINTS):
            batch = [edge_point(point) for point in points[at : at + _UPSERT_POINTS]]
            self._check_room(_SPARE_BYTES)
            self._update(qe.UpdateOperation.upsert_points(batch), len(batch))

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        mine = Filter(resource_id=(resource_id,))
        self._check_room(_SPARE_BYTES)
        # an indexed segment is not written to: the points move to where the new ones are
        self._update(qe.UpdateOperation.set_payload_by_filter(edge_filter(mine), dict(payload)), self.count(mine))

    def delete(self, resource_id: str) -> None:
        mine = Filter(resource_id=(resource_id,))
        self._check_room(_SPARE_TO_DELETE_BYTES)
        self._update(qe.UpdateOperation.delete_points_by_filter(edge_filter(mine)), 0)

    def delete_points(self, point_ids: Sequence[str]) -> None:
        if ids := numbered(point_ids):
            self._check_room(_SPARE_TO_DELETE_BYTES)
            self._update(qe.UpdateOperation.delete_points(list(ids)), 0)

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        requests = [edge_request(query) for query in queries]
        asked = [request for request in requests if request is not None]
        answers: Iterator[Any] = iter(())
        if asked:
            with self._reading() as shard:
                answers = iter(shard.query_batch(qe.QueryBatchRequest(asked)))
        return [best_first(edge_candidate(one) for one in next(answers)) if request else [] for request in requests]

    def scores(self, queries: Sequence[ScoreQuery]) -> list[dict[str, float]]:
        requests = [edge_score_request(query) for query in queries]
        asked = [request for request in requests if request is not None]
        answers: Iterator[Any] = iter(())
        if asked:
            with self._reading() as shard:
                answers = iter(shard.query_batch(qe.QueryBatchRequest(asked)))
        return [
            named(query, ((one.id, one.score) for one in next(answers))) if request else {}
            for query, request in zip(queries, requests, strict=True)
        ]

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        ids = numbered(point_ids)
        with self._reading() as shard:
            records: list[Any] = shard.retrieve(list(ids), False, ["dense"])
        return {ids[record.id]: np.asarray(record.vector["dense"], dtype=np.float32) for record in records}

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        with self._reading() as shard:
            records = shard.retrieve(list(numbered(point_ids)), True, VECTORS)
        return {point.id: point for point in map(model_point, records)}

    def ids(self) -> Iterator[str]:
        after: Any = None
        while True:
            with self._reading() as shard:
                page, after = shard.scroll(qe.ScrollRequest(after, _PAGE, with_payload=[ID], with_vector=False))
            yield from (str((record.payload or {})[ID]) for record in page)
            if after is None:
                return

    def count(self, where: Filter = Filter()) -> int:
        with self._reading() as shard:
            return int(shard.count(qe.CountRequest(filter=edge_filter(where), exact=True)))

    def check(self) -> None:
        with self._reading() as shard:
            shard.info()

    def away(self) -> tuple[str, ...]:
        """It is one piece."""
        return ()

    def maintain(self) -> bool:
        """A child process indexes a copy while this one goes on; what is written meanwhile is noted and done again
        on the copy, which then takes the shard's place. When anything fails, the shard stays as it is: see the log.
        """
        if not self._maintaining.acquire(blocking=False):
            return False
        try:
            waiting = min(self._unindexed, self.count())
            return waiting > self._index_threshold and self._unindexed >= self._not_before and self._rebuild()
        finally:
            self._maintaining.release()

    def close(self) -> None:
        self._indexer.stop()
        with self._maintaining, self._writing, as_store_error(self._path):
            lease, self._lease = self._lease, None
            if lease is None:
                return
            try:
                self._flush(lease.shard)
            finally:
                lease.retire()
                self._folder.release()

    # -- reading and writing ------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[qe.EdgeShard]:
        while True:
            lease = self._lease
            if lease is None:
                raise StoreError(f"the store {self._path} is closed.")
            if lease.enter():
                break
        try:
            with as_store_error(self._path):
                yield lease.shard
        finally:
            lease.leave()

    def _check_room(self, needed: int) -> None:
        """Raises StoreFullError before the engine would run out of disk."""
        free = shutil.disk_usage(self._path).free
        if free < needed:
            room = f"{free // 10**6} MB are free, {needed // 10**6} are needed"
            raise StoreFullError(
                f"the disk of the index {self._path} is nearly full ({room}); make room, and it goes on."
            )

    def _update(self, operation: qe.UpdateOperation, points: int) -> None:
        """points: how many become unindexed by it."""
        with self._writing, self._reading() as shard:
            shard.update(operation)
            self._unindexed += points
            self._unflushed += max(points, 1)
            if self._journal is not None:
                self._journal.append((operation, points))
            if self._unflushed >= _FLUSH_POINTS:
                self._flush(shard)

    def _flush(self, shard: qe.EdgeShard) -> None:
        """Only while writing: a short log to play again after a crash, and short flushes, which stall every thread."""
        shard.flush()
        self._unflushed = 0
        self._folder.switch(self._folder.live, self._unindexed)

    def _open(self) -> qe.EdgeShard:
        if self._folder.name is not None:
            return self._load()
        self._check_room(_SPARE_BYTES)
        path = self._folder.fresh()
        path.mkdir()
        shard = qe.EdgeShard.create(str(path), edge_config(self._dimensions))
        for field, holds in indexed().items():
            schema = qe.PayloadSchemaType.Keyword if holds == "word" else qe.PayloadSchemaType.Integer
            shard.update(qe.UpdateOperation.create_field_index(field, schema))
        shard.flush()
        self._folder.switch(path, 0)
        return shard

    def _load(self) -> qe.EdgeShard:
        try:
            with as_store_error(self._path):
                return self._opened(self._folder.live)
        except GenerationError:
            raise
        except StoreError as error:
            raise DamagedStoreError(f"{error}; `searchsvc serve` makes the index anew.") from error

    def _opened(self, path: Path) -> qe.EdgeShard:
        """As it was made: a shard of before December 2026 has vectors of tokens beside, which nothing reads."""
        shard = qe.EdgeShard.load(str(path))
        made = json.loads((path / "edge_config.json").read_text("utf-8"))["vectors"]["dense"]["size"]
        if made != self._dimensions:
            shard.close()
            raise GenerationError(f"the store {self._path} holds vectors of another encoder; run `searchsvc reindex`.")
        return shard

    # -- indexing -----------------------------------------------------------------------------------------------------

    def _rebuild(self) -> bool:
        old, copy = self._folder.live, self._folder.fresh()
        try:
            with self._writing, self._reading():
                needed, free = _ROOM * folder_bytes(old), shutil.disk_usage(old).free
                if free < needed:
                    raise StoreError(f"it needs {needed // 10**6} MB of disk and {free // 10**6} MB are free")
                # not flushed, which would hold up readers: the copy is what a crash would leave, so it loads
                shutil.copytree(old, copy)
                self._journal = []
            self._indexer.run(copy)
            self._swap(copy)
        except (StoreError, OSError) as error:
            log.warning("the index of %s was not built, searching goes on without it: %s", self._path, error)
            self._not_before = self._unindexed + self._index_threshold // 2
        finally:
            with self._writing:
                self._journal = None
            swapped = self._folder.live == copy
            shutil.rmtree(old if swapped else copy, ignore_errors=True)
        return swapped

    def _swap(self, copy: Path) -> None:
        with as_store_error(copy):
            fresh = self._opened(copy)
            try:
                with self._writing:
                    journal = self._journal or []
                    for operation, _ in journal:
                        fresh.update(operation)
                    unindexed = sum(points for _, points in journal)
                    retired = self._lease
                    if retired is None:
                        raise StoreError("the store was closed meanwhile")
                    self._folder.switch(copy, unindexed)
                    self._lease, self._journal = Lease(fresh), None
                    self._unindexed, self._unflushed = unindexed, unindexed
            except BaseException:
                fresh.close()
                raise
            retired.retire()
