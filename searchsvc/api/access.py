"""Who may write, and how much at once."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from searchsvc.api.context import Running

__all__ = ["UploadLimit", "Writer"]

_bearer = HTTPBearer(auto_error=False, description="SEARCHSVC_API_KEY, when one is set.")
_OVERHEAD_BYTES = 1_000_000  # of the form around the files


def _may_write(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    running: Running = request.app.state.running
    key = running.settings.api_key
    given = credentials.credentials if credentials else ""
    if key and not secrets.compare_digest(given.encode(), key.encode()):
        raise HTTPException(
            401, "writing needs the header `Authorization: Bearer KEY` with the key of this service.",
            {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip


Writer = Depends(_may_write)


class UploadLimit:
    """Refuses a request whose body is announced as too large before any of it is read.

    What comes without an announcement is cut off by the pipeline, which counts while it keeps the file.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            announced = dict(scope["headers"]).get(b"content-length", b"0")
            if announced.isdigit() and int(announced) > self._max_bytes + _OVERHEAD_BYTES:
                detail = f"the file has more than {self._max_bytes // 1_000_000} MB; set max_upload_mb higher to take it."
                body = {"type": "about:blank", "title": "Too large", "status": 413, "detail": detail}
                await JSONResponse(body, 413, media_type="application/problem+json")(scope, receive, send)
                return
        await self._app(scope, receive, send)
