"""How files look: slides as values. Decks are made here; the sandbox is tried by the tests of pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.util import Inches, Pt

from ingest.extract.protocol import ExtractLimits
from ingest.facsimile.maker import Facsimiles
from ingest.facsimile.slides import deck, slides
from ingest.facsimile.values import Box, Deck, Picture, Slide
from searchsvc.errors import DamagedError, NotFoundError
from searchsvc.files import FileStore
from searchsvc.model import Kind, Resource

Draw = Callable[[Any], None]
SPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def rgb(digits: str) -> Any:
    made: Any = RGBColor
    return made.from_string(digits)


def png(width: int = 40, height: int = 20, colour: str = "#aa3311") -> io.BytesIO:
    into = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(into, "PNG")
    into.seek(0)
    return into


def drawn(folder: Path, *draw: Draw, layout: int = 6) -> tuple[Slide, ...]:
    """layout: 0 a title, 1 title and content, 6 blank."""
    made = pptx.Presentation()
    for one in draw:
        one(made.slides.add_slide(made.slide_layouts[layout]))
    path = folder / "deck.pptx"
    made.save(str(path))
    return slides(str(path), 1, 50, ExtractLimits())


def boxes(folder: Path, draw: Draw, layout: int = 6) -> tuple[Box, ...]:
    [one] = drawn(folder, draw, layout=layout)
    assert not one.missing
    return one.boxes


def test_a_placeholder_stands_where_its_layout_has_it_in_the_letters_of_its_master(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        slide.shapes.title.text = "What we found"
        slide.placeholders[1].text = "First"
        second = slide.placeholders[1].text_frame.add_paragraph()
        second.text, second.level = "Deeper", 1

    title, body = boxes(tmp_path, draw, layout=1)
    assert (title.x, title.width) == (36.0, 648.0) and title.anchor == "middle"
    assert title.lines[0].runs[0].size == 44 and title.lines[0].align == "center" and not title.lines[0].bullet
    first, deeper = body.lines
    assert (first.bullet, first.runs[0].size) == ("•", 32) and (deeper.bullet, deeper.runs[0].size) == ("–", 28)
    assert deeper.indent > first.indent > 0 > first.hang


def test_letters_have_their_size_weight_and_colour(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        frame = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1)).text_frame
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size, run.font.bold, run.font.italic = "Loud", Pt(30), True, True
        run.font.color.rgb = rgb("AA0011")
        plain = frame.paragraphs[0].add_run()
        plain.text = " and plain"
        plain.font.color.theme_color = MSO_THEME_COLOR.ACCENT_2

    [box] = boxes(tmp_path, draw)
    assert (box.x, box.y, box.width, box.height) == (72.0, 144.0, 216.0, 72.0)
    loud, plain = box.lines[0].runs
    assert (loud.text, loud.size, loud.bold, loud.italic, loud.colour) == ("Loud", 30.0, True, True, "#aa0011")
    assert (plain.size, plain.bold, plain.colour) == (18.0, False, "#c0504d")


def test_shapes_in_a_group_stand_where_the_group_puts_them(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        group = slide.shapes.add_group_shape()
        group.shapes.add_shape(MSO_SHAPE.OVAL, Inches(1), Inches(1), Inches(1), Inches(1))
        group.shapes.add_shape(MSO_SHAPE.CHEVRON, Inches(2), Inches(1), Inches(1), Inches(1))
        group.left, group.top, group.width, group.height = Inches(4), Inches(4), Inches(4), Inches(2)

    oval, chevron = boxes(tmp_path, draw)
    assert (oval.form, oval.x, oval.y, oval.width, oval.height) == ("ellipse", 288, 288, 144, 144)
    assert (chevron.form, chevron.x) == ("path", 432) and chevron.path
    assert oval.fill == "#4f81bd" and oval.stroke


def test_a_line_goes_from_corner_to_corner(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Inches(1), Inches(3), Inches(2), Inches(1))

    [line] = boxes(tmp_path, draw)
    assert line.form == "line" and line.flipped and line.stroke and (line.y, line.height) == (72, 144)


def test_a_table_has_its_columns_its_head_and_merged_cells_once(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        table = slide.shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(2)).table
        for at, text in enumerate(("Stage", "Products", "Phase 1", "6", "All of them", "")):
            table.cell(at // 2, at % 2).text = text
        table.cell(2, 0).merge(table.cell(2, 1))

    [box] = boxes(tmp_path, draw)
    assert box.columns == (144.0, 144.0)
    head, striped, last = box.rows
    assert [cell.lines[0].text for cell in head.cells] == ["Stage", "Products"]
    assert head.cells[0].fill == "#4f81bd" and head.cells[0].lines[0].runs[0].bold
    assert head.cells[0].lines[0].runs[0].colour == "#ffffff"
    assert striped.cells[0].fill.startswith("#4f81bd") and striped.cells[0].fill != head.cells[0].fill
    assert [cell.across for cell in last.cells] == [2]


def test_a_picture_is_written_anew_cropped_and_no_larger_than_pages_show(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        picture = slide.shapes.add_picture(png(4000, 1000), Inches(1), Inches(1), Inches(4), Inches(2))
        picture.crop_left = 0.5

    [box] = boxes(tmp_path, draw)
    assert box.picture and box.picture.media_type == "image/png"
    with Image.open(io.BytesIO(box.picture.data)) as image:
        assert image.size == (1600, 800)


def test_what_cannot_be_drawn_is_its_words_in_a_box(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = ["Nairobi", "Geneva"]
        data.add_series("Visits", (1, 2))
        place = Inches(1), Inches(1), Inches(4), Inches(2)
        slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
        picture = slide.shapes.add_picture(png(), *place)
        picture._element.nvPicPr.cNvPr.set("descr", "A ring in a hand")
        picture.part.related_part(picture._element.blip_rId)._blob = b"\x01\x00\x00\x00 EMF "

    chart, picture = boxes(tmp_path, draw)
    assert "Series: Visits" in chart.words and "Categories: Nairobi, Geneva" in chart.words
    assert (picture.picture, picture.words) == (None, "A ring in a hand")


def test_the_background_is_that_of_the_slide_else_of_its_master(tmp_path: Path) -> None:
    def dark(slide: Any) -> None:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = rgb("102030")

    one, other = drawn(tmp_path, dark, lambda _: None)
    assert (one.background, other.background) == ("#102030", "#ffffff")
    assert (one.width, one.height) == (720.0, 540.0)


def test_what_the_master_draws_is_on_its_slides_and_not_where_a_slide_hides_it(tmp_path: Path) -> None:
    def barred(slide: Any) -> None:
        if len(slide.slide_layout.slide_master.shapes) == 5:
            shape = (
                f'<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" {SPACE}><p:nvSpPr>'
                '<p:cNvPr id="99" name="bar"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
                '<a:ext cx="127000" cy="127000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
                '<a:schemeClr val="accent1"><a:lumMod val="50000"/></a:schemeClr></a:solidFill></p:spPr></p:sp>'
            )
            slide.slide_layout.slide_master.shapes._spTree.append(parse_xml(shape))

    def bare(slide: Any) -> None:
        slide._element.set("showMasterSp", "0")

    one, other = drawn(tmp_path, barred, bare)
    assert [(box.width, box.fill) for box in one.boxes] == [(10.0, "#254061")] and not other.boxes


def test_a_slide_that_is_damaged_is_missing_and_the_others_are_drawn(tmp_path: Path) -> None:
    def damaged(slide: Any) -> None:
        for relation in list(slide.part.rels):
            slide.part.drop_rel(relation)

    one, other = drawn(tmp_path, damaged, lambda slide: slide.shapes.add_textbox(0, 0, 9, 9))
    assert (one.missing, other.missing) == (True, False)


def test_a_file_that_is_no_presentation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.pptx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(DamagedError):
        slides(str(path), 1, 1, ExtractLimits())


class Counting:
    """Runs in this process, and counts."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def run(self, target: str, *args: object) -> object:
        self.asked.append((target, *args[1:]))
        known: dict[str, Any] = {"slides": slides, "deck": deck}
        return known[target.rpartition(":")[2]](*args)


