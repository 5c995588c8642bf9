"""A storage that speaks S3 on loopback, with one bucket; in the process, as clean as the test that asks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

BUCKET = "archive"


@contextmanager
def storage(patch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """Sets the variables that S3's clients read."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
    }.items():  # fmt: skip
        patch.setenv(name, value)
    server = Storage()
    patch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    httpx.put(f"{server.url}/{BUCKET}").raise_for_status()
    try:
        yield server
    finally:
        server.stop()


class Storage:
    """What it keeps stays while it is stopped."""

    def __init__(self) -> None:
        from moto.moto_api._internal import mock_random  # noqa: F401, the parts of moto need one another in this order
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self._host, self._port = self._server.get_host_and_port()
        self._up = True
        httpx.post(f"{self.url}/moto-api/reset").raise_for_status()

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    def stop(self) -> None:
        if self._up:
            self._server.stop()
            self._up = False

    def start(self) -> None:
        """At the port where it was."""
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._up = True
