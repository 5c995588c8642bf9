"""Nodes of a Qdrant cluster on loopback, each with everything: web servers in front of one store in memory.

They speak as much of Qdrant's HTTP as the service does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models


class Node(ThreadingHTTPServer):
    """status: what it answers instead of doing it. hangs: it takes requests, does them and does not answer."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, memory: QdrantClient, turn: threading.Lock, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.memory, self.turn = memory, turn
        self.status: int | None = None
        self.hangs = threading.Event()
        self.released = threading.Event()
        self.asked: list[tuple[str, str]] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def die(self) -> None:
        self.released.set()
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Node

    def do_GET(self) -> None:
        node = self.server
        path = urlsplit(self.path).path
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        node.asked.append((self.command, path))
        if node.status is not None:
            self._say(node.status, json.dumps({"status": {"error": "this node has a bad day"}}))
            return
        with node.turn:
            try:
                said = _does(node.memory, self.command, path.strip("/").split("/"), body)
            except ValueError as error:
                self._say(404, json.dumps({"status": {"error": str(error)}}))
                return
        if node.hangs.is_set():
            node.released.wait(60)
            return
        self._say(200, said)

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815, so http.server wants them

    def _say(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def _does(memory: QdrantClient, method: str, path: list[str], body: dict[str, Any]) -> str:
    match method, path:
        case "GET", [""]:
            return json.dumps({"title": "qdrant", "version": "1.20.0"})
        case "GET", ["collections"]:
            return _result(memory.get_collections())
        case "GET", ["aliases"]:
            return _result(memory.get_aliases())
        case "POST", ["collections", "aliases"]:
            changes = models.ChangeAliasesOperation.model_validate(body)
            return _result(memory.update_collection_aliases(changes.actions))
        case "GET", ["collections", name, "exists"]:
            return _result({"exists": memory.collection_exists(name)})
        case "GET", ["collections", name]:
            return _result(memory.get_collection(name))
        case "DELETE", ["collections", name]:
            return _result(memory.delete_collection(name))
        case "PUT", ["collections", name]:
            made = models.CreateCollection.model_validate(body)
            return _result(memory.create_collection(name, made.vectors, made.sparse_vectors))
        case "PUT", ["collections", name, "index"]:
            return _DONE
        case "PUT", ["collections", name, "points"]:
            memory.upsert(name, models.PointsList.model_validate(body).points)
            return _DONE
        case "POST", ["collections", name, "points", "delete"]:
            chosen = (models.PointIdsList if "points" in body else models.FilterSelector).model_validate(body)
            memory.delete(name, chosen)
            return _DONE
        case "POST", ["collections", name, "points", "query", "batch"]:
            asked = models.QueryRequestBatch.model_validate(body).searches
            return _result(memory.query_batch_points(name, asked))
        case "POST", ["collections", name, "points", "count"]:
            return _result(memory.count(name))
        case "POST", ["collections", name, "points", "scroll"]:
            records, after = memory.scroll(
                name, limit=body["limit"], offset=body.get("offset"), with_payload=body["with_payload"]
            )
            return _result({"points": [one.model_dump(mode="json") for one in records], "next_page_offset": after})
        case "POST", ["collections", name, "points"]:
            return _result(memory.retrieve(name, body["ids"], with_vectors=True))
    raise AssertionError(f"these nodes do not know {method} {'/'.join(path)}")


_DONE = json.dumps({"result": {"operation_id": 1, "status": "completed"}, "status": "ok", "time": 0})


def _result(said: Any) -> str:
    plain = [_plain(one) for one in said] if isinstance(said, list) else _plain(said)
    return json.dumps({"result": plain, "status": "ok", "time": 0})


def _plain(said: Any) -> Any:
    return said.model_dump(mode="json") if hasattr(said, "model_dump") else said


@contextmanager
def cluster() -> Iterator[Callable[..., Node]]:
    """Starts a node, at a port that another had before if asked; all end with the test."""
    memory, turn, started = QdrantClient(":memory:"), threading.Lock(), list[Node]()

    def start(port: int = 0) -> Node:
        started.append(Node(memory, turn, port))
        return started[-1]

    yield start
    for node in started:
        node.die()
    memory.close()
