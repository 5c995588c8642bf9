"""The network as a picture that stands alone: for slides and reports. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from searchsvc.web.network.groups import GroupView

__all__ = ["network_svg"]

_COLOURS = ("#0b5c66", "#8a3d00", "#5b3a99", "#2f6300", "#96234f", "#1f4f9e", "#6b5200", "#4a5560")
_INK, _SOFT = "#1d2224", "#566065"
_NAMED = 80  # of more people names cannot be read
_LISTED = 14  # groups in the legend
_FONT = "system-ui, 'Noto Sans', Helvetica, Arial, sans-serif"


def network_svg(title: str, data: Mapping[str, Any], groups: Sequence[GroupView]) -> str:
    """data: of `picture_of`; people and their ties are drawn."""
    people = [one for one in data["nodes"] if one["kind"] == "person"]
    xs, ys = [one["x"] for one in people] or [0.0], [one["y"] for one in people] or [0.0]
    unit = max(max(xs) - min(xs), max(ys) - min(ys), 300.0) / 100  # a hundredth of the picture
    left, top = min(xs) - 4 * unit, min(ys) - 9 * unit
    width = max(xs) - left + 4 * unit
    height = max(ys) - top + (6 + 3 * min(len(groups), _LISTED)) * unit
    box = f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}"
    ratio = height / width
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="1200" height="{1200 * ratio:.0f}" '
        f'font-family="{_FONT}" role="img">',
        f"<title>{_text(title)}</title>",
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#ffffff"/>',
        f'<text x="{left + 3 * unit:.1f}" y="{top + 5 * unit:.1f}" font-size="{2.6 * unit:.1f}" font-weight="600" '
        f'fill="{_INK}">{_text(title)}</text>',
        *_ties(data["edges"], people),
        *_people(people, {one.sign: one.colour for one in groups}, unit),
    ]
    y = max(ys) + 5 * unit
    for one in groups[:_LISTED]:
        parts.append(
            f'<circle cx="{left + 4 * unit:.1f}" cy="{y - 0.6 * unit:.1f}" r="{0.9 * unit:.1f}" '
            f'fill="{_COLOURS[one.colour]}"/><text x="{left + 6 * unit:.1f}" y="{y:.1f}" font-size="{1.7 * unit:.1f}" '
            f'fill="{_INK}">{_text(f"{one.sign}  {one.name} ({one.people})")}</text>'
        )
        y += 3 * unit
    return "\n".join([*parts, "</svg>"]) + "\n"


def _ties(edges: Sequence[int], people: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    lines = [
        f"M{people[a]['x']} {people[a]['y']}L{people[b]['x']} {people[b]['y']}"
        for a, b, kind, _ in zip(*[iter(edges)] * 4, strict=True)
        if kind
    ]
    if lines:
        yield f'<path d="{"".join(lines)}" fill="none" stroke="{_SOFT}" stroke-opacity=".35" stroke-width="1"/>'


def _people(people: Sequence[Mapping[str, Any]], colours: Mapping[str, int], unit: float) -> Iterator[str]:
    for one in people:
        colour = _COLOURS[colours[one["group"]]] if one["group"] in colours else _SOFT
        yield f'<circle cx="{one["x"]}" cy="{one["y"]}" r="5" fill="{colour}" stroke="#ffffff"/>'
    for one in people if len(people) <= _NAMED else ():
        yield (
            f'<text x="{one["x"]}" y="{one["y"] + 5 + 1.4 * unit:.1f}" font-size="{1.2 * unit:.1f}" '
            f'text-anchor="middle" fill="{_INK}">{_text(one["name"])}</text>'
        )


def _text(text: str) -> str:
    """Without what no XML may have."""
    return escape("".join(sign if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF else " " for sign in text))
