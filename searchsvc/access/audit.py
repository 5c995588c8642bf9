"""The audit log: who did what, when and from where, for some days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from searchsvc.catalogue.audit import Done, KeptAudit

__all__ = ["Audit"]

log = logging.getLogger(__name__)

_LONGEST = 200  # characters of a name or an id


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
        self, days: int | None = None, *, who: str | None = None, what: str | None = None, limit: int = 100
    ) -> list[Done]:
        """The latest first, of the last days, or of all that is kept."""
        return self._kept.since(self._before(min(days or self._days, self._days)), who=who, what=what, limit=limit)

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


def _cut(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:_LONGEST])
