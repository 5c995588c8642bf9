"""Presentations as PPTX, made with python-pptx."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

from eval.archive.deck import add_sections, prepare, rewritten
from eval.archive.markdown import Inlines, Table, plain
from eval.archive.slides import Boxes, Slide, SlidePicture, SlideText, read_slides
from eval.archive.source import INVENTED, ArchiveSource, PresentationFront, morning_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["render"]

_ACCENTS = ("1F6F78", "8C3B4A", "3D5A98", "5B7B2F", "9A5B13")
_LEFT, _TOP, _RIGHT, _BOTTOM = 610_000, 1_480_000, 11_582_000, 6_500_000
_GAP = 150_000
_PICTURE_WIDTH = 3_900_000
_POINT = 12_700


def render(source: ArchiveSource[PresentationFront]) -> bytes:
    """The PPTX. Raises SourceError for slides that cannot be read."""
    import pptx

    slides = read_slides(source)
    accent = _ACCENTS[source.pick("accent") % len(_ACCENTS)]
    deck = pptx.Presentation()
    prepare(deck, accent)
    # A first slide in the body that repeats the title gives the title slide its notes and section.
    opening = slides.pop(0) if slides and slides[0].title == source.front.title and not slides[0].parts else Slide("")
    made = [(opening, _title_slide(deck, source))]
    made += [(slide, _content_slide(deck, slide, accent)) for slide in slides]
    for slide, drawn in made:
        if slide.hidden:
            drawn._element.set("show", "0")
        if slide.notes:
            drawn.notes_slide.notes_text_frame.text = slide.notes
    if any(slide.section for slide, _ in made):
        add_sections(deck, source, [(slide.section, drawn.slide_id) for slide, drawn in made])
    _set_properties(deck, source)
    output = io.BytesIO()
    deck.save(output)
    return rewritten(output.getvalue())


def _title_slide(deck: Any, source: ArchiveSource[PresentationFront]) -> Any:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    front = source.front
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Slide"))
    title, subtitle = slide.placeholders
    _place(title, _LEFT, 1_500_000, _RIGHT - _LEFT, 1_700_000)
    _place(subtitle, _LEFT, 3_300_000, _RIGHT - _LEFT, 3_100_000)
    title.text_frame.text = front.title
    title.text_frame.paragraphs[0].font.size = Pt(36 if len(front.title) <= 70 else 30)
    speakers = [", ".join((one.name, *one.affiliation)) for one in front.speakers]
    lines = [(one, 20) for one in speakers] + [(front.event, 18), (front.written_date, 18), (INVENTED, 12)]
    frame = subtitle.text_frame
    for number, (line, size) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text, paragraph.alignment = line, PP_ALIGN.LEFT
        paragraph.font.size = Pt(size)
    paragraph.space_before = Pt(18)
    return slide


def _content_slide(deck: Any, slide: Slide, accent: str) -> Any:
    """The title, then the parts from top to bottom; pictures go to the right of them."""
    flow = [part for part in slide.parts if not isinstance(part, SlidePicture)]
    pictures = [part for part in slide.parts if isinstance(part, SlidePicture)]
    has_text = any(isinstance(part, SlideText) for part in flow)
    drawn = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title and Content" if has_text else "Title Only"))
    drawn.shapes.title.text_frame.text = slide.title
    _place(drawn.shapes.title, _LEFT, 380_000, _RIGHT - _LEFT, 950_000)
    right = _RIGHT - _PICTURE_WIDTH - _GAP if pictures and flow else _RIGHT
    width = right - _LEFT
    wanted = [_wanted_height(part, width) for part in flow]
    scale = min(1.0, (_BOTTOM - _TOP - _GAP * max(0, len(flow) - 1)) / max(1, sum(wanted)))
    top, placeholder = _TOP, next((shape for shape in drawn.placeholders if shape.placeholder_format.idx == 1), None)
    for part, height in zip(flow, wanted, strict=True):
        box = (_LEFT, top, width, int(height * scale))
        if isinstance(part, SlideText):
            shape = placeholder if placeholder is not None else drawn.shapes.add_textbox(*box)
            placeholder = None
            _place(shape, *box)
            _write(shape.text_frame, part, scale)
        elif isinstance(part, Table):
            _add_table(drawn, part, box)
        else:
            _add_boxes(drawn, part, box)
        top += box[3] + _GAP
    for number, picture in enumerate(pictures):
        _add_picture(drawn, picture, accent, number, len(pictures), alone=not flow)
    return drawn


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _wanted_height(part: SlideText | Table | Boxes, width: int) -> int:
    if isinstance(part, SlideText):
        characters = width // (12 * _POINT)
        return sum(1 + len(plain(parts)) // characters for _, parts in part.lines) * 36 * _POINT + 8 * _POINT
    if isinstance(part, Table):
        characters = max(1, width // len(part.rows[0]) // (7 * _POINT))
        return sum(1 + max(len(plain(cell)) for cell in row) // characters for row in part.rows) * 30 * _POINT
    return 100 * _POINT * _box_rows(part)


def _write(frame: Any, text: SlideText, scale: float) -> None:
    from pptx.util import Pt

    frame.word_wrap = True
    for number, (level, parts) in enumerate(text.lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.level = level or 0
        size = max(12, int((24 if not level else 20) * scale))
        if level is None:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            properties.append(
                properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {})
            )
        _add_runs(paragraph, parts, Pt(size))


def _add_runs(paragraph: Any, parts: Inlines, size: Any) -> None:
    for part in parts:
        run = paragraph.add_run()
        run.text, run.font.size = part.text, size
        if part.bold:
            run.font.bold = True
        if part.italic:
            run.font.italic = True
        if part.code:
            run.font.name = "Courier New"
        if part.link:
            run.hyperlink.address = part.link


def _add_table(slide: Any, table: Table, box: tuple[int, int, int, int]) -> None:
    from pptx.util import Pt

    rows, columns = len(table.rows), len(table.rows[0])
    grid = slide.shapes.add_table(rows, columns, *box).table
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row):
            _add_runs(grid.cell(y, x).text_frame.paragraphs[0], cell, Pt(16 if rows <= 6 else 12))


def _box_rows(boxes: Boxes) -> int:
    return -(-len(boxes.texts) // 4)


def _add_boxes(slide: Any, boxes: Boxes, box: tuple[int, int, int, int]) -> None:
    """Rounded boxes in one group, up to four a row."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    left, top, width, height = box
    rows = _box_rows(boxes)
    columns = -(-len(boxes.texts) // rows)
    box_width, box_height = (width - _GAP * (columns - 1)) // columns, (height - _GAP * (rows - 1)) // rows
    group = slide.shapes.add_group_shape()
    for number, text in enumerate(boxes.texts):
        y, x = divmod(number, columns)
        shape = group.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE,
            left + x * (box_width + _GAP), top + y * (box_height + _GAP), box_width, box_height,
        )  # fmt: skip
        shape.text_frame.word_wrap = True
        shape.text_frame.text = text
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.font.size, paragraph.alignment = Pt(16), PP_ALIGN.CENTER
        shape.fill.solid()
        shape.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
        shape.line.fill.background()
        shape.shadow.inherit = False


