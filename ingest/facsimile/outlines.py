"""The outlines of shapes: those that have a name, and those that a file draws itself."""

from __future__ import annotations

import math
from typing import Any

from ingest.facsimile.colours import A
from ingest.facsimile.lines import number
from ingest.facsimile.values import Path

__all__ = ["drawn", "named"]

_MOST_STEPS = 2000
_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "triangle": ((0.5, 0), (1, 1), (0, 1)),
    "rtTriangle": ((0, 0), (1, 1), (0, 1)),
    "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "flowChartDecision": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "parallelogram": ((0.25, 0), (1, 0), (0.75, 1), (0, 1)),
    "trapezoid": ((0.25, 0), (0.75, 0), (1, 1), (0, 1)),
    "pentagon": ((0.5, 0), (1, 0.38), (0.81, 1), (0.19, 1), (0, 0.38)),
    "hexagon": ((0.25, 0), (0.75, 0), (1, 0.5), (0.75, 1), (0.25, 1), (0, 0.5)),
    "octagon": ((0.29, 0), (0.71, 0), (1, 0.29), (1, 0.71), (0.71, 1), (0.29, 1), (0, 0.71), (0, 0.29)),
    "homePlate": ((0, 0), (0.8, 0), (1, 0.5), (0.8, 1), (0, 1)),
    "chevron": ((0, 0), (0.8, 0), (1, 0.5), (0.8, 1), (0, 1), (0.2, 0.5)),
    "rightArrow": ((0, 0.25), (0.7, 0.25), (0.7, 0), (1, 0.5), (0.7, 1), (0.7, 0.75), (0, 0.75)),
    "leftArrow": ((1, 0.25), (0.3, 0.25), (0.3, 0), (0, 0.5), (0.3, 1), (0.3, 0.75), (1, 0.75)),
    "upArrow": ((0.25, 1), (0.25, 0.3), (0, 0.3), (0.5, 0), (1, 0.3), (0.75, 0.3), (0.75, 1)),
    "downArrow": ((0.25, 0), (0.25, 0.7), (0, 0.7), (0.5, 1), (1, 0.7), (0.75, 0.7), (0.75, 0)),
    "leftRightArrow": (
        (0, 0.5), (0.2, 0), (0.2, 0.25), (0.8, 0.25), (0.8, 0), (1, 0.5), (0.8, 1), (0.8, 0.75), (0.2, 0.75), (0.2, 1)
    ),
    "plus": (
        (0.3, 0), (0.7, 0), (0.7, 0.3), (1, 0.3), (1, 0.7), (0.7, 0.7), (0.7, 1), (0.3, 1), (0.3, 0.7), (0, 0.7),
        (0, 0.3), (0.3, 0.3)
    ),
}  # fmt: skip
_CORNERS["star5"] = tuple(
    (0.5 + (0.5 if at % 2 == 0 else 0.2) * math.sin(at * math.pi / 5),
     0.5 - (0.5 if at % 2 == 0 else 0.2) * math.cos(at * math.pi / 5))
    for at in range(10)
)  # fmt: skip
_CURVED = {"cubicBezTo": ("C", 3), "moveTo": ("M", 1), "lnTo": ("L", 1)}


def named(shape: str) -> Path | None:
    """None for what is a box, or is drawn as one."""
    corners = _CORNERS.get(shape)
    if not corners:
        return None
    return Path((("M", corners[0]), *(("L", corner) for corner in corners[1:]), ("Z", ())))


def drawn(geometry: Any) -> Path | None:
    """What `a:custGeom` draws with numbers; None where it computes its points, which is then drawn as a box."""
    steps: list[tuple[str, tuple[float, ...]]] = []
    for path in geometry.iter(f"{A}path"):
        wide, high = number(path.get("w")), number(path.get("h"))
        if wide <= 0 or high <= 0:
            return None
        for step in path:
            kind = step.tag.rpartition("}")[2] if isinstance(step.tag, str) else ""
            points: list[float] = []
            for point in step.iter(f"{A}pt"):
                x, y = number(point.get("x"), math.nan), number(point.get("y"), math.nan)
                points += [min(5.0, max(-5.0, x / wide)), min(5.0, max(-5.0, y / high))]
            if any(math.isnan(one) for one in points):
                return None
            if kind == "close":
                steps.append(("Z", ()))
            elif kind in _CURVED and len(points) == 2 * _CURVED[kind][1]:
                steps.append((_CURVED[kind][0], tuple(points)))
            elif kind == "quadBezTo" and len(points) == 4:
                x, y, to_x, to_y = points  # the one handle for both
                steps.append(("C", (x, y, x, y, to_x, to_y)))
            elif kind == "arcTo":
                return None
            if len(steps) > _MOST_STEPS:
                return None
    return Path(tuple(steps)) if steps and steps[0][0] == "M" else None
