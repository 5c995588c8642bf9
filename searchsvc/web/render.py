"""Pages from templates, with the headers that every page has."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from searchsvc.api.packing import takes_gzip
from searchsvc.text.brief import brief
from searchsvc.texts import languages
from searchsvc.web.assets import asset
from searchsvc.web.visit import Visit, visit_of

__all__ = ["HEADERS", "READER_POLICY", "download", "page"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
READER_POLICY = _POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'").replace(
    "img-src 'self' data:", "worker-src 'self'; img-src 'self' data: blob:"
)
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Accept-Encoding, Cookie",
    "X-Content-Type-Options": "nosniff",
}
_WORTH_ZIPPING_BYTES = 1000


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("searchsvc.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(asset=asset, languages=languages)
    environment.filters["brief"] = brief
    return environment


def page(
    request: Request,
    template: str,
    *,
    visit: Visit | None = None,
    status: int = 200,
    policy: str = _POLICY,
    **values: object,
) -> Response:
    """The template as HTML. It has `t` (texts), `visit`, `site` (its name), `asset` and what is given."""
    visit = visit or visit_of(request)
    site = request.app.state.running.settings.site_name
    html = _environment().get_template(template).render(t=visit.text, visit=visit, site=site, **values)
    return download(request, html, "text/html; charset=utf-8", status=status, policy=policy)


def download(
    request: Request,
    text: str | bytes,
    media_type: str,
    *,
    file_name: str | None = None,
    status: int = 200,
    policy: str = _POLICY,
) -> Response:
    """file_name: for what is to be saved; letters, digits, dots and dashes only."""
    content = text.encode("utf-8", "replace") if isinstance(text, str) else text
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {**HEADERS, "Content-Security-Policy": policy, "ETag": tag}
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file_name:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    if len(content) > _WORTH_ZIPPING_BYTES and takes_gzip(request):
        content = gzip.compress(content, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, status, headers, media_type)
