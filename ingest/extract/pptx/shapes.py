"""The text of one slide's shapes, in the order in which a reader meets them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line, superscript, tidy
from ingest.extract.formulas import formula_text
from ingest.extract.grid import table_lines
from searchsvc.doubts import Doubt
from searchsvc.model import Role

if TYPE_CHECKING:
    from pptx.slide import Slide

__all__ = [
    "ShapeTexts",
    "alternative_of",
    "alternative_text",
    "chart_words",
    "comments_of",
    "date_place",
    "diagram_words",
    "frame_text",
    "graphic_words",
    "largest_text",
    "notes_of",
    "read_shapes",
    "resolve_alternates",
    "title_of",
    "unescaped",
]

_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_NEW_CHART = "http://schemas.microsoft.com/office/drawing/2014/chartex"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CONTENT = re.compile(r"\{http://schemas\.openxmlformats\.org/markup-compatibility/2006\}AlternateContent$")
_WITH_WORDS = frozenset(("t", "graphicData", "pic", "cxnSp"))  # elements of which something can be read
_EXACT_EMU = 20_000  # what is moved by less was not moved by hand
_LONGEST_TITLE = 200  # characters
_USUAL_SIZE = 1800  # hundredths of a point
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
    """What a slide's shapes hold; `skipped` counts what holds text or sound that cannot be read, by code."""

    texts: list[tuple[Role, str]] = field(default_factory=list)
    pictures: int = 0
    pictures_without_alt: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def remarks(self) -> list[Doubt]:
        silent = self.pictures_without_alt
        notes = [Doubt("picture_without_text", silent)] if silent else []
        return notes + [Doubt(code, number) for code, number in sorted(self.skipped.items())]


def title_of(slide: Slide) -> str:
    """The text of the title placeholder on one line; empty when there is none."""
    title = slide.shapes.title
    return one_line(frame_text(title.text_frame._txBody)) if title is not None and title.has_text_frame else ""


def notes_of(slide: Slide) -> str:
    """What the speaker wrote below the slide, in all boxes there."""
    if not slide.has_notes_slide:
        return ""
    boxes: list[Any] = [one for one in slide.notes_slide.shapes if one.has_text_frame and not _is_furniture(one)]
    return "\n".join(text for box in boxes if (text := frame_text(box.text_frame._txBody)))


