"""Values from a process that has read a stranger's file. Reading them makes values, and calls nothing else."""

from __future__ import annotations

import dataclasses
import enum
import io
import pickle
from typing import Any

__all__ = ["values_in", "written"]

_OURS = ("searchsvc.model", "searchsvc.doubts", "ingest.")
_BUILT_IN = {
    ("builtins", name)
    for name in ("set", "frozenset", "complex", "bytearray", "slice", "range", "str", "int", "float", "bytes")
} | {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")}  # fmt: skip


class _Writer(pickle.Pickler):
    """Writes what libraries derive from texts and numbers as what it is."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, enum.Enum):
            return NotImplemented
        if isinstance(value, str):
            return str, (str.__str__(value),)
        if isinstance(value, int):
            return int, (int.__int__(value),)
        if isinstance(value, float):
            return float, (float.__float__(value),)
        return (bytes, (bytes.__bytes__(value),)) if isinstance(value, bytes) else NotImplemented


class _Reader(pickle.Unpickler):
    """Knows plain values, and dataclasses and enumerations of the domain. Any other name is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _BUILT_IN:
            return super().find_class(module, name)
        if module.startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise pickle.UnpicklingError(f"it holds {module}.{name}, which is no value")


def written(value: object) -> bytes:
    """For `values_in`. Raises what pickling raises."""
    into = io.BytesIO()
    _Writer(into, pickle.HIGHEST_PROTOCOL).dump(value)
    return into.getvalue()


def values_in(data: bytes) -> Any:
    """What was pickled. Raises ValueError, one line, when it is damaged or holds anything but values."""
    try:
        return _Reader(io.BytesIO(data)).load()
    except Exception as error:  # a damaged one raises anything
        raise ValueError(" ".join(str(error).split())[:200] or type(error).__name__) from error
