"""Searches from other sites: who may make them, and how many. Pages of other sites get nothing else of the API."""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchsvc.api.access import carries
from searchsvc.api.problems import problem
from searchsvc.api.rate import Rate, address_of
from searchsvc.settings import Settings

__all__ = ["PublicSearch"]

_SEARCH = "/v1/search"
_OWN_PAGES = ("same-origin", "none")
_LIMIT_HEADERS = ("RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_PREFLIGHT_KEPT_S = 86_400


class PublicSearch:
    """Lets pages of the allowed origins search with the public key, and keeps every address to its rate.

    A search that comes from no page of another site needs no key: reading is open to whoever reaches the service.
    When any origin is allowed, all searches without `api_key` are counted, whatever they say of where they come from.
    The count is this process's own.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._origins = settings.allowed_origins
        self._public_key = settings.public_key
        self._api_key = settings.api_key
        self._rate = Rate(settings.public_rate_per_minute) if settings.allowed_origins else None
        self._shared = CORSMiddleware(
            self._search,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET"],
            expose_headers=[*_LIMIT_HEADERS, "Retry-After"],
            max_age=_PREFLIGHT_KEPT_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != _SEARCH:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _from_another_site(headers) and headers.get("origin") not in self._origins:
            detail = (
                "pages of this site may not search here; SEARCHSVC_ALLOWED_ORIGINS lists the sites whose pages may."
            )
            await problem(403, detail, headers={"Vary": "Origin"})(scope, receive, send)
            return
        await self._shared(scope, receive, send)

    async def _search(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if self._rate and not (self._api_key and carries(self._api_key, headers)):
            passed, told = self._rate.count(address_of(scope))
            if not passed:
                detail = (
                    f"more than {self._rate.per_minute} searches in a minute; try again in {told['Retry-After']} s."
                )
                await problem(429, detail, headers=told)(scope, receive, send)
                return
            send = _with(told, send)
        if self._public_key and _from_another_site(headers):
            given = QueryParams(scope["query_string"]).get("key", "")
            if not secrets.compare_digest(given.encode(), self._public_key.encode()):
                what = "is not the one of this service" if given else "is missing"
                await problem(403, f"the public key {what}: the parameter `key`.")(scope, receive, send)
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
