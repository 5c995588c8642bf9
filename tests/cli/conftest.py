"""The real `searchsvc`, as a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("searchsvc")
DEADLINE_S = 120


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEARCHSVC_") and name != "COLUMNS"}
    return {**kept, "SEARCHSVC_HOME": str(home), "SEARCHSVC_ENCODER": "hashing", **more}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.05)


@dataclass(frozen=True)
class Program:
    """`searchsvc` on one home."""

    home: Path

    def run(self, *arguments: str | bytes, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments], env=environment(self.home, **more), cwd=cwd, stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", timeout=DEADLINE_S,
        )  # fmt: skip

    def fails(self, *arguments: str | bytes, code: int = 1, **more: str) -> str:
        """The one line that it says when it fails."""
        done = self.run(*arguments, **more)
        assert (done.returncode, done.stdout) == (code, ""), done
        [line] = done.stderr.splitlines()
        return line

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
