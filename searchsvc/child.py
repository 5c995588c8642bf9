"""What processes that this one starts have in common: their environment, and how both talk. Imports little."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import struct
import sys
from pathlib import Path

__all__ = ["FRAME_LENGTH", "bare_environment", "child_environment", "end_with_parent", "receive_frame", "send_frame"]

FRAME_LENGTH = struct.Struct("!Q")  # of bytes that follow
_PR_SET_PDEATHSIG = 1


def child_environment() -> dict[str, str]:
    """For another interpreter that imports what this one can, and fails at no warning."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    environment["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return environment


def bare_environment() -> dict[str, str]:
    """Likewise, with nothing else in it: no keys, no addresses of databases, no home."""
    kept = ("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT")
    whole = child_environment()
    return {name: value for name, value in whole.items() if name in (*kept, "PYTHONPATH") or name.startswith("LC_")}


def end_with_parent() -> None:
    """This process is killed when the thread ends that started it. Linux only; nothing happens elsewhere."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def send_frame(connection: socket.socket, data: bytes) -> None:
    connection.sendall(FRAME_LENGTH.pack(len(data)))
    connection.sendall(data)


def receive_frame(connection: socket.socket) -> bytes | None:
    """The next frame, or None when the other end closed before it was complete."""
    head = _receive(connection, FRAME_LENGTH.size)
    return _receive(connection, FRAME_LENGTH.unpack(head)[0]) if head is not None else None


def _receive(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(min(1_048_576, size - len(data)))
        if not part:
            return None
        data += part
    return bytes(data)
