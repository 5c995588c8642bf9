"""What the sandbox's tests run in the child."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from searchsvc.errors import EncryptedError, GenerationError


class OwnEncryptedError(EncryptedError):
    """A third party's."""


def add(one: int, other: int) -> int:
    return one + other


def process_id() -> int:
    return os.getpid()


def main_module() -> str:
    return str(getattr(sys.modules["__main__"], "__file__", None))


def loop_forever() -> NoReturn:
    while True:
        pass


def loop_with_a_child(path: str) -> NoReturn:
    """Leaves the id of a process of its own in `path`."""
    child = os.fork()
    if child:
        Path(f"{path}.new").write_text(str(child))
        Path(f"{path}.new").rename(path)
    while True:
        signal.pause()


def say_who_and_loop(path: str) -> NoReturn:
    Path(path).write_text(str(os.getpid()))
    while True:
        signal.pause()


def eat_memory() -> int:
    return len([bytearray(50_000_000) for _ in range(1000)])


def crash() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def leave() -> None:
    os._exit(3)


def refuse() -> None:
    raise EncryptedError("needs a password")


def refuse_in_own_words() -> None:
    raise OwnEncryptedError("needs a key")


def refuse_the_index() -> None:
    raise GenerationError("made by another encoder")


def fail() -> None:
    raise KeyError("a key\nof two lines")


def exit_quietly() -> None:
    sys.exit(0)


def much(size: int) -> bytes:
    return bytes(size)


def chatter() -> str:
    print("a" * 100_000)  # noqa: T201
    print("b" * 100_000, file=sys.stderr)  # noqa: T201
    return "said"


def read(path: str) -> str:
    return Path(path).read_text()


def read_other(paths: list[str]) -> str:
    """Paths in a list are no arguments that may be read."""
    return Path(paths[0]).read_text()


def write_other(paths: list[str]) -> None:
    Path(paths[0]).write_text("written")


def reach(kind: str) -> None:
    family = socket.AF_INET6 if kind == "tcp6" else socket.AF_INET
    socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)


def environment() -> list[str]:
    return sorted(os.environ)


class _Hostile:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.path,)


def hostile_answer(path: str) -> object:
    return _Hostile(path)


class _OwnText(str):
    """As libraries have them, such as pypdf."""


def own_text() -> list[str]:
    return [_OwnText("as it is"), _OwnText()]
