"""Static files, under an address that changes whenever one of them does, so that browsers keep them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from searchsvc.api.packing import takes_gzip

__all__ = ["asset", "router"]

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
}
_COMPRESSED = (".css", ".js", ".mjs", ".svg", ".ttf", ".txt", ".wasm")
_FOR_GOOD = "public, max-age=31536000, immutable"
# A worker has the policy of its own file: the parser of PDF reads what strangers wrote, and needs nothing from
# elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'unsafe-inline'; sandbox"
)
_WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


@dataclass(frozen=True, slots=True)
class _Tree:
    version: str
    files: dict[str, str]  # path -> sha256


@lru_cache(maxsize=1)
def _tree() -> _Tree:
    paths = sorted(path for path in _FOLDER.rglob("*") if path.is_file())
    files = {path.relative_to(_FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    return _Tree(
        hashlib.sha256("\n".join(f"{name} {digest}" for name, digest in files.items()).encode()).hexdigest()[:12], files
    )


def asset(path: str) -> str:
    """The address of a file in `static/`."""
    return f"/static/{_tree().version}/{path}"


@lru_cache(maxsize=64)
def _content(path: str, zipped: bool) -> bytes:
    content = (_FOLDER / path).read_bytes()
    return gzip.compress(content, 6, mtime=0) if zipped else content


@router.get("/static/{version}/{path:path}")
def static(version: str, path: str, request: Request) -> Response:
    """A file; one asked for by an address of another release is sent as it is now, and not kept."""
    tree = _tree()
    if path not in tree.files:
        raise HTTPException(404)
    suffix = Path(path).suffix
    zipped = suffix in _COMPRESSED and takes_gzip(request)
    tag = f'"{tree.files[path][:24]}{"-gzip" if zipped else ""}"'
    headers = {
        "Cache-Control": _FOR_GOOD if version == tree.version else "no-cache",
        "Content-Security-Policy": _WORKER_POLICY if ".worker." in path else _POLICY,
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(_content(path, zipped), media_type=_TYPES.get(suffix, "application/octet-stream"), headers=headers)
