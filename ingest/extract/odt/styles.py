"""What the styles of an OpenDocument say of paragraphs and of words in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.extract.writer import Look

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["TEXT", "Styles"]

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DEPTH = 20  # styles based on styles
_RANKS = {"title": "title", "subtitle": "subtitle", "caption": "caption"}
_HEADING = re.compile(r"heading(?: (\d))?")


class Styles:
    """Those of the file, and those made for single places in it, which have a parent among the others."""

    def __init__(self, roots: Iterable[_Element | None]) -> None:
        self._known: dict[tuple[str, str], _Element] = {}
        self.base = Look(size=12.0)
        for root in roots:
            if root is None:
                continue
            for one in root.iter(f"{STYLE}default-style"):
                if one.get(f"{STYLE}family") == "paragraph":
                    self.base = _with_text(self.base, one)
            for one in root.iter(f"{STYLE}style"):
                self._known[one.get(f"{STYLE}family") or "", one.get(f"{STYLE}name") or ""] = one
        standard = self._known.get(("paragraph", "Standard"))
        if standard is not None:
            self.base = _with_text(self.base, standard)

    def of(self, name: str | None, over: Look | None = None) -> Look:
        """The look of a paragraph style, or of words in a style that stand `over` a paragraph's look."""
        family, look = ("paragraph", self.base) if over is None else ("text", over)
        chain: list[_Element] = []
        while name is not None and len(chain) < _DEPTH and (family, name) in self._known:
            chain.append(self._known[family, name])
            name = chain[-1].get(f"{STYLE}parent-style-name")
        if over is None and name is not None and (family, name) not in self._known:
            look = _named(look, name, "")  # one of those that every program knows
        for element in reversed(chain):
            if over is None:
                called = element.get(f"{STYLE}display-name") or element.get(f"{STYLE}name") or ""
                look = _named(look, called, element.get(f"{STYLE}default-outline-level") or "")
            look = _with_text(look, element)
        return look


def _named(look: Look, name: str, outline: str) -> Look:
    name = name.replace("_20_", " ").casefold()
    if match := _HEADING.fullmatch(name):
        level = int(match[1] or 0) or look.level
        return replace(look, level=level, rank="heading" if level else look.rank)
    if outline.isdecimal() and int(outline):
        return replace(look, level=int(outline), rank="heading")
    return replace(look, rank=_RANKS[name], level=0) if name in _RANKS else look


def _with_text(look: Look, style: _Element) -> Look:
    properties = style.find(f"{STYLE}text-properties")
    if properties is None:
        return look
    size, weight = properties.get(f"{FO}font-size") or "", properties.get(f"{FO}font-weight")
    if match := re.fullmatch(r"([\d.]{1,6})pt", size):
        look = replace(look, size=float(match[1]))
    elif match := re.fullmatch(r"([\d.]{1,6})%", size):
        look = replace(look, size=look.size * float(match[1]) / 100)
    if weight:
        look = replace(look, bold=weight in ("bold", "600", "700", "800", "900"))
    if display := properties.get(f"{TEXT}display"):
        look = replace(look, hidden=display == "none")
    if position := properties.get(f"{STYLE}text-position"):
        look = replace(look, raised=bool(re.match(r"super|[1-9]", position)))
    return look