def test_a_presentation_is_opened_once_for_the_slides_that_stand_together(tmp_path: Path) -> None:
    def draw(slide: Any) -> None:
        slide.notes_slide.notes_text_frame.text = f"Said of {slide.slide_id}"

    drawn(tmp_path, *[draw] * 8)
    files = FileStore(str(tmp_path / "files"))
    content_hash, _, _ = files.add(io.BytesIO((tmp_path / "deck.pptx").read_bytes()), max_bytes=1_000_000)
    resource = Resource("r", Kind.PRESENTATION, "Deck", content_hash=content_hash)
    runner = Counting()
    made = Facsimiles(runner, files, ExtractLimits(), scratch=tmp_path)
    assert [made.slide(resource, number).number for number in (1, 2, 6, 7, 1)] == [1, 2, 6, 7, 1]
    assert len(runner.asked) == 2
    assert made.deck(resource).notes[0] == "Said of 256" and len(made.deck(resource).notes) == 8
    assert (made.deck(resource).width, made.deck(resource).height) == (720, 540)
    assert len(runner.asked) == 3
    for number in (9, 700):
        with pytest.raises(NotFoundError):
            made.slide(resource, number)


def test_a_file_that_cannot_be_drawn_is_tried_again_after_a_while_and_not_each_time(tmp_path: Path) -> None:
    files, clock = FileStore(str(tmp_path / "files")), [0.0]
    content_hash, _, _ = files.add(io.BytesIO(b"PK\x03\x04 nothing"), max_bytes=1_000_000)
    resource = Resource("r", Kind.PRESENTATION, "Deck", content_hash=content_hash)
    runner = Counting()
    made = Facsimiles(runner, files, ExtractLimits(), scratch=tmp_path, now_s=lambda: clock[0])
    said = set()
    for clock[0] in (0.0, 1.0, 500.0, 700.0, 701.0):
        with pytest.raises(DamagedError) as raised:
            made.deck(resource)
        said.add(str(raised.value))
    assert len(runner.asked) == 2 and len(said) == 1


