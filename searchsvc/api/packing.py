"""Answers that are large, compressed for those who take that."""

from __future__ import annotations

import gzip
import re

from fastapi import Request, Response
from pydantic import BaseModel

__all__ = ["packed", "takes_gzip"]

_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_WORTH_ZIPPING_BYTES = 10_000


def takes_gzip(request: Request) -> bool:
    """Whether the client reads gzip; it may name it to say that it does not (RFC 9110, 12.5.3)."""
    return bool(_GZIP.search(request.headers.get("accept-encoding", "")))


def packed(request: Request, body: BaseModel) -> Response:
    """The body as JSON."""
    content, headers = body.model_dump_json(by_alias=True).encode(), {"Vary": "Accept-Encoding"}
    if len(content) > _WORTH_ZIPPING_BYTES and takes_gzip(request):
        content = gzip.compress(content, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type="application/json")
