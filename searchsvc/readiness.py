"""Whether what searches stand on answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from searchsvc.errors import SearchsvcError

__all__ = ["Readiness"]


class Readiness:
    """checks: name -> what raises when it does not answer.

    While one asks, others are told what was found before: a server that hangs holds one thread, not all of them.
    """

    def __init__(self, checks: Mapping[str, Callable[[], object]]) -> None:
        self._checks = checks
        self._asking = threading.Lock()
        self._faults: tuple[str, ...] | None = None

    def faults(self) -> tuple[str, ...]:
        """One line for each that does not answer."""
        if self._asking.acquire(blocking=self._faults is None):
            try:
                self._faults = tuple(fault for name, check in self._checks.items() if (fault := _fault(name, check)))
            finally:
                self._asking.release()
        return self._faults or ()


def _fault(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    except SearchsvcError as error:
        return str(error)
    except Exception as error:
        return f"{name} cannot be reached or read ({type(error).__name__})."
    return ""
