"""The sources of an archive: set up, paused, confirmed and taken out, and visited when it is time."""

from __future__ import annotations

import logging
import re
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from ingest.sources.registry import kind_of
from ingest.sources.visit import Visitor
from searchsvc.catalogue import Catalogue
from searchsvc.catalogue.sources import KeptListed, KeptSource
from searchsvc.errors import BusyError, QueryError
from searchsvc.sight import GROUP

__all__ = ["DAILY_S", "Asked", "Keeper", "SourceState", "Sources", "every_of", "shown_every"]

log = logging.getLogger(__name__)

Asked = Literal["sync", "dry"]  # by hand

DAILY_S = 86_400
_LOOK_EVERY_S = 5.0
_AT_ONCE = 4  # sources
_FIVE_MINUTES = 300
_YEAR_S = 366 * DAILY_S
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,200}")
_UNITS = {"m": 60, "h": 3600, "d": DAILY_S, "w": 7 * DAILY_S}
_WORDS = {"never": 0, "hourly": 3600, "daily": DAILY_S, "weekly": 7 * DAILY_S, "monthly": 30 * DAILY_S}
_FAILING_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as it is now. counts: there, failing, gone, declined. running: whether it is being visited."""

    source: KeptSource
    counts: dict[str, int]
    running: bool


class Sources:
    """What people do with sources. For many threads."""

    def __init__(self, catalogue: Catalogue, *, now: Callable[[], str], wake: Callable[[], object]) -> None:
        """wake: called when somebody waits for a visit. What is due without that is seen soon."""
        self._catalogue = catalogue
        self._kept = catalogue.sources
        self._now = now
        self._wake = wake

    def add(
        self, kind: str, location: str, *, name: str | None = None, every_s: int = DAILY_S, groups: Sequence[str] = ()
    ) -> KeptSource:
        """Set one up; it is visited at once, and then every so often. Raises QueryError."""
        located = kind_of(kind).located(location)
        chosen = " ".join((name or _name_of(located)).split())
        if not _NAME.fullmatch(chosen):
            raise QueryError("the name of a source has between 1 and 200 characters, none of them a control character.")
        if wrong := next((one for one in groups if not GROUP.fullmatch(one)), None):
            raise QueryError(f"{wrong!r} cannot be the name of a group.")
        if any((one.kind, one.location) == (kind, located) and not one.removed_at for one in self._kept.all()):
            raise QueryError(f"there is a source of this kind for {located} already.")
        now = self._now()
        source = KeptSource(
            id=uuid.uuid4().hex[:8], name=chosen, kind=kind, location=located, every_s=checked_every(every_s),
            groups=tuple(dict.fromkeys(groups)), created_at=now, due_at=now if every_s else None,
        )  # fmt: skip
        if not self._kept.add(source):
            raise QueryError(f"there is a source called {chosen!r} already; give another name.")
        return source

    def all(self) -> list[SourceState]:
        """By name."""
        counts = self._kept.counts()
        return [SourceState(one, counts.get(one.id, {}), self.running(one)) for one in self._kept.all()]

    def one(self, key: str) -> SourceState:
        """By id or name, with what became of all that was handed in. Raises NotFoundError."""
        source = self._kept.one(key)
        self._kept.settle(source.id, self._now())
        return SourceState(source, self._kept.counts().get(source.id, {}), self.running(source))

    def failing(self, source_id: str) -> list[KeptListed]:
        """What could not be had, those first that failed longest."""
        return self._kept.failing(source_id, _FAILING_SHOWN)

    def running(self, source: KeptSource) -> bool:
        return bool(source.began_at and not source.ended_at) and self._catalogue.locks.taken(_lock(source.id))

    def ask(self, key: str, *, dry: bool = False) -> KeptSource:
        """Have it visited now, or only compared. Raises NotFoundError and QueryError."""
        source = self._kept.one(key)
        if source.removed_at:
            raise QueryError(f"{source.name!r} is being taken out.")
        if source.paused_at and not dry:
            raise QueryError(f"{source.name!r} is paused; `searchsvc sources resume` ends that.")
        asked: Asked = "dry" if dry else "sync"
        self._kept.update(source.id, asked=asked)
        self._wake()
        return self._kept.one(source.id)

    def pause(self, key: str) -> KeptSource:
        """No visits until it is resumed; one that is under way goes on."""
        source = self._kept.one(key)
        self._kept.update(source.id, paused_at=source.paused_at or self._now())
        return self._kept.one(source.id)

    def resume(self, key: str) -> KeptSource:
        """Visits again, the first at once when it is time."""
        source = self._kept.one(key)
        self._kept.update(source.id, paused_at=None)
        return self._kept.one(source.id)

    def confirm(self, key: str) -> KeptSource:
        """That what is gone at once is meant to be; the visit that follows marks it as gone. Raises QueryError."""
        source = self._kept.one(key)
        if not source.held:
            raise QueryError(f"{source.name!r} waits for nothing.")
        self._kept.update(source.id, confirmed=source.held, held=0)
        return self.ask(source.id)

    def remove(self, key: str, *, keep: bool = False) -> SourceState:
        """Take it out, with what came from it alone or without; as it is before that. Raises NotFoundError."""
        state = self.one(key)
        removed_at = state.source.removed_at or self._now()
        self._kept.update(state.source.id, removed_at=removed_at, keeps=keep, asked=None)
        self._wake()  # it may be gone before this returns
        return replace(state, source=replace(state.source, removed_at=removed_at, keeps=keep, asked=None))


class Keeper:
    """Visits what is due, in a thread of its own, a few at a time; in the process that works."""

    def __init__(
        self,
        catalogue: Catalogue,
        visitor: Visitor,
        *,
        now: Callable[[], str],
        by_itself: Callable[[], bool] = lambda: True,
    ) -> None:
        """by_itself: whether it visits when it is time; otherwise when somebody asks. A command that opens the home
        for a moment would begin a visit and end before what it brought is read."""
        self._catalogue = catalogue
        self._kept = catalogue.sources
        self._visitor = visitor
        self._now = now
        self._by_itself = by_itself
        self._woken = threading.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set and `wake` was called."""
        running: dict[str, Future[None]] = {}
        with ThreadPoolExecutor(_AT_ONCE, "source") as pool:
            while not stop.is_set():
                self._woken.clear()
                running = {one: future for one, future in running.items() if not future.done()}
                with suppress(BusyError):
                    self._begin(pool, running)
                self._woken.wait(_LOOK_EVERY_S)

    def _begin(self, pool: ThreadPoolExecutor, running: dict[str, Future[None]]) -> None:
        try:
            due = [one for one in self._kept.all() if one.id not in running and self.is_due(one)]
        except Exception as error:  # the database is away for a while
            log.warning("sources cannot be looked at: %s", error)
            return
        for one in due[: _AT_ONCE - len(running)]:
            running[one.id] = pool.submit(self._visit, one.id)

    def is_due(self, source: KeptSource) -> bool:
        if source.removed_at:
            return True
        if source.asked == "dry":
            return True
        if source.paused_at:
            return False
        if source.asked:
            return True
        broken_off = bool(source.began_at) and not source.ended_at  # its process was killed
        return self._by_itself() and (broken_off or bool(source.due_at and source.due_at <= self._now()))

    def _visit(self, source_id: str) -> None:
        try:
            with self._catalogue.locks.held(_lock(source_id), wait=False) as alone:
                if not alone:
                    return
                source = next((one for one in self._kept.all() if one.id == source_id), None)
                if source and self.is_due(source):
                    self.visit(source)
        except BusyError:
            return  # the service ends; it goes on at the next start
        except Exception:  # the database, the store or the files are away for a while
            log.exception("source %s could not be visited", source_id)
        self._woken.set()

    def visit(self, source: KeptSource) -> None:
        """Whatever is to be done with it now. The lock is the caller's."""
        if source.removed_at:
            self._take_out(source)
        elif source.asked == "dry":
            began = self._now()
            report = self._visitor.dry(source)
            self._kept.update(source.id, asked=None, report=report.as_values() | {"began_at": began})
        else:
            self._visitor.visit(source)

    def _take_out(self, source: KeptSource) -> None:
        """All that it brought, unless it is kept; what is on its way is waited for."""
        self._kept.settle(source.id, self._now())
        waiting = False
        for one in self._kept.walk(source.id):
            if not source.keeps and one.place and self._kept.on_its_way(one.place):
                waiting = True
                continue
            if not source.keeps:
                self._visitor.displace(one)
            self._kept.drop(source.id, one.uri)
        if not waiting:
            self._kept.forget(source.id)


