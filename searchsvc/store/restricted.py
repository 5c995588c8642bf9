"""The store as somebody sees it who does not see everything: what is hidden is never a candidate and never counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from searchsvc.errors import StoreError
from searchsvc.filters import Filter, linked_fields
from searchsvc.model import Candidate, Point, Vector
from searchsvc.sight import Hidden
from searchsvc.store.protocol import ScoreQuery, Store, StoreQuery

__all__ = ["RestrictedStore"]

_NOTHING = ("",)  # no resource has it


class RestrictedStore:
    """For reading. Points are scored and given by their ids, which a caller has from here or from the catalogue."""

    def __init__(self, store: Store, hidden: Callable[[], Hidden]) -> None:
        self._store = store
        self._hidden = hidden

    def query(self, queries: Sequence[StoreQuery]) -> list[list[Candidate]]:
        hidden = self._hidden()
        found = self._store.query([replace(one, filter=_narrowed(one.filter, hidden)) for one in queries])
        return [[one for one in some if one.resource_id not in hidden.resources] for some in found]

    def scores(self, queries: Sequence[ScoreQuery]) -> list[dict[str, float]]:
        return self._store.scores(queries)

    def vectors(self, point_ids: Sequence[str]) -> dict[str, Vector]:
        return self._store.vectors(point_ids)

    def points(self, point_ids: Sequence[str]) -> dict[str, Point]:
        hidden = self._hidden().resources
        found = self._store.points(point_ids)
        return {one: point for one, point in found.items() if point.payload["resource_id"] not in hidden}

    def count(self, where: Filter = Filter()) -> int:
        return self._store.count(_narrowed(where, self._hidden()))

    def check(self) -> None:
        self._store.check()

    def away(self) -> tuple[str, ...]:
        return self._store.away()

    def maintain(self) -> bool:
        return False

    def close(self) -> None:
        """Whoever has the whole closes it."""

    def ids(self) -> Iterator[str]:
        _refuse()

    def upsert(self, points: Sequence[Point]) -> None:
        _refuse()

    def set_payload(self, resource_id: str, payload: Mapping[str, object]) -> None:
        _refuse()

    def delete(self, resource_id: str) -> None:
        _refuse()

    def delete_points(self, point_ids: Sequence[str]) -> None:
        _refuse()


def _narrowed(where: Filter, hidden: Hidden) -> Filter:
    for field in linked_fields():
        asked = where.words(field.name)
        seen = tuple(one for one in asked if one not in hidden.entries.get(field.name, ()))
        if seen != asked:
            where = where.asking(field.name, seen or _NOTHING)
    banned = {*where.not_resource_id, *hidden.resources}
    return replace(where, not_resource_id=tuple(sorted(banned)))


def _refuse() -> NoReturn:
    raise StoreError("who does not see everything changes nothing.")
