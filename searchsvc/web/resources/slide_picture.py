"""A slide as a picture (SVG), with the passage that was asked for marked. Pure.

Browsers show it as a picture only, and its own address under a policy that lets nothing run or load. Of what the child
handed over nothing is taken for markup: texts are escaped, numbers are numbers, colours and fonts have their form.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from html import escape

from ingest.facsimile.values import Box, Cell, Path, Run, Slide, SlideLine
from searchsvc.web.search.highlight import pieces

__all__ = ["POLICY", "no_picture", "slide_picture"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_COLOUR = re.compile(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?")
_FACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,40}")
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SERIF = re.compile(
    r"(?i)times|georgia|garamond|cambria|serif|bodoni|palatino|book|constantia|minion|century|baskerville"
)
_MONO = re.compile(r"(?i)courier|consol|mono|menlo|code")
_LEAST_LETTERS = 3  # of a paragraph that is looked for in a passage
_STYLE = (
    "foreignObject{overflow:visible}"
    ".t{box-sizing:border-box;width:100%;height:100%;display:flex;flex-direction:column;overflow-wrap:break-word}"
    ".p{margin:0;white-space:pre-wrap}.b{display:inline-block;text-indent:0;white-space:pre}"
    ".here{fill:#0b7a75;fill-opacity:.06;stroke:#0b7a75;stroke-width:2.5}"
    ".m{background:#ffe182;color:#1b1b1b}.w{font:13px/1.4 sans-serif;color:#444;background:#f2f2f0;"
    "white-space:pre-line;overflow:hidden;padding:8px;justify-content:center;text-align:center;border:1px dashed #999}"
    "table{border-collapse:collapse;width:100%;height:100%;table-layout:fixed}"
    "td{border:1px solid #8886;padding:3px 7px;vertical-align:middle;overflow-wrap:break-word}"
)

Mark = Callable[[str], Sequence[tuple[int, int]]]
Veil = Callable[[str], str]


def slide_picture(slide: Slide, *, passage: str = "", mark: Mark = lambda _: (), veil: Veil = lambda text: text) -> str:
    """passage: its text. mark: where words that were asked for stand. veil: hides names, and keeps the length."""
    pen = _Pen(mark, veil)
    wanted = _wanted(slide, _letters(passage), mark, veil) if passage else frozenset()
    shapes = "".join(pen.box(box, at in wanted) for at, box in enumerate(slide.boxes))
    size = f"{_n(slide.width)} {_n(slide.height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(slide.width * 4 / 3)}" '
        f'height="{_n(slide.height * 4 / 3)}"><style>{_STYLE}</style>'
        f'<rect width="100%" height="100%" fill="{_colour(slide.background) or "#ffffff"}"/>{shapes}</svg>'
    )


def no_picture(why: str) -> str:
    """In the place of a slide that cannot be drawn."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" width="960" height="540">'
        '<rect width="960" height="540" fill="#f2f2f0"/><text x="480" y="280" text-anchor="middle" fill="#444" '
        f'font-family="sans-serif" font-size="26">{_said(why)}</text></svg>'
    )


def _wanted(slide: Slide, passage: str, mark: Mark, veil: Veil) -> frozenset[int]:
    """The boxes that hold the passage: those of them with words that were asked for, if there are some."""
    holding, said = set(), set()
    for at, box in enumerate(slide.boxes):
        for text in map(veil, _texts(box)):
            letters = _letters(text)
            if len(letters) >= _LEAST_LETTERS and letters in passage:
                holding.add(at)
                if mark(text):
                    said.add(at)
    return frozenset(said or holding)


def _texts(box: Box) -> Iterator[str]:
    yield from (line.text for line in box.lines)
    yield from (line.text for row in box.rows for cell in row.cells for line in cell.lines)
    yield from ([box.words] if box.words else [])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


