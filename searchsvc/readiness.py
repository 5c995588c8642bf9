"""Whether what searches stand on answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from searchsvc.errors import SearchsvcError

__all__ = ["Found", "Readiness"]


@dataclass(frozen=True, slots=True)
class Found:
    """faults: one line for each that does not answer. away: parts that do not answer, and that it works without.

    names: of what does not answer; addresses stand in the other two alone.
    """

    faults: tuple[str, ...]
    away: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Readiness:
    """checks: name -> what raises when it does not answer. away: see `Found`.

    While one asks, others are told what was found before: a server that hangs holds one thread, not all of them.
    """

    def __init__(
        self, checks: Mapping[str, Callable[[], object]], *, away: Callable[[], tuple[str, ...]] = lambda: ()
    ) -> None:
        self._checks, self._away = checks, away
        self._asking = threading.Lock()
        self._found: Found | None = None

    def look(self) -> Found:
        if self._asking.acquire(blocking=self._found is None):
            try:
                faults = {name: fault for name, check in self._checks.items() if (fault := _fault(name, check))}
                self._found = Found(tuple(faults.values()), () if faults else self._away(), tuple(faults))
            finally:
                self._asking.release()
        return self._found or Found(())


def _fault(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    except SearchsvcError as error:
        return str(error)
    except Exception as error:
        return f"{name} cannot be reached or read ({type(error).__name__})."
    return ""