def date_place(slide: Slide) -> str:
    """What stands in the place for the date, unless the program fills it in."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    for shape in slide.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.DATE and next(shape._element.iter(f"{_A}fld"), None) is None:
            return one_line(frame_text(shape.text_frame._txBody))
    return ""


def resolve_alternates(slide: Slide) -> Counter[str]:
    """Puts what newer programs show in the place of every mc:AlternateContent, since python-pptx passes over these.

    Changes the slide in memory. Counts what holds no text and no shape that python-pptx knows: ink, 3D models.
    """
    skipped: Counter[str] = Counter()
    for element in [one for one in slide.shapes._spTree.iter() if _is_alternate(one)]:
        parent = element.getparent()
        choice = next((one for one in element if isinstance(one.tag, str)), None)
        if parent is None or choice is None:
            continue
        tags = {child.tag.rpartition("}")[2] for child in choice.iter() if isinstance(child.tag, str)}
        is_shape = parent.tag.endswith(("}spTree", "}grpSp"))
        if is_shape and not tags & _WITH_WORDS:
            skipped["ink_unread" if "contentPart" in tags else "object_unknown"] += 1
        at = parent.index(element)
        parent[at : at + 1] = list(choice)
    return skipped


def _is_alternate(element: Any) -> bool:
    return isinstance(element.tag, str) and bool(_CONTENT.match(element.tag))


def read_shapes(slide: Slide) -> ShapeTexts:
    """All shapes but the title and the date, footer and slide number, in the order of `_in_reading_order`."""
    out = ShapeTexts()
    title = slide.shapes.title
    skip = title._element if title is not None else None
    shapes = [shape for shape in slide.shapes if shape._element is not skip and not _is_furniture(shape)]
    for shape in _in_reading_order(shapes):
        _read_shape(shape, out, 0)
    if title is not None:
        _alternative(title, out, picture=False)
    return out


def largest_text(slide: Slide) -> str:
    """The text on the slide in the largest letters, the uppermost of several, on one line; empty when there is none.

    What states no size has that of a text box, 18 points, or of the placeholders for titles.
    """
    found: list[tuple[float, int, str]] = []
    for shape in _all_shapes(slide.shapes, 0):
        if getattr(shape, "has_text_frame", False) and not _is_furniture(shape):
            text = one_line(frame_text(shape.text_frame._txBody))
            if re.search(r"[^\W\d_]{2}", text) and len(text) <= _LONGEST_TITLE:
                sizes = [
                    int(size) for run in shape._element.iter(f"{_A}rPr") if (size := run.get("sz") or "").isdecimal()
                ]
                found.append((-max(sizes, default=_USUAL_SIZE), _offset(shape.top), text))
    return min(found)[2] if found else ""


def _all_shapes(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in shapes:
        if depth < _MAX_DEPTH and hasattr(shape, "shapes"):
            yield from _all_shapes(shape.shapes, depth + 1)
        else:
            yield shape


def comments_of(slide: Slide) -> list[str]:
    """What colleagues wrote on the slide, in both forms that PowerPoint has for it, without who wrote it."""
    from lxml import etree

    comments = []
    for relation in slide.part.rels.values():
        if relation.is_external or not relation.reltype.endswith("/comments"):
            continue
        try:
            root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            continue
        for one in root.iter("{*}cm", "{*}reply"):
            plain = [one_line(text.text) for text in one.findall("{*}text")]
            rich = [one_line(" ".join(_paragraphs(body))) for body in one.findall("{*}txBody")]
            comments += [text for text in (*plain, *rich) if text]
    return comments


def _in_reading_order(shapes: Iterable[Any]) -> list[Any]:
    """By rows: a shape whose top is within a quarter inch of its row's first one is in that row. Boxes that stand in
    columns are read column by column, in the place of the first of them."""
    placed = sorted(((_offset(shape.top), _offset(shape.left), at, shape) for at, shape in enumerate(shapes)))
    columns = _columns([shape for *_, shape in placed])
    in_columns = {id(shape) for column in columns for shape in column}
    ordered: list[tuple[int, int, int, Any]] = []
    row: list[tuple[int, int, int, Any]] = []
    for item in placed:
        if row and item[0] - row[0][0] > _BAND_EMU:
            ordered += sorted(row, key=lambda one: one[1:3])
            row = []
        row.append(item)
    ordered += sorted(row, key=lambda one: one[1:3])
    by_rows = [shape for *_, shape in ordered]
    if not columns:
        return by_rows
    first = next(at for at, shape in enumerate(by_rows) if id(shape) in in_columns)
    rest = [shape for shape in by_rows if id(shape) not in in_columns]
    before = sum(id(shape) not in in_columns for shape in by_rows[:first])
    return [*rest[:before], *(shape for column in columns for shape in column), *rest[before:]]


def _columns(shapes: list[Any]) -> list[list[Any]]:
    """Stacks of text boxes side by side, from the left, each from the top; empty where they are rather rows.

    A stack is boxes at one left edge, none further below the last than that one is high. Boxes whose rows line up
    exactly and whose stacks differ in width are labels with what they mean; two rows of equal boxes are cards.
    """
    boxes = [shape for shape in shapes if getattr(shape, "has_text_frame", False) and shape.width and shape.height]
    stacks: list[list[Any]] = []
    for box in boxes:  # from the top
        for stack in stacks:
            last = stack[-1]
            below = _offset(box.top) - _offset(last.top) - last.height
            reach = max(last.height, box.height)
            if abs(_offset(box.left) - _offset(last.left)) <= _BAND_EMU and -reach // 4 <= below <= reach:
                stack.append(box)
                break
        else:
            stacks.append([box])
    stacks = sorted((stack for stack in stacks if len(stack) > 1), key=lambda stack: _offset(stack[0].left))
    apart = [
        stack
        for at, stack in enumerate(stacks)
        if all(_beside(stack, other) for other in (*stacks[:at], *stacks[at + 1 :]))
    ]
    if len(apart) < 2 or _are_labels(apart) or _are_cards(apart):
        return []
    return apart


def _beside(one: list[Any], other: list[Any]) -> bool:
    """Whether the stacks overlap from top to bottom and not from left to right."""
    left, right = sorted((one, other), key=lambda stack: _offset(stack[0].left))
    is_clear = max(_offset(box.left) + box.width for box in left) <= min(_offset(box.left) for box in right) + _BAND_EMU
    top = max(_offset(one[0].top), _offset(other[0].top))
    return bool(is_clear and top < min(_offset(stack[-1].top) + stack[-1].height for stack in (one, other)))


def _are_labels(stacks: list[list[Any]]) -> bool:
    tops = [[_offset(box.top) for box in stack] for stack in stacks]
    if any(len(one) != len(tops[0]) for one in tops):
        return False
    line_up = all(abs(a - b) <= _EXACT_EMU for one in tops for a, b in zip(one, tops[0], strict=True))
    widths = [max(box.width for box in stack) for stack in stacks]
    return line_up and max(widths) > 1.5 * min(widths)


def _are_cards(stacks: list[list[Any]]) -> bool:
    heights = [box.height for stack in stacks for box in stack]
    return all(len(stack) == 2 for stack in stacks) and max(heights) < 1.5 * min(heights)


def _offset(value: int | None) -> int:
    return int(value) if value is not None else 0


def _is_furniture(shape: Any) -> bool:
    from pptx.enum.shapes import PP_PLACEHOLDER

    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type in (
        PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER,
    )  # fmt: skip


def _read_shape(shape: Any, out: ShapeTexts, depth: int) -> None:
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    kind = _type_of(shape)
    if kind == MSO_SHAPE_TYPE.GROUP:
        if depth >= _MAX_DEPTH:
            out.skipped["group_too_deep"] += 1
            return
        _alternative(shape, out, picture=False)
        for inner in _in_reading_order(shape.shapes):
            _read_shape(inner, out, depth + 1)
        return
    if getattr(shape, "has_table", False):
        _add(out, "table", _table_text(shape.table))
    elif getattr(shape, "has_text_frame", False):
        _add(out, "text", frame_text(shape.text_frame._txBody))
    elif kind in (MSO_SHAPE_TYPE.EMBEDDED_OLE_OBJECT, MSO_SHAPE_TYPE.LINKED_OLE_OBJECT):
        out.skipped["embedded_object"] += 1
    elif kind == MSO_SHAPE_TYPE.MEDIA:
        out.skipped["media_unread"] += 1
    elif words := graphic_words(shape):
        _add(out, "text", words)
    _alternative(shape, out, picture=_is_picture(shape))


def graphic_words(shape: Any) -> str:
    """The words of a chart or of SmartArt; empty for other things. shape: has `_element` and `part`."""
    chart = _part_root(shape, f"{{{_CHART}}}chart", "id")
    return (chart_words(chart) if chart is not None else "") or _diagram_text(shape) or _new_chart_text(shape)


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
    described = alternative_of(properties) if properties is not None else ""
    if described and described not in (text for _, text in out.texts):
        out.texts.append(("alt", described))
    elif picture:
        out.pictures_without_alt += 1
    out.pictures += picture


def alternative_of(properties: Any) -> str:
    """The alternative text that an element of drawings has; empty where an application put it there unasked."""
    return alternative_text(properties.get("descr") or properties.get("alt") or "", properties.get("title") or "")


def alternative_text(described: str, title: str = "") -> str:
    text = tidy(_AUTOMATIC.sub("", described)) or tidy(title)
    return "" if _EMPTY_ALT.match(one_line(text)) else text


def frame_text(body: Any) -> str:
    """The paragraphs of a text body, one a line, without bullets; line breaks within a paragraph are spaces."""
    return tidy("\n".join(_paragraphs(body)))


def _paragraphs(body: Any) -> Iterator[str]:
    for paragraph in body.iter(f"{_A}p"):
        said = ""
        for element in paragraph.iter(f"{_A}t", f"{_A}br", _FORMULA):
            if element.tag == _FORMULA:
                said += formula_text(element)
            elif element.tag == f"{_A}br":
                said += " "
            else:
                text = unescaped(element.text or "")
                said += superscript(said, text) if _is_raised(element) else text
        yield one_line(said)


def _is_raised(text: Any) -> bool:
    run = text.getparent().find(f"{_A}rPr")
    return run is not None and bool(re.fullmatch(r"[1-9]\d*%?", run.get("baseline") or ""))


def unescaped(text: str) -> str:
    """With the signs that Office writes as `_x000D_`."""
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    """What Office writes for a sign that XML has no place for."""
    sign = chr(int(match[1], 16))
    return " " if sign < " " else sign


def _table_text(table: Any) -> str:
    lines: list[list[str]] = []
    for row in table._tbl.tr_lst:
        lines.append(["" if cell.hMerge or cell.vMerge else one_line(frame_text(cell)) for cell in row.tc_lst])
    return table_lines(lines)


def chart_words(root: Any) -> str:
    """Title, axis titles, series and categories: the words of a chart, not its numbers."""
    namespace = f"{{{_CHART}}}"
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


def _new_chart_text(shape: Any) -> str:
    """The words of a chart of the kinds since 2016 (tree map, funnel, waterfall, sunburst, map), which python-pptx
    does not know: titles, series and categories."""
    root = _part_root(shape, f"{{{_NEW_CHART}}}chart", "id")
    if root is None:
        return ""
    titles = [one_line(" ".join(_paragraphs(title))) for title in root.iter(f"{{{_NEW_CHART}}}title")]
    titles += [one_line(data.text) for tag in ("title", "txData") for label in root.iter(f"{{{_NEW_CHART}}}{tag}")
               for data in label.iter(f"{{{_NEW_CHART}}}v")]  # fmt: skip
    points = [one_line(point.text) for texts in root.iter(f"{{{_NEW_CHART}}}strDim")
              for point in texts.iter(f"{{{_NEW_CHART}}}pt")]  # fmt: skip
    lines = [title for title in dict.fromkeys(titles) if title and not _UNNAMED.fullmatch(title)]
    if unique := [point for point in dict.fromkeys(points) if not _UNNAMED.fullmatch(point)]:
        lines.append(f"Categories: {', '.join(unique)}")
    return "\n".join(lines)


def _part_root(shape: Any, tag: str, key: str) -> Any:
    """The XML of the part that the first element `tag` in the shape refers to; None when there is none."""
    from lxml import etree

    reference = next(shape._element.iter(tag), None)
    if reference is None:
        return None
    try:
        part = shape.part.related_part(reference.get(f"{_RELATION}{key}"))
        return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.XMLSyntaxError):
        return None


def _diagram_text(shape: Any) -> str:
    """The words of SmartArt, which stand in a part of their own, one line a node."""
    root = _part_root(shape, f"{{{_DIAGRAM}}}relIds", "dm")
    return diagram_words(root) if root is not None else ""


def diagram_words(root: Any) -> str:
    nodes = (one_line(" ".join(_paragraphs(body))) for body in root.iter(f"{{{_DIAGRAM}}}t"))
    return "\n".join(dict.fromkeys(node for node in nodes if node))
