"""What tests of several layers share: a service on an empty home, reached as the command line reaches it."""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from ingest import encoding, sandbox
from searchsvc.cli.connection import Connection, connect
from searchsvc.errors import ModelError
from searchsvc.model import Encoded
from searchsvc.settings import Settings
from tests.variables import variable

# The same examples in every run, and no matter how long they take. --hypothesis-profile=thorough looks for new ones, as
# many as TEST_SEARCHSVC_EXAMPLES says.
UNTIMED: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis.register_profile("same", derandomize=True, **UNTIMED)
hypothesis.register_profile("thorough", max_examples=int(variable("EXAMPLES") or 5000), **UNTIMED)
hypothesis.load_profile("same")


def at_least(examples: int) -> int:
    """Of a property whose examples take long, or must be many; more where the profile asks for more than usual."""
    chosen = hypothesis.default.max_examples if hypothesis.default else 0
    return examples if chosen <= 100 else chosen


ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
ARCHIVE = ROOT / "eval" / "archive" / "files"


def needs(module: str, extra: str) -> None:
    """Skip a test that needs an extra of the project which is not installed; in CI all of them must be."""
    if importlib.util.find_spec(module) is None:
        reason = f"{module} is not installed; pip install '.[{extra}]'"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


REAL_CHILDREN = {kind.__name__: kind for kind in (sandbox.Sandbox, encoding.EncoderProcess)}


class Lent:
    """A child process of parsers or of the encoder, which a service has until it closes it, and then the next one."""

    def __init__(self, child: Any, busy: threading.Lock) -> None:
        self._child, self._busy, self._closed = child, busy, False

    def start(self) -> None:
        self._child.start()

    def run(self, target: str, *args: object) -> object:
        if self._closed:
            raise RuntimeError("the sandbox is closed.")
        return self._child.run(target, *args)

    def encode(self, texts: Sequence[str]) -> Encoded:
        if self._closed:
            raise ModelError("the encoder is closed.")
        with self._busy:
            return cast(Encoded, self._child.encode(texts))

    def close(self) -> None:
        self._closed = True


@pytest.fixture(scope="session", autouse=True)
def children() -> Iterator[None]:
    """Services in this process share their child processes: each takes two seconds to load parsers or encoder."""
    with ExitStack() as closing, pytest.MonkeyPatch.context() as patch:
        for module, kind in ((sandbox, sandbox.Sandbox), (encoding, encoding.EncoderProcess)):

            @cache
            def made(*args: object, _kind: Any = kind, **given: object) -> tuple[Any, threading.Lock]:
                child = _kind(*args, **given)
                closing.callback(child.close)
                return child, threading.Lock()

            patch.setattr(module, kind.__name__, lambda *args, _made=made, **given: Lent(*_made(*args, **given)))
        yield


class Hasty:
    """An event that nobody waits for longer than a moment."""

    def __init__(self, event: threading.Event) -> None:
        self.is_set = event.is_set
        self._event = event

    def wait(self, timeout: float) -> bool:
        return self._event.wait(min(timeout, 0.05))


@pytest.fixture(scope="session", autouse=True)
def queues() -> Iterator[None]:
    """DBOS looks once a second for queues that are new, as in every home that a test makes."""
    from dbos import _dbos

    look = _dbos.queue_thread  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_dbos, "queue_thread", lambda stop, instance: look(cast(threading.Event, Hasty(stop)), instance))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An embedded home with the encoder for tests."""
    return Settings(home=tmp_path / "home", encoder="hashing", public_url="http://here")


@pytest.fixture
def api(settings: Settings) -> Iterator[Connection]:
    """A service of its own, on an empty home. Its first file takes seconds: share one where nothing is changed."""
    connection = connect(settings)
    yield connection
    connection.close()


Texts = Mapping[str, str | bytes]
Add = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def add(api: Connection, tmp_path: Path) -> Add:
    """add({"a.md": "# Title"}) hands texts in as files and gives the finished jobs, in that order."""
    return partial(hand_in, api, tmp_path)


def hand_in(api: Connection, folder: Path, texts: Texts, *, source: str = "upload") -> list[dict[str, Any]]:
    batch = None
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        with path.open("rb") as stream:
            data = {"uri": path.as_uri(), "source": source, "batch": batch}
            batch = api.upload("POST", "/v1/resources", [("file", (name, stream))], data)["batch"]
    return finished(api, str(batch))


def finished(api: Connection, batch: str, *, timeout_s: float = 300) -> list[dict[str, Any]]:
    """The jobs of a batch when none of them waits any more."""
    return until_finished(lambda: api.get("/v1/jobs", {"batch": batch, "limit": 1000})["jobs"], timeout_s=timeout_s)


def until_finished(jobs: Callable[[], list[dict[str, Any]]], *, timeout_s: float = 300) -> list[dict[str, Any]]:
    """What `jobs` gives when none of them waits any more."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = jobs()
        if all(job["status"] != "queued" for job in found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"jobs are still queued after {timeout_s} s")
