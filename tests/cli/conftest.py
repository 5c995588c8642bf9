"""The real `searchsvc`: in this process where what it says counts, and as a process of its own where that counts."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

import pytest

from searchsvc.cli import main, output

PROGRAM = Path(sys.executable).with_name("searchsvc")
DEADLINE_S = 300  # only against hanging


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("SEARCHSVC_") and name != "COLUMNS"
    }
    return {**kept, "SEARCHSVC_HOME": str(home), "SEARCHSVC_ENCODER": "hashing", **more}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.02)


def one_line(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line of a command that failed."""
    assert (done.returncode, done.stdout) == (code, ""), done
    [line] = done.stderr.splitlines()
    return line


@contextmanager
def _written(descriptor: int) -> Iterator[IO[bytes]]:
    """What is written to standard output or error meanwhile, by processes that are started too."""
    before = os.dup(descriptor)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), descriptor)
        try:
            yield file
        finally:
            os.dup2(before, descriptor)
            os.close(before)


@contextmanager
def _surroundings(variables: Mapping[str, str], cwd: Path | None) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        with contextlib.chdir(cwd or Path.cwd()):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _quiet_log() -> Iterator[None]:
    """No handlers, as in a process that has just begun; those that a command adds are closed and gone afterwards."""
    root = logging.getLogger()
    before, level = {logger: logger.handlers for logger in _loggers()}, root.level
    for logger in before:
        logger.handlers = []
    try:
        yield
    finally:
        for logger in _loggers():
            kept = before.get(logger, [])
            for handler in logger.handlers:
                if handler not in kept:
                    handler.close()
            logger.handlers = kept
        root.setLevel(level)


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(one for one in known if isinstance(one, logging.Logger))]


def _main(typed: list[str]) -> int:
    """The exit code of the entry point. Standard streams are what they are in a new process; nothing can be read."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    started, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")  # help says by what name
    sys.argv, sys.stdin = typed, io.StringIO()
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    output.console.cache_clear()  # the one of the command before has seen other surroundings
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        output.console.cache_clear()
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        sys.modules["__main__"] = started
    raise AssertionError("the entry point always ends the process")


@dataclass(frozen=True)
class Program:
    """`searchsvc` on one home."""

    home: Path

    def run(self, *arguments: str | bytes, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """In this process, which spares the seconds in which Python and what it imports are loaded."""
        typed = ["searchsvc", *map(os.fsdecode, arguments)]
        with _written(1) as out, _written(2) as err, _surroundings(environment(self.home, **more), cwd), _quiet_log():
            code = _main(typed)
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(typed, code, out.read().decode(), err.read().decode())

    def process(self, *arguments: str | bytes, **more: str) -> subprocess.CompletedProcess[str]:
        """As a person starts it."""
        return subprocess.run(
            [PROGRAM, *arguments], env=environment(self.home, **more), stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", timeout=DEADLINE_S,
        )  # fmt: skip

    def fails(self, *arguments: str | bytes, code: int = 1, **more: str) -> str:
        """The one line that it says when it fails."""
        return one_line(self.run(*arguments, cwd=None, **more), code)

    @contextmanager
    def served(self, *arguments: str, until: str = "answers at", **more: str) -> Iterator[Served]:
        """A service, from the moment that it says `until`; ended by SIGTERM when it is still there."""
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", *arguments], env=environment(self.home, **more),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        served = Served(process)
        try:
            served.wait_for(until)
            yield served
        finally:
            process.terminate()
            served.ended()


class Served:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def said(self) -> str:
        return "".join(self.lines)

    @property
    def url(self) -> str:
        found = re.search(r"http://\S+", self.said)
        assert found
        return found[0]

    def wait_for(self, text: str) -> None:
        until(lambda: text in self.said or self.process.poll() is not None)
        assert text in self.said, self.said

    def ended(self) -> int:
        """The exit code."""
        code = self.process.wait(timeout=DEADLINE_S)
        self._reader.join()
        if self.process.stderr:
            self.process.stderr.close()
        return code

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self.lines.append(line)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """On a home that does not exist yet."""
    return Program(tmp_path / "home")
