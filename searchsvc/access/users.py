"""People who sign in: made, changed, disabled, taken out; their passwords and links."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from searchsvc.access.callers import Caller, scopes_of
from searchsvc.access.passwords import Passwords
from searchsvc.catalogue.sessions import KeptSessions
from searchsvc.catalogue.users import KeptUser, KeptUsers
from searchsvc.errors import QueryError
from searchsvc.text.nearest import unknown

__all__ = ["Users", "caller_as", "digest_of", "login_of", "new_secret"]

_KNOWN_S = 5.0
_LOGIN = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f]{1,100}")


class Users:
    """Those of one catalogue. Safe to use from many threads."""

    def __init__(
        self, kept: KeptUsers, sessions: KeptSessions, passwords: Passwords, *, now: Callable[[], str],
        ended: Callable[[], object] = lambda: None, seconds: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """ended: called when sessions of somebody may have ended."""
        self._kept = kept
        self._ended = ended
        self._sessions = sessions
        self._passwords = passwords
        self._now = now
        self._seconds = seconds
        self._any = (False, float("-inf"))

    def add(
        self, login: str, name: str, scopes: Collection[str], *, groups: Collection[str] = (),
        person: str | None = None,
    ) -> KeptUser:  # fmt: skip
        """Without a password. Raises QueryError when somebody has the login, or it can be none."""
        user = KeptUser(
            id=secrets.token_hex(6), login=login_of(login), name=name, scopes=tuple(sorted(scopes)), person=person,
            groups=tuple(sorted(groups)), created_at=self._now(),
        )  # fmt: skip
        if not self._kept.add(user):
            raise QueryError(f"somebody signs in as {user.login!r} already.")
        self._any = (True, self._seconds() + _KNOWN_S)
        return user

    def all(self) -> list[KeptUser]:
        """By login."""
        return self._kept.all()

    def of(self, people: Collection[str]) -> list[KeptUser]:
        """people: ids in the register."""
        return [one for one in self._kept.all() if one.person in people]

    def any(self) -> bool:
        """Whether somebody can sign in; true of some seconds ago."""
        found, until = self._any
        if self._seconds() >= until:
            found = any(one.disabled_at is None for one in self._kept.all())
            self._any = (found, self._seconds() + _KNOWN_S)
        return found

    def get(self, which: str) -> KeptUser:
        """which: login or id. Raises NotFoundError."""
        found = self._kept.with_login(_folded(which)) or self._kept.get(which)
        if found is None:
            logins = {one.id: (one.login or "",) for one in self._kept.all()}
            raise unknown(
                "user", which, logins, said="login or id", how="`searchsvc users list` shows them", digits=True
            )
        return found

    def change(self, which: str, **values: Any) -> KeptUser:
        """values: name, scopes, groups, person, disabled, bound. Who is disabled is signed out at once, and cannot
        sign in. bound: False lets another person of the provider with this login in. Raises NotFoundError.
        """
        user = self.get(which)
        disabled = values.pop("disabled", None)
        if disabled is not None:
            values["disabled_at"] = (user.disabled_at or self._now()) if disabled else None
        if values.pop("bound", None) is False:
            values["subject"] = None
        values.update({name: sorted(values[name]) for name in ("scopes", "groups") if name in values})
        if values:
            self._kept.change(user.id, values, end=bool(disabled))
        self._ended()
        return self.get(user.id)

    def set_password(self, which: str, password: str | None) -> KeptUser:
        """None takes it away. All sessions of the user end, and links open nothing any more. Raises NotFoundError, and
        QueryError for a password that is too short, too long, or the login.
        """
        user = self.get(which)
        if password is not None and _folded(password) in (user.login, _folded(user.name)):
            raise QueryError("the password is what everybody knows; take another one.")
        kept = None if password is None else self._passwords.hash(password)
        self._kept.change(user.id, {"password": kept}, end=True)
        self._ended()
        return self.get(user.id)

    def link(self, which: str, *, hours: float) -> tuple[str, str]:
        """What opens the archive once for this user, and when it expires; an earlier one opens nothing any more.
        Raises NotFoundError, and QueryError for somebody who is disabled.
        """
        user = self.get(which)
        if user.disabled_at is not None:
            raise QueryError(f"{user.login!r} is disabled; `searchsvc users enable` undoes that.")
        shown = new_secret()
        until = datetime.fromisoformat(self._now()) + timedelta(hours=hours)
        expires_at = until.isoformat(timespec="milliseconds")
        self._sessions.add_link(digest_of(shown), user.id, expires_at)
        return shown, expires_at

    def remove(self, which: str) -> None:
        """Nothing but an id is kept, so that no backup brings the user back. Raises NotFoundError."""
        gone = dict.fromkeys(("login", "person", "password", "signed_in_at", "subject"))
        self._kept.change(
            self.get(which).id, {**gone, "name": "", "scopes": [], "groups": [], "removed_at": self._now()}, end=True
        )
        self._ended()


def caller_as(user: KeptUser) -> Caller:
    return Caller(
        "person", user.login or user.id, scopes_of(user.scopes), groups=frozenset(user.groups), user=user.id,
        shown=user.name,
    )  # fmt: skip


def login_of(given: str) -> str:
    """As it is kept and compared: without regard to capitals. Raises QueryError for what can be none."""
    login = _folded(given)
    if not _LOGIN.fullmatch(login) or not any(map(str.isalnum, login)):
        raise QueryError("a login has 1 to 100 characters, none of them a space or one of / \\ ? # %.")
    return login


def new_secret() -> str:
    """256 random bits; one round of SHA-256 keeps it, as there is nothing to guess."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _folded(given: str) -> str:
    return unicodedata.normalize("NFKC", given.strip()[:1000]).casefold()
