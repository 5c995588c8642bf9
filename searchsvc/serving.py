"""The long-running processes: the service over HTTP, and the worker. Both end with SIGINT or SIGTERM, and end well."""

from __future__ import annotations

import contextlib
import importlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from searchsvc.api.context import Running
from searchsvc.collecting import collect_seldom
from searchsvc.connections import limited_protocol, raise_descriptor_limit
from searchsvc.errors import HomeBusyError, SearchsvcError, SettingsError
from searchsvc.home import owner_url
from searchsvc.logs import set_up_logs
from searchsvc.metrics import Metrics
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.traces import traces_wanted

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["serve", "work"]

Say = Callable[[str], object]

_ENDING = (signal.SIGINT, signal.SIGTERM)
_SHORTEST_KEY = 16  # where others can try keys
_ALIVE_EVERY_S = 10
_START_S = 15  # a service that is told to end while it loads the encoder


def serve(settings: Settings, *, say: Say) -> None:
    """Serve until SIGINT or SIGTERM. Health answers at once, readiness when the encoder is loaded.

    Raises HomeBusyError, SettingsError when the address is taken or others could write there, and what opening the
    service raises.
    """
    _check_open(settings)
    if settings.listens_to_others and not settings.public_url:
        say(
            "Others get 421 until SEARCHSVC_PUBLIC_URL says under which address they ask, such as http://archive.local:8000."
        )
    if settings.embedded and (url := owner_url(settings.home)):
        raise HomeBusyError(f"a service runs on this home already: {url}.")
    set_up_logs(as_json=settings.log_format == "json", requests=settings.log_requests)
    listening = _listen(settings)
    url = _url(listening)
    traces = traces_wanted()
    running = Running(settings, metrics=Metrics(traces), check=_check_keys)
    server = _Server(
        uvicorn.Config(
            _application(running),
            factory=True,
            http=limited_protocol(raise_descriptor_limit(settings.max_connections)),
            log_config=None,  # as all else
            log_level="warning",
            access_log=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=settings.stop_s,
        )
    )

    def start() -> None:
        running.start()
        if running.failure is not None:
            server.should_exit = True
        elif running.started:
            here = url.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")
            running.service().home.announce(here, key=running.owner_key)
            collect_seldom()
            say(f"searchsvc answers at {url} (API at {url}/docs)")

    # Packages whose modules import each other: of two threads that begin at different ends one would get half of it.
    importlib.import_module("searchsvc.catalogue")
    importlib.import_module("searchsvc.register")
    starting = threading.Thread(target=start, name="start", daemon=True)
    with _ended_by(lambda: setattr(server, "should_exit", True)):
        say(f"searchsvc starts at {url}")  # who reads it may end the service at once
        try:
            starting.start()  # while the pages and the API are imported, much of which needs no interpreter
            server.run(sockets=[listening])
        finally:
            listening.close()
            running.close()
            starting.join(timeout=_START_S)
            if traces:
                traces.close()
    if running.failure is not None:
        raise SearchsvcError(running.failure)


def _check_open(settings: Settings) -> None:
    """Where others reach the service there must be a key, and no short one. Raises SettingsError."""
    reached = settings.public_url if settings.named_for_others else settings.host
    others = settings.listens_to_others or settings.named_for_others
    if others and settings.api_key and len(settings.api_key) < _SHORTEST_KEY:
        raise SettingsError(
            f"SEARCHSVC_API_KEY has fewer than {_SHORTEST_KEY} characters, and others can reach {reached}. "
            "Set a longer one; `openssl rand -hex 24` makes one."
        )
    if settings.listens_to_others and not settings.api_key and settings.embedded and not settings.home.exists():
        raise _no_key(settings)


def _check_keys(service: Service) -> None:
    """Raises SettingsError where others reach a service that knows no key and nobody who signs in."""
    known = service.settings.api_key or service.keys.any() or service.users.any()
    if service.settings.listens_to_others and not known:
        raise _no_key(service.settings)


def _no_key(settings: Settings) -> SettingsError:
    return SettingsError(
        f"others can reach {settings.host}, and no key keeps them from changing the archive. "
        "Set SEARCHSVC_API_KEY, or make a key with `searchsvc keys create`, or listen on 127.0.0.1."
    )


def _application(running: Running) -> Callable[[], FastAPI]:
    def make() -> FastAPI:
        from searchsvc.api.app import create_app
        from searchsvc.mcp.http import mount
        from searchsvc.web.site import add_site

        app = create_app(running)
        mount(app, running.settings)
        add_site(app)
        return app

    return make


class _Server(uvicorn.Server):
    """uvicorn's own handling would end the process by the signal, before anything is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _ended_by(end: Callable[[], object]) -> Iterator[None]:
    """Call `end` on every SIGINT and SIGTERM until the work in the block is done."""
    before = {number: signal.signal(number, lambda *_: end()) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # By its protocol asyncio knows a TCP connection, and sends what is small at once instead of 40 ms later.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except (OSError, UnicodeError) as error:
        listening.close()
        why = error.strerror if isinstance(error, OSError) else "that is no address"
        raise SettingsError(
            f"cannot listen on {settings.host}:{settings.port}: {why}. "
            "Choose another with --host and --port, or SEARCHSVC_HOST and SEARCHSVC_PORT."
        ) from None
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def work(settings: Settings, *, say: Say, alive: Path | None = None) -> None:
    """Do ingest jobs until SIGINT or SIGTERM. alive: a file that is touched every ten seconds meanwhile."""
    set_up_logs(as_json=settings.log_format == "json", requests=False)
    ended = threading.Event()
    traces = traces_wanted()
    try:
        with _ended_by(ended.set), Service(settings, metrics=Metrics(traces) if traces else None) as service:
            service.start_work()
            say("searchsvc does ingest jobs; stop it with Ctrl-C.")
            if alive is None:
                ended.wait()
            else:
                _touch(alive)
                while not ended.wait(_ALIVE_EVERY_S):
                    _touch(alive)
    finally:
        if traces:
            traces.close()


def _touch(path: Path) -> None:
    """Raises SettingsError where that cannot be written."""
    try:
        path.touch()
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}; name another file with --alive.") from None
