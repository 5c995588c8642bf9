"""A text of OpenDocument: whole and in order, without what was deleted, what is hidden marked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import extract
from ingest.extract.sniffing import ODT, sniff
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError, UnsupportedError
from searchsvc.model import Author, Document, Kind

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                        ("style", "style"), ("svg", "svg-compatible"), ("fo", "xsl-fo-compatible"), ("meta", "meta"))
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
STYLES = (
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
    '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    "</style:style>"
)
MIME = "application/vnd.oasis.opendocument.text"


def odt(body: str, *, said: str = "", mime: str = MIME, before: str = "", more: dict[str, str] | None = None) -> bytes:
    parts = {
        "content.xml": f"{before}<office:document-content {SPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>",
        "styles.xml": f"<office:document-styles {SPACES}><office:master-styles><style:master-page><style:header>"
        "<text:p>Journal of Wells</text:p></style:header></style:master-page></office:master-styles>"
        "</office:document-styles>",
        "meta.xml": f"<office:document-meta {SPACES}><office:meta>{said}</office:meta></office:document-meta>",
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime, zipfile.ZIP_STORED)
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(body: str, **more: str) -> Document:
    return extract(odt(body, **more), "wells-2.odt")  # type: ignore[arg-type]


def texts(document: Document, *, hidden: bool = False) -> list[str]:
    return [block.text for block in document.blocks if block.hidden == hidden]


def test_headings_paragraphs_lists_and_tables_come_in_order_below_their_headings() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    table = (
        "<table:table><table:table-header-rows><table:table-row>" + cell.format("Well") + cell.format("Depth")
        + "</table:table-row></table:table-header-rows><table:table-row>" + cell.format("North") + cell.format("12")
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row></table:table>'
    )  # fmt: skip
    document = read(
        '<text:h text:outline-level="1">Methods</text:h><text:p>We  counted<text:s text:c="3"/>wells.</text:p>'
        "<text:list><text:list-item><text:p>First</text:p><text:list><text:list-item><text:p>Inner</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        f'{table}<text:h text:outline-level="2">Depths</text:h><text:p>Deep.</text:p>'
    )
    assert [(b.text, b.role, b.level, b.locator.heading) for b in document.blocks] == [
        ("Methods", "heading", 1, "Methods"),
        ("We counted wells.", "text", 0, "Methods"),
        ("First\nInner", "text", 0, "Methods"),
        ("Well | Depth\nNorth | 12", "table", 0, "Methods"),
        ("Depths", "heading", 2, "Depths"),
        ("Deep.", "text", 0, "Depths"),
    ]


def test_title_authors_and_date_are_those_of_the_first_page_else_those_that_the_file_says() -> None:
    said = (
        "<dc:title>Letter of the institute</dc:title><meta:initial-creator>Berg, Jan</meta:initial-creator>"
        "<dc:date>2021-05-04T10:00:00</dc:date>"
    )
    document = read('<text:p text:style-name="P1">Wells that last</text:p><text:p>Amara Okonjo</text:p>', said=said)
    assert (document.kind, document.title, document.authors, document.date) == (
        Kind.PAPER, "Wells that last", (Author("Amara Okonjo"),), "2021-05-04",
    )  # fmt: skip
    assert read("<text:p>They say that some of the wells last.</text:p>", said=said).authors == (Author("Jan Berg"),)


def test_deletions_are_not_taken_insertions_are_and_hidden_text_is_marked() -> None:
    document = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        '</text:changed-region></text:tracked-changes><text:p>Kept <text:change-start text:change-id="c"/>added'
        '<text:change-end text:change-id="c"/><text:span text:style-name="T1">unseen</text:span></text:p>'
        '<text:section text:display="none"><text:p>Also unseen</text:p></text:section>'
    )
    assert (texts(document), texts(document, hidden=True)) == (["Kept added"], ["unseen", "Also unseen"])


def test_notes_comments_boxes_and_alternative_texts_stand_behind_their_paragraph() -> None:
    note = (
        "<text:note text:note-class='{}'><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    document = read(
        f"<text:p>Before{note.format('footnote', 'At the foot')}{note.format('endnote', 'At the end')}"
        "<office:annotation><dc:creator>Jan Berg</dc:creator><text:p>Which wells?</text:p></office:annotation>"
        "<draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame>"
        "<draw:frame><draw:image/><svg:desc>A map of the wells in the valley</svg:desc></draw:frame></text:p>"
        "<text:p>After</text:p>"
    )
    assert texts(document) == [
        "Before", "At the foot", "Which wells?", "A map of the wells in the valley", "In the box", "After", "Endnotes",
        "At the end",
    ]  # fmt: skip


def test_powers_keep_their_sense_and_contents_and_headers_are_left_out() -> None:
    document = read(
        "<text:table-of-content><text:index-body><text:p>Methods 3</text:p></text:index-body></text:table-of-content>"
        '<text:p>10<text:span text:style-name="T2">5</text:span> seeds</text:p>'
    )
    assert texts(document) == ["10^5 seeds"]


def test_formulas_are_text_and_controls_of_forms_say_what_is_filled_in() -> None:
    math = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mn>10</mn><mn>5</mn></msup>'
        "<annotation>x</annotation></math>"
    )
    form = 'xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"'
    document = extract(
        odt(
            f'<office:forms {form}><form:form><form:text form:id="c" form:current-value="Alice"/>'
            "</form:form></office:forms>"
            '<text:p>About <draw:frame><draw:object xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./F/"/>'
            '</draw:frame> seeds, says<draw:control draw:control="c"/></text:p>',
            more={"F/content.xml": math},
        ),
        "x.odt",
    )
    assert texts(document) == ["About 10^5 seeds, says", "Alice"]


def test_a_style_that_every_program_knows_needs_no_definition() -> None:
    document = read(
        '<text:p text:style-name="Subtitle">Ten years</text:p><text:p text:style-name="Title">Of wells</text:p>'
    )
    assert document.title == "Of wells"


def test_objects_and_silent_pictures_are_doubts() -> None:
    document = read("<text:p>x<draw:frame><draw:object/></draw:frame><draw:frame><draw:image/></draw:frame></text:p>")
    assert [(one.code, one.count) for one in document.report.all_doubts] == [
        ("embedded_object", 1), ("picture_without_text", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("mime", [MIME, f"{MIME}-template"])
@pytest.mark.parametrize("name", ["x.odt", "x", "x.docx"])
def test_it_is_known_by_its_content(name: str, mime: str) -> None:
    assert sniff(odt("", mime=mime), name) == ODT


# -- what somebody made to harm, or what broke on its way


def test_broken_and_locked_files_are_refused_in_one_line() -> None:
    data = odt("<text:p>x</text:p>")
    for broken in (data[:90], data[: len(data) // 2], data[:-20], odt("<text:p>")):
        with pytest.raises(DamagedError) as error:
            extract(broken, "x.odt")
        assert "\n" not in str(error.value)
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    with pytest.raises(EncryptedError, match="protected by a password"):
        extract(odt("", more={"META-INF/manifest.xml": manifest, "content.xml": "\0\1\2"}), "x.odt")


def test_bombs_are_refused_or_harmless() -> None:
    with pytest.raises(LimitError):
        extract(odt("", more={"Pictures/a.bmp": "0" * 60_000_000}), "x.odt")
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(20)
    ) + "]>"  # fmt: skip
    try:
        assert len(read("<text:p>&u;</text:p>", before=entities).text) < 1000
    except IngestError as refused:
        assert "\n" not in str(refused)


@pytest.mark.parametrize("depth", [20, 60, 3000])
def test_tables_in_tables_neither_hang_nor_crash(depth: int) -> None:
    start, end = (
        "<table:table><table:table-row><table:table-cell>",
        "</table:table-cell></table:table-row></table:table>",
    )
    try:
        assert "core" in read(f"{start * depth}<text:p>core</text:p>{end * depth}").text
    except IngestError as refused:
        assert depth > 50
        assert "\n" not in str(refused)


def test_other_kinds_of_opendocument_say_what_to_do() -> None:
    for kind in ("presentation", "spreadsheet-template"):
        with pytest.raises(UnsupportedError, match=r"OpenDocument .* not read, save"):
            extract(odt("", mime=f"application/vnd.oasis.opendocument.{kind}"), "x.odt")


def test_it_is_read_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "x.odt"
    path.write_bytes(odt("<text:p>Inside</text:p>"))
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert texts(document) == ["Inside"]


def test_cells_that_are_repeated_without_end_are_refused_before_they_fill_the_memory() -> None:
    cell = f'<table:table-cell table:number-columns-repeated="63"><text:p>{"well " * 200}</text:p></table:table-cell>'
    data = odt(f"<table:table>{f'<table:table-row>{cell}</table:table-row>' * 500}</table:table>")
    tracemalloc.start()
    try:
        with pytest.raises(LimitError, match="has more than 1,000,000 characters"):
            extract(data, "wells-2.odt", ExtractLimits(max_characters=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
