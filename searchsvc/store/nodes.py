"""The nodes of a Qdrant cluster: one that fails is passed over, and what was asked goes to another."""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from searchsvc.errors import StoreError
from searchsvc.urls import without_user

__all__ = ["Nodes", "addresses"]

log = logging.getLogger(__name__)

FAILED = (500, 502, 503, 504)  # of HTTP: this node cannot answer now, another may
PASSED_OVER_S = 5.0
PASSED_OVER_AT_MOST_S = 60.0
CONNECT_S = 2.0  # where there is another node to turn to
_PORT = 6333
_READS = re.compile(r"/points(/scroll|/count|/query|/query/batch)?")
_LOCAL = ("localhost", "127.0.0.1", "::1")


def addresses(urls: str, *, encrypted: bool = False) -> tuple[str, ...]:
    """The nodes that stand in `urls`, separated by commas; with a port, and without a user or a password.

    encrypted: whether one that does not begin with http: or https: is meant to be https. Raises StoreError.
    """
    found: list[str] = []
    for url in filter(None, (one.strip() for one in urls.split(","))):
        parts = urlsplit(url if "://" in url else f"{'https' if encrypted else 'http'}://{url}")
        try:
            port = parts.port or _PORT
        except ValueError:
            port = 0
        if parts.scheme not in ("http", "https") or not parts.hostname or not port:
            raise StoreError(f"{without_user(url)!r} is not the URL of a Qdrant server: http://NAME:6333 would be.")
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        found.append(f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}")
    if not found:
        raise StoreError("qdrant_url names no Qdrant server: http://NAME:6333 would be one.")
    return tuple(dict.fromkeys(found))


@dataclass(slots=True)
class _Node:
    url: httpx.URL
    client: httpx.Client
    failures: int = 0  # in a row
    asked_again_at: float = 0.0


class Nodes(httpx.BaseTransport):
    """Sends each request to the first node that answers.

    A node that cannot be reached, breaks off, or says 500, 502, 503 or 504, is passed over for some seconds, longer
    every time, and then tried by one request. The others are asked once each, all within `timeout_s` together. So may
    every write: those of the store are by id, and twice is as once. But a write that a node took and did not answer in
    time is not sent to another, for it may yet come to pass there, after what is written next.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        timeout_s: float,
        verify: ssl.SSLContext | bool = True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """urls: as `addresses` gives them, the one to prefer first. now: seconds."""
        self._timeout_s, self._now = timeout_s, now
        self._turn = threading.Lock()
        self._nodes = tuple(
            _Node(httpx.URL(url), httpx.Client(verify=verify, limits=_limits(urlsplit(url).hostname or "")))
            for url in urls
        )
        self.urls = tuple(urls)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError when none can be reached. When some answered that they cannot, the first says."""
        reads = _reads(request)
        ends = self._now() + self._timeout_s
        failed: list[tuple[_Node, httpx.Response]] = []
        fault: httpx.TransportError | None = None
        nodes = self._in_turn()
        for left, node in zip(range(len(nodes), 0, -1), nodes, strict=True):
            within_s = ends - self._now()
            if within_s <= 0 and (failed or fault):
                break
            if reads:
                within_s /= left
            try:
                answer = self._ask(node, request, within_s)
            except httpx.TransportError as error:
                self._pass_over(node, type(error).__name__)
                fault = error
                if isinstance(error, httpx.TimeoutException) and not (reads or isinstance(error, httpx.ConnectTimeout)):
                    break
                continue
            if answer.status_code in FAILED:
                failed.append((node, answer))
                continue
            self._answered(node)
            for other, said in failed:  # another could: then it is the node's own fault
                self._pass_over(other, str(said.status_code))
            return answer
        if failed:
            return failed[0][1]
        assert fault is not None
        raise fault

    def away(self) -> tuple[str, ...]:
        """Which of several nodes do not answer, all asked at once."""
        if len(self._nodes) == 1:
            return ()
        with ThreadPoolExecutor(len(self._nodes), "nodes") as pool:
            answers = list(pool.map(self._is_there, self._nodes))
        return tuple(url for url, there in zip(self.urls, answers, strict=True) if not there)

    def close(self) -> None:
        for node in self._nodes:
            node.client.close()

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _ask(self, node: _Node, request: httpx.Request, within_s: float) -> httpx.Response:
        connect_s = min(within_s, CONNECT_S) if len(self._nodes) > 1 else within_s
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"host"]
        path = node.url.raw_path.rstrip(b"/") + request.url.raw_path
        timeout = httpx.Timeout(within_s, connect=connect_s)
        sent = httpx.Request(
            request.method, node.url.copy_with(raw_path=path), headers=headers, content=request.content,
            extensions={"timeout": timeout.as_dict()},
        )  # fmt: skip
        return node.client.send(sent)

    def _is_there(self, node: _Node) -> bool:
        try:
            return node.client.get(node.url, timeout=CONNECT_S).status_code not in FAILED
        except httpx.TransportError:
            return False

    def _in_turn(self) -> list[_Node]:
        """Those that answer, as they were named; then those that are passed over, which are better than none."""
        with self._turn:
            now = self._now()
            first = [node for node in self._nodes if not node.failures or node.asked_again_at <= now]
            for node in first:
                if node.failures:  # this request finds out, and the others need not wait for it
                    node.asked_again_at = now + _pause_s(node.failures)
            then = [node for node in self._nodes if node not in first]
        return [*first, *sorted(then, key=lambda node: node.asked_again_at)]

    def _pass_over(self, node: _Node, reason: str) -> None:
        with self._turn:
            node.failures += 1
            node.asked_again_at = self._now() + _pause_s(node.failures)
            new = node.failures == 1
        if new and len(self._nodes) > 1:
            log.warning("the Qdrant node %s failed (%s); others are asked until it answers again.", node.url, reason)

    def _answered(self, node: _Node) -> None:
        with self._turn:
            back, node.failures = node.failures > 0, 0
        if back and len(self._nodes) > 1:
            log.warning("the Qdrant node %s answers again.", node.url)


def _pause_s(failures: int) -> float:
    return float(min(PASSED_OVER_AT_MOST_S, PASSED_OVER_S * 2 ** (min(failures, 10) - 1)))


def _reads(request: httpx.Request) -> bool:
    if request.method in ("GET", "HEAD"):
        return True
    _, _, within = request.url.path.rpartition("/collections/")
    return request.method == "POST" and _READS.fullmatch(within[within.find("/") :]) is not None


def _limits(host: str) -> httpx.Limits:
    """As qdrant-client has them: a connection to the machine itself is not kept, since that may cause delays."""
    if host in _LOCAL:
        return httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.Limits(max_connections=100, max_keepalive_connections=20)
