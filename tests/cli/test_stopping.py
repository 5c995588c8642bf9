"""A service that is told to end gives the answers it is at, and hands back what it was to do."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.cli.conftest import DEADLINE_S, Program, until

TEXT = "# Notes\n\nWomen kept the ring for ninety days.\n"
BODY = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="notes.md"\r\n\r\n'
    + TEXT.encode()
    + b"\r\n--x--\r\n"
)


def test_a_request_in_flight_is_answered_and_its_file_is_taken_in_at_the_next_start(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    with program.served(SEARCHSVC_LOG_FORMAT="json") as served:
        address = urlsplit(served.url)
        with socket.create_connection((str(address.hostname), address.port or 0)) as client:
            client.settimeout(DEADLINE_S)
            head = f"POST /v1/resources HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(BODY)}\r\n"
            client.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + BODY[:40])
            # what came later on another connection was answered, so this one is being read
            httpx.get(f"{served.url}/healthz", trust_env=False, timeout=DEADLINE_S)
            served.process.send_signal(signal.SIGTERM)
            until(lambda: _refused(address.netloc))
            client.sendall(BODY[40:])
            answer = client.recv(65536)
        assert answer.startswith(b"HTTP/1.1 202"), answer
        assert served.ended() == 0
    with program.served() as again, httpx.Client(base_url=again.url, trust_env=False, timeout=DEADLINE_S) as client:
        until(lambda: client.get("/v1/jobs").json()["counts"] == {"indexed": 1})


def _refused(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        return True
    return False
