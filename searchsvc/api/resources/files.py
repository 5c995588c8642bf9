"""Original files as they were handed in, in a way that does no harm: whoever made them is a stranger."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from ingest.extract.registry import type_of
from ingest.extract.types import PDF
from searchsvc.errors import NotFoundError
from searchsvc.model import Resource
from searchsvc.service import Service

__all__ = ["HARMLESS", "file_response"]

HARMLESS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

# A saved page may be looked at, and may neither run scripts nor load or send anything.
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
_GZIP = b"\x1f\x8b"
_LOOKED_AT_BYTES = 1_000_000
_ONE_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)")


def file_response(service: Service, resource: Resource, request: Request) -> Response:
    """The file, a range of it, or 304 when the caller has it. Raises NotFoundError when it is gone."""
    tag = f'"{resource.content_hash}"'
    caching = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=caching)
    with ExitStack() as held:
        path = held.enter_context(service.files.local_path(resource.content_hash, service.settings.home / "scratch"))
        try:
            with path.open("rb") as stream:
                head = stream.read(_LOOKED_AT_BYTES)
        except FileNotFoundError:
            raise NotFoundError(f"the file of {resource.id} is gone from the file store.") from None
        _drop_odd_ranges(request)
        page = f'</resources/{resource.id}>; rel="collection"; type="text/html"'  # https://signposting.org
        headers = {**HARMLESS, **caching, **_headers(resource, head), "Link": page}
        until_sent = held.pop_all()
    return FileResponse(path, headers=headers, background=BackgroundTask(until_sent.close))


def _headers(resource: Resource, head: bytes) -> dict[str, str]:
    name, media_type = resource.file_name, resource.media_type
    headers = {}
    if head.startswith(_GZIP):  # the media type is that of what is inside
        headers["Content-Encoding"] = "gzip"
        name = str(Path(name).with_suffix("")) if name.endswith(".gz") else name
    elif media_type.startswith("text/") and _is_utf8(head):
        # Of others, the page itself says it, or the browser guesses.
        media_type += "; charset=utf-8"
    if resource.media_type != PDF.media_type:  # a browser's own PDF viewer does not run inside a sandbox
        headers["Content-Security-Policy"] = _POLICY
    shown = "inline" if type_of(resource.media_type).inline else "attachment"
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in name)
    full = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return {**headers, "Content-Type": media_type, "Content-Disposition": f'{shown}; filename="{plain}"{full}'}


def _is_utf8(head: bytes) -> bool:
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _drop_odd_ranges(request: Request) -> None:
    """A range that is malformed is no range; several at once are answered by the whole file (RFC 9110, 14.2)."""
    asked = request.headers.get("range")
    if asked is not None and not _ONE_RANGE.fullmatch(asked):
        request.scope["headers"] = [one for one in request.scope["headers"] if one[0] != b"range"]
