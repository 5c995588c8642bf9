"""What a slide or web page looks like, as values. Lengths are points (1/72 inch), from the upper left of the slide.

A child that has read a stranger's file hands these over, so nobody who writes them out trusts them: texts are escaped,
colours and names of fonts are checked, pictures are data that is shown as pictures alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Box", "Cell", "Deck", "Part", "Path", "Picture", "Row", "Run", "Slide", "SlideLine", "Span"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. colour: `#rrggbb` or `#rrggbbaa`; empty where nothing says it."""

    text: str
    size: float = 18.0
    colour: str = ""
    face: str = ""
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    raised: int = 0  # 1: superscript, -1: subscript


@dataclass(frozen=True, slots=True)
class SlideLine:
    """A paragraph on a slide. bullet: the sign before it. indent: of the text; hang: of the bullet before the text."""

    runs: tuple[Run, ...]
    align: Literal["left", "center", "right", "justify"] = "left"
    bullet: str = ""
    indent: float = 0.0
    hang: float = 0.0
    before: float = 0.0
    leading: float = 1.0  # of a line, in usual ones
    right_to_left: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster picture as PNG or JPEG."""

    media_type: Literal["image/png", "image/jpeg"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Cell:
    lines: tuple[SlideLine, ...]
    across: int = 1
    down: int = 1
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    height: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A closed or open outline. steps: M, L, C or Z with its numbers, each 0 to 1 of the box's width and height."""

    steps: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One thing on a slide. A line goes from corner to corner; flipped: from the lower left to the upper right.

    turn: degrees, clockwise, about the middle. rows: of a table, whose columns are `columns` wide. words: that stand
    for what cannot be drawn (a chart, a diagram, a picture of an unknown kind), or that say what a picture shows.
    """

    x: float
    y: float
    width: float
    height: float
    form: Literal["rect", "round", "ellipse", "line", "path", "none"] = "none"
    path: Path | None = None
    turn: float = 0.0
    flipped: bool = False
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 0.0
    lines: tuple[SlideLine, ...] = ()
    anchor: Literal["top", "middle", "bottom"] = "top"
    insets: tuple[float, float, float, float] = (7.2, 3.6, 7.2, 3.6)  # left, top, right, bottom
    picture: Picture | None = None
    columns: tuple[float, ...] = ()
    rows: tuple[Row, ...] = ()
    words: str = ""
    wraps: bool = True


@dataclass(frozen=True, slots=True)
class Slide:
    """missing: it is there and cannot be drawn."""

    number: int
    width: float = 960.0
    height: float = 540.0
    background: str = "#ffffff"
    boxes: tuple[Box, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation before any of its slides is drawn. notes: what the speaker wrote below each."""

    width: float
    height: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a web page's text. href: an absolute http or https address."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    raised: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a web page. level: of a heading 1 to 6, of an item how deep its list is, from 1.

    rows: of a table, of which the first `head` are its head. marker: of an item of a numbered list its number.
    Of a picture that is not in the file, spans are what it shows.
    """

    kind: Literal["heading", "text", "item", "quote", "code", "caption", "table", "picture", "rule"]
    spans: tuple[Span, ...] = ()
    level: int = 0
    marker: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    head: int = 0
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """Of a table its cells, one a line."""
        return "".join(span.text for span in self.spans) or "\n".join(cell for row in self.rows for cell in row)
