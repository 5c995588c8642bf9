"""What the styles of a document of Word say: which paragraphs are headings, items or hidden, how large letters are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.extract.writer import Look

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Styles", "W", "is_on", "with_paragraph", "with_run"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)")
_DEPTH = 20  # styles based on styles


class Styles:
    """Looks of paragraphs and runs, with what their styles are based on. Unknown styles look like the default."""

    def __init__(self, root: _Element | None) -> None:
        self._known = {} if root is None else {str(one.get(f"{W}styleId")): one for one in root.iter(f"{W}style")}
        base = Look()
        if root is not None:
            for defaults in root.iter(f"{W}rPrDefault"):
                base = with_run(base, defaults.find(f"{W}rPr"))
            default = next((one for one in self._known.values() if _is_default(one)), None)
            if default is not None:
                base = with_run(base, default.find(f"{W}rPr"))
        self.base = base
        self._looks: dict[str, Look] = {}

    def of(self, style: str | None, over: Look | None = None) -> Look:
        """The look of a paragraph style; of a character style that stands `over` a paragraph's look."""
        if over is None:
            if style is None or style not in self._known:
                return self.base
            if style not in self._looks:
                self._looks[style] = self._made(style, self.base)
            return self._looks[style]
        return self._made(style, over) if style in self._known else over

    def _made(self, style: str | None, look: Look) -> Look:
        chain: list[_Element] = []
        while style in self._known and len(chain) < _DEPTH:
            chain.append(self._known[style])
            based = self._known[style].find(f"{W}basedOn")
            style = based.get(f"{W}val") if based is not None else None
        for element in reversed(chain):
            look = with_paragraph(with_run(_named(look, element), element.find(f"{W}rPr")), element.find(f"{W}pPr"))
        return look


def is_on(properties: _Element | None, tag: str) -> bool | None:
    """Whether a property such as `w:b` is set; None where nothing is said."""
    found = properties.find(f"{W}{tag}") if properties is not None else None
    return None if found is None else found.get(f"{W}val", "1") not in ("0", "false", "off", "none")


def _is_default(style: _Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on")


def _named(look: Look, style: _Element) -> Look:
    name = style.find(f"{W}name")
    named = (name.get(f"{W}val") or "").casefold() if name is not None else ""
    if match := _HEADING.fullmatch(named):
        return replace(look, level=int(match[1]), rank="heading")
    if re.fullmatch(r"toc \d|table of (?:figures|authorities)|toc heading", named):
        return replace(look, rank="contents", level=0)
    if named in ("author", "authors", "date", "affiliation", "abstract", "abstract title"):
        return replace(look, rank="", level=0)  # often made from the style of the title
    for rank in ("title", "subtitle", "caption"):
        if named == rank:
            return replace(look, rank=rank)
    return replace(look, listed=True) if named.startswith(("list bullet", "list number", "list continue")) else look


def with_paragraph(look: Look, properties: _Element | None) -> Look:
    if properties is None:
        return look
    outline = properties.find(f"{W}outlineLvl")
    if outline is not None and look.rank not in ("title", "subtitle", "contents"):
        value = outline.get(f"{W}val") or "9"
        level = int(value) + 1 if value.isdecimal() and int(value) < 9 else 0
        look = replace(look, level=level, rank="heading" if level else "" if look.rank == "heading" else look.rank)
    numbering = properties.find(f"{W}numPr")
    if numbering is not None:
        number = numbering.find(f"{W}numId")
        look = replace(look, listed=number is not None and number.get(f"{W}val") not in (None, "0"))
    return look


def with_run(look: Look, properties: _Element | None) -> Look:
    if properties is None:
        return look
    bold, hidden, size = is_on(properties, "b"), is_on(properties, "vanish"), properties.find(f"{W}sz")
    half_points = (size.get(f"{W}val") or "") if size is not None else ""
    return replace(
        look,
        bold=look.bold if bold is None else bold,
        hidden=look.hidden if hidden is None else hidden,
        size=int(half_points) / 2 if half_points.isdecimal() else look.size,
    )
