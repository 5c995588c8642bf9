"""What every request passes before anything of its body is read: who may write, and how much at once."""

from __future__ import annotations

import secrets

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchsvc.api.problems import problem
from searchsvc.settings import Settings

__all__ = ["Gate", "Writer", "carries", "may_write"]

# For the documentation.
Writer = Depends(HTTPBearer(auto_error=False, description="SEARCHSVC_API_KEY, when one is set."))

_READS = ("GET", "HEAD", "OPTIONS")
_OTHER_SITES = ("cross-site", "same-site")
_CLICKS = "/v1/clicks"  # counted when the service's own page tells, which has no key
_OVERHEAD_BYTES = 1_000_000  # of the form around the files


def may_write(request: Request) -> bool:
    """Whether whoever asks could also write; only they see what is hidden."""
    key = request.app.state.running.settings.api_key
    return not key or carries(key, request.headers)


def carries(key: str, headers: Headers) -> bool:
    """Whether a request shows the key."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode("latin-1"), key.encode())


class Gate:
    """Turns away writes without the key, writes that another site makes a browser send, and bodies that are too large.

    A body that is announced as too large is not read; one that comes without its length is cut off at the limit.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._key = settings.api_key
        self._max_mb = settings.max_upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope["method"], scope["path"], headers)
        if refused:
            response = problem(refused.status_code, refused.detail, headers=refused.headers)
            await response(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _refused(self, method: str, path: str, headers: Headers) -> HTTPException | None:
        if method not in _READS:
            own = path == _CLICKS and _from_own_page(headers)
            if self._key and not own and not carries(self._key, headers):
                return HTTPException(
                    401, "writing needs the key of this service: the header `Authorization: Bearer KEY`, or "
                    "SEARCHSVC_API_KEY for the command line.", {"WWW-Authenticate": "Bearer"},
                )  # fmt: skip
            if headers.get("sec-fetch-site") in _OTHER_SITES:
                return HTTPException(403, "a page of another site may not write here.")
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            return self._too_large()
        return None

    def _counted(self, receive: Receive) -> Receive:
        read = 0

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                raise self._too_large()
            return message

        return counting

    @property
    def _max_bytes(self) -> int:
        return self._max_mb * 1_000_000 + _OVERHEAD_BYTES

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the upload has more than {self._max_mb} MB; set max_upload_mb higher to take it.")


def _from_own_page(headers: Headers) -> bool:
    """Whether a page of this service asks, as far as a browser says. Over plain HTTP some send only `Origin`."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "")
    return site == "same-origin" or (
        site is None and bool(origin) and origin.partition("://")[2] == headers.get("host")
    )
