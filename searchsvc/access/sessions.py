"""Sessions of browsers: begun at sign-in, found by what the cookie holds, ended by hand, by time or by rest.

They are in the catalogue, so every process on it knows them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from searchsvc.access.users import digest_of, new_secret
from searchsvc.catalogue.sessions import KeptSession, KeptSessions
from searchsvc.catalogue.users import KeptUser, KeptUsers

__all__ = ["LONGEST_WINDOW_H", "Sessions"]

LONGEST_WINDOW_H = 1  # in which tries are counted
_KNOWN_S = 0.5  # one that was found is not looked up again; what another process ends is over after this
_MOST_KNOWN = 1000
_SEEN_EVERY_S = 60
_FORM_LENGTH = 43


class Sessions:
    """hours: how long one lasts at most. idle_minutes: how long without a request. Safe to use from many threads."""

    def __init__(
        self, kept: KeptSessions, users: KeptUsers, *, hours: float, idle_minutes: float, now: Callable[[], str],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._kept = kept
        self._users = users
        self._lasts = timedelta(hours=hours)
        self._rests = timedelta(minutes=idle_minutes)
        self._now = now
        self._seconds = seconds
        self._known: dict[str, tuple[KeptUser, float]] = {}
        self._lock = threading.Lock()
        self._looked_after = ""

    def begin(self, user: KeptUser) -> str:
        """What the cookie is to hold: new, whatever the browser held before."""
        secret, now = new_secret(), self._now()
        self._kept.add(KeptSession(digest_of(secret), user.id, now, now))
        return secret

    def known(self, secret: str) -> KeptUser | None:
        """What a moment ago was the answer of `of`; None when that must be asked."""
        found = self._known.get(digest_of(secret))
        return found[0] if found and self._seconds() < found[1] else None

    def of(self, secret: str) -> KeptUser | None:
        """Whose session it is, if it goes on. May ask the database, and notes that it is used."""
        if len(secret) != _FORM_LENGTH:
            return None
        digest = digest_of(secret)
        session = self._kept.get(digest)
        if session is None:
            return None
        if self._over(session):
            self._kept.end(digest)
            return None
        user = self._users.get(session.user_id)
        if user is None or user.disabled_at is not None:
            return None
        now = datetime.fromisoformat(self._now())
        if now - datetime.fromisoformat(session.seen_at) >= timedelta(seconds=_SEEN_EVERY_S):
            self._kept.seen(digest, self._now())
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[digest] = (user, self._seconds() + _KNOWN_S)
        return user

    def end(self, secret: str) -> None:
        self._kept.end(digest_of(secret))
        self.forget()

    def end_all(self, user_id: str) -> None:
        self._kept.end_all(user_id)
        self.forget()

    def forget(self) -> None:
        """Look all up anew: somebody was disabled, or something else changed in this process."""
        with self._lock:
            self._known.clear()

    def look_after(self) -> None:
        """Forget what is over, once an hour."""
        now = self._now()
        if self._looked_after != now[:13]:
            self._kept.forget(
                created=self._before(self._lasts), seen=self._before(self._rests), now=now,
                tried=self._before(timedelta(hours=LONGEST_WINDOW_H)),
            )  # fmt: skip
            self._looked_after = now[:13]

    def _over(self, session: KeptSession) -> bool:
        return session.created_at <= self._before(self._lasts) or session.seen_at <= self._before(self._rests)

    def _before(self, span: timedelta) -> str:
        return (datetime.fromisoformat(self._now()) - span).isoformat(timespec="milliseconds")
