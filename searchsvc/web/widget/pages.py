"""The widget: its file under an address that says what it holds, and two pages that show it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from pydantic import BaseModel, Field

from searchsvc.api.context import Running
from searchsvc.api.packing import takes_gzip
from searchsvc.model import Kind
from searchsvc.texts import languages, texts
from searchsvc.web.render import page
from searchsvc.web.visit import public_base

__all__ = ["WidgetBody", "WidgetFile", "router", "widget_files"]

router = APIRouter(include_in_schema=False)

_FOLDER = "static/widget"
_CURRENT = "widget.js"
_VERSION = re.compile(r'^const VERSION = "([\d.]+)";$', re.MULTILINE)
_TEXTS = re.compile(rb"^const TEXTS = \{\};", re.MULTILINE)
_NOT_SENT = re.compile(rb"^ *(?://.*|/\*\*.*\*/)\n|^ +", re.MULTILINE)  # lines of comment, and indentation
_TEMPLATES = Environment(
    loader=PackageLoader("searchsvc.web", "widget_templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=300"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """One version of the widget, as it is sent."""

    version: str
    content: bytes
    compressed: bytes

    @property
    def path(self) -> str:
        return f"/widget-{self.version}-{hashlib.sha256(self.content).hexdigest()[:8]}.js"

    @property
    def integrity(self) -> str:
        """For the attribute of that name (W3C Subresource Integrity)."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.content).digest()).decode()}"


class WidgetBody(BaseModel):
    """What a page needs in order to pin the widget."""

    version: str
    src: str = Field(description="The address that never changes what it holds.")
    integrity: str
    size_bytes: int
    compressed_bytes: int = Field(description="With gzip, as it is sent.")


@cache
def widget_files() -> tuple[WidgetFile, ...]:
    """The current version, then the earlier ones that pages may have pinned: `widget-*.js` beside it."""
    found = [one for one in _static().iterdir() if one.name.startswith("widget") and one.name.endswith(".js")]
    return tuple(_read(one) for one in sorted(found, key=lambda one: (one.name != _CURRENT, one.name)))


def _read(file: Traversable) -> WidgetFile:
    content = file.read_bytes()
    if file.name == _CURRENT:  # the earlier ones stay as they were sent
        content = _TEXTS.sub(lambda _: b"const TEXTS = " + _spoken() + b";", _NOT_SENT.sub(b"", content))
    version = _VERSION.search(content.decode())
    assert version, f"{file.name} does not say its version"
    return WidgetFile(version[1], content, gzip.compress(content, 9, mtime=0))


def _spoken() -> bytes:
    """What the widget says, by language, as JSON; a number stays in its line."""
    spoken = {}
    for code in languages():
        t = texts(code)
        own = {key.removeprefix("widget."): text for key, text in t.by_key.items() if key.startswith("widget.")}
        places = {kind: t.maybe(f"place.{kind}", "").replace(" {", "\u00a0{") for kind in ("page", "slide")}
        kinds = {str(kind): t.maybe(f"kind.{kind}", str(kind)) for kind in Kind}
        kinds |= {kind: t(f"entry.{kind}") for kind in ("person", "organization", "project")}
        many = {str(kind): t(f"digest.kind.{kind}") for kind in Kind}
        shared = {"kind": t("facet.kind"), **{key: t(key) for key in ("did_you_mean", "corrected", "as_typed")}}
        spoken[code] = {
            "language": code, "direction": t.direction, **own, **shared, **places, "kinds": kinds, "kinds_many": many
        }  # fmt: skip
    return json.dumps(spoken, ensure_ascii=False, separators=(",", ":")).encode()


def _static() -> Traversable:
    return files("searchsvc.web").joinpath(_FOLDER)


@router.get("/widget.js")
@router.head("/widget.js")
def current() -> Response:
    """To the current version. A page that wants to decide when it changes names that version itself."""
    return RedirectResponse(widget_files()[0].path.lstrip("/"), 302, {**_SHARED, "Cache-Control": _A_WHILE})


@router.get("/widget-{version}-{digest}.js")
@router.head("/widget-{version}-{digest}.js")
def pinned(request: Request) -> Response:
    for one in widget_files():
        if request.url.path.endswith(one.path):
            return _script(one, request)
    raise HTTPException(404, "this version of the widget is not served any more; /widget.json names the current one.")


def _script(file: WidgetFile, request: Request) -> Response:
    headers = {**_SHARED, "Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    content = file.content
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        content = file.compressed
    return Response(content, headers=headers, media_type=_TYPES[".js"])


@router.get("/widget.json")
def about() -> WidgetBody:
    file = widget_files()[0]
    return WidgetBody(
        version=file.version,
        src=file.path,
        integrity=file.integrity,
        size_bytes=len(file.content),
        compressed_bytes=len(file.compressed),
    )


@router.get("/widget/{name}.{kind}")
def of_the_pages(name: str, kind: str) -> Response:
    """Styles and scripts of the two pages."""
    file = _static() / f"{name}.{kind}"
    if f".{kind}" not in _TYPES or not re.fullmatch(r"[a-z]+", name) or name == "widget" or not file.is_file():
        raise HTTPException(404)
    return Response(file.read_bytes(), headers={"Cache-Control": _A_WHILE}, media_type=_TYPES[f".{kind}"])


@router.get("/widget")
def example(request: Request) -> Response:
    """The widget at work in the site's frame, and what to copy."""
    return page(request, "widget.html", **_values(request))


@router.get("/widget/foreign")
def foreign(request: Request) -> Response:
    """The widget in a page that was made for something else: a strict policy, and styles that reach for everything."""
    html = _TEMPLATES.get_template("foreign.html").render(_values(request))
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"})


def _values(request: Request) -> dict[str, Any]:
    running: Running = request.app.state.running
    return {
        "here": public_base(request),
        "widget": widget_files()[0],
        "key": running.settings.public_key,
        "origins": running.settings.allowed_origins,
    }
