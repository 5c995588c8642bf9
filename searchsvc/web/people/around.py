"""A person and those around them, as a small picture. Pure.

The person stands in the middle, the others on an ellipse in the order of closeness, from the top clockwise. What it
shows stands beside it as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from searchsvc.web.people.views import TiedView

__all__ = ["HEIGHT", "WIDTH", "AroundView", "around"]

WIDTH, HEIGHT = 640, 340  # units of the picture
_RADII = (120, 126)
_MOST = 12  # more cannot be read
_CENTRE = (WIDTH / 2, HEIGHT / 2)
_LABEL = 24  # characters
_BESIDE = 11  # between a dot and its name


@dataclass(frozen=True, slots=True)
class DotView:
    """radius: grows with the number of ties. anchor: where the name's text is held. colour: of their group, if any."""

    name: str
    href: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    anchor: str
    colour: int | None


@dataclass(frozen=True, slots=True)
class LineView:
    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool


@dataclass(frozen=True, slots=True)
class AroundView:
    """left_out: how many are known besides."""

    x: float
    y: float
    dots: tuple[DotView, ...]
    lines: tuple[LineView, ...]
    left_out: int


def around(tied: Sequence[TiedView], colours: Mapping[str, int]) -> AroundView | None:
    """None where nobody is known. tied: the closest first. colours: person -> number of their group's."""
    if not tied:
        return None
    shown = tied[:_MOST]
    places = [_place(index, len(shown)) for index in range(len(shown))]
    dots = tuple(_dot(one, colours.get(one.id), *place) for one, place in zip(shown, places, strict=True))
    lines = tuple(
        LineView(*_CENTRE, *place, strong=len(one.ties) > 1) for one, place in zip(shown, places, strict=True)
    )
    return AroundView(*_CENTRE, dots, lines, len(tied) - len(shown))


def _place(index: int, of: int) -> tuple[float, float]:
    angle = 2 * pi * index / of - pi / 2
    return round(_CENTRE[0] + _RADII[0] * cos(angle), 1), round(_CENTRE[1] + _RADII[1] * sin(angle), 1)


def _dot(one: TiedView, colour: int | None, x: float, y: float) -> DotView:
    aside = x - _CENTRE[0]
    name = one.person.label if len(one.person.label) <= _LABEL else one.person.label[: _LABEL - 1].rstrip() + "…"
    radius = round(min(4 + 1.5 * len(one.ties), 10), 1)
    if abs(aside) < 1:  # straight above or below
        above = y < _CENTRE[1]
        return DotView(
            name, one.person.href, x, y, radius, x, y + (-_BESIDE - 4 if above else _BESIDE + 12), "middle", colour
        )
    side = 1 if aside > 0 else -1
    anchor = "start" if side > 0 else "end"
    return DotView(name, one.person.href, x, y, radius, x + side * (radius + 6), y + 4, anchor, colour)
