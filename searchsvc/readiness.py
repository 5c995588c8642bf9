"""Whether what searches stand on answers: asked when somebody asks, but not more often than every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from searchsvc.errors import SearchsvcError

__all__ = ["Readiness"]

_KEPT_S = 2.0


class Readiness:
    """checks: name -> what raises when it does not answer. now_s: a clock that only goes forward.

    While one asks, others are told what was found before: a server that hangs holds one thread, not all of them.
    """

    def __init__(
        self, checks: Mapping[str, Callable[[], object]], *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._checks = checks
        self._now_s = now_s
        self._asking = threading.Lock()
        self._asked_at: float | None = None
        self._faults: tuple[str, ...] = ()

    def faults(self) -> tuple[str, ...]:
        """One line for each that does not answer."""
        if self._asked_at is not None and self._now_s() - self._asked_at < _KEPT_S:
            return self._faults
        first = self._asked_at is None
        if self._asking.acquire(blocking=first):
            try:
                if first and self._asked_at is not None:  # another did while this one waited
                    return self._faults
                self._faults = tuple(fault for name, check in self._checks.items() if (fault := _fault(name, check)))
                self._asked_at = self._now_s()
            finally:
                self._asking.release()
        return self._faults


def _fault(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    except SearchsvcError as error:
        return str(error)
    except Exception as error:
        return f"{name} cannot be reached or read ({type(error).__name__})."
    return ""
