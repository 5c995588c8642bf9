"""Where the marks of a plot stand. Numbers to coordinates, and nothing else: the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["WIDTH", "Bars", "Dots", "bars", "dots"]

WIDTH = 360  # units of the viewBox: about what a phone is wide, so that letters keep their size there
MARGIN = 10
_LABEL = 20  # height of the line that names a row
_MARK = 14  # height of one mark
_GAP = 10
_AXIS = 24


@dataclass(frozen=True, slots=True)
class IntervalMark:
    """A mean and its interval; x in units of the viewBox, kind chooses shape and colour."""

    kind: str
    x: float
    low_x: float
    high_x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of the plot. y: base line of its label."""

    label: str
    y: float
    marks: tuple[IntervalMark, ...]


@dataclass(frozen=True, slots=True)
class Dots:
    """ticks: (x, label)."""

    height: float
    axis_y: float
    rows: tuple[DotRow, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar. number: which of the parts it is, from 0."""

    number: int
    x: float
    width: float
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """A bar of several stretches. label_y: base line of its label; y: top of the bar."""

    label: str
    label_y: float
    y: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of equal length, each cut by shares."""

    height: float
    bar: float
    rows: tuple[BarRow, ...]


Interval = tuple[float, float, float]  # mean, low, high


def dots(rows: Sequence[tuple[str, Mapping[str, Interval]]]) -> Dots:
    """rows: (label, kind -> mean, low and high, all of 0 to 1)."""
    made, y = [], 0.0
    for label, values in rows:
        label_y, y = y + _LABEL - 6, y + _LABEL
        marks = []
        for kind, (mean, low, high) in values.items():
            says = f"{label}, {kind}: {mean:.3f}, from {low:.3f} to {high:.3f}"
            marks.append(IntervalMark(kind, _x(mean), _x(low), _x(high), y + _MARK / 2, says))
            y += _MARK
        made.append(DotRow(label, label_y, tuple(marks)))
        y += _GAP
    ticks = tuple((_x(at / 4), f"{at / 4:g}") for at in range(5))
    return Dots(y + _AXIS, y, tuple(made), ticks)


def bars(rows: Sequence[tuple[str, Mapping[str, int]]]) -> Bars:
    """rows: (label, part -> count). A part without a count has no stretch; one too narrow for its number, no text."""
    bar, made, y = 22.0, [], 0.0
    for label, counts in rows:
        total, x, parts = sum(counts.values()), float(MARGIN), []
        for number, (name, count) in enumerate(counts.items()):
            width = (WIDTH - 2 * MARGIN) * count / total if total else 0.0
            if count:
                text = str(count) if width > 8 * len(str(count)) + 4 else ""
                parts.append(Part(number, round(x, 2), round(width, 2), text, f"{label}, {name}: {count} of {total}"))
            x += width
        made.append(BarRow(label, y + _LABEL - 6, y + _LABEL, tuple(parts)))
        y += _LABEL + bar + _GAP
    return Bars(y, bar, tuple(made))


def _x(value: float) -> float:
    return round(MARGIN + (WIDTH - 2 * MARGIN) * min(1.0, max(0.0, value)), 2)
