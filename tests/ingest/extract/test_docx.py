"""A document of Word: its text whole and in order, what nobody sees marked, what cannot be read named."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt

from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import extract
from ingest.extract.sniffing import DOCX, sniff
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError, UnsupportedError
from searchsvc.model import Author, Document, Kind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LONG = "Grass grew back on each of the fields that we had left alone for three years, and on no other. " * 2


def saved(document: WordDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def made(fill: Callable[[WordDocument], object]) -> Document:
    document = docx.Document()
    fill(document)
    return extract(saved(document), "report-7.docx")


def with_body(xml: str, parts: dict[str, str] | None = None, relations: str = "", types: str = "") -> bytes:
    """A document whose body is `xml`, with parts and relations beside what python-docx writes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(docx.Document()))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                start, end = content.index("<w:body>") + len("<w:body>"), content.index("<w:sectPr")
                content = content[:start] + xml + content[end:]
            elif name == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", relations + "</Relationships>")
            elif name == "[Content_Types].xml":
                content = content.replace("</Types>", types + "</Types>")
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
        for name, content in (parts or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def texts(document: Document, *, hidden: bool = False) -> list[str]:
    return [block.text for block in document.blocks if block.hidden == hidden]


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def one_line_of(error: pytest.ExceptionInfo[IngestError]) -> str:
    message = str(error.value)
    assert message
    assert "\n" not in message
    return message


def test_headings_paragraphs_lists_and_tables_come_in_order_below_their_headings() -> None:
    def fill(word: WordDocument) -> None:
        word.add_heading("Methods", 1)
        word.add_paragraph("We counted.")
        word.add_paragraph("First", style="List Bullet")
        word.add_paragraph("Second", style="List Number")
        table = word.add_table(2, 2)
        for at, text in enumerate(("Field", "Carbon", "A", "12")):
            table.cell(at // 2, at % 2).text = text
        word.add_heading("Sampling", 2)
        word.add_paragraph("In spring.")

    assert [(b.text, b.role, b.level, b.locator.heading) for b in made(fill).blocks] == [
        ("Methods", "heading", 1, "Methods"),
        ("We counted.", "text", 0, "Methods"),
        ("First\nSecond", "text", 0, "Methods"),
        ("Field | Carbon\nA | 12", "table", 0, "Methods"),
        ("Sampling", "heading", 2, "Sampling"),
        ("In spring.", "text", 0, "Sampling"),
    ]


def test_title_authors_affiliations_date_and_identifier_are_those_of_the_first_page() -> None:
    def fill(word: WordDocument) -> None:
        word.core_properties.title = "Template of the institute"
        word.core_properties.author = "Microsoft Office User"
        word.add_paragraph("Soil carbon after grazing", style="Title")
        byline = word.add_paragraph("Amara Okonjo")
        byline.add_run("1").font.superscript = True
        byline.add_run(", Jan Berg")
        byline.add_run("2").font.superscript = True
        for mark, place in (("1", "University of Ghana, Accra"), ("2", "Institute of Soil, Bonn")):
            line = word.add_paragraph()
            line.add_run(mark).font.superscript = True
            line.add_run(f" {place}")
        word.add_paragraph("12 March 2024. https://doi.org/10.1234/soil.5")
        word.add_heading("Introduction", 1)
        word.add_paragraph(LONG)

    document = made(fill)
    assert (document.kind, document.title, document.date) == (Kind.PAPER, "Soil carbon after grazing", "2024-03-12")
    assert document.authors == (
        Author("Amara Okonjo", "University of Ghana, Accra"), Author("Jan Berg", "Institute of Soil, Bonn"),
    )  # fmt: skip
    assert document.identifiers["doi"] == "10.1234/soil.5"


def test_without_styles_the_largest_letters_are_the_title_and_bold_lines_are_headings() -> None:
    def fill(word: WordDocument) -> None:
        for text, size, bold in (
            ("Wells that last", 22, False), ("What we did", 11, True), (LONG, 11, False), ("What came of it", 11, True),
            (LONG, 11, False),
        ):  # fmt: skip
            one = word.add_paragraph().add_run(text)
            one.font.size, one.font.bold = Pt(size), bold

    document = made(fill)
    assert document.title == "Wells that last"
    assert [b.text for b in document.blocks if b.role == "heading"] == [
        "Wells that last",
        "What we did",
        "What came of it",
    ]


def test_what_the_file_says_of_itself_counts_where_the_page_says_nothing() -> None:
    def fill(word: WordDocument) -> None:
        word.core_properties.title, word.core_properties.author = "Wells that last", "Okonjo, Amara"
        word.core_properties.created = word.core_properties.modified = datetime(2021, 5, 4)
        word.add_paragraph(LONG)

    document = made(fill)
    assert (document.title, document.authors, document.date) == (
        "Wells that last", (Author("Amara Okonjo"),), "2021-05-04",
    )  # fmt: skip


def test_what_the_template_of_a_program_says_is_nobody_and_no_day() -> None:
    document = made(lambda word: word.add_paragraph(LONG))
    assert (document.title, document.authors, document.date) == ("report-7", (), None)


def test_insertions_are_taken_and_deletions_are_not() -> None:
    body = paragraph(
        run("Kept "), f'<w:ins w:id="1" w:author="A">{run("added ")}</w:ins>',
        '<w:del w:id="2" w:author="A"><w:r><w:delText>gone</w:delText></w:r></w:del>',
        f'<w:moveFrom w:id="3">{run("away")}</w:moveFrom><w:moveTo w:id="4">{run("here")}</w:moveTo>',
    )  # fmt: skip
    rows = "".join(
        f"<w:tr><w:trPr>{mark}</w:trPr>" + "".join(f"<w:tc>{paragraph(run(one))}</w:tc>" for one in cells) + "</w:tr>"
        for mark, cells in (("", "ab"), ('<w:del w:id="5"/>', "cd"))
    )
    assert texts(extract(with_body(f"{body}<w:tbl>{rows}</w:tbl>"), "x.docx")) == ["Kept added here", "a | b"]


def test_hidden_text_is_kept_apart_as_that_of_hidden_slides() -> None:
    document = extract(with_body(paragraph(run("Seen"), run("unseen", "<w:vanish/>"))), "x.docx")
    assert (texts(document), texts(document, hidden=True)) == (["Seen"], ["unseen"])


def test_notes_comments_text_boxes_and_alternative_texts_stand_behind_their_paragraph() -> None:
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="wps"><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="x" descr="A map of the wells in the valley"/>'
        f"<w:txbxContent>{paragraph(run('In the box'))}</w:txbxContent></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{paragraph(run('In the box'))}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    body = paragraph(
        run("Before"), '<w:r><w:footnoteReference w:id="7"/></w:r>', '<w:r><w:endnoteReference w:id="8"/></w:r>', box
    )
    kinds = (("footnotes", "footnote", 7, "At the foot"), ("endnotes", "endnote", 8, "At the end"))
    document = extract(
        with_body(
            body + paragraph(run("After")),
            {
                f"word/{part}.xml": f'<w:{part} {W}><w:{one} w:type="separator" w:id="-1">{paragraph(run("_"))}'
                f"</w:{one}>"
                f'<w:{one} w:id="{key}">{paragraph(run(text))}</w:{one}></w:{part}>'
                for part, one, key, text in kinds
            },
            "".join(
                f'<Relationship Id="n{key}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                f'{part}" Target="{part}.xml"/>' for part, _, key, _ in kinds
            ),
            "".join(
                f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                f'wordprocessingml.{part}+xml"/>' for part, *_ in kinds
            ),
        ),
        "x.docx",
    )  # fmt: skip
    assert texts(document) == [
        "Before", "At the foot", "A map of the wells in the valley", "In the box", "After", "Endnotes", "At the end",
    ]  # fmt: skip


def test_comments_are_text_and_headers_are_not() -> None:
    def fill(word: WordDocument) -> None:
        word.sections[0].header.paragraphs[0].text = "Journal of Wells"
        word.sections[0].footer.paragraphs[0].text = "Page 1"
        line = word.add_paragraph("Ten wells.")
        word.add_comment(line.runs, "Which ones?", author="Jan Berg")

    document = made(fill)
    assert [(b.text, b.role) for b in document.blocks] == [("Ten wells.", "text"), ("Which ones?", "notes")]


def test_powers_keep_their_sense_and_marks_of_notes_go() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = paragraph(run("10"), run("5", raised), run(" seeds in the field"), run("3", raised), run("."))
    assert texts(extract(with_body(body), "x.docx")) == ["10^5 seeds in the field."]


def test_formulas_keep_powers_and_fractions() -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    of = "<m:{0}>{1}</m:{0}>".format
    text = of("r", of("t", "10")), of("r", of("t", "n+1"))
    power = of("sSup", of("e", text[0]) + of("sup", text[1]))
    share = of("f", of("num", text[0]) + of("den", text[1]))
    body = paragraph(
        run("About "), f"<m:oMath {math}>{power}</m:oMath>", run(" or "), f"<m:oMath {math}>{share}</m:oMath>"
    )
    assert texts(extract(with_body(body), "x.docx")) == ["About 10^(n+1) or 10/(n+1)"]


def test_authors_and_date_in_styles_made_from_that_of_the_title_are_not_the_title() -> None:
    def fill(word: WordDocument) -> None:
        for name, text in (("Title", "Wells that last"), ("Author", "Amara Okonjo"), ("Byline", "Jan Berg"),
                           ("Date", "12 March 2024")):  # fmt: skip
            if name != "Title":
                word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Title"]
            word.add_paragraph(text, style=name)
        word.add_paragraph(LONG)

    document = made(fill)
    assert (document.title, document.date) == ("Wells that last", "2024-03-12")
    assert [author.name for author in document.authors] == ["Amara Okonjo", "Jan Berg"]


def test_bullets_that_somebody_typed_make_a_list() -> None:
    assert texts(extract(with_body(paragraph(run("• one")) + paragraph(run("• two"))), "x.docx")) == ["one\ntwo"]


def test_words_on_either_side_of_a_picture_stay_apart() -> None:
    assert texts(extract(with_body(paragraph(run("Berg"), "<w:r><w:drawing/></w:r>", run("If"))), "x.docx")) == [
        "Berg If"
    ]


def test_a_table_that_only_places_text_is_read_cell_by_cell_and_merged_cells_keep_their_columns() -> None:
    def cell(inner: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"

    inner = "".join(f"<w:tr>{cell(paragraph(run(a)))}{cell(paragraph(run(b)))}</w:tr>" for a, b in ("ab", "cd"))
    outer = f"<w:tbl><w:tr>{cell(paragraph(run('Left')))}{cell(f'<w:tbl>{inner}</w:tbl>')}</w:tr></w:tbl>"
    wide = '<w:gridSpan w:val="2"/>'
    merged = (
        f"<w:tbl><w:tr>{cell(paragraph(run('Year')), wide)}{cell(paragraph(run('Sum')))}</w:tr>"
        f"<w:tr>{cell(paragraph(run('1')))}{cell(paragraph(run('2')))}{cell(paragraph(run('3')))}</w:tr></w:tbl>"
    )
    assert texts(extract(with_body(outer + merged), "x.docx")) == ["Left", "a | b\nc | d", "Year |  | Sum\n1 | 2 | 3"]


def test_tables_of_contents_and_placeholders_are_left_out() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    body = (
        control.format(gallery, paragraph(run("1 Wells 3")))
        + control.format("<w:showingPlcHdr/>", paragraph(run("Click to enter text")))
        + control.format("", paragraph(run("Filled in")))
    )
    assert texts(extract(with_body(body), "x.docx")) == ["Filled in"]


def test_what_is_not_read_is_a_doubt_with_a_count_and_the_heading_above() -> None:
    head = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run("Wells")}</w:p>'
    body = '<w:altChunk r:id="r9"/>' + head + paragraph("<w:r><w:object/></w:r>") * 2
    document = extract(with_body(body), "x.docx")
    assert [(one.code, one.count, one.place) for one in document.report.all_doubts] == [
        ("embedded_document", 1, ""), ("embedded_object", 2, "Wells"),
    ]  # fmt: skip
    assert document.report.warnings == ("1 embedded document not read", "Wells: 2 embedded objects not read")


def test_a_document_without_text_says_so() -> None:
    document = extract(with_body(""), "empty.docx")
    assert (document.blocks, document.title, document.report.warnings) == ((), "empty", ("no text found",))


@pytest.mark.parametrize("name", ["x.docx", "x", "x.pdf", "x.pptx"])
def test_it_is_known_by_its_content(name: str) -> None:
    assert sniff(saved(docx.Document()), name) == DOCX


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
         "application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)  # fmt: skip
def test_templates_and_files_with_macros_are_read_too(old: str, new: str) -> None:
    assert texts(extract(changed(with_body(paragraph(run("x"))), "[Content_Types].xml", old, new), "x.dotx")) == ["x"]


def test_strict_open_xml_is_read_too() -> None:
    data = with_body(paragraph(run("x")))
    names = (
        ("schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"),
        ("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument"),
    )
    for part in ("word/document.xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml"):
        for old, new in names:
            data = changed(data, part, old, new)
    assert texts(extract(data, "x.docx")) == ["x"]


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old.encode(), new.encode()) if name == part else content)
    return buffer.getvalue()


