"""One way to ask, whether a service runs or not: the same HTTP API, over the network or inside this process.

So what a command prints is the same in both cases by construction.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Generic, Protocol, TypeVar, overload
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from searchsvc.errors import HomeBusyError, NotFoundError, SearchsvcError
from searchsvc.home import owner_of
from searchsvc.settings import Settings

__all__ = ["ApiAnswer", "ApiError", "BrokenOffError", "Connection", "connect", "entry_path", "resource_path"]

_TIMEOUT = httpx.Timeout(600, connect=5)  # a register may touch every resource, and a disk may be slow
_BROKEN_OFF = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
_BUSY_S = 10.0  # how long another process may keep the home before this one gives up
_BUSY_POLL_S = 0.1
Params = Mapping[str, Any]
Body = TypeVar("Body", bound=BaseModel)
Upload = tuple[str, tuple[str, IO[bytes]]]


class ApiError(SearchsvcError):
    """What the service said of a request that it did not fulfil. status: of HTTP, None when there was no answer."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.status = status


class BrokenOffError(ApiError):
    """The connection ended in the middle of a request: whether it was fulfilled is not known."""


class _Transport(Protocol):
    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ApiAnswer(Generic[Body]):
    """raw: the JSON as it came, for `--json`, which shows also what this version does not know of."""

    raw: Any
    _into: type[Body]
    _where: str

    @property
    def body(self) -> Body:
        """The same as a type. Raises ApiError when a service of another version answers something else."""
        try:
            return self._into.model_validate(self.raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            at = ".".join(map(str, first["loc"])) or "the whole"
            raise ApiError(
                f"{self._where} is of another version: its {self._into.__name__} is not what is expected "
                f"({at}: {first['msg']})."
            ) from None


class Connection:
    """JSON in and out. Every method raises ApiError (NotFoundError for 404) with the service's own line.

    into: the body that the API documents for this answer; with it the answer can be read as a type.
    """

    def __init__(self, transport: _Transport, where: str) -> None:
        self._transport = transport
        self.where = where

    @overload
    def get(self, path: str, params: Params | None = None) -> Any: ...
    @overload
    def get(self, path: str, params: Params | None = None, *, into: type[Body]) -> ApiAnswer[Body]: ...
    def get(self, path: str, params: Params | None = None, *, into: type[Body] | None = None) -> Any:
        return self._read(into, self._json("GET", path, params=_given(params)))

    @overload
    def post(self, path: str, params: Params | None = None, body: Params | None = None) -> Any: ...
    @overload
    def post(
        self, path: str, params: Params | None = None, body: Params | None = None, *, into: type[Body]
    ) -> ApiAnswer[Body]: ...
    def post(
        self, path: str, params: Params | None = None, body: Params | None = None, *, into: type[Body] | None = None
    ) -> Any:
        sent = {} if body is None else {"json": _plain(body)}
        return self._read(into, self._json("POST", path, params=_given(params), **sent))

    def patch(self, path: str, body: Params, params: Params | None = None, *, into: type[Body]) -> ApiAnswer[Body]:
        return ApiAnswer(self._json("PATCH", path, params=_given(params), json=_plain(body)), into, self.where)

    @overload
    def upload(
        self, method: str, path: str, files: Sequence[Upload], data: Params | None = None, params: Params | None = None
    ) -> Any: ...
    @overload
    def upload(
        self, method: str, path: str, files: Sequence[Upload], data: Params | None = None, params: Params | None = None,
        *, into: type[Body],
    ) -> ApiAnswer[Body]: ...  # fmt: skip
    def upload(
        self, method: str, path: str, files: Sequence[Upload], data: Params | None = None, params: Params | None = None,
        *, into: type[Body] | None = None,
    ) -> Any:  # fmt: skip
        return self._read(into, self._json(method, path, files=list(files), data=_given(data), params=_given(params)))

    def delete(self, path: str, params: Params | None = None) -> None:
        self._json("DELETE", path, params=_given(params))

    def close(self) -> None:
        self._transport.close()

    def _read(self, into: type[Body] | None, raw: Any) -> Any:
        return raw if into is None else ApiAnswer(raw, into, self.where)

    def _json(self, method: str, path: str, **arguments: Any) -> Any:
        response = self._transport.send(method, path, **arguments)
        if response.is_success:
            try:
                return response.json() if response.content else None
            except ValueError:
                raise ApiError(f"{self.where} answered {method} {path} with what is no JSON.") from None
        try:
            detail = str(response.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"{self.where} answered {response.status_code} to {method} {path}."
        raise NotFoundError(detail) if response.status_code == 404 else ApiError(detail, response.status_code)


class _Remote:
    def __init__(self, url: str, api_key: str | None) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, headers=_key(api_key), timeout=_TIMEOUT, trust_env=False)

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            try:
                return self._client.request(method, path, **arguments)
            except _BROKEN_OFF:
                if method != "GET":
                    raise
                return self._client.request(method, path, **arguments)
        except _BROKEN_OFF as error:
            why = error or type(error).__name__
            raise BrokenOffError(f"the connection to {self._url} broke off: {why}; try again.") from None
        except httpx.HTTPError as error:
            raise ApiError(f"the service at {self._url} does not answer: {error or type(error).__name__}.") from None

    def close(self) -> None:
        self._client.close()


class _Local:
    """The application in this process. What is heavy is loaded by the first request that needs it."""

    def __init__(self, settings: Settings) -> None:
        with _without_collecting():
            from searchsvc.api.context import Running
            from searchsvc.encode.load import load_query_encoder
            from searchsvc.service import Service

            service = Service(
                settings, work=settings.embedded, query_encoder=lambda: load_query_encoder(settings, at_once=True)
            )
        _log_to(settings.home / "searchsvc.log")
        self._running = Running(settings, service)
        self._headers = _key(self._running.owner_key)
        self._loop = asyncio.Runner()
        self._clients: dict[tuple[str, ...], httpx.AsyncClient] = {}

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self._loop.run(_whole(self._client(path).request(method, path, timeout=None, **arguments)))

    def close(self) -> None:
        for client in self._clients.values():
            self._loop.run(client.aclose())
        self._loop.close()
        self._running.close()

    def _client(self, path: str) -> httpx.AsyncClient:
        """Of an application with the routes for this path alone: to import all of them takes as long as a search."""
        with _without_collecting():
            from searchsvc.api.app import create_app, routers_of

            routers = routers_of(path)
            if routers not in self._clients:
                transport = httpx.ASGITransport(create_app(self._running, routers), raise_app_exceptions=False)
                self._clients[routers] = httpx.AsyncClient(
                    transport=transport, base_url="http://localhost", headers=self._headers
                )
        return self._clients[routers]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is imported stays, so looking for what can be freed meanwhile is lost time: a tenth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _whole(request: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """Ctrl-C ends the command after what it has begun, so nothing is closed under it; a second one ends it at once."""
    task = asyncio.ensure_future(request)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def connect(settings: Settings, *, patience_s: float = _BUSY_S) -> Connection:
    """To the service that owns the home, or to one inside this process. Raises HomeBusyError, StoreError and the like.

    Another command on the same home is waited for, and so is a service that starts.
    """
    deadline = time.monotonic() + patience_s
    while True:
        owner = owner_of(Path(settings.home)) if settings.embedded else None
        if owner:
            return Connection(_Remote(owner.url, settings.api_key or owner.key), owner.url)
        try:
            return Connection(_Local(settings), "searchsvc")
        except HomeBusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_POLL_S)


def resource_path(resource_id: str, rest: str = "") -> str:
    """Raises NotFoundError for what no id looks like, such as a path."""
    if not re.fullmatch(r"[\w-]+", resource_id, re.ASCII):
        shown = resource_id.encode("utf-8", "backslashreplace").decode()
        raise NotFoundError(f"no resource has the id {shown!r}; `searchsvc search` shows ids.")
    return f"/v1/resources/{resource_id}{rest}"


def _key(api_key: str | None) -> dict[bytes, bytes]:
    return {b"Authorization": f"Bearer {api_key}".encode()} if api_key else {}


def _given(values: Params | None) -> dict[str, Any]:
    return {name: _text(value) for name, value in (values or {}).items() if value is not None}


def _plain(body: Params) -> dict[str, Any]:
    """Unlike parameters, a body may say that something is nothing."""
    return {_text(name): _text(value) for name, value in body.items()}


def entry_path(section: str, key: str, rest: str = "") -> str:
    """Of an entry of the register, whatever signs its id or name has. Raises NotFoundError for what cannot be one."""
    if not key.strip() or "/" in key or key in (".", ".."):
        raise NotFoundError(f"nothing in {section} has the id or name {_text(key)!r}.")
    return f"/v1/{section}/{quote(_text(key), safe='')}{rest}"


def _text(value: Any) -> Any:
    """Arguments of a command line may hold bytes that are no text; a search for them is one for \ufffd."""
    if isinstance(value, list):
        return [_text(one) for one in value]
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value


def _log_to(path: Path) -> None:
    """What was not foreseen goes into the home, not over what the person reads."""
    handler = logging.FileHandler(path, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
