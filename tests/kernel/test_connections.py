"""Connections that ask nothing are closed, and those that ask are not."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest
import uvicorn

from searchsvc import connections
from searchsvc.connections import limited_protocol

HALF = b"GET / HTTP/1.1\r\nHost: x"
WHOLE = HALF + b"\r\n\r\n"


async def _app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _closed(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(), 30) == b""
    except ConnectionResetError:
        return True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.05)


def _server(most: int) -> tuple[uvicorn.Server, socket.socket]:
    config = uvicorn.Config(_app, log_level="error", lifespan="off", http=limited_protocol(most))
    return uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))


def test_the_oldest_that_asked_nothing_makes_room() -> None:
    async def run() -> None:
        server, listening = _server(3)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        port = listening.getsockname()[1]
        half = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HALF)
            await writer.drain()
            half.append((reader, writer))
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 204
        assert await _closed(half[0][0])
        for _, writer in half:
            writer.close()
        server.should_exit = True
        await serving

    asyncio.run(run())


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("before", "half"), [(b"", b""), (b"", HALF), (WHOLE, HALF)])
def test_a_head_that_does_not_end_is_not_waited_for(before: bytes, half: bytes) -> None:
    async def run() -> None:
        server, listening = _server(10)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        port = listening.getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(before)
        if before:
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
        writer.write(half)
        assert await _closed(reader)
        writer.close()
        server.should_exit = True
        await serving

    asyncio.run(run())
