"""The API with its headers and status codes, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from searchsvc.cli.connection import Connection, connect
from searchsvc.settings import Settings
from tests.conftest import finished


class Client:
    """Requests to a service of its own; as over the network, but for the network."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __call__(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self.connection._transport.send(method, path, **arguments)

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        return self("GET", path, **arguments)

    def post(self, files: list[tuple[str, bytes]], **data: Any) -> httpx.Response:
        """An upload of (name, content)."""
        return self("POST", "/v1/resources", files=[("file", one) for one in files], data=data)

    def added(self, files: list[tuple[str, bytes]], **data: Any) -> list[dict[str, Any]]:
        """The jobs of an upload when they are done."""
        answer = self.post(files, **data)
        assert answer.status_code == 202, answer.text
        return finished(self.connection, answer.json()["batch"])


@contextmanager
def running(home: Path, **settings: Any) -> Iterator[Client]:
    connection = connect(Settings(home=home, encoder="hashing", **settings))
    yield Client(connection)
    connection.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One for all tests of a module."""
    with running(tmp_path_factory.mktemp("api") / "home") as one:
        yield one
