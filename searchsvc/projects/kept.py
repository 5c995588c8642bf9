"""What was made of a state of the network, for as long as what it was made of stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

__all__ = ["Kept", "identical"]

T = TypeVar("T")


class Kept(Generic[T]):
    """The last value, and the objects that it was made of: as long as these are the same, it holds."""

    def __init__(self) -> None:
        self._of: list[object] | None = None
        self._value: T | None = None

    def get(self, of: Iterable[object], make: Callable[[], T]) -> T:
        now = list(of)
        if self._value is None or self._of is None or not identical(self._of, now):
            self._of, self._value = now, make()
        return self._value


def identical(before: Sequence[object], now: Sequence[object]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