# -- what somebody made to harm, or what broke on its way


def test_a_truncated_file_is_refused_in_one_line() -> None:
    data = saved(docx.Document())
    for end in (100, len(data) // 2, len(data) - 30):
        with pytest.raises(DamagedError) as error:
            extract(data[:end], "x.docx")
        assert "truncated or damaged" in one_line_of(error)


def test_zip_and_entity_bombs_are_refused_in_one_line() -> None:
    with pytest.raises(LimitError) as error:
        extract(with_body("", {"word/media/big.bin": "0" * 60_000_000}), "x.docx")
    assert "zip bomb" in one_line_of(error) or "unpacks" in one_line_of(error)
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(20)
    ) + "]>"  # fmt: skip
    bomb = changed(with_body(paragraph(run("&u;"))), "word/document.xml", "<w:document", entities + "<w:document")
    try:
        assert len(extract(bomb, "x.docx").text) < 100
    except IngestError as refused:
        assert "\n" not in str(refused)


@pytest.mark.parametrize("depth", [20, 60, 3000])
def test_tables_in_tables_neither_hang_nor_crash(depth: int) -> None:
    body = "<w:tbl><w:tr><w:tc>" * depth + paragraph(run("core")) + "</w:tc></w:tr></w:tbl>" * depth
    try:
        assert "core" in extract(with_body(body), "x.docx").text
    except IngestError as refused:
        assert depth > 50
        assert "\n" not in str(refused)