class _Pen:
    def __init__(self, mark: Mark, veil: Veil) -> None:
        self._mark = mark
        self._veil = veil

    def box(self, box: Box, wanted: bool) -> str:
        drawn = _outline(box)
        if box.picture and box.picture.media_type in ("image/png", "image/jpeg"):
            data = b64encode(box.picture.data).decode()
            drawn += (
                f'<image {_at(box)} preserveAspectRatio="none" href="data:{box.picture.media_type};base64,{data}"/>'
            )
        elif box.words:
            drawn += _held(
                box, f'<div xmlns="http://www.w3.org/1999/xhtml" class="t w">{self._marked(box.words)}</div>'
            )
        if box.rows:
            drawn += _held(box, self._table(box))
        elif any(line.text.strip() for line in box.lines):
            drawn += _held(box, self._text(box))
        if wanted:
            around = (
                f'x="{_n(box.x - 3)}" y="{_n(box.y - 3)}" width="{_n(box.width + 6)}" height="{_n(box.height + 6)}"'
            )
            drawn += f'<rect class="here" {around} rx="5"/>'
        if not drawn or not box.turn:
            return drawn
        middle = f"{_n(box.x + box.width / 2)} {_n(box.y + box.height / 2)}"
        return f'<g transform="rotate({_n(box.turn)} {middle})">{drawn}</g>'

    def _text(self, box: Box) -> str:
        anchor = {"middle": "center", "bottom": "flex-end"}.get(box.anchor, "flex-start")
        left, top, right, bottom = box.insets
        style = f"justify-content:{anchor};padding:{_n(top)}px {_n(right)}px {_n(bottom)}px {_n(left)}px"
        if not box.wraps:
            style += ";white-space:nowrap"
        lines = "".join(self._line(line, box.wraps) for line in box.lines)
        return f'<div xmlns="http://www.w3.org/1999/xhtml" class="t" style="{style}">{lines}</div>'

    def _table(self, box: Box) -> str:
        whole = sum(box.columns) or 1.0
        columns = "".join(f'<col style="width:{_n(100 * one / whole)}%"/>' for one in box.columns)
        rows = "".join(
            f'<tr style="height:{_n(row.height)}px">{"".join(map(self._cell, row.cells))}</tr>' for row in box.rows
        )
        return f'<table xmlns="http://www.w3.org/1999/xhtml">{columns}{rows}</table>'

    def _cell(self, cell: Cell) -> str:
        fill = f' style="background:{_colour(cell.fill)}"' if _colour(cell.fill) else ""
        lines = "".join(self._line(line) for line in cell.lines)
        return f'<td colspan="{int(cell.across)}" rowspan="{int(cell.down)}"{fill}>{lines}</td>'

    def _line(self, line: SlideLine, wraps: bool = True) -> str:
        size = max((run.size for run in line.runs), default=18.0)
        align = line.align if line.align in ("center", "right", "justify") else "left"
        style = [f"font-size:{_n(size)}px", f"line-height:{_n(1.2 * line.leading)}", f"text-align:{align}"]
        side = "right" if line.right_to_left else "left"
        style += [f"margin-top:{_n(line.before)}px"] if line.before else []
        style += [f"padding-{side}:{_n(line.indent)}px"] if line.indent else []
        style += [f"text-indent:{_n(max(line.hang, -line.indent))}px"] if line.hang else []
        style += [] if wraps else ["white-space:pre"]
        bullet = ""
        if line.bullet:
            wide = f"min-width:{_n(-line.hang)}px;" if line.hang < 0 else "margin-right:.4em;"
            colour = _colour(line.runs[0].colour) if line.runs else ""
            bullet = f'<span class="b" style="{wide}color:{colour or "inherit"}">{_said(line.bullet)}</span>'
        direction = ' dir="rtl"' if line.right_to_left else ""
        return f'<p class="p"{direction} style="{";".join(style)}">{bullet}{self._runs(line, size)}</p>'

    def _runs(self, line: SlideLine, size: float) -> str:
        shown = self._veil(line.text)
        spans = self._mark(shown)
        out, at = [], 0
        for run in line.runs:
            end = at + len(run.text)
            inside = [(max(a, at) - at, min(b, end) - at) for a, b in spans if a < end and b > at]
            out.append(_run(run, shown[at:end], inside, size))
            at = end
        return "".join(out) or "&#160;"

    def _marked(self, text: str) -> str:
        shown = self._veil(text)
        return _with_marks(shown, self._mark(shown))


def _run(run: Run, text: str, spans: Sequence[tuple[int, int]], size: float) -> str:
    style = [f"color:{_colour(run.colour)}"] if _colour(run.colour) else []
    if run.raised:
        style += ["font-size:.66em", f"vertical-align:{'super' if run.raised > 0 else 'sub'}", "line-height:1"]
    elif abs(run.size - size) > 0.05:
        style += [f"font-size:{_n(run.size)}px"]
    style += ["font-weight:700"] if run.bold else []
    style += ["font-style:italic"] if run.italic else []
    style += ["text-decoration:underline"] if run.underlined else []
    kind = "monospace" if _MONO.search(run.face) else "serif" if _SERIF.search(run.face) else "Carlito,Arial,sans-serif"
    style += [f"font-family:'{run.face}',{kind}" if _FACE.fullmatch(run.face) else f"font-family:{kind}"]
    return f'<span style="{";".join(style)}">{_with_marks(text, spans)}</span>'


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return "".join(
        f'<span class="m">{_said(one.text)}</span>' if one.marked else _said(one.text) for one in pieces(text, spans)
    )


def _outline(box: Box) -> str:
    paint = f'fill="{_colour(box.fill) or "none"}"'
    if _colour(box.stroke):
        paint += f' stroke="{_colour(box.stroke)}" stroke-width="{_n(box.stroke_width)}"'
    match box.form:
        case "rect":
            return f"<rect {_at(box)} {paint}/>"
        case "round":
            return f'<rect {_at(box)} rx="{_n(min(box.width, box.height) / 6)}" {paint}/>'
        case "ellipse":
            middle = f'cx="{_n(box.x + box.width / 2)}" cy="{_n(box.y + box.height / 2)}"'
            return f'<ellipse {middle} rx="{_n(box.width / 2)}" ry="{_n(box.height / 2)}" {paint}/>'
        case "line":
            top, bottom = (box.y + box.height, box.y) if box.flipped else (box.y, box.y + box.height)
            ends = f'x1="{_n(box.x)}" y1="{_n(top)}" x2="{_n(box.x + box.width)}" y2="{_n(bottom)}"'
            return f"<line {ends} {paint}/>"
        case "path" if box.path:
            return f'<path d="{_steps(box, box.path)}" {paint}/>'
    return ""


def _steps(box: Box, path: Path) -> str:
    out = []
    for kind, places in path.steps:
        if kind not in ("M", "L", "C", "Z"):
            continue
        scaled = (box.x + one * box.width if at % 2 == 0 else box.y + one * box.height for at, one in enumerate(places))
        out.append(kind + " ".join(map(_n, scaled)))
    return " ".join(out)


def _held(box: Box, inside: str) -> str:
    return f"<foreignObject {_at(box)}>{inside}</foreignObject>"


def _at(box: Box) -> str:
    return f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(max(1, box.width))}" height="{_n(max(1, box.height))}"'


def _n(number: float) -> str:
    """Nothing but a number; what is none is 0."""
    value = float(number)
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else "0"


def _colour(value: str) -> str:
    return value if _COLOUR.fullmatch(value) else ""


def _said(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))
