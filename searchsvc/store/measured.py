"""A store whose calls are timed and whose failures are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from searchsvc.filters import Filter
from searchsvc.metrics import Metrics
from searchsvc.model import Candidate, Point, Vector
from searchsvc.store.protocol import ScoreQuery, Store, StoreQuery

__all__ = ["MeasuredStore"]


class MeasuredStore:
    """Does as the store that it is made of."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._call = metrics.store_call

    def upsert(self, points: Sequence[Point]) -> None:
        with self._call("upsert"):
            self._store.upsert(points)

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        with self._call("set_payload"):
            self._store.set_payload(resource_id, payload)

    def delete(self, resource_id: str) -> None:
        with self._call("delete"):
            self._store.delete(resource_id)

    def delete_points(self, point_ids: Sequence[str]) -> None:
        with self._call("delete"):
            self._store.delete_points(point_ids)

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        with self._call("query"):
            return self._store.query(queries)

    def scores(self, queries: Sequence[ScoreQuery]) -> list[dict[str, float]]:
        with self._call("scores"):
            return self._store.scores(queries)

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        with self._call("points"):
            return self._store.vectors(point_ids)

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        with self._call("points"):
            return self._store.points(point_ids)

    def ids(self) -> Iterator[str]:
        return self._store.ids()

    def count(self, where: Filter = Filter()) -> int:
        with self._call("count"):
            return self._store.count(where)

    def check(self) -> None:
        with self._call("check"):
            self._store.check()

    def away(self) -> tuple[str, ...]:
        return self._store.away()

    def maintain(self) -> bool:
        return self._store.maintain()

    def close(self) -> None:
        self._store.close()
