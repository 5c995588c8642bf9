"""The audit log: who did what, when and from where, for some days."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterable
from dataclasses import astuple
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from searchsvc.catalogue.audit import Done, KeptAudit
from searchsvc.errors import QueryError
from searchsvc.text.cells import harmless

__all__ = ["Audit", "as_csv"]

log = logging.getLogger(__name__)

_LONGEST = 200  # characters of a name or an id
_NAMES = 200


class Audit:
    """days: how long it is kept. now: ISO 8601. Safe to use from many threads."""

    def __init__(self, kept: KeptAudit, *, days: int, now: Callable[[], str]) -> None:
        self._kept = kept
        self._days = days
        self._now = now
        self._looked_after = ""

    def note(
        self, kind: str, who: str, what: str, *, about: str | None = None, status: int, address: str | None = None
    ) -> None:
        """Keep what was done. Should the database fail, the log of the process has it."""
        done = Done(self._now(), kind, _cut(who), _cut(what), None if about is None else _cut(about), status, address)
        try:
            self._kept.add([done])
        except sa.exc.SQLAlchemyError as error:
            log.error("not in the audit log, as the database failed (%s): %s", type(error).__name__, done)

    def since(
        self, days: int | None = None, *, first: str | None = None, last: str | None = None, who: str | None = None,
        what: str | None = None, limit: int = 100, offset: int = 0,
    ) -> list[Done]:  # fmt: skip
        """The latest first, of the last days, or of all that is kept.

        first, last: days in UTC, as `2026-03-19`, both of them in it; raises QueryError for what is none.
        offset: how many are passed over.
        """
        moment = max(self._before(min(days or self._days, self._days)), _start(first, 0) if first else "")
        until = _start(last, 1) if last else None
        return self._kept.since(moment, until=until, who=who, what=what, limit=limit, offset=offset)

    def names(self) -> list[str]:
        """Who stands in it, some hundreds."""
        return self._kept.names(_NAMES)

    def look_after(self) -> None:
        """Forget what is too old, once a day."""
        today = self._now()[:10]
        if self._looked_after != today:
            try:
                self._kept.forget_before(self._before(self._days))
                self._looked_after = today
            except sa.exc.SQLAlchemyError as error:
                log.warning("what is too old stays in the audit log until tomorrow: %s", error)

    def _before(self, days: int) -> str:
        return (datetime.fromisoformat(self._now()) - timedelta(days=days)).isoformat(timespec="milliseconds")


def as_csv(done: Iterable[Done]) -> str:
    """A table for spreadsheets, none of whose cells is a formula."""
    table = io.StringIO(newline="")
    lines = csv.writer(table)
    lines.writerow(Done.__slots__)
    lines.writerows([harmless("" if value is None else str(value)) for value in astuple(one)] for one in done)
    return table.getvalue()


def _start(day: str, later: int) -> str:
    """The moment at which the day so many days later begins."""
    try:
        found = date.fromisoformat(day)
        if found.isoformat() != day:  # weeks are read, too
            raise ValueError
        return (found + timedelta(days=later)).isoformat()
    except (ValueError, OverflowError):
        raise QueryError(f"{day!r} is no day, such as 2026-03-19.") from None


def _cut(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:_LONGEST])