def test_a_file_with_a_password_and_one_of_old_word_are_said_to_be_that() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    with pytest.raises(EncryptedError) as locked:
        extract(ole + "EncryptedPackage".encode("utf-16-le"), "x.docx")
    assert one_line_of(locked) == "the document is protected by a password"
    with pytest.raises(UnsupportedError) as old:
        extract(ole + "WordDocument".encode("utf-16-le"), "x.doc")
    assert "save it as DOCX or PDF" in one_line_of(old)


def test_damaged_parts_that_text_does_not_need_do_no_harm() -> None:
    relation = ('<Relationship Id="n7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                'footnotes" Target="footnotes.xml"/>')  # fmt: skip
    body = paragraph(run("Text"), '<w:r><w:footnoteReference w:id="7"/></w:r>')
    assert texts(extract(with_body(body, {"word/footnotes.xml": "<w:foot"}, relation), "x.docx")) == ["Text"]
    assert texts(extract(with_body(body, {}, relation), "x.docx")) == ["Text"]


def test_surrogates_and_control_characters_leave_the_text() -> None:
    document = extract(with_body(paragraph(run("a&#9;b\u200bc\ufeff"))), "x.docx")
    assert texts(document) == ["a bc"]
    document.text.encode()


def test_it_is_read_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(
        with_body(
            paragraph(run("Inside")),
        )
    )
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert texts(document) == ["Inside"]


def test_a_long_note_that_is_referred_to_often_is_refused_before_it_fills_the_memory() -> None:
    note = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph(run("well " * 20_000))}</w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    data = with_body(
        paragraph('<w:r><w:t>Wells</w:t><w:footnoteReference w:id="2"/></w:r>') * 400,
        {"word/footnotes.xml": note},
        f'<Relationship Id="rId90" Type="{kind}" Target="footnotes.xml"/>',
    )
    tracemalloc.start()
    try:
        with pytest.raises(LimitError, match="has more than 1,000,000 characters"):
            extract(data, "report-7.docx", ExtractLimits(max_characters=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_number_that_is_none_does_no_harm() -> None:
    odd = (
        '<w:p><w:pPr><w:outlineLvl w:val="²"/></w:pPr><w:r><w:rPr><w:sz w:val="²"/></w:rPr><w:t>Wells</w:t></w:r></w:p>'
    )
    table = f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="²"/></w:tcPr>{odd}</w:tc></w:tr></w:tbl>'
    assert texts(extract(with_body(odd + table), "x.docx")) == ["Wells", "Wells"]
