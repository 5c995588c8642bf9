"""Colours of Office drawings: named by a theme, then made lighter, darker or clearer."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["A", "Palette", "theme_colours"]

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PRESETS = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "green": "008000", "blue": "0000ff", "yellow": "ffff00",
    "gray": "808080", "grey": "808080", "orange": "ffa500", "purple": "800080", "navy": "000080", "teal": "008080",
    "ltGray": "d3d3d3", "lightGray": "d3d3d3", "dkGray": "a9a9a9", "darkGray": "a9a9a9", "silver": "c0c0c0",
}  # fmt: skip
_USUAL = {
    "dk1": "000000", "lt1": "ffffff", "dk2": "1f497d", "lt2": "eeece1", "accent1": "4f81bd", "accent2": "c0504d",
    "accent3": "9bbb59", "accent4": "8064a2", "accent5": "4bacc6", "accent6": "f79646", "hlink": "0000ff",
    "folHlink": "800080",
}  # fmt: skip
_MAPPED = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_COLOURS = ("srgbClr", "schemeClr", "sysClr", "prstClr", "scrgbClr", "hslClr")


def theme_colours(theme: Any) -> dict[str, str]:
    """Name -> six digits, of a theme's root; the usual ones where it says none."""
    found = dict(_USUAL)
    scheme = next(theme.iter(f"{A}clrScheme"), None) if theme is not None else None
    for entry in scheme if scheme is not None else ():
        for one in entry:
            value = one.get("lastClr") or one.get("val") or ""
            if isinstance(entry.tag, str) and _HEX.fullmatch(value):
                found[entry.tag.rpartition("}")[2]] = value.lower()
    return found


@dataclass(frozen=True, slots=True)
class Palette:
    """colours: of the theme. mapping: what slides call them -> what the theme does. own: the colour that is meant by
    `phClr`, the one of whoever uses a style of the theme."""

    colours: Mapping[str, str]
    mapping: Mapping[str, str] = field(default_factory=lambda: _MAPPED)
    own: str = ""

    def named(self, name: str) -> str:
        if name == "phClr":
            return self.own or "#000000"
        return "#" + self.colours.get(self.mapping.get(name) or _MAPPED.get(name, name), "000000")

    def within(self, holder: Any) -> str:
        """The colour that an element holds, `#rrggbb` or `#rrggbbaa`; empty when it holds none."""
        one = next((one for one in holder if _tag(one) in _COLOURS), None) if holder is not None else None
        return self._made(one) if one is not None else ""

    def filling(self, properties: Any) -> str | None:
        """What an element is filled with: a colour, `` for nothing, None when it does not say.

        Of a gradient the colour in its middle, of a pattern that of its ground.
        """
        for one in properties if properties is not None else ():
            match _tag(one):
                case "noFill":
                    return ""
                case "solidFill":
                    return self.within(one)
                case "gradFill":
                    stops = list(one.iter(f"{A}gs"))
                    return self.within(stops[len(stops) // 2]) if stops else ""
                case "pattFill":
                    return self.within(one.find(f"{A}bgClr"))
        return None

    def _made(self, one: Any) -> str:
        value, kind = one.get("val") or "", _tag(one)
        if kind == "schemeClr":
            base = self.named(value)
        elif kind == "scrgbClr":
            base = _written(_share(one.get(part)) ** (1 / 2.2) for part in "rgb")
        elif kind == "hslClr":
            hue = _share(one.get("hue"), 21_600_000)
            base = _written(colorsys.hls_to_rgb(hue, _share(one.get("lum")), _share(one.get("sat"))))
        elif kind == "prstClr":
            base = "#" + _PRESETS.get(value, "808080")
        else:
            value = one.get("lastClr") or value
            base = "#" + (value.lower() if _HEX.fullmatch(value) else "000000")
        return _changed(base, one)


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _share(value: str | None, whole: int = 100_000) -> float:
    """Of a number in thousandths of a percent; `50%` too."""
    text = (value or "").strip()
    try:
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole
    except ValueError:
        return 0.0
    return min(10.0, max(-10.0, number))


def _written(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in parts)


def _changed(base: str, holder: Any) -> str:
    red, green, blue = (int(base[at : at + 2], 16) / 255 for at in (1, 3, 5))
    opaque = int(base[7:9], 16) / 255 if len(base) == 9 else 1.0
    for change in holder:
        share = _share(change.get("val"))
        hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
        match _tag(change):
            case "lumMod":
                red, green, blue = colorsys.hls_to_rgb(hue, min(1, max(0, light * share)), strength)
            case "lumOff":
                red, green, blue = colorsys.hls_to_rgb(hue, min(1, max(0, light + share)), strength)
            case "satMod":
                red, green, blue = colorsys.hls_to_rgb(hue, light, min(1, max(0, strength * share)))
            case "shade":
                red, green, blue = (part * share for part in (red, green, blue))
            case "tint":
                red, green, blue = (1 - (1 - part) * share for part in (red, green, blue))
            case "alpha":
                opaque = min(1.0, max(0.0, share))
    made = _written((red, green, blue))
    return made if opaque >= 1 else f"{made}{round(255 * opaque):02x}"
