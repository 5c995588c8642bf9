"""No text that a client sends breaks the service: it is answered, or refused in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.conftest import GEL, REGISTER, RING, Browser, _served

ODD = ("%ED%A0%80", "%FF%FE", "%00", "%F0%9F%92%A7", "%E2%80%AE", "..%2F..%2F", "%0D%0A", "a" * 3000, "-1", "%25s{0}")
LONE = "\ud800"
FILES = {"ring.md": RING.encode(), "gel.md": GEL.encode()}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One of its own, since these tests write to it."""
    yield from _served(tmp_path_factory.mktemp("odd") / "home", FILES, REGISTER.encode())


def _described(site: Browser) -> dict[str, Any]:
    described: dict[str, Any] = site("/openapi.json").json()
    return described


def _asked(site: Browser) -> Iterator[str]:
    for path, methods in _described(site)["paths"].items():
        if "get" not in methods:
            continue
        parameters = methods["get"].get("parameters", [])
        inside = [one["name"] for one in parameters if one["in"] == "path"]
        for odd in ODD:
            filled = path
            for name in inside:
                filled = filled.replace(f"{{{name}}}", odd)
            yield filled + "?" + "&".join(f"{one['name']}={odd}" for one in parameters if one["in"] == "query")
            yield filled + "?q=ring&" + f"{odd}={odd}"


def _pages() -> Iterator[str]:
    for odd in ODD:
        for path in ("/", "/search", "/people", "/network", "/organizations", "/projects", "/export.bib", "/feed.atom"):
            yield f"{path}?q={odd}&kind={odd}&person={odd}&year_from={odd}&page={odd}&lang={odd}&ids={odd}&id={odd}"
        for path in ("resources", "people", "organizations", "projects", "network"):
            yield f"/{path}/{odd}?q={odd}"


def test_no_address_breaks_the_service(site: Browser) -> None:
    broken = [one for one in [*_asked(site), *_pages()] if site(one).status_code == 500]
    assert not broken, sorted({one[:120] for one in broken})


def _body(schema: Any, described: Any, depth: int = 0) -> Any:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        return _body(choice, described, depth)
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        inside = schema.get("properties", {}).items() if depth <= 4 else ()
        return {name: _body(one, described, depth + 1) for name, one in inside}
    if kind == "array":
        return [_body(schema.get("items", {}), described, depth + 1)]
    if schema.get("enum"):
        return schema["enum"][0]
    return {"integer": 1, "number": 1.0, "boolean": False}.get(str(kind), LONE)


def test_no_text_in_a_body_breaks_the_service(site: Browser) -> None:
    described, broken = _described(site), []
    for path, methods in described["paths"].items():
        for method in METHODS & methods.keys() - {"get"}:
            content = methods[method].get("requestBody", {}).get("content", {})
            for known in content.values():
                body = json.dumps(_body(known.get("schema", {}), described))
                for sent in (body, '"\\ud800"', "[" * 5000, "\x00", "{", '{"a": NaN}'):
                    for place in ("amara", "%ED%A0%80"):
                        filled = path
                        for part in path.split("/"):
                            if part.startswith("{"):
                                filled = filled.replace(part, place)
                        headers = {"content-type": "application/json"}
                        answer = site(filled, method.upper(), content=sent, headers=headers)
                        if answer.status_code == 500:
                            broken.append(f"{method} {filled} {sent[:80]}")
    assert not broken, broken


@pytest.mark.parametrize("name", [b"\xed\xa0\x80.md", b"\xff.md", b"../../x.md", b"a\r\nb.md", b"\x00.md", b"x" * 3000])
def test_no_name_of_a_file_or_field_breaks_the_service(site: Browser, name: bytes) -> None:
    part = b"\r\n".join((
        b"--B", b'Content-Disposition: form-data; name="uri"', b"", b"file:///\xed\xa0\x80", b"--B",
        b'Content-Disposition: form-data; name="file"; filename="' + name + b'"', b"", b"# Text of it", b"--B--", b"",
    ))  # fmt: skip
    headers = {"content-type": "multipart/form-data; boundary=B"}
    assert site("/v1/resources", "POST", content=part, headers=headers).status_code != 500


@pytest.mark.parametrize(
    "header", ["accept-language", "accept", "cookie", "if-none-match", "range", "origin", "authorization"]
)
def test_no_header_breaks_the_service(site: Browser, header: str) -> None:
    for value in (b"\xff\xfe", b"\xed\xa0\x80", b"x" * 3000, b";q=,;=", b"bytes=9-1"):
        for path in ("/", "/v1/search?q=ring", f"/v1/resources/{site.ids['ring.md']}/file"):
            assert site(path, headers={header.encode(): value}).status_code != 500, (path, value)
