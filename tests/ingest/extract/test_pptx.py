"""What is read from presentations. The files are made here; python-pptx's own are read where they lie beside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Emu, Inches

from ingest.extract.pptx.extractor import PptxExtractor
from ingest.extract.protocol import ExtractLimits, Extractor
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError
from searchsvc.model import Document, Kind

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "documents" / "pptx_python_pptx"
MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
Draw = Callable[[Any], None]


def deck(*draw: Draw, author: str = "", prepare: Draw | None = None) -> bytes:
    """A file with a slide (title and body placeholders) for each of `draw`."""
    presentation = pptx.Presentation()
    presentation.core_properties.author = author
    for one in draw:
        one(presentation.slides.add_slide(presentation.slide_layouts[1]))
    if prepare:
        prepare(presentation)
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """With every member as `change` makes it, without those of which it makes None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes, name: str = "file.pptx", **limits: int) -> Document:
    return PptxExtractor().extract(data, name=name, limits=ExtractLimits(**limits))


def texts(document: Document, role: str) -> list[str]:
    return [block.text for block in document.blocks if block.role == role]


def titled(slide: Any) -> None:
    slide.shapes.title.text = "Vaccines work"
    slide.placeholders[1].text = "Two doses\nThree are better"


def box(shapes: Any, text: str, left: float = 1, top: float = 1) -> Any:
    made = shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5))
    made.text_frame.text = text
    return made


def bare(slide: Any) -> None:
    """Without the placeholders of its layout."""
    for shape in list(slide.shapes):
        shape._element.getparent().remove(shape._element)


def test_it_is_an_extractor() -> None:
    assert isinstance(PptxExtractor(), Extractor)


def test_title_and_bullets_are_read_and_the_number_of_the_slide_is_the_locator() -> None:
    document = read(deck(titled, titled))
    assert texts(document, "heading") == ["Vaccines work"] * 2
    assert texts(document, "text") == ["Two doses\nThree are better"] * 2
    assert [block.locator.label for block in document.blocks] == ["slide 1", "slide 1", "slide 2", "slide 2"]
    assert document.kind is Kind.PRESENTATION
    assert document.title == "Vaccines work"


def test_shapes_are_read_by_rows_from_the_top_not_in_the_order_they_were_drawn() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        for text, left, top in (("fourth", 5, 5), ("second", 5, 1), ("third", 1, 3), ("first", 1, 1.1)):
            box(slide.shapes, text, left, top)

    assert texts(read(deck(draw)), "text") == ["first", "second", "third", "fourth"]


