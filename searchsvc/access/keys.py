"""Keys of the API: made, shown once, checked, revoked.

A key is `ssk-ID-SECRET`. The secret has 256 random bits, so one round of SHA-256 keeps it: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from searchsvc.access.callers import Caller, scopes_of
from searchsvc.catalogue.keys import KeptKey, KeptKeys
from searchsvc.errors import QueryError
from searchsvc.text.nearest import unknown

__all__ = ["PREFIX", "KeyStatus", "Keys", "caller_with"]

KeyStatus = Literal["valid", "revoked", "expired"]

PREFIX = "ssk-"
_FORM = re.compile(r"ssk-([0-9a-f]{12})-[\w-]{43}", re.ASCII)
_KNOWN_S = 0.5  # a key that was found is not looked up again; what another process revokes is refused after this
_MOST_KNOWN = 1000


class Keys:
    """Those of one catalogue. Safe to use from many threads."""

    def __init__(
        self, kept: KeptKeys, *, now: Callable[[], str], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept = kept
        self._now = now
        self._seconds = seconds
        self._known: dict[str, tuple[KeptKey, float]] = {}
        self._used: dict[str, str] = {}
        self._origins: tuple[frozenset[str], float] = (frozenset(), float("-inf"))
        self._lock = threading.Lock()

    def create(
        self, name: str, scopes: Collection[str], *, origins: Sequence[str] = (), per_minute: int | None = None,
        days: int | None = None, groups: Collection[str] = (),
    ) -> tuple[KeptKey, str]:  # fmt: skip
        """The key as it is kept, and as it is shown this once. Raises QueryError when a key has the name."""
        key_id = secrets.token_hex(6)
        shown = f"{PREFIX}{key_id}-{secrets.token_urlsafe(32)}"
        now = self._now()
        expires_at = None
        if days is not None:
            expires_at = (datetime.fromisoformat(now) + timedelta(days=days)).isoformat(timespec="milliseconds")
        key = KeptKey(
            id=key_id, name=name, digest=_digest(shown), scopes=tuple(sorted(scopes)), origins=tuple(origins),
            per_minute=per_minute, created_at=now, expires_at=expires_at, groups=tuple(sorted(groups)),
        )  # fmt: skip
        if not self._kept.add(key):
            raise QueryError(f"there is a key with the name {name!r}; revoke it, or take another name.")
        self._forget()
        return key, shown

    def all(self) -> list[KeptKey]:
        """The newest first, revoked and expired ones too."""
        self.look_after()
        return self._kept.all()

    def revoke(self, which: str) -> KeptKey:
        """which: id or name, the id first. Raises NotFoundError when no key that was not revoked has it."""
        for key in sorted(self._kept.all(), key=lambda one: one.id != which):  # another may have it for a name
            if which in (key.id, key.name) and self._kept.revoke(key.id, self._now()):
                self._forget()
                return key
        names = {key.id: (key.name,) for key in self._kept.all()}
        raise unknown("key", which, names, said="id or name", how="`searchsvc keys list` shows them", digits=True)

    def status(self, key: KeptKey) -> KeyStatus:
        if key.revoked_at is not None:
            return "revoked"
        return "valid" if key.expires_at is None or self._now() < key.expires_at else "expired"

    def any(self) -> bool:
        """Whether somebody could come with a key now."""
        return any(self._valid(one) for one in self._kept.all())

    def known(self, given: str) -> KeptKey | None:
        """What a moment ago was the answer of `check`; None when that must be asked."""
        found = self._known.get(_id(given) or "")
        if found and self._seconds() < found[1] and secrets.compare_digest(found[0].digest, _digest(given)):
            return self._in_use(found[0])
        return None

    def check(self, given: str) -> KeptKey | None:
        """The key, when it is one that may be used now. May ask the database."""
        if not (key_id := _id(given)):
            return None
        key = self._kept.get(key_id)
        if key is None or not secrets.compare_digest(key.digest, _digest(given)):
            return None
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key_id] = (key, self._seconds() + _KNOWN_S)
        return self._in_use(key)

    def origins(self) -> frozenset[str]:
        """Sites whose pages some key is for. May ask the database."""
        found, until = self._origins
        if self._seconds() >= until:
            found = frozenset(origin for key in self._kept.all() if self._valid(key) for origin in key.origins)
            self._origins = (found, self._seconds() + _KNOWN_S)
        return found

    def look_after(self) -> None:
        """Write down which keys were used since the last time."""
        with self._lock:
            used, self._used = self._used, {}
        if used:
            self._kept.used(used)

    def _in_use(self, key: KeptKey) -> KeptKey | None:
        if not self._valid(key):
            return None
        with self._lock:
            self._used[key.id] = self._now()
        return key

    def _valid(self, key: KeptKey) -> bool:
        return self.status(key) == "valid"

    def _forget(self) -> None:
        with self._lock:
            self._known.clear()
            self._origins = (frozenset(), float("-inf"))


def caller_with(key: KeptKey) -> Caller:
    return Caller(
        "key", key.name, scopes_of(key.scopes), key.id, key.origins, key.per_minute, groups=frozenset(key.groups)
    )


def _id(given: str) -> str | None:
    form = _FORM.fullmatch(given)
    return form[1] if form else None


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
