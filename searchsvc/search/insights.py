"""What people look for and do not find: counted in memory, written now and then, kept for a set time."""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from searchsvc.catalogue import CountKey, What
from searchsvc.catalogue.insights import SearchCounts

__all__ = ["LAST_POSITION", "LONGEST", "Insights", "InsightsReport", "SearchedFor", "counted_as", "report"]

LONGEST = 200  # characters of a query that are kept
LAST_POSITION = 100
_WAITING = 1000  # different counts between two writes; what comes on top is not counted
_PERSONAL = re.compile(
    r"\S@\S|\d{7,}|(?:\d[\s()./-]*){9,}"
)  # addresses, and numbers of telephones, patients and people

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchedFor:
    """nothing: how many of the searches found nothing."""

    query: str
    searches: int
    nothing: int
    clicks: int


@dataclass(frozen=True, slots=True)
class InsightsReport:
    """queries: the most frequent first. positions: of a result, from 1 -> clicks on it, first to last."""

    queries: tuple[SearchedFor, ...]
    positions: Mapping[int, int]

    @property
    def not_found(self) -> list[SearchedFor]:
        """Those that found nothing, the most frequent first."""
        return sorted((one for one in self.queries if one.nothing), key=lambda one: (-one.nothing, one.query))

    @property
    def candidates(self) -> list[SearchedFor]:
        """Those to judge: they found nothing, or nobody opened what they found."""
        return [one for one in self.queries if one.nothing or not one.clicks]


class Insights:
    """Safe to use from many threads. Counting never waits for the database and never fails.

    on: whether anything is counted. days: how long it is kept. now: ISO 8601; only the day is taken from it.
    """

    def __init__(self, counts: SearchCounts, *, on: bool, days: int, now: Callable[[], str]) -> None:
        self._counts = counts
        self._on = on
        self._days = days
        self._now = now
        self._waiting: Counter[CountKey] = Counter()
        self._lock = threading.Lock()
        self._looked_after = ""

    def searched(self, query: str, results: int) -> None:
        """results: how many resources were found."""
        self._count("search", query)
        if not results:
            self._count("nothing", query)

    def clicked(self, query: str, position: int) -> None:
        """position: of the result, from 1 to LAST_POSITION."""
        self._count("click", query, position)

    def flush(self) -> None:
        """Write what was counted, and forget what is too old."""
        with self._lock:
            counts, self._waiting = self._waiting, Counter()
        if counts:
            self._write(counts)

    def look_after(self) -> None:
        """The same; what is too old is forgotten once a day also when nobody searches, or nothing is counted."""
        self.flush()
        if self._looked_after != self._today():
            self._write({})

    def report(self, days: int | None = None) -> tuple[str, InsightsReport]:
        """The first day, and what was counted since, today being one of the days."""
        self.flush()
        first = self._first_day(min(days or self._days, self._days))
        return first, report(self._counts.since(first))

    def _count(self, what: What, query: str, position: int = 0) -> None:
        words = counted_as(query) if self._on else None
        if words is None:
            return
        key = CountKey(self._today(), what, words, position)
        with self._lock:
            if key in self._waiting or len(self._waiting) < _WAITING:
                self._waiting[key] += 1

    def _write(self, counts: Mapping[CountKey, int]) -> None:
        try:
            self._counts.add(counts)
            self._counts.forget_before(self._first_day(self._days))
            self._looked_after = self._today()
        except sa.exc.SQLAlchemyError as error:
            log.warning("%d counts of searches were lost: %s", sum(counts.values()), error)

    def _today(self) -> str:
        return self._now()[:10]

    def _first_day(self, days: int) -> str:
        return (date.fromisoformat(self._today()) - timedelta(days=days - 1)).isoformat()


def counted_as(query: str) -> str | None:
    """In lower case, with single spaces, cut; None when it is empty or looks like somebody's address or number."""
    normal = unicodedata.normalize("NFC", query[: 10 * LONGEST]).lower()
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in normal).split())
    return None if not words or _PERSONAL.search(words) else words[:LONGEST].rstrip()


def report(counts: Mapping[CountKey, int]) -> InsightsReport:
    """Pure: what counts add up to."""
    by_query: dict[str, Counter[What]] = {}
    positions: Counter[int] = Counter()
    for key, count in counts.items():
        by_query.setdefault(key.query, Counter())[key.what] += count
        if key.what == "click":
            positions[key.position] += count
    queries = [
        SearchedFor(words, of["search"], of["nothing"], of["click"]) for words, of in by_query.items() if of["search"]
    ]
    queries.sort(key=lambda one: (-one.searches, one.query))
    return InsightsReport(tuple(queries), dict(sorted(positions.items())))