def test_a_table_is_a_row_a_line_and_merged_cells_stand_once() -> None:
    def draw(slide: Any) -> None:
        table = slide.shapes.add_table(3, 2, 0, 0, Inches(4), Inches(2)).table
        for at, text in enumerate(("Region", "Cases", "Sahel", "40")):
            table.cell(at // 2, at % 2).text = text
        table.cell(2, 0).merge(table.cell(2, 1))
        table.cell(2, 0).text = "none elsewhere"

    assert texts(read(deck(draw)), "table") == ["Region | Cases\nSahel | 40\nnone elsewhere"]


def test_text_in_groups_within_groups_is_read() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        shapes = slide.shapes
        for _ in range(8):
            shapes = shapes.add_group_shape().shapes
            box(shapes, f"level {len(list(slide.shapes._spTree.iter('{*}grpSp')))}")

    assert sorted(texts(read(deck(draw)), "text")) == [f"level {level}" for level in range(1, 9)]


def test_notes_are_read_and_marked() -> None:
    def draw(slide: Any) -> None:
        titled(slide)
        slide.notes_slide.notes_text_frame.text = "Say why.\nThen pause."

    document = read(deck(draw))
    assert texts(document, "notes") == ["Say why.\nThen pause."]
    assert document.blocks[-1].locator.number == 1


def test_alternative_texts_are_read_and_missing_ones_are_counted() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        for described in ("A map of the Sahel with forty fields", "Picture 3", ""):
            picture = slide.shapes.add_picture(io.BytesIO(PICTURE), 0, 0)
            picture._element.nvPicPr.cNvPr.set("descr", described)

    document = read(deck(draw))
    assert texts(document, "alt") == ["A map of the Sahel with forty fields"]
    assert document.report.units[0].notes == ("2 pictures without alternative text",)


def test_a_slide_of_nothing_but_a_picture_needs_ocr() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        slide.shapes.add_picture(io.BytesIO(PICTURE), 0, 0)

    document = read(deck(draw))
    assert "no text: needs OCR" in document.report.units[0].notes
    assert document.report.warnings == ("no slide has text: needs OCR",)


def test_text_of_a_hidden_slide_is_read_and_flagged() -> None:
    def draw(slide: Any) -> None:
        titled(slide)
        slide._element.set("show", "0")

    document = read(deck(titled, draw))
    assert [block.hidden for block in document.blocks] == [False, False, True, True]
    assert [unit.notes for unit in document.report.units] == [(), ("hidden",)]


def test_a_section_is_a_heading_above_the_titles_of_its_slides() -> None:
    def prepare(presentation: Any) -> None:
        ids = [element.get("id") for element in presentation.part._element.sldIdLst]
        listed = "".join(f'<p14:sldId id="{one}"/>' for one in ids)
        presentation.part._element.append(
            etree.fromstring(
                '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
                '<p:ext uri="{521415D9}">'
                '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
                f'<p14:section name="Evidence" id="{{1}}"><p14:sldIdLst>{listed}</p14:sldIdLst></p14:section>'
                "</p14:sectionLst></p:ext></p:extLst>"
            )
        )

    headings = [block for block in read(deck(titled, titled, prepare=prepare)).blocks if block.role == "heading"]
    assert [(block.text, block.level) for block in headings] == [
        ("Evidence", 1), ("Vaccines work", 2), ("Vaccines work", 2),
    ]  # fmt: skip


def test_the_words_of_a_chart_are_read_but_not_its_numbers() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = ["Kenya", "Niger"]
        data.add_series("Coverage of nets", (19.2, 21.4))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Emu(10**6), Emu(10**6), data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Nets by country"

    assert texts(read(deck(draw)), "text") == ["Nets by country\nSeries: Coverage of nets\nCategories: Kenya, Niger"]


def test_the_words_of_smart_art_are_read() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        main = "http://schemas.openxmlformats.org/drawingml/2006/main"
        points = "".join(
            f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in ("Plan", "Act")
        )
        model = f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{main}"><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>'
        part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", slide.part.package, model.encode())
        key = slide.part.relate_to(
            part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
        )
        slide.shapes.add_table(1, 1, 0, 0, Emu(1), Emu(1))
        data = next(slide.shapes._spTree.iter("{*}graphicData"))
        data.set("uri", DIAGRAM)
        data.clear()
        data.set("uri", DIAGRAM)
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        data.append(etree.fromstring(f'<dgm:relIds xmlns:dgm="{DIAGRAM}" xmlns:r="{relations}" r:dm="{key}"/>'))

    assert texts(read(deck(draw)), "text") == ["Plan\nAct"]


def test_words_in_alternate_content_are_read_and_ink_is_counted() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        box(slide.shapes, "an equation")
        shape = slide.shapes._spTree[-1]
        compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        for content in (shape, etree.fromstring("<x:contentPart xmlns:x='x'/>")):
            outer = etree.SubElement(slide.shapes._spTree, f"{{{compatibility}}}AlternateContent")
            etree.SubElement(outer, f"{{{compatibility}}}Choice").append(content)

    document = read(deck(draw))
    assert texts(document, "text") == ["an equation"]
    assert document.report.units[0].notes == ("1 ink drawing not read",)


def test_speakers_and_date_of_the_title_slide_go_before_the_properties_of_the_file() -> None:
    def draw(slide: Any) -> None:
        slide.shapes.title.text = "Soil carbon in the Sahel"
        slide.placeholders[1].text = "Ana Souza and Kofi Mensah\nDakar, 3 May 2021"

    document = read(deck(draw, titled, author="Microsoft Office User"))
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah"]
    assert document.date == "2021-05-03"
    assert [author.name for author in read(deck(titled, author="Li Wei; admin")).authors] == ["Li Wei"]


def test_a_file_without_slides_is_no_error_but_a_warning() -> None:
    document = read(deck(), "autumn_school.pptx")
    assert (document.blocks, document.report.warnings) == ((), ("no text found",))
    assert document.title == "autumn school"


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        b"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        b"application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    ],
)
def test_shows_templates_and_files_with_macros_are_read_too(content_type: bytes) -> None:
    data = repacked(deck(titled), lambda _, content: content.replace(MAIN, content_type))
    assert texts(read(data), "heading") == ["Vaccines work"]


