"""Lines of a page by the direction they are written in, and level: pages that were scanned askew are put straight.

Axes are the page's own, turned into the direction of writing: x runs with the text and y upwards from it.
Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["SPLIT_EM", "Line", "along", "by_direction", "is_near", "levelled"]

# A wider gap than this many ems starts a new span. Gutters of two columns have 1.2 em and more,
# stretched spaces seldom 0.9.
SPLIT_EM = 0.9
_SLANT = 0.09  # radians; a line that slopes so much more than the others is a stamp or a label
_FEWEST_ASKEW = 8  # lines
_ASKEW = 0.002  # radians; over the width of a page less does not lead from one line to the next


@dataclass(slots=True)
class Line:
    """Words of one line as pdfium gives them. turn: quarter turns against the clock, to the nearest.

    slope: what is left of the turn, in radians.
    """

    turn: int
    words: list[str]
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    slope: float = 0.0

    @property
    def characters(self) -> int:
        return sum(map(len, self.words))


def along(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point of the page in axes that are turned by `turn` quarters."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def is_near(line: Line, x0: float, x1: float, base: float, size: float) -> bool:
    """Whether what stands from x0 to x1 goes on in the same run of words."""
    if abs(base - line.base) > 0.1 * line.size or not 0.85 * line.size < size < 1.18 * line.size:
        return False
    return max(x0 - line.x1, line.x0 - x1) <= SPLIT_EM * size


def by_direction(lines: Sequence[Line]) -> tuple[list[tuple[int, list[Line]]], list[Line]]:
    """(turn, its lines), the direction with most characters first; and the lines that slant as no other does."""
    by_turn: dict[int, list[Line]] = {}
    for line in lines:
        by_turn.setdefault(line.turn, []).append(line)
    slanting: list[Line] = []
    directions: list[tuple[int, list[Line]]] = []
    for turn, same in by_turn.items():
        usual = _usual_slope(same)
        level = [line for line in same if abs(line.slope - usual) < _SLANT]
        if abs(usual) >= _SLANT and len(level) < _FEWEST_ASKEW:  # a stamp, not a page that lay askew
            level = [line for line in same if abs(line.slope) < _SLANT]
        slanting += [line for line in same if not any(line is one for one in level)] if len(level) < len(same) else []
        if level:
            directions.append((turn, level))
    return sorted(directions, key=lambda one: -sum(line.characters for line in one[1])), slanting


def levelled(lines: list[Line], x: float, y: float) -> list[Line]:
    """`lines` of one direction turned about (x, y) by what most of them slope, with their words in one again."""
    slope = _usual_slope(lines)
    if abs(slope) < _ASKEW:
        return lines
    cos, sin = math.cos(slope), math.sin(slope)
    level: list[Line] = []
    for line in lines:
        wide = (line.x1 - line.x0) / cos
        line.x0, line.base = (
            x + (line.x0 - x) * cos + (line.base - y) * sin,
            y + (line.base - y) * cos - (line.x0 - x) * sin,
        )
        line.x1 = line.x0 + wide
        last = level[-1] if level else None
        if last is not None and is_near(last, line.x0, line.x1, line.base, line.size):
            last.words += line.words
            last.x0, last.x1, last.bold = min(last.x0, line.x0), max(last.x1, line.x1), last.bold and line.bold
        else:
            level.append(line)
    return level


def _usual_slope(lines: Sequence[Line]) -> float:
    """The median over characters."""
    if all(line.slope == 0 for line in lines):
        return 0.0
    slopes = sorted((line.slope, line.characters) for line in lines)
    left = sum(characters for _, characters in slopes) / 2
    for slope, characters in slopes:
        left -= characters
        if left <= 0:
            return slope
    return 0.0
