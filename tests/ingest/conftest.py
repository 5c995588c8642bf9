"""What tests of reading share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

_TOO_LONG_S = 8.0  # of this process's own time: what is linear takes less than one, what is quadratic minutes


@pytest.fixture
def in_time() -> Iterator[None]:
    """The test fails when it takes too long by far, on a busy machine too."""

    def late(*_: object) -> None:
        raise AssertionError(f"it takes more than {_TOO_LONG_S} s")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TOO_LONG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
