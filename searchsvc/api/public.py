"""Searches from other sites: who may make them, and how many. Pages of other sites get nothing else of the API."""

from __future__ import annotations

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchsvc.api.callers import SEARCH, caller_of
from searchsvc.api.context import Running
from searchsvc.api.problems import problem
from searchsvc.api.rate import Rate, address_of

__all__ = ["PublicSearch"]

_OWN_PAGES = ("same-origin", "none")
_LIMIT_HEADERS = ("RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_READ_BY_THE_PAGE = {"Access-Control-Allow-Origin": "*", "Vary": "Origin"}  # so that its owner can be told
_PREFLIGHT_KEPT_S = 86_400


class PublicSearch:
    """Lets pages of the allowed origins search with the public key, and those of a key's own origins with that key;
    keeps every address to its rate.

    A search that comes from no page of another site needs no key: reading is open to whoever reaches the service.
    When any origin is allowed, all searches without a key are counted, whatever they say of where they come from, and
    so are those with a key that pages show.
    The count is this process's own.
    """

    def __init__(self, app: ASGIApp, *, running: Running) -> None:
        settings = running.settings
        self._app = app
        self._running = running
        self._origins = settings.allowed_origins
        self._public_key = settings.public_key
        self._per_minute = settings.public_rate_per_minute
        self._rate = Rate(self._per_minute) if settings.allowed_origins else None
        self._shared = CORSMiddleware(
            self._search,
            allow_origin_regex=".*",  # which ones is found out before
            allow_methods=["GET"],
            expose_headers=[*_LIMIT_HEADERS, "Retry-After"],
            max_age=_PREFLIGHT_KEPT_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SEARCH:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _from_another_site(headers) and not await self._allowed(scope, headers.get("origin", "")):
            detail = (
                f"pages of {headers.get('origin')} may not search here: whoever runs this service adds that origin to "
                "SEARCHSVC_ALLOWED_ORIGINS, or makes a key for it."
            )
            await problem(403, detail, headers=_READ_BY_THE_PAGE)(scope, receive, send)
            return
        if not _from_another_site(headers) and caller_of(scope).origins:
            detail = f"the key {caller_of(scope).name!r} is for pages of {', '.join(caller_of(scope).origins)} alone."
            await problem(403, detail, headers={"Vary": "Origin"})(scope, receive, send)
            return
        await self._shared(scope, receive, send)

    async def _allowed(self, scope: Scope, origin: str) -> bool:
        caller = caller_of(scope)
        if caller.origins:
            return origin in caller.origins
        if origin in self._origins:
            return True
        if scope["method"] != "OPTIONS" or not self._running.started:
            return False
        return origin in await run_in_threadpool(self._running.service().keys.origins)

    async def _search(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        caller = caller_of(scope)
        if caller.origins and not self._rate:
            self._rate = Rate(self._per_minute)
        if self._rate and (caller.kind in ("nobody", "local") or (caller.origins and caller.per_minute is None)):
            passed, told = self._rate.count(address_of(scope))
            if not passed:
                detail = (
                    f"more than {self._rate.per_minute} searches in a minute; try again in {told['Retry-After']} s."
                )
                await problem(429, detail, headers=told)(scope, receive, send)
                return
            send = _with(told, send)
        if self._public_key and _from_another_site(headers) and not caller.key:
            given = QueryParams(scope["query_string"]).get("key", "")
            if not secrets.compare_digest(given.encode(), self._public_key.encode()):
                what = "is not the one of this service" if given else "is missing"
                await problem(403, f"the public key {what}: `key` must be what SEARCHSVC_PUBLIC_KEY says.")(
                    scope, receive, send
                )
                return
        await self._app(scope, receive, send)


def _from_another_site(headers: Headers) -> bool:
    """Whether the page of a different origin asks. Not every client says, and those that are no browsers need not."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None or site in _OWN_PAGES:
        return False
    return site is not None or origin.partition("://")[2] != headers.get("host")


def _with(more: dict[str, str], send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(more)
        await send(message)

    return sending
