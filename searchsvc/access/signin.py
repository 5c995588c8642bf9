"""How people get in: by a link that opens once, by login and password, or by a provider that knows them; and how those
who try are slowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from searchsvc.access.oidc import Identity
from searchsvc.access.passwords import Passwords
from searchsvc.access.sessions import LONGEST_WINDOW_H
from searchsvc.access.users import digest_of, login_of
from searchsvc.catalogue.sessions import KeptSessions
from searchsvc.catalogue.users import KeptUser, KeptUsers
from searchsvc.errors import QueryError
from searchsvc.sight import GROUP

__all__ = ["SignIn", "Tried"]

_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=LONGEST_WINDOW_H)
# How many tries with passwords there may be: of one address at one account, of one address, at one account. An account
# has more than an address, so that somebody who guesses from one place locks nobody out elsewhere; links always open.
_PAIR, _ADDRESS, _ACCOUNT = (5, _QUARTER), (30, _QUARTER), (50, _HOUR)
_UNKNOWN = "an unknown account"  # what was typed may be a password


@dataclass(frozen=True, slots=True)
class Tried:
    """user: who is let in. who: as the audit log has it. wait_s: until the next try; 0 when that may come at once."""

    user: KeptUser | None
    who: str
    wait_s: int = 0


class SignIn:
    """Safe to use from many threads. What is counted is in the catalogue, so all processes count together."""

    def __init__(self, users: KeptUsers, kept: KeptSessions, passwords: Passwords, *, now: Callable[[], str]) -> None:
        self._users = users
        self._kept = kept
        self._passwords = passwords
        self._now = now

    def by_link(self, secret: str, address: str) -> Tried:
        """The link opens nothing after this."""
        counted = self._counted(("address", address, _ADDRESS))
        if counted.wait_s:
            return Tried(None, _UNKNOWN, counted.wait_s)
        user_id = self._kept.take_link(digest_of(secret), self._now())
        user = self._users.get(user_id) if user_id else None
        if user is None or user.disabled_at is not None:
            return Tried(None, user.login or _UNKNOWN if user else _UNKNOWN)
        self._kept.forgive(counted.subjects)
        return Tried(user, user.login or user.id)

    def by_password(self, login: str, password: str, address: str) -> Tried:
        """An account that there is not, or that has no password, answers as one whose password is wrong. Raises
        BusyError when too many wait.
        """
        try:
            login = login_of(login)
        except QueryError:
            login = ""
        user = self._users.with_login(login)
        who = user.login or user.id if user else _UNKNOWN
        counted = self._counted(
            ("pair", f"{login} {address}", _PAIR), ("address", address, _ADDRESS), ("account", login, _ACCOUNT)
        )
        if counted.wait_s:
            return Tried(None, who, counted.wait_s)
        kept = user.password if user and user.disabled_at is None else None
        if not self._passwords.right(kept, password) or user is None or kept is None:
            return Tried(None, who)
        self._kept.forgive(counted.subjects)
        if self._passwords.outdated(kept):
            self._users.change(user.id, {"password": self._passwords.hash(password)})
        return Tried(user, who)

    def by_provider(self, identify: Callable[[], Identity], address: str, scopes: Mapping[str, str]) -> Tried:
        """identify: asks the provider who it is. scopes: by which group of the provider's; none are changed when
        there are none. Raises ProviderError.
        """
        counted = self._counted(("address", address, _ADDRESS))
        if counted.wait_s:
            return Tried(None, _UNKNOWN, counted.wait_s)
        identity = identify()
        user = self._users.with_subject(identity.subject) or self._bound(identity)
        if user is None or user.disabled_at is not None:
            return Tried(None, user.login or _UNKNOWN if user else _UNKNOWN)
        self._kept.forgive(counted.subjects)
        if identity.groups is not None:
            changes = {"groups": sorted(one for one in identity.groups if GROUP.fullmatch(one))}
            if scopes:
                changes["scopes"] = sorted({scopes[one] for one in identity.groups & scopes.keys()})
            self._users.change(user.id, changes)
        return Tried(self._users.get(user.id), user.login or user.id)

    def _bound(self, identity: Identity) -> KeptUser | None:
        """The account with this login, which is of this person from now on, if it is of nobody else there."""
        try:
            user = self._users.with_login(login_of(identity.login))
        except QueryError:
            return None
        return user if user and user.disabled_at is None and self._users.bind(user.id, identity.subject) else None

    def _counted(self, *limits: tuple[str, str, tuple[int, timedelta]]) -> _Counted:
        """Counts before anything is compared, so that tries at the same moment are all counted."""
        now = datetime.fromisoformat(self._now())
        subjects, wait_s = [], 0
        for kind, what, (most, span) in limits:
            subject = digest_of(f"{kind} {what}")
            since = (now - span).isoformat(timespec="milliseconds")
            count, began_at = self._kept.note_try(subject, now.isoformat(timespec="milliseconds"), since)
            subjects.append(subject)
            if count > most:
                left = datetime.fromisoformat(began_at) + span - now
                wait_s = max(wait_s, 1, math.ceil(left.total_seconds()))
        return _Counted(subjects, wait_s)


@dataclass(frozen=True, slots=True)
class _Counted:
    subjects: list[str]
    wait_s: int
