"""Who sent a request."""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass, replace
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope as Asked

from searchsvc.access.callers import ALL_SCOPES, LOCAL, NOBODY, OWNER, Caller
from searchsvc.access.keys import PREFIX, caller_with
from searchsvc.access.users import caller_as
from searchsvc.api.context import Running, caller_of
from searchsvc.api.cookies import Cookies

__all__ = ["PASSED_ON", "SEARCH", "Callers", "caller_of", "key_of", "name_of", "session_of"]

# What a proxy writes.
PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
SEARCH = "/v1/search"
_FILES = ("/static/", "/widget")  # the same for everybody, also while nobody's session can be looked up


@cache
def _local_user() -> str:
    """Of the system; whoever has the owner's key can read the files of this process's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return OWNER.name


def name_of(scope: Asked) -> str:
    """What the person is called, or the key, or the system's user who has the home; empty for who cannot be told."""
    caller = caller_of(scope)
    return (caller.shown or caller.name) if caller.kind in ("person", "key", "owner") else ""


def session_of(scope: Asked) -> str:
    """What the cookie of somebody who signed in holds; empty for all others."""
    return str(scope.get("state", {}).get("session", ""))


@dataclass(frozen=True, slots=True)
class Callers:
    """Finds out who asks, and notes it in the scope of the request."""

    running: Running
    cookies: Cookies

    async def of(self, scope: Asked, headers: Headers) -> Caller | None:
        """None for a key that opens nothing. Raises BusyError while keys cannot be looked up."""
        given = _given(scope, headers)
        if given is None:
            caller: Caller | None = await self._signed_in(scope, headers) or self._without(headers)
        else:
            caller = await self._with(given)
        if caller:
            caller = caller.also(self.running.settings.open_scopes)
            scope.setdefault("state", {})["caller"] = caller
        return caller

    def _without(self, headers: Headers) -> Caller:
        """Who is alone with the service has everything; what came through a proxy may be from anybody."""
        alone = self.running.settings.open_here and not any(name in headers for name in PASSED_ON)
        return LOCAL if alone else NOBODY

    async def _signed_in(self, scope: Asked, headers: Headers) -> Caller | None:
        """None without a session that goes on. Who signs in where everything is open may do no less than before."""
        secret = self.cookies.of(headers, self.cookies.session)
        if not secret or scope["path"].startswith(_FILES) or not self.running.started:
            return None
        sessions = self.running.service().sessions
        user = sessions.known(secret) or await run_in_threadpool(sessions.of, secret)
        if user is None:
            return None
        scope.setdefault("state", {})["session"] = secret
        return caller_as(user).also(self._without(headers).scopes)

    async def _with(self, given: str) -> Caller | None:
        if _same(given, self.running.owner_key):
            return replace(OWNER, name=_local_user())
        set_key = self.running.settings.api_key
        if set_key and _same(given, set_key):
            return Caller("key", "api_key", ALL_SCOPES)
        watchers = self.running.settings.metrics_key
        if watchers and _same(given, watchers):
            return Caller("watcher", "metrics_key", frozenset())
        if not given.startswith(PREFIX):
            return None
        keys = self.running.service().keys
        key = keys.known(given) or await run_in_threadpool(keys.check, given)
        return caller_with(key) if key else None


def _given(scope: Asked, headers: Headers) -> str | None:
    """The key of the header, or of a search's parameter, which pages of other sites can send."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return given.strip()
    if scope["path"] == SEARCH:
        named = QueryParams(scope["query_string"]).get("key", "")
        return named if named.startswith(PREFIX) else None
    return None


def key_of(headers: Headers) -> str:
    """What is said of a key that opens nothing: its id, when it looks like one of these, and never the secret."""
    given = headers.get("authorization", "").partition(" ")[2].strip()
    return f"key {given[: len(PREFIX) + 12]}" if given.startswith(PREFIX) and len(given) > 50 else "an unknown key"


def _same(given: str, key: str) -> bool:
    """given: as a header's bytes were read."""
    return secrets.compare_digest(given.encode("latin-1", "replace"), key.encode())
