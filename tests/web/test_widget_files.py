"""How the widget's file is served: what a webmaster can pin, and what a cache may keep."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
from collections.abc import Callable

import httpx
import pytest

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.settings import Settings
from searchsvc.web.site import add_site

Ask = Callable[..., httpx.Response]
IN_ITS_OWN_FORM = {"Accept-Encoding": "identity"}


@pytest.fixture
def ask(settings: Settings) -> Ask:
    """Asks a service that does not even run: none of this needs it."""
    app = create_app(Running(settings))
    add_site(app)

    async def one(path: str, method: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.request(method, path, headers=headers)

    return lambda path, method="GET", **headers: asyncio.run(one(path, method, headers))


def test_the_short_address_leads_to_a_version_that_never_changes(ask: Ask) -> None:
    short = ask("/widget.js")
    assert (short.status_code, short.headers["cache-control"]) == (302, "public, max-age=300")
    address = str(short.url.join(short.headers["location"]))
    assert re.fullmatch(r"http://here/widget-\d+\.\d+\.\d+-[0-9a-f]{8}\.js", address)
    file = ask(address)
    assert (file.status_code, file.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    for answer in (short, file):  # a module is only run when its site lets the page read it
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert ask(address, "HEAD").headers["content-type"] == file.headers["content-type"]


def test_what_a_page_pins_is_what_it_gets(ask: Ask) -> None:
    about = ask("/widget.json").json()
    plain = ask(about["src"], **IN_ITS_OWN_FORM)
    assert "content-encoding" not in plain.headers
    digest = base64.b64encode(hashlib.sha384(plain.content).digest()).decode()
    assert about["integrity"] == f"sha384-{digest}"
    assert about["version"] in about["src"] and f'"{about["version"]}"' in plain.text
    assert len(plain.content) == about["size_bytes"]


def test_it_weighs_less_than_12_kilobytes_compressed(ask: Ask) -> None:
    about = ask("/widget.json").json()
    packed = ask(about["src"], **{"Accept-Encoding": "br, gzip"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert int(packed.headers["content-length"]) == about["compressed_bytes"] < 12_000
    assert len(gzip.compress(packed.content, 9)) < 12_000
    assert "content-encoding" not in ask(about["src"], **{"Accept-Encoding": "gzip;q=0, identity"}).headers


def test_an_address_of_no_version_is_told_where_to_look(ask: Ask) -> None:
    for path in ("/widget-0.0.1-00000000.js", "/widget-x-y.js"):
        answer = ask(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert "/widget.json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["/widget/nothing.css", "/widget/widget.js", "/widget/example.html", "/widget/..%2Fwidget.css", "/widget/.css"],
)
def test_nothing_else_is_served(ask: Ask, path: str) -> None:
    assert ask(path).status_code == 404


@pytest.mark.parametrize("path", ["/widget", "/widget/foreign"])
def test_the_pages_that_show_it_allow_nothing_inline(ask: Ask, path: str) -> None:
    page = ask(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert (
        " style=" not in page.text and "<style" not in page.text and not re.search(r"<script(?![^>]* src=)", page.text)
    )


def test_the_lines_to_copy_carry_the_public_key_and_no_other(settings: Settings) -> None:
    given = settings.model_copy(update={"public_key": 'for"all', "api_key": "for-nobody"})
    app = create_app(Running(given))
    add_site(app)

    async def page() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return (await client.get("/widget")).text

    text = asyncio.run(page())
    assert "key=&#34;for&amp;#34;all&#34;" in text  # escaped for the attribute, then for being shown
    assert "for-nobody" not in text
