"""The long-running processes: the service over HTTP, and the worker."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.errors import HomeBusyError, SearchsvcError, SettingsError
from searchsvc.home import owner_url
from searchsvc.service import Service
from searchsvc.settings import Settings

__all__ = ["serve", "work"]

Say = Callable[[str], object]


def serve(settings: Settings, *, say: Say) -> None:
    """Serve until SIGINT or SIGTERM. Health answers at once, readiness when the encoder is loaded.

    Raises HomeBusyError, SettingsError when the address is taken, and what opening the service raises.
    """
    if settings.embedded and (url := owner_url(settings.home)):
        raise HomeBusyError(f"a service runs on this home already: {url}.")
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    running = Running(settings)
    app = create_app(running)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))

    def start() -> None:
        running.start()
        if running.failure is not None:
            server.should_exit = True
            return
        service = running.service()
        service.home.announce(url.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]"))
        say(f"searchsvc answers at {url} (API at {url}/docs)")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        thread = threading.Thread(target=start, name="start", daemon=True)
        thread.start()
        yield

    app.router.lifespan_context = lifespan
    say("starting")
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()
        running.close()
    if running.failure is not None:
        raise SearchsvcError(running.failure)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. Set SEARCHSVC_PORT to another port."
        ) from None
    return listening


def work(settings: Settings, *, say: Say) -> None:
    """Do ingest jobs until SIGINT or SIGTERM."""
    logging.basicConfig(level=logging.WARNING)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Service(settings) as service:
        service.start_work()
        say("searchsvc does ingest jobs; stop it with Ctrl-C.")
        ended.wait()