def test_a_child_is_told_of_no_path_but_that_of_the_file(tmp_path: Path) -> None:
    """It may read what a text among its arguments is the path of; pages say what they like of themselves."""
    files = FileStore(str(tmp_path / "files"))
    content_hash, _, _ = files.add(io.BytesIO(b"<p>A page"), max_bytes=1_000_000)
    resource = Resource("r", Kind.PAGE, "Page", content_hash=content_hash, url="/")

    class Listening:
        def run(self, target: str, *args: object) -> object:
            [path] = [one for one in args if isinstance(one, str)]
            assert path not in ("/", "/etc")
            return Deck(1, 1, ()) if target.endswith("deck") else Picture("image/png", b"") if "pdf" in target else ()

    made = Facsimiles(Listening(), files, ExtractLimits(), scratch=tmp_path)
    made.page(resource, "/etc")
    made.deck(resource)
    made.pdf_page(resource, 1)
    with pytest.raises(NotFoundError):
        made.slide(resource, 1)


@pytest.mark.parametrize("odd", ["-1", "99999999999999999999", "x", "", "NaN", "inf", "1e400"])
def test_numbers_that_are_none_break_no_slide(tmp_path: Path, odd: str) -> None:
    def draw(slide: Any) -> None:
        slide.shapes.title.text = "Numbers"
        box = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        box.text_frame.text, box.text_frame.paragraphs[0].runs[0].font.size = "Small", Pt(8)
        slide.shapes.add_table(1, 2, Inches(1), Inches(1), Inches(4), Inches(2))
        tree = slide.shapes._spTree
        for element in tree.iter():
            for name in ("x", "y", "cx", "cy", "sz", "w", "h"):
                if element.get(name):
                    element.set(name, odd)

    [one] = drawn(tmp_path, draw, layout=5)
    assert not one.missing and all(abs(box.x) < 1e9 and 0 <= box.width < 1e9 for box in one.boxes)