def _add_picture(slide: Any, picture: SlidePicture, accent: str, number: int, count: int, *, alone: bool) -> None:
    drawn = _drawn(picture.alternative, accent)
    output = io.BytesIO()
    drawn.save(output, format="JPEG", quality=80)
    output.seek(0)
    height = min(
        (_BOTTOM - _TOP - _GAP * (count - 1)) // count,
        _PICTURE_WIDTH * drawn.height // drawn.width * (2 if alone else 1),
    )
    width = height * drawn.width // drawn.height
    shape = slide.shapes.add_picture(
        output, _LEFT if alone else _RIGHT - width, _TOP + number * (height + _GAP), width, height
    )
    shape._element._nvXxPr.cNvPr.set("descr", picture.alternative)


def _drawn(text: str, accent: str) -> Image:
    """Bars without words, as tall as `text` seeds them: a picture that only its alternative text explains."""
    from PIL import Image, ImageDraw

    chance = random.Random(text)
    picture = Image.new("RGB", (480, 320), "white")
    draw = ImageDraw.Draw(picture)
    draw.line([(40, 20), (40, 280), (460, 280)], fill="#555555", width=3)
    for number in range(7):
        height = chance.randrange(40, 240)
        draw.rectangle(
            [60 + number * 57, 280 - height, 98 + number * 57, 279], fill=f"#{accent}" if number % 3 else "#B8B8B8"
        )
    return picture


def _set_properties(deck: Any, source: ArchiveSource[PresentationFront]) -> None:
    front, properties = source.front, deck.core_properties
    properties.title = front.title
    properties.author = "; ".join(one.name for one in front.speakers)
    properties.last_modified_by = front.speakers[0].name
    properties.created = properties.modified = morning_of(front.date).replace(tzinfo=None)
    properties.keywords = ", ".join(front.keywords)
    properties.language = front.language
    properties.revision = 1
