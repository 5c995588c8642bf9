"""What every request passes before anything of its body is read: under which name it came, who asks, how much."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request as Asking
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Asked

from searchsvc.access.callers import Caller, Scope
from searchsvc.api.callers import PASSED_ON, SEARCH, Callers, caller_of, key_of, session_of
from searchsvc.api.context import Running
from searchsvc.api.cookies import Cookies, form_token, sent_token
from searchsvc.api.names import LOOPBACK, is_loopback, name_in, named
from searchsvc.api.problems import problem
from searchsvc.api.rate import Rate, address_of
from searchsvc.api.scopes import FROM_PROVIDER, SIGN_IN, needed, route_of
from searchsvc.errors import BusyError

__all__ = ["COUNTED", "MCP", "Gate", "Writer", "may", "may_watch", "may_write"]

# For the documentation.
Writer = Depends(HTTPBearer(auto_error=False, description="A key of `searchsvc keys`, or SEARCHSVC_API_KEY."))

log = logging.getLogger(__name__)

_READS = ("GET", "HEAD", "OPTIONS")
_OWN_PAGES = ("same-origin", "none")
COUNTED = "searchsvc.counted"  # in the scope of what is asked inside, for a request that was counted
MCP = "/mcp"  # assistants ask with POST, and can only read; what they get is asked of the API in their name
_CLICKS = "/v1/clicks"  # counted when the service's own page tells, which has no key
_WITHOUT = ("nobody", "watcher")  # have no key for anything in the archive
_UNCHANGING = (_CLICKS, MCP, "/oai")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_PROBES = ("/healthz", "/readyz")  # who watches a process asks it by any address, and learns nothing else
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_HOW = "the header `Authorization: Bearer KEY`, or SEARCHSVC_API_KEY for the command line"
_TAKES_FILES = ("/v1/resources", "/v1/register")
_SMALL = {_CLICKS: 4_000}  # bytes of what everybody may send
_JSON_BYTES = 1_000_000  # of what people edit
_OVERHEAD_BYTES = 1_000_000  # of the form around files
_WRONG_KEYS_A_MINUTE = 20
_REFUSALS_A_MINUTE = 300  # that are noted, from all addresses together
_BODY_S = 30.0  # for a body to begin and to end, and a second more for every 10 kB of it
_LEAST_BYTES_A_SECOND = 10_000
_RETRY_AFTER_S = "2"


def may(request: Request, scope: Scope) -> bool:
    """Whether whoever asks may do this."""
    return caller_of(request.scope).may(scope)


def may_write(request: Request) -> bool:
    """Whether whoever asks could also change the archive; only they see what is hidden."""
    return may(request, Scope.CURATE)


def may_watch(request: Request) -> bool:
    """Whether whoever asks may read the metrics: with a key for all, with `metrics_key`, or on this machine itself.
    What a proxy on this machine passes on comes from a loopback address, too, but under another name or with what the
    proxy adds.
    """
    if may(request, Scope.ADMIN) or caller_of(request.scope).kind == "watcher":
        return True
    return (
        is_loopback(request.client.host if request.client else "")
        and name_in(request.headers.get("host", "")) in LOOPBACK
        and not any(name in request.headers for name in PASSED_ON)
    )


class Gate:
    """Turns away what came under a name that is not the service's, what the caller may not do, writes that another
    site makes a browser send, bodies that are too large or too slow, and what is more than can be worked on.

    So every path that comes further is the one that `searchsvc.api.scopes` has, letter by letter.
    A name that is not its own is how a page makes a browser read what the page itself cannot reach (DNS rebinding).
    A body that is announced as too large is not read; one that comes without its length is cut off at the limit.
    HEAD is answered wherever GET is.
    """

    def __init__(self, app: ASGIApp, *, running: Running) -> None:
        settings = running.settings
        self._app = app
        self._cookies = Cookies(settings)
        self._callers = Callers(running, self._cookies)
        self._max_mb = settings.max_upload_mb
        self._hosts = frozenset([*LOOPBACK, *named(settings)])
        self._public = settings.public_url
        self._open = settings.open_scopes
        self._most = settings.max_requests
        self._running = 0
        self._wrong: Rate | None = None
        self._rates: dict[str, Rate] = {}
        self._everybody = Rate(settings.rate_per_minute) if settings.rate_per_minute else None
        self._refusals: Rate | None = None

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = self._sending(scope, headers, send)
        refused = self._misplaced(scope, headers) or await self._not_allowed(scope, headers)
        if refused:
            await self._refuse(scope, headers, refused, receive, send)
            return
        self._running += 1
        try:
            receive = self._counted(receive, self._limit(scope["path"]))
            refused, receive = await self._without_token(scope, headers, receive)
            if refused:
                await self._refuse(scope, headers, refused, receive, send)
                return
            if scope["method"] == "HEAD":
                scope["method"] = "GET"
            reads = scope["method"] in _READS and scope["path"] != FROM_PROVIDER
            writes = not reads and scope["path"] not in _UNCHANGING
            answer = self._noted if writes else self._app
            await answer(scope, receive, send)
        finally:
            self._running -= 1

    async def _refuse(
        self, scope: Asked, headers: Headers, refused: HTTPException, receive: Receive, send: Send
    ) -> None:
        """People get a page, when there are pages; programs get a problem."""
        caller = caller_of(scope)
        if ("authorization" in headers or caller.kind == "person") and refused.status_code in (401, 403):
            await self._note_refused(scope, caller.name if caller.kind != "nobody" else key_of(headers), refused)
        explain = getattr(scope["app"].state, "explain", None) if "app" in scope else None
        shown: Response | None = await run_in_threadpool(explain, Asking(scope), refused) if explain else None
        response = shown or problem(refused.status_code, refused.detail, headers=refused.headers)
        await response(scope, receive, send)

    async def _without_token(
        self, scope: Asked, headers: Headers, receive: Receive
    ) -> tuple[HTTPException | None, Receive]:
        """What is wrong when a browser sends a cookie by itself, and not the token that only pages of this service
        know. The body is to be read from what comes back."""
        signs_in = scope["path"] in SIGN_IN
        asked = signs_in or (caller_of(scope).kind == "person" and scope["path"] != _CLICKS)
        if scope["method"] in _READS or not asked:
            return None, receive
        try:
            given, receive = await sent_token(receive, headers, self._too_large)
        except HTTPException as error:
            return error, receive
        own = [session_of(scope), self._cookies.of(headers, self._cookies.form) if signs_in else ""]
        if any(secrets.compare_digest(given.encode(), form_token(one).encode()) for one in own if one):
            return None, receive
        return HTTPException(403, "the form is too old, or another site's; open its page again."), receive

    def _misplaced(self, scope: Asked, headers: Headers) -> HTTPException | None:
        """What is wrong whoever asks."""
        method, path = scope["method"], scope["path"]
        if _CONTROLS.search(path):  # the framework's forms of routes take a newline at the end for no part of a path
            return HTTPException(404, "there is no such path; /docs lists what there is.")
        if _is_probe(method, path):
            return None
        if name_in(headers.get("host", "")) not in self._hosts:
            return HTTPException(
                421, "this service does not answer to that name; SEARCHSVC_PUBLIC_URL names the address people use."
            )
        if self._running >= self._most:
            return HTTPException(
                503, "too many requests at once; try again in a moment.", {"Retry-After": _RETRY_AFTER_S}
            )
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._limit(path):
            return self._too_large(self._limit(path))
        return None

    async def _not_allowed(self, scope: Asked, headers: Headers) -> HTTPException | None:
        method, path = scope["method"], scope["path"]
        if _is_probe(method, path):
            with suppress(BusyError, SQLAlchemyError):  # whoever asks is answered, and who may know more is told more
                await self._callers.of(scope, headers)
            return None
        try:
            caller = await self._callers.of(scope, headers)
        except BusyError as error:
            return HTTPException(503, str(error), {"Retry-After": _RETRY_AFTER_S})
        except SQLAlchemyError as error:
            log.warning("a key could not be looked up: %s", type(error).__name__)
            return HTTPException(
                503, "keys cannot be looked up, as the database does not answer; try again in a moment.",
                {"Retry-After": _RETRY_AFTER_S},
            )  # fmt: skip
        if caller is None:
            return self._wrong_key(scope, needed(method, path))
        needs = needed(method, path)
        if caller.origins and path != SEARCH and needs is not None:
            return HTTPException(
                403, f"the key {caller.name!r} is for searches from {', '.join(caller.origins)} alone."
            )
        if refused := self._too_often(scope, caller, needs):
            return refused
        from_own_page = method in _READS or self._from_own_page(headers)
        if (
            path == _CLICKS
            and caller.kind in (*_WITHOUT, "person")
            and not (from_own_page and _says_where_from(headers))
        ):
            needs = Scope.ADMIN
        if not caller.may(needs):
            if caller.kind in _WITHOUT:
                return HTTPException(401, f"this needs a key with the scope `{needs}`: {_HOW}.", _CHALLENGE)
            if caller.kind == "person":
                return HTTPException(403, f"{caller.name!r} may not do this: it needs the scope `{needs}`.")
            return HTTPException(
                403, f"the key {caller.name!r} may not do this: it needs a key with the scope `{needs}`."
            )
        if not from_own_page:
            return HTTPException(403, "a page of another site may not write here.")
        return None

    async def _noted(self, scope: Asked, receive: Receive, send: Send) -> None:
        """What changes something stands in the audit log before it is answered, also when nobody foresaw how it fails:
        that is answered further out.
        """
        noted = False

        async def sending(message: Message) -> None:
            nonlocal noted
            if message["type"] == "http.response.start":
                noted = True
                status = message["status"]
                if caller_of(scope).kind == "nobody":  # who tries to sign in
                    await self._note_refused(scope, _who(scope), HTTPException(status))
                else:
                    await self._note(scope, _who(scope), status)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            if not noted:
                await self._note(scope, _who(scope), 500)
            raise

    async def _note_refused(self, scope: Asked, who: str, refused: HTTPException) -> None:
        """So many that a flood of them fills no disk."""
        self._refusals = self._refusals or Rate(_REFUSALS_A_MINUTE)
        if self._refusals.count("all")[0]:
            await self._note(scope, who, refused.status_code)

    async def _note(self, scope: Asked, who: str, status: int) -> None:
        if self._service_is_there():
            what, about = route_of(scope["method"], scope["path"])
            about = scope.get("state", {}).get("about", about)
            audit, kind = self._callers.running.service().audit, caller_of(scope).kind
            address = address_of(scope) or None
            await run_in_threadpool(audit.note, kind, who, what, about=about, status=status, address=address)

    def _service_is_there(self) -> bool:
        return self._callers.running.started

    def _wrong_key(self, scope: Asked, needs: Scope | None) -> HTTPException:
        self._wrong = self._wrong or Rate(_WRONG_KEYS_A_MINUTE)
        passed, told = self._wrong.count(address_of(scope))
        if not passed:
            return HTTPException(429, "too many wrong keys; wait a minute.", {"Retry-After": told["Retry-After"]})
        log.warning("a wrong key from %s for %s %s", address_of(scope), scope["method"], scope["path"])
        return HTTPException(
            401, "this key is none of the service, or was revoked, or has expired. "
            f"This needs {f'one with the scope `{needs}`' if needs else 'none'}: {_HOW}.", _CHALLENGE,
        )  # fmt: skip

    def _too_often(self, scope: Asked, caller: Caller, needs: Scope | None) -> HTTPException | None:
        """Keys with a rate of their own are kept to it, whichever address they come from; addresses without a key to
        that of everybody, for all that reads the archive."""
        if COUNTED in scope:
            return None
        if caller.kind in _WITHOUT and self._everybody and needs is not None:
            passed, told = self._everybody.count(address_of(scope))
            return None if passed else HTTPException(
                429, f"more than {self._everybody.per_minute} requests in a minute from this address; try again in "
                f"{told['Retry-After']} s.", told,
            )  # fmt: skip
        if caller.key is None or caller.per_minute is None:
            return None
        if caller.key not in self._rates:  # each has a thread for a moment when it is made
            self._rates[caller.key] = Rate(caller.per_minute)
        rate = self._rates[caller.key]
        passed, told = rate.count(caller.key)
        if passed:
            return None
        return HTTPException(
            429, f"more than {rate.per_minute} requests in a minute with the key {caller.name!r}; try again in "
            f"{told['Retry-After']} s.", told,
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

    def _sending(self, scope: Asked, headers: Headers, send: Send) -> Send:
        """Of HEAD the body is left out. What is not for everybody is kept by nobody on the way, nor by a browser."""
        method, path = scope["method"], scope["path"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out.setdefault("X-Content-Type-Options", "nosniff")
                public = (needs := needed(method, path)) is None or needs in self._open
                asked_by_name = "authorization" in headers or session_of(scope) or caller_of(scope).key
                if not public or asked_by_name or "set-cookie" in out:
                    out["Cache-Control"] = "no-store"
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        return sending

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


def _is_probe(method: str, path: str) -> bool:
    return path in _PROBES and method in _READS


def _says_where_from(headers: Headers) -> bool:
    """Whether a browser says which page it was; `_from_own_page` holds that it is the service's own."""
    return headers.get("sec-fetch-site") == "same-origin" or "origin" in headers


def _who(scope: Asked) -> str:
    """Who asks, or whom somebody wanted to sign in as."""
    return str(scope.get("state", {}).get("who") or caller_of(scope).name)
