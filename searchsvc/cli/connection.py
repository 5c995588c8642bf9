"""One way to ask, whether a service runs or not: the same HTTP API, over the network or inside this process.

So what a command prints is the same in both cases by construction.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import httpx

from searchsvc.errors import NotFoundError, SearchsvcError
from searchsvc.home import owner_url
from searchsvc.settings import Settings

__all__ = ["ApiError", "Connection", "connect"]

_TIMEOUT = httpx.Timeout(60, connect=5)
Params = Mapping[str, Any]
Upload = tuple[str, tuple[str, IO[bytes]]]


class ApiError(SearchsvcError):
    """What the service said of a request that it did not fulfil."""


class _Transport(Protocol):
    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response: ...

    def close(self) -> None: ...


class Connection:
    """JSON in and out. Every method raises ApiError (NotFoundError for 404) with the service's own line."""

    def __init__(self, transport: _Transport, where: str) -> None:
        self._transport = transport
        self.where = where

    def get(self, path: str, params: Params | None = None) -> Any:
        return self._json("GET", path, params=_given(params))

    def post(self, path: str, params: Params | None = None) -> Any:
        return self._json("POST", path, params=_given(params))

    def upload(self, method: str, path: str, files: Sequence[Upload], data: Params | None = None) -> Any:
        return self._json(method, path, files=list(files), data=_given(data))

    def delete(self, path: str) -> None:
        self._json("DELETE", path)

    def close(self) -> None:
        self._transport.close()

    def _json(self, method: str, path: str, **arguments: Any) -> Any:
        response = self._transport.send(method, path, **arguments)
        if response.is_success:
            return response.json() if response.content else None
        try:
            detail = str(response.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"{self.where} answered {response.status_code} to {method} {path}."
        raise (NotFoundError if response.status_code == 404 else ApiError)(detail)


class _Remote:
    def __init__(self, url: str, api_key: str | None) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._url = url
        self._client = httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT, trust_env=False)

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise ApiError(f"the service at {self._url} does not answer: {error or type(error).__name__}.") from None

    def close(self) -> None:
        self._client.close()


class _Local:
    """The application in this process. What is heavy is loaded by the first request that needs it."""

    def __init__(self, settings: Settings) -> None:
        from searchsvc.api.app import create_app
        from searchsvc.api.context import Running
        from searchsvc.service import Service

        self._running = Running(settings, Service(settings, work=settings.embedded))
        _log_to(settings.home / "searchsvc.log")
        transport = httpx.ASGITransport(create_app(self._running), raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}
        self._loop = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=transport, base_url="http://in-process", headers=headers)

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self._loop.run(self._client.request(method, path, timeout=None, **arguments))

    def close(self) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()
        self._running.close()


def connect(settings: Settings) -> Connection:
    """To the service that owns the home, or to one inside this process. Raises HomeBusyError, StoreError and the like."""
    url = owner_url(Path(settings.home)) if settings.embedded else None
    if url:
        return Connection(_Remote(url, settings.api_key), url)
    return Connection(_Local(settings), "searchsvc")


def _given(values: Params | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value is not None}


def _log_to(path: Path) -> None:
    """What was not foreseen goes into the home, not over what the person reads."""
    handler = logging.FileHandler(path, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
