"""A real site on loopback, whose pages a test changes between visits, and a web that may reach it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ingest.sources.web.client import PoliteWeb, Reach
from ingest.sources.web.guard import Allowed, Guard, resolve
from ingest.sources.web.manners import Clock, Manners

Headers = Mapping[str, str]
Answer = tuple[int, Headers, bytes]


@dataclass
class Site:
    """pages: path -> what stands there, as bytes, or what answers. asked: paths, in the order in which they were."""

    url: str = ""
    pages: dict[str, bytes | Answer | Callable[[Mapping[str, str]], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    validates: bool = True  # whether it sends an ETag and answers 304

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        found = self.pages.get(path)
        if found is None:
            return 404, {}, b"not here"
        if callable(found):
            return found(headers)
        if isinstance(found, tuple):
            return found
        etag = f'"{hashlib.sha256(found).hexdigest()[:16]}"'
        if self.validates and headers.get("if-none-match") == etag:
            return 304, {"ETag": etag}, b""
        kind = "text/html; charset=utf-8" if found.lstrip()[:1] == b"<" else "text/plain; charset=utf-8"
        return 200, {"Content-Type": kind, **({"ETag": etag} if self.validates else {})}, found


def page(title: str, text: str = "", head: str = "") -> bytes:
    """A page with enough of it to be read."""
    body = text or f"{title} is described here in a few sentences, so that there is something to be found. " * 4
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1><p>{body}</p></article></body></html>"
    ).encode()


@contextmanager
def running(site: Site | None = None) -> Iterator[Site]:
    """The site, until the end of the block."""
    made = site or Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.asked.append(self.path)
            made.headers.append(headers)
            status, answered, body = made.answer(self.path, headers)
            try:
                self.send_response(status)
                for name, value in answered.items():
                    self.send_header(name, value)
                if "Content-Length" not in answered and "Transfer-Encoding" not in answered:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # whoever asked has heard enough
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Time:
    """A clock that moves when somebody waits; slept: for how long, each time."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep, lambda: 0.5)


def web(
    scratch: Path,
    *,
    allowed: tuple[str, ...] = ("127.0.0.1",),
    time: Time | None = None,
    manners: Manners | None = None,
    max_bytes: int = 1_000_000,
    resolving: Callable[[str, int], list[str]] | None = None,
) -> PoliteWeb:
    """With a clock of its own, so that nobody waits."""
    return PoliteWeb(
        guard=Guard(Allowed(allowed), resolve=resolving or resolve),
        reach=Reach(max_bytes=max_bytes, read_s=1.0),
        agent="searchsvc/test (+https://archive.example.org; reads what its sources list)",
        scratch=scratch,
        clock=(time or Time()).clock,
        manners=manners,
    )
