"""What every request passes before anything of its body is read: under which name it came, who may write, how much."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchsvc.api.problems import problem
from searchsvc.api.rate import Rate, address_of
from searchsvc.settings import Settings

__all__ = ["MCP", "Gate", "Writer", "carries", "may_watch", "may_write"]

# For the documentation.
Writer = Depends(HTTPBearer(auto_error=False, description="SEARCHSVC_API_KEY, when one is set."))

log = logging.getLogger(__name__)

_READS = ("GET", "HEAD", "OPTIONS")
_OWN_PAGES = ("same-origin", "none")
MCP = "/mcp"  # assistants ask with POST, and can only read; what they get is asked of the API in their name
_CLICKS = "/v1/clicks"  # counted when the service's own page tells, which has no key
_PROBES = ("/healthz", "/readyz")  # who watches a process asks it by any address, and learns nothing else
_ADDED_BY_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TAKES_FILES = ("/v1/resources", "/v1/register")
_SMALL = {_CLICKS: 4_000}  # bytes of what everybody may send
_JSON_BYTES = 1_000_000  # of what people edit
_OVERHEAD_BYTES = 1_000_000  # of the form around files
_WRONG_KEYS_A_MINUTE = 20
_BODY_S = 30.0  # for a body to begin and to end, and a second more for every 10 kB of it
_LEAST_BYTES_A_SECOND = 10_000
_RETRY_AFTER_S = "2"


def may_write(request: Request) -> bool:
    """Whether whoever asks could also write; only they see what is hidden."""
    key = request.app.state.running.settings.api_key
    return not key or carries(key, request.headers)


def may_watch(request: Request) -> bool:
    """Whether whoever asks may read the metrics: with a key, or on this machine itself. What a proxy on this machine
    passes on comes from a loopback address, too, but under another name or with what the proxy adds.
    """
    settings: Settings = request.app.state.running.settings
    if any(key and carries(key, request.headers) for key in (settings.api_key, settings.metrics_key)):
        return True
    return (
        _is_loopback(request.client.host if request.client else "")
        and _name(request.headers.get("host", "")) in _LOOPBACK
        and not any(name in request.headers for name in _ADDED_BY_PROXIES)
    )


def carries(key: str, headers: Headers) -> bool:
    """Whether a request shows the key."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode("latin-1"), key.encode())


class Gate:
    """Turns away what came under a name that is not the service's, writes without the key, writes that another site
    makes a browser send, bodies that are too large or too slow, and what is more than can be worked on.

    A name that is not its own is how a page makes a browser read what the page itself cannot reach (DNS rebinding).
    A body that is announced as too large is not read; one that comes without its length is cut off at the limit.
    HEAD is answered wherever GET is.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._key = settings.api_key
        self._max_mb = settings.max_upload_mb
        self._hosts = frozenset([*_LOOPBACK, *_named(settings)])
        self._public = settings.public_url
        self._most = settings.max_requests
        self._running = 0
        self._wrong = Rate(_WRONG_KEYS_A_MINUTE) if settings.api_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = _sending(send, head=scope["method"] == "HEAD", private="authorization" in headers)
        refused = self._refused(scope, headers)
        if refused:
            response = problem(refused.status_code, refused.detail, headers=refused.headers)
            await response(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        self._running += 1
        try:
            await self._app(scope, self._counted(receive, self._limit(scope["path"])), send)
        finally:
            self._running -= 1

    def _refused(self, scope: Scope, headers: Headers) -> HTTPException | None:
        method, path = scope["method"], scope["path"]
        if path in _PROBES and method in _READS:
            return None
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return HTTPException(
                421, "this service does not answer to that name; SEARCHSVC_PUBLIC_URL names the address people use."
            )
        if self._running >= self._most:
            return HTTPException(
                503, "too many requests at once; try again in a moment.", {"Retry-After": _RETRY_AFTER_S}
            )
        if method not in _READS:
            from_own_page = self._from_own_page(headers)
            own = path == _CLICKS and from_own_page and _says_where_from(headers)
            if self._key and not own and path != MCP and not carries(self._key, headers):
                return self._no_key(scope, headers)
            if not from_own_page:
                return HTTPException(403, "a page of another site may not write here.")
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._limit(path):
            return self._too_large(self._limit(path))
        return None

    def _no_key(self, scope: Scope, headers: Headers) -> HTTPException:
        if self._wrong and "authorization" in headers:
            log.warning("a wrong key from %s for %s %s", address_of(scope), scope["method"], scope["path"])
            passed, told = self._wrong.count(address_of(scope))
            if not passed:
                return HTTPException(429, "too many wrong keys; wait a minute.", {"Retry-After": told["Retry-After"]})
        return HTTPException(
            401, "writing needs the key of this service: the header `Authorization: Bearer KEY`, or "
            "SEARCHSVC_API_KEY for the command line.", {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip

    def _from_own_page(self, headers: Headers) -> bool:
        """Whether no page asks, or one of this service. Browsers name the site over plain HTTP by Origin or Referer."""
        site = headers.get("sec-fetch-site")
        if site is not None and site not in _OWN_PAGES:
            return False
        for name in ("origin", "referer"):
            said = headers.get(name)
            if said is not None:
                parts = urlsplit(said)
                return bool(parts.netloc) and (
                    parts.netloc == headers.get("host") or f"{parts.scheme}://{parts.netloc}" == self._public
                )
        return True

    def _counted(self, receive: Receive, most: int) -> Receive:
        read = 0
        whole = False
        began = asyncio.get_running_loop().time()

        async def counting() -> Message:
            nonlocal read, whole
            if whole:  # what comes now is that the client has gone
                return await receive()
            left = began + _BODY_S + read / _LEAST_BYTES_A_SECOND - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, left))
            except TimeoutError:
                raise HTTPException(408, "the rest of the request did not come in time.") from None
            read += len(message.get("body", b""))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            if read > most:
                raise self._too_large(most)
            return message

        return counting

    def _limit(self, path: str) -> int:
        if path in _TAKES_FILES:
            return self._max_mb * 1_000_000 + _OVERHEAD_BYTES
        return _SMALL.get(path, _JSON_BYTES)

    def _too_large(self, most: int) -> HTTPException:
        if most <= _JSON_BYTES:
            return HTTPException(413, f"the request has more than {most:,} bytes.")
        return HTTPException(413, f"the upload has more than {self._max_mb} MB; set max_upload_mb higher to take it.")


def _named(settings: Settings) -> list[str]:
    """Hosts the settings name: of the public address, and the address it listens on unless that means all."""
    named = [urlsplit(settings.public_url).hostname or ""] if settings.public_url else []
    try:
        every = ipaddress.ip_address(settings.host).is_unspecified
    except ValueError:
        every = not settings.host
    return named if every else [*named, settings.host.lower()]


def _name(host: str) -> str:
    """Without port and brackets, as names are compared."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _says_where_from(headers: Headers) -> bool:
    """Whether a browser says which page it was; `_from_own_page` holds that it is the service's own."""
    return headers.get("sec-fetch-site") == "same-origin" or "origin" in headers


def _sending(send: Send, *, head: bool, private: bool) -> Send:
    """head: the body is left out. private: what was asked with a key is kept by nobody on the way."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("X-Content-Type-Options", "nosniff")
            if private:
                headers["Cache-Control"] = "no-store"
        elif head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