def every_of(given: str) -> int:
    """Seconds: of `30m`, `6h`, `1d`, `2w`, `hourly`, `daily`, `weekly`, `monthly` or `never`. Raises QueryError."""
    text = given.strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    found = re.fullmatch(r"(\d{1,6})\s*([mhdw])", text)
    if not found:
        raise QueryError(f"{given!r} is no interval; write such as 6h, 1d, 2w, daily, weekly or never.")
    return checked_every(int(found[1]) * _UNITS[found[2]])


def checked_every(every_s: int) -> int:
    """Raises QueryError."""
    if every_s and not _FIVE_MINUTES <= every_s <= _YEAR_S:
        raise QueryError(
            "a source is visited every 5 minutes at most, and once in a year at least, or never by itself."
        )
    return every_s


def shown_every(every_s: int) -> str:
    """As `every_of` reads it."""
    if not every_s:
        return "never"
    unit = next((unit for unit in "wdhm" if every_s % _UNITS[unit] == 0), None)
    return f"{every_s // _UNITS[unit]}{unit}" if unit else str(timedelta(seconds=every_s))


def _name_of(location: str) -> str:
    """The host, or the last part of a path."""
    plain = re.sub(r"^[a-z]+://(www\.)?", "", location)
    return plain.partition("/")[0] if plain != location else location.rstrip("/").rpartition("/")[2] or location


def _lock(source_id: str) -> str:
    return f"source:{source_id}"
