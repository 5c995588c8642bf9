"""Queries, what was found for each, and how people of the archive judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.errors import NotFoundError
from searchsvc.text.nearest import unknown

__all__ = ["JudgedQuery", "Judgment", "KeptJudging", "Origin", "Pooled", "query_id"]

Origin = Literal["insights", "own"]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """depth: how many of each way of searching were pooled. at: ISO 8601."""

    id: str
    words: str
    origin: Origin
    depth: int
    at: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Pooled:
    """place: in the order shown, from 0. passage_id: what of it is shown. found: way of searching -> place, from 1."""

    query_id: str
    resource_id: str
    place: int
    passage_id: str | None
    found: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judgment:
    """grade: 0 no, 1 partly, 2 yes; None: cannot say. number: in the order in which they were made."""

    query_id: str
    resource_id: str
    judge: str
    grade: int | None
    at: str
    number: int = 0


def query_id(words: str) -> str:
    """The same for the same words but for case and spaces."""
    return hashlib.sha256(" ".join(words.casefold().split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class KeptJudging:
    """Safe to use from many threads and, on PostgreSQL, from many processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def queries(self) -> list[JudgedQuery]:
        """In the order in which they are judged."""
        query = sa.select(t.judged_queries).order_by(t.judged_queries.c.number, t.judged_queries.c.id)
        with self._engine.connect() as db:
            return [JudgedQuery(**row) for row in db.execute(query).mappings()]

    def pooled(self, of: str | None = None) -> list[Pooled]:
        """of: a query's id; all without. In the order shown."""
        query = sa.select(t.pooled).order_by(t.pooled.c.query_id, t.pooled.c.place, t.pooled.c.resource_id)
        with self._engine.connect() as db:
            return [
                Pooled(**row)
                for row in db.execute(query if of is None else query.where(t.pooled.c.query_id == of)).mappings()
            ]

    def judgments(self) -> list[Judgment]:
        """In the order in which they were made."""
        with self._engine.connect() as db:
            return [
                Judgment(**row) for row in db.execute(sa.select(t.judgments).order_by(t.judgments.c.number)).mappings()
            ]

    def pool(self, query: JudgedQuery, found: Sequence[Pooled]) -> int:
        """Keep a query with what was found for it; what was pooled before stays where it stands. How many are new."""
        with self._engine.begin() as db:
            change.set_meta(db, change.JUDGED, query.at)  # first: of two who come at once, one waits
            mine = t.pooled.c.query_id == query.id
            known = set(db.execute(sa.select(t.pooled.c.resource_id).where(mine)).scalars())
            number = db.execute(sa.select(t.judged_queries.c.number).where(t.judged_queries.c.id == query.id)).scalar()
            if number is None:
                number = (db.execute(sa.select(sa.func.max(t.judged_queries.c.number))).scalar() or 0) + 1
            row = {name: getattr(query, name) for name in JudgedQuery.__slots__}
            change.put_row(db, t.judged_queries, {**row, "number": number})
            new = [one for one in found if one.resource_id not in known]
            if new:
                rows = [{name: getattr(one, name) for name in Pooled.__slots__} for one in new]
                at = len(known)
                db.execute(sa.insert(t.pooled), [{**one, "place": at + number} for number, one in enumerate(rows)])
            return len(new)

    def judge(self, judgment: Judgment) -> None:
        """In place of what the same person said of it before. Raises NotFoundError when it is not pooled."""
        with self._engine.begin() as db:
            change.set_meta(db, change.JUDGED, judgment.at)
            where = (t.pooled.c.query_id == judgment.query_id, t.pooled.c.resource_id == judgment.resource_id)
            if db.execute(sa.select(t.pooled.c.place).where(*where)).first() is None:
                raise NotFoundError("this query has no such result to judge; `searchsvc judge list` shows queries.")
            number = (db.execute(sa.select(sa.func.max(t.judgments.c.number))).scalar() or 0) + 1
            row = {name: getattr(judgment, name) for name in Judgment.__slots__}
            change.put_row(db, t.judgments, {**row, "number": number})

    def undo(self, judge: str) -> Judgment | None:
        """Forget the last judgment of this person; which it was, None where there is none."""
        with self._engine.begin() as db:
            mine = sa.select(t.judgments).where(t.judgments.c.judge == judge)
            last = db.execute(mine.order_by(t.judgments.c.number.desc()).limit(1)).mappings().first()
            if last is None:
                return None
            keys = (t.judgments.c[name] == last[name] for name in ("query_id", "resource_id", "judge"))
            db.execute(sa.delete(t.judgments).where(*keys))
            return Judgment(**last)

    def remove(self, query: str) -> None:
        """With its judgments. Raises NotFoundError."""
        with self._engine.begin() as db:
            if not db.execute(sa.delete(t.judged_queries).where(t.judged_queries.c.id == query)).rowcount:
                known = db.execute(sa.select(t.judged_queries.c.id, t.judged_queries.c.words))
                names = {one: (words,) for one, words in known}
                raise unknown("query to judge", query, names, how="`searchsvc judge list` shows them")
            for table in (t.pooled, t.judgments):
                db.execute(sa.delete(table).where(table.c.query_id == query))
