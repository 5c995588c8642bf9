"""What tests in a browser stand on: sites to put a page on, answers to give, and a look for barriers."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STRICT = (
    "default-src 'none'; script-src {service}; connect-src {service}; form-action {service}; style-src 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass
class Site:
    """A site of its own origin that serves what it was given."""

    pages: dict[str, tuple[Mapping[str, str], bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers, body = pages.get(self.path.partition("?")[0], ({}, b""))
                self.send_response(200 if body else 404)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, path: str, text: str, *, policy: str = "", media_type: str = "text/html; charset=utf-8") -> str:
        """The address at which `text` stands from now on. policy: its Content-Security-Policy."""
        headers = {"Content-Type": media_type, **({"Content-Security-Policy": policy} if policy else {})}
        self.pages[path] = (headers, text.encode())
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def stop_clock(page: Page) -> None:
    """Until `page.clock.resume` what a page waits for comes only with `page.clock.run_for`."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(days=1))


def barriers(page: Page) -> str:
    """What axe-core finds in the page as it is now, shadow roots included; nothing when there is no barrier."""
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


def hit(
    title: str, text: str = "Some text.", highlights: list[tuple[int, int]] | None = None, **more: Any
) -> dict[str, Any]:
    """A hit as `GET /v1/search` gives it; more: fields of the resource, or `href` of its passage."""
    href = more.pop("href", "/v1/resources/1/file#page=4")
    resource = {
        "id": "1",
        "title": title,
        "kind": "paper",
        "authors": [],
        "year": 2024,
        "href": "/v1/resources/1/file",
        **more,
    }
    locator = {"kind": "page", "number": 4, "label": "page 4"}
    return {
        "resource": resource,
        "band": "strong",
        "passages": [{"text": text, "highlights": highlights or [], "locator": locator, "href": href}],
        "copies": [],
    }


def answer(
    *hits: dict[str, Any], total: int | None = None, named: Sequence[Mapping[str, Any]] = (), **more: Any
) -> dict[str, Any]:
    """Arguments for `Route.fulfill`; more: fields of the answer."""
    body = {"hits": list(hits), "total": len(hits) if total is None else total, "nothing_relevant": not hits}
    body |= {"named": list(named), **more}
    return {"status": 200, "content_type": "application/json", "body": json.dumps(body), "headers": ANYBODY}


def refusal(status: int, **headers: str) -> dict[str, Any]:
    body = json.dumps({"type": "about:blank", "title": "No", "status": status, "detail": "No."})
    return {
        "status": status,
        "content_type": "application/problem+json",
        "body": body,
        "headers": {**ANYBODY, **headers},
    }


ANYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}
