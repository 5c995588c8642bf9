"""Sites on this machine that sources visit: pages a second, whether each site is asked as it wants to be, and memory.

Each site has an address of its own (127.0.0.1, 127.0.0.2 and so on), since a host is asked at one rate, whatever its
port. The last of them asks in its robots.txt for more time than the setting has.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from eval.bench.measures import memory_of, serving
from eval.bench.synthetic import word
from searchsvc.errors import SearchsvcError
from searchsvc.settings import Settings

__all__ = ["measured_visits"]

Figures = dict[str, Any]
_SITES = 4
_DELAY_S, _SLOW_S = 0.05, 0.2  # of the setting; of the robots.txt of the last site
_WORDS = 150  # of a page
_WITHIN_S = 1800


@dataclass
class _Site:
    """pages: path -> page. began and ended: of each request, in seconds; times of the first visit are cleared."""

    pages: dict[str, bytes] = field(default_factory=dict)
    began: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""

    @property
    def gaps_s(self) -> list[float]:
        """Between the end of an answer and the beginning of the next request."""
        return [later - earlier for earlier, later in zip(self.ended, self.began[1:], strict=False)]


@contextmanager
def _site(number: int, pages: int) -> Iterator[_Site]:
    made = _Site()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                made.began.append(time.perf_counter())
                made.at_once += 1
                made.most_at_once = max(made.most_at_once, made.at_once)
            page = made.pages.get(self.path)
            tag = f'"{len(page or b"")}-{self.path}"'
            same = page is not None and self.headers.get("If-None-Match") == tag
            self.send_response(404 if page is None else 304 if same else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "text/plain" if self.path.endswith(".txt") else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(0 if same or page is None else len(page)))
            with lock:
                made.at_once -= 1
                made.ended.append(time.perf_counter())
            self.end_headers()
            if page is not None and not same:
                self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((f"127.0.0.{number + 1}", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.{number + 1}:{server.server_address[1]}"
    rng = np.random.default_rng(number)
    for page in range(pages):
        words = " ".join(word(int(one)) for one in rng.integers(0, 20_000, _WORDS))
        title = f"Page {page} of site {number}"
        made.pages[f"/{page}"] = (
            f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words}.</p></article></body></html>"
        ).encode()
    urls = "".join(f"<url><loc>{made.url}{path}</loc></url>" for path in made.pages)
    made.pages["/sitemap.xml"] = f"<urlset>{urls}</urlset>".encode()
    delay = f"Crawl-delay: {_SLOW_S}\n" if number == _SITES - 1 else ""
    made.pages["/robots.txt"] = f"User-agent: *\n{delay}Disallow: /private\n".encode()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def measured_visits(settings: Settings, pages: int) -> Figures:
    """Two visits of four sites with so many pages in all: the first takes all in, the second finds all unchanged."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-bench-") as folder, ExitStack() as stack:
        sites = [stack.enter_context(_site(number, pages // _SITES)) for number in range(_SITES)]
        more = {"SEARCHSVC_SOURCE_HOSTS": "127.0.0.0/8", "SEARCHSVC_SOURCE_DELAY_S": str(_DELAY_S)}
        url = stack.enter_context(serving(settings, Path(folder), **more))
        client = stack.enter_context(httpx.Client(base_url=url, timeout=60))
        ids = []
        for site in sites:
            body = {"kind": "sitemap", "location": f"{site.url}/sitemap.xml", "name": site.url, "every": "never"}
            ids.append(client.post("/v1/sources", json=body).raise_for_status().json()["id"])
        first = _visited(client, Path(folder), ids)
        politeness = _politeness(sites)
        again = _visited(client, Path(folder), ids)
        listed = client.get("/v1/sources").json()["sources"]
        if any(one["failing"] or one["failing_why"] for one in listed):
            raise SearchsvcError(
                "a site of this machine could not be visited whole; try again on a machine that idles."
            )
        there = sum(one["there"] for one in listed)
        unchanged = sum(one["visit"]["unchanged"] for one in listed)
    return {
        "pages": there,
        "asked_pages_per_s": round(there / first["visit_s"], 1),
        "indexed_pages_per_s": round(there / first["whole_s"], 1),
        "asked_again_pages_per_s": round(unchanged / again["visit_s"], 1),
        **politeness,
        "memory_begin_mb": first["memory_mb"][0],
        "memory_half_indexed_mb": first["memory_mb"][len(first["memory_mb"]) // 2],
        "memory_indexed_mb": first["memory_mb"][-1],
        "memory_visited_again_mb": again["memory_mb"][-1],
        "memory_most_mb": max(*first["memory_mb"], *again["memory_mb"]),
    }


def _politeness(sites: Sequence[_Site]) -> Figures:
    """The least time between an answer and the next request, of sites that ask for nothing and of the one that does."""
    return {
        "delay_set_ms": round(_DELAY_S * 1000),
        "least_gap_ms": round(min(gap for site in sites[:-1] for gap in site.gaps_s) * 1000, 1),
        "delay_asked_ms": round(_SLOW_S * 1000),
        "least_gap_where_asked_ms": round(min(sites[-1].gaps_s[1:]) * 1000, 1),  # first the sitemap, then robots.txt
        "most_requests_at_once_a_site": max(site.most_at_once for site in sites),
    }


def _visited(client: httpx.Client, home: Path, ids: Sequence[str]) -> Figures:
    began = time.perf_counter()
    visit_s = 0.0
    memory = [memory_of(client, home)]
    for one in ids:
        client.post(f"/v1/sources/{one}/sync").raise_for_status()
    while time.perf_counter() - began < _WITHIN_S:
        time.sleep(0.2)
        memory.append(memory_of(client, home))
        if not visit_s and any(one["asked"] for one in client.get("/v1/sources").json()["sources"]):
            continue
        visit_s = visit_s or time.perf_counter() - began
        if not client.get("/v1/jobs", params={"limit": 1}).json()["counts"].get("queued"):
            return {"visit_s": visit_s, "whole_s": time.perf_counter() - began, "memory_mb": memory}
    raise SearchsvcError("visiting took too long; `searchsvc doctor` may say why.")
