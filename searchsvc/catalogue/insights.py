"""How often something was searched, not found or clicked, by day. Nothing says by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t

__all__ = ["CountKey", "SearchCounts", "What"]

What = Literal["search", "nothing", "click"]


@dataclass(frozen=True, slots=True, order=True)
class CountKey:
    """What is counted together. day: ISO 8601. position: of the result that was clicked, from 1; 0 for searches."""

    day: str
    what: What
    query: str
    position: int = 0


class SearchCounts:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, counts: Mapping[CountKey, int]) -> None:
        """Add to what was counted before. Clicks count for what was searched; others may be made up."""
        searches = {one: count for one, count in counts.items() if one.what != "click"}
        clicks = {one: count for one, count in counts.items() if one.what == "click"}
        with self._engine.begin() as db:
            self._add(db, searches)
            known = _searched(db, [one.query for one in clicks])
            self._add(db, {one: count for one, count in clicks.items() if one.query in known})

    def forget_before(self, day: str) -> None:
        with self._engine.begin() as db:
            db.execute(sa.delete(t.insights).where(t.insights.c.day < day))

    def since(self, day: str) -> dict[CountKey, int]:
        """What was counted on this day and later, the days of it added up under `day`."""
        of = (t.insights.c.what, t.insights.c.query, t.insights.c.position)
        query = sa.select(*of, sa.func.sum(t.insights.c.count)).where(t.insights.c.day >= day).group_by(*of)
        with self._engine.connect() as db:
            return {
                CountKey(day, what, words, position): int(count) for what, words, position, count in db.execute(query)
            }

    def _add(self, db: sa.Connection, counts: Mapping[CountKey, int]) -> None:
        if not counts:
            return
        table: Any = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        insert = table.insert(t.insights)
        more = insert.on_conflict_do_update(
            index_elements=list(t.insights.primary_key.columns),
            set_={"count": t.insights.c.count + insert.excluded.count},
        )
        rows = [
            {"day": one.day, "what": one.what, "query": one.query, "position": one.position, "count": count}
            for one, count in sorted(counts.items())  # in one order, so that two processes wait for each other in turn
        ]
        db.execute(more, rows)


def _searched(db: sa.Connection, queries: list[str]) -> set[str]:
    searched: set[str] = set()
    for some in change.chunks(queries):
        query = sa.select(t.insights.c.query).where(t.insights.c.what == "search", t.insights.c.query.in_(some))
        searched.update(db.execute(query.distinct()).scalars())
    return searched