def test_a_slide_that_is_missing_is_a_warning_and_the_others_are_read() -> None:
    data = repacked(deck(titled, titled), lambda name, content: None if name.endswith("slide1.xml") else content)
    document = read(data)
    assert {block.locator.number for block in document.blocks} == {2}
    assert document.report.warnings == ("slide 1 could not be read: KeyError",)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_damaged(share: float) -> None:
    data = deck(titled)
    with pytest.raises(DamagedError, match="truncated or damaged"):
        read(data[: int(len(data) * share)])


@pytest.mark.parametrize("lost", ["[Content_Types].xml", "ppt/presentation.xml", "_rels/.rels"])
def test_a_file_that_lacks_a_part_is_damaged(lost: str) -> None:
    data = repacked(deck(titled), lambda name, content: None if name == lost else content)
    with pytest.raises(DamagedError, match="a part that it needs is missing"):
        read(data)


def test_a_part_that_is_not_xml_is_damage_and_the_reason_is_one_line() -> None:
    data = repacked(deck(titled), lambda name, content: content[:300] if name.endswith("slide1.xml") else content)
    with pytest.raises(DamagedError, match="a part is not XML") as caught:
        read(data)
    assert "\n" not in str(caught.value)


def test_a_bit_flipped_anywhere_is_read_or_refused_but_never_a_crash() -> None:
    data = deck(titled)
    for at in range(0, len(data), len(data) // 400):
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        try:
            read(flipped)
        except IngestError as error:
            assert "\n" not in str(error)


def test_a_zip_bomb_goes_over_a_limit_before_anything_is_unpacked() -> None:
    bomb = repacked(deck(titled), lambda name, content: b" " * 60_000_000 if name == "docProps/app.xml" else content)
    assert len(bomb) < 200_000
    with pytest.raises(LimitError, match="looks like a zip bomb"):
        read(bomb)
    with pytest.raises(LimitError, match="unpacks to 60 MB"):
        read(bomb, max_unpacked_bytes=50_000_000)


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/passwd"', '"expanded"'])
def test_no_entity_is_expanded_or_loaded(entity: str) -> None:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("slides/slide1.xml"):
            return content
        body = content.split(b"?>", 1)[1].replace(b"Two doses", b"&x;")
        return f"<!DOCTYPE p:sld [<!ENTITY x {entity}>]>".encode() + body

    document = read(repacked(deck(titled), change))
    assert "root:" not in document.text
    assert "expanded" not in document.text


def test_an_encrypted_file_needs_its_password() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedError, match="protected by a password"):
        read(ole)
    locked = bytearray(deck(titled))
    at = locked.rindex(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(EncryptedError, match="protected by a password"):
        read(bytes(locked))


def test_an_old_presentation_under_a_new_name_is_told_apart() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le")
    with pytest.raises(DamagedError, match="97-2003"):
        read(ole)


def test_what_goes_over_a_limit_is_refused() -> None:
    with pytest.raises(LimitError, match="2 slides"):
        read(deck(titled, titled), max_pages=1)
    with pytest.raises(LimitError, match="characters"):
        read(deck(titled, titled), max_characters=20)


@pytest.mark.skipif(not SHARED.is_dir(), reason="python-pptx's files are not beside the repository")
def test_every_file_of_python_pptx_is_read() -> None:
    paths = sorted(SHARED.rglob("*.pptx"))
    assert len(paths) > 60
    for path in paths:
        document = read(path.read_bytes(), path.name)
        assert document.title
        assert all(block.text.strip() and block.locator.kind == "slide" for block in document.blocks), path.name


# -- what the deck is called, and what other programs write ------------------------------------------------------------


@pytest.mark.parametrize(
    "stale",
    ["Budget of another year", "Folie 1", "Diapositiva 3", "スライド 1", "1. dia", "PowerPoint-presentatie",
     "Prezentace aplikace PowerPoint", "PowerPoint 演示文稿", "Презентация PowerPoint", "Sans titre"],
)  # fmt: skip
def test_a_deck_is_called_by_its_first_slide_not_by_what_was_left_in_its_properties(stale: str) -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        box(slide.shapes, "Amara Okonjo", top=1)
        box(slide.shapes, "Nets against wind", top=3).text_frame.paragraphs[0].runs[0].font.size = Emu(28 * 12700)

    def title(presentation: Any) -> None:
        presentation.core_properties.title = stale

    document = read(deck(draw, titled, prepare=title))
    assert document.title == "Nets against wind"
    assert [author.name for author in document.authors] == ["Amara Okonjo"]


def test_boxes_in_columns_are_read_column_by_column_and_labels_with_what_they_mean_by_rows() -> None:
    def columns(slide: Any) -> None:
        bare(slide)
        for at in range(3):
            box(slide.shapes, f"left {at}", 1, 1 + 0.8 * at)
            box(slide.shapes, f"right {at}", 4, 1 + 0.85 * at)

    def labels(slide: Any) -> None:
        bare(slide)
        for at in range(3):
            box(slide.shapes, f"label {at}", 1, 1 + 0.8 * at).width = Inches(1)
            box(slide.shapes, f"value {at}", 4, 1 + 0.8 * at)

    read_columns, read_labels = (texts(read(deck(draw)), "text") for draw in (columns, labels))
    assert read_columns == ["left 0", "left 1", "left 2", "right 0", "right 1", "right 2"]
    assert read_labels == ["label 0", "value 0", "label 1", "value 1", "label 2", "value 2"]


def test_what_newer_programs_show_is_read_in_a_group_too_and_the_older_drawing_is_not() -> None:
    compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"

    def draw(slide: Any) -> None:
        bare(slide)
        group = slide.shapes.add_group_shape()
        new, old = box(group.shapes, "new drawing")._element, box(group.shapes, "old drawing", 4)._element
        both = etree.SubElement(group._element, f"{{{compatibility}}}AlternateContent")
        etree.SubElement(both, f"{{{compatibility}}}Choice", Requires="a14").append(new)
        etree.SubElement(both, f"{{{compatibility}}}Fallback").append(old)

    assert texts(read(deck(draw)), "text") == ["new drawing"]


COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"


@pytest.mark.parametrize(
    "comment",
    ['<p:cm xmlns:p="urn:p"><p:text>Is that so?</p:text></p:cm>',
     '<p188:cm xmlns:p188="urn:q" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p188:txBody>'
     "<a:p><a:r><a:t>Is that so?</a:t></a:r></a:p></p188:txBody></p188:cm>"],
)  # fmt: skip
def test_comments_are_read_as_notes_of_their_slide(comment: str) -> None:
    def draw(slide: Any) -> None:
        part = Part(PackURI("/ppt/comments/comment1.xml"), "application/xml", slide.part.package, comment.encode())
        slide.part.relate_to(part, COMMENTS)

    document = read(deck(titled, draw))
    assert [(block.text, block.locator.label) for block in document.blocks if block.role == "notes"] == [
        ("Is that so?", "slide 2")
    ]


def test_a_deck_opens_that_has_a_sound_without_a_type_lost_parts_or_the_strict_form() -> None:
    def without_type(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return content.replace(b'<Default Extension="xml"', b'<Default Extension="lmx"', 1)
        return content

    def lost(name: str, content: bytes) -> bytes | None:
        return None if name == "docProps/core.xml" or "thumbnail" in name else content

    def strict(name: str, content: bytes) -> bytes:
        for area in (b"presentationml", b"drawingml", b"officeDocument"):
            content = content.replace(
                b"http://schemas.openxmlformats.org/" + area + b"/2006/", b"http://purl.oclc.org/ooxml/" + area + b"/"
            )
        return content

    data = deck(titled)
    for change in (without_type, lost, strict):
        assert texts(read(repacked(data, change)), "text") == ["Two doses\nThree are better"], change


def test_the_words_of_a_tree_map_are_read() -> None:
    chart = b"""<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"
        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><cx:chartData><cx:data id="0"><cx:strDim
        type="cat"><cx:lvl><cx:pt>Nets</cx:pt><cx:pt>Boats</cx:pt></cx:lvl></cx:strDim><cx:numDim><cx:lvl><cx:pt>7
        </cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData><cx:chart><cx:title><cx:tx><cx:rich><a:p><a:r><a:t>Costs
        </a:t></a:r></a:p></cx:rich></cx:tx></cx:title></cx:chart></cx:chartSpace>"""

    def draw(slide: Any) -> None:
        bare(slide)
        part = Part(PackURI("/ppt/charts/chartEx1.xml"), "application/xml", slide.part.package, chart)
        frame = slide.shapes.add_table(1, 1, 0, 0, Inches(1), Inches(1))._element
        data = next(frame.iter("{*}graphicData"))
        data.clear()
        data.set("uri", "http://schemas.microsoft.com/office/drawing/2014/chartex")
        reference = etree.SubElement(data, "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart")
        reference.set(
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
            slide.part.relate_to(part, "urn:x"),
        )

    assert texts(read(deck(draw)), "text") == ["Costs\nCategories: Nets, Boats"]


def test_powers_formulas_and_signs_of_notes_keep_their_sense() -> None:
    def draw(slide: Any) -> None:
        bare(slide)
        paragraph = box(slide.shapes, "").text_frame.paragraphs[0]
        for text, raised in (("It held 10", 0), ("5", 1), (" drops in 1988", 0), ("3", 1), ("SIGN", 0)):
            run = paragraph.add_run()
            run.text = text
            if raised:
                run.font._element.set("baseline", "30000")

    data = repacked(deck(draw), lambda _, part: part.replace(b"SIGN", b", as_x000B_told"))
    assert texts(read(data), "text") == ["It held 10^5 drops in 1988, as told"]


def test_merged_cells_do_not_move_others() -> None:
    def draw(slide: Any) -> None:
        table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(2)).table
        for at, text in enumerate(("Sahel", "40", "", "41")):
            table.cell(at // 2, at % 2).text = text
        table.cell(0, 0).merge(table.cell(1, 0))

    assert texts(read(deck(draw)), "table") == ["Sahel | 40\n | 41"]


def test_a_hidden_slide_does_not_name_the_deck_and_all_boxes_of_the_notes_are_read() -> None:
    def hidden(slide: Any) -> None:
        slide.shapes.title.text = "For the speaker"
        slide._element.set("show", "0")

    def shown(slide: Any) -> None:
        slide.shapes.title.text = "Soil of the Sahel"
        slide.notes_slide.notes_text_frame.text = "Say why."

    more = b"<p:sp><p:nvSpPr><p:cNvPr id='80' name='T'/><p:cNvSpPr txBox='1'/><p:nvPr/></p:nvSpPr><p:spPr/>"
    more += b"<p:txBody><a:bodyPr/><a:p><a:r><a:t>Then pause.</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"

    def with_box(name: str, part: bytes) -> bytes:
        return part.replace(b"</p:spTree>", more) if "notesSlide1" in name else part

    document = read(repacked(deck(hidden, shown), with_box))
    assert document.title == "Soil of the Sahel"
    assert texts(document, "notes") == ["Say why.\nThen pause."]


def test_a_day_written_into_the_place_for_dates_is_that_of_the_talk() -> None:
    place = (
        b"<p:sp><p:nvSpPr><p:cNvPr id='90' name='D'/><p:cNvSpPr/><p:nvPr><p:ph type='dt' idx='10'/></p:nvPr></p:nvSpPr>"
    )
    place += b"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>4 June 2018</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"

    def dated(name: str, part: bytes) -> bytes:
        return part.replace(b"</p:spTree>", place) if name.endswith("slide1.xml") and "notes" not in name else part

    assert read(repacked(deck(titled), dated)).date == "2018-06-04"
