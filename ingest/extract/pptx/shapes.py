"""The text of one slide's shapes, in the order in which a reader meets them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line, tidy
from searchsvc.model import Role

if TYPE_CHECKING:
    from pptx.slide import Slide

__all__ = ["ShapeTexts", "frame_text", "read_shapes", "title_of"]

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CONTENT = re.compile(r"\{http://schemas\.openxmlformats\.org/markup-compatibility/2006\}AlternateContent$")
_MAX_DEPTH = 50  # groups within groups
_BAND_EMU = 230_000  # a quarter inch: shapes whose tops differ by less stand in one row and are read left to right
# What applications put as alternative text without being asked.
_EMPTY_ALT = re.compile(
    r"(?i)^((picture|image|graphic|graphical user interface|content placeholder|placeholder|chart|table|diagram|group|"
    r"rectangle|oval|textbox|text box|title|shape|line|straight connector|icon|logo|photo|screenshot|video|object|bild|"
    r"grafik|imagen?|decorative)[\s_-]*\d*|[\w\s.()%~-]+\.(png|jpe?g|gif|emf|wmf|tiff?|bmp|svg|pdf|webp|mp4|mov)|"
    r"https?://\S+|.{0,2})$"
)
# What a chart calls its data before somebody names them.
_UNNAMED = re.compile(r"(?i)(series|category|column|x-value|y-value)s? ?\d*|[\d.,eE+%-]*")
_AUTOMATIC = re.compile(r"\s*(description automatically generated|automatisch generierte beschreibung).*$", re.I | re.S)


@dataclass(slots=True)
class ShapeTexts:
    """What a slide's shapes hold; `skipped` counts what holds text or sound that cannot be read."""

    texts: list[tuple[Role, str]] = field(default_factory=list)
    pictures: int = 0
    pictures_without_alt: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def remarks(self) -> list[str]:
        notes = []
        if self.pictures_without_alt:
            notes.append(f"{_count(self.pictures_without_alt, 'picture')} without alternative text")
        return notes + [f"{_count(number, what)} not read" for what, number in sorted(self.skipped.items())]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def title_of(slide: Slide) -> str:
    """The text of the title placeholder on one line; empty when there is none."""
    title = slide.shapes.title
    return one_line(title.text_frame.text) if title is not None and title.has_text_frame else ""


def read_shapes(slide: Slide) -> ShapeTexts:
    """All shapes but the title and the date, footer and slide number, rows from the top, each from the left."""
    out = ShapeTexts()
    title = slide.shapes.title
    skip = title._element if title is not None else None
    shapes = [shape for shape in slide.shapes if shape._element is not skip and not _is_furniture(shape)]
    for shape in _in_reading_order(shapes):
        _read_shape(shape, out, 0)
    # python-pptx passes over what stands in mc:AlternateContent: ink, 3D models, newer charts and equations.
    for element in slide.shapes._spTree:
        if isinstance(element.tag, str) and _CONTENT.match(element.tag):
            _read_alternate(element, out)
    if title is not None:
        _alternative(title, out, picture=False)
    return out


def _in_reading_order(shapes: Iterable[Any]) -> list[Any]:
    """By rows: a shape whose top is within a quarter inch of its row's first one is in that row."""
    placed = sorted(((_offset(shape.top), _offset(shape.left), at, shape) for at, shape in enumerate(shapes)))
    ordered: list[tuple[int, int, int, Any]] = []
    row: list[tuple[int, int, int, Any]] = []
    for item in placed:
        if row and item[0] - row[0][0] > _BAND_EMU:
            ordered += sorted(row, key=lambda one: one[1:3])
            row = []
        row.append(item)
    ordered += sorted(row, key=lambda one: one[1:3])
    return [shape for *_, shape in ordered]


def _offset(value: int | None) -> int:
    return int(value) if value is not None else 0


def _is_furniture(shape: Any) -> bool:
    from pptx.enum.shapes import PP_PLACEHOLDER

    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


