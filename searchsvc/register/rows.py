"""Entries on their way in: what a file says, with the lines where it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from searchsvc.register.kinds import EntryKind

__all__ = ["Draft", "Fault", "Row"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something that is wrong with a file. line: counted from 1; 0 when it is about the whole file."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.file, f"line {self.line}" if self.line else "") if part)
        return f"{place}: {self.says}" if place else self.says


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it stands in a file. lines: where its fields stand; `offers.1` is the second of a list."""

    kind: EntryKind
    data: Mapping[str, Any]
    file: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, says: str, name: str = "", index: int | None = None) -> Fault:
        line = self.lines.get(name, self.line)
        return Fault(self.file, line if index is None else self.lines.get(f"{name}.{index}", line), says)


@dataclass(frozen=True, slots=True)
class Draft:
    """What files say. kinds: names of the kinds that they replace. faults: those found while reading."""

    rows: Sequence[Row]
    kinds: frozenset[str]
    faults: Sequence[Fault] = ()
