"""What tests of several layers share: a service on an empty home, reached as the command line reaches it."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from searchsvc.cli.connection import Connection, connect
from searchsvc.settings import Settings

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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An embedded home with the encoder for tests."""
    return Settings(home=tmp_path / "home", encoder="hashing")


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


def finished(api: Connection, batch: str, *, timeout_s: float = 120) -> list[dict[str, Any]]:
    """The jobs of a batch when none of them waits any more."""
    return until_finished(lambda: api.get("/v1/jobs", {"batch": batch, "limit": 1000})["jobs"], timeout_s=timeout_s)


def until_finished(jobs: Callable[[], list[dict[str, Any]]], *, timeout_s: float = 120) -> list[dict[str, Any]]:
    """What `jobs` gives when none of them waits any more."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = jobs()
        if all(job["status"] != "queued" for job in found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"jobs are still queued after {timeout_s} s")