def _read_shape(shape: Any, out: ShapeTexts, depth: int) -> None:
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    kind = _type_of(shape)
    if kind == MSO_SHAPE_TYPE.GROUP:
        if depth >= _MAX_DEPTH:
            out.skipped["deeply nested group"] += 1
            return
        _alternative(shape, out, picture=False)
        for inner in _in_reading_order(shape.shapes):
            _read_shape(inner, out, depth + 1)
        return
    if getattr(shape, "has_chart", False):
        _add(out, "text", _chart_text(shape.chart))
    elif getattr(shape, "has_table", False):
        _add(out, "table", _table_text(shape.table))
    elif getattr(shape, "has_text_frame", False):
        _add(out, "text", frame_text(shape.text_frame._txBody))
    elif kind in (MSO_SHAPE_TYPE.EMBEDDED_OLE_OBJECT, MSO_SHAPE_TYPE.LINKED_OLE_OBJECT):
        out.skipped["embedded object"] += 1
    elif kind == MSO_SHAPE_TYPE.MEDIA:
        out.skipped["film or sound"] += 1
    elif diagram := _diagram_text(shape):
        _add(out, "text", diagram)
    _alternative(shape, out, picture=_is_picture(shape))


def _type_of(shape: Any) -> Any:
    try:
        return shape.shape_type
    except NotImplementedError:  # a kind of shape python-pptx has no name for
        return None


def _is_picture(shape: Any) -> bool:
    element = shape._element
    return bool(element.tag.endswith("}pic")) and next(element.iter("{*}videoFile", "{*}audioFile"), None) is None


def _add(out: ShapeTexts, role: Role, text: str) -> None:
    if text:
        out.texts.append((role, text))


def _alternative(shape: Any, out: ShapeTexts, *, picture: bool) -> None:
    properties = next(shape._element.iter("{*}cNvPr"), None)
    described = ""
    if properties is not None:
        described = tidy(_AUTOMATIC.sub("", properties.get("descr") or "")) or tidy(properties.get("title") or "")
    if described and not _EMPTY_ALT.match(one_line(described)) and described not in (text for _, text in out.texts):
        out.texts.append(("alt", described))
    elif picture:
        out.pictures_without_alt += 1
    out.pictures += picture


def frame_text(body: Any) -> str:
    """The paragraphs of a text body, one a line, without bullets; line breaks within a paragraph are spaces."""
    return tidy("\n".join(_paragraphs(body)))


def _paragraphs(body: Any) -> Iterator[str]:
    for paragraph in body.iter(f"{_A}p"):
        parts = []
        for element in paragraph.iter(
            f"{_A}t", f"{_A}br", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
        ):
            parts.append(" " if element.tag == f"{_A}br" else element.text or "")
        yield one_line("".join(parts))


def _table_text(table: Any) -> str:
    lines = []
    for row in table._tbl.tr_lst:
        cells = [one_line(frame_text(cell)) for cell in row.tc_lst if not (cell.hMerge or cell.vMerge)]
        if any(cells):
            lines.append(" | ".join(cells).rstrip(" |"))
    return "\n".join(lines)


def _chart_text(chart: Any) -> str:
    """Title, axis titles, series and categories: the words of a chart, not its numbers."""
    root = chart._chartSpace
    namespace = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    titles = [one_line(" ".join(_paragraphs(title))) for title in root.iter(f"{namespace}title")]
    series, categories = [], []
    for plotted in root.iter(f"{namespace}ser"):
        series += [
            one_line(value.text) for label in plotted.findall(f"{namespace}tx") for value in label.iter(f"{namespace}v")
        ]
        for axis in plotted.findall(f"{namespace}cat"):
            categories += [one_line(value.text) for value in axis.iter(f"{namespace}v")]
    lines = [title for title in dict.fromkeys(titles) if title]
    for label, words in (("Series", series), ("Categories", categories)):
        if unique := [word for word in dict.fromkeys(words) if not _UNNAMED.fullmatch(word)]:
            lines.append(f"{label}: {', '.join(unique)}")
    return "\n".join(lines)


def _diagram_text(shape: Any) -> str:
    """The words of SmartArt, which stand in a part of their own, one line a node."""
    from lxml import etree

    reference = next(shape._element.iter(f"{{{_DIAGRAM}}}relIds"), None)
    if reference is None:
        return ""
    try:
        part = shape.part.related_part(reference.get(f"{_RELATION}dm"))
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.XMLSyntaxError):
        return ""
    nodes = (one_line(" ".join(_paragraphs(body))) for body in root.iter(f"{{{_DIAGRAM}}}t"))
    return "\n".join(dict.fromkeys(node for node in nodes if node))


def _read_alternate(element: Any, out: ShapeTexts) -> None:
    """Words of the first choice; what holds none is counted as not read."""
    chosen = next(iter(element), None)
    if chosen is None:
        return
    text = frame_text(chosen)
    if text:
        out.texts.append(("text", text))
        return
    tags = {child.tag.rpartition("}")[2] for child in chosen.iter() if isinstance(child.tag, str)}
    out.skipped["ink drawing" if "contentPart" in tags else "unknown object"] += 1
