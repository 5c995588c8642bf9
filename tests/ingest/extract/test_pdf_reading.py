"""Faults that showed when extractions were read beside their files, each as a kind."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.pdf.extractor import PdfExtractor
from ingest.extract.protocol import ExtractLimits
from searchsvc.doubts import told as told_of
from searchsvc.model import DateKind, Seen, SeenLine
from tests.ingest.extract.test_pdf import LINES, body, pdf, picture, read, texts, write
from tests.ingest.extract.test_pdf_parts import changed

NARROW = (
    "A report creeps into camp that", "Johnston is coming with fifty", "thousand men to raise the dam,",
    "but the miller does not believe", "it. They have often heard that", "the water had risen, but it goes",
    "on within its banks. If the rain", "does not soon come, they will all", "be grinding at the dry mill.",
)  # fmt: skip


def justified(canvas: Canvas, lines: tuple[str, ...], x: float, y: float, width: float) -> float:
    """Lines that reach to one edge, but for the last."""
    for at, line in enumerate(lines):
        text = canvas.beginText(x, y - 12 * at)
        text.setFont("Helvetica", 10)
        if at < len(lines) - 1:
            text.setWordSpace((width - canvas.stringWidth(line, "Helvetica", 10)) / line.count(" "))
        text.textOut(line)
        canvas.drawText(text)
    return y - 12 * len(lines)


def test_lines_beside_a_picture_are_one_paragraph() -> None:
    def page(canvas: Canvas) -> None:
        y = justified(canvas, NARROW, 72, 760, 165)
        justified(canvas, LINES, 72, y, 400)

    first, *_ = texts(read(pdf(page)))
    assert first == " ".join(NARROW)


def test_rows_of_a_form_that_end_at_one_place_stay_apart() -> None:
    rows = [f"{number} Line of the form with its sum {number}" for number in (44, 45, 46, 47)]

    def page(canvas: Canvas) -> None:
        y = write(canvas, rows, y=700)
        justified(canvas, LINES, 72, y, 450)

    assert texts(read(pdf(page)))[:4] == rows


def test_a_note_s_number_that_is_drawn_after_its_line_is_no_part_of_its_words() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 600, "The act of the parish was signed into law by the old reeve himself.")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(72 + canvas.stringWidth("The act of the parish", "Helvetica", 10), 604, "1")

    assert "The act of the parish was signed into law" in read(pdf(page)).text


def lettered(lines: list[list[int]], names: dict[int, str]) -> bytes:
    """Lines of codes in a font that says what those in `names` mean, and nothing of the others."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    shown = "\n".join(
        f"BT /F1 12 Tf 1 0 0 1 72 {760 - 15 * at} Tm <{''.join(f'{code:02x}' for code in line)}> Tj ET"
        for at, line in enumerate(lines)
    )
    content, stroke, to_unicode = StreamObject(), StreamObject(), StreamObject()
    content.set_data(shown.encode())
    stroke.set_data(b"500 0 50 0 450 700 d1 50 0 400 700 re f")
    pairs = "\n".join(f"<{code:02x}> <{ord(name):04x}>" for code, name in names.items())
    to_unicode.set_data(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(names)} beginbfchar\n{pairs}\nendbfchar "
        "endcmap end end".encode()
    )
    signs = [NameObject(f"/g{code}") for code in range(128)]
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): ArrayObject(map(NumberObject, (0, -200, 500, 800))),
            NameObject("/FontMatrix"): ArrayObject(map(FloatObject, (0.001, 0, 0, 0.001, 0, 0))),
            NameObject("/CharProcs"): DictionaryObject({sign: writer._add_object(stroke) for sign in signs}),
            NameObject("/Encoding"): DictionaryObject(
                {NameObject("/Differences"): ArrayObject([NumberObject(0), *signs])}
            ),
            NameObject("/FirstChar"): NumberObject(0),
            NameObject("/LastChar"): NumberObject(127),
            NameObject("/Widths"): ArrayObject([NumberObject(500)] * 128),
            NameObject("/ToUnicode"): writer._add_object(to_unicode),
        }
    )
    page[NameObject("/Contents")] = writer._add_object(content)
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("code", [2, 3, 15, 31])
def test_a_sign_that_the_file_says_nothing_of_leaves_a_mark_and_is_counted(code: int) -> None:
    named = {ord(one): one for one in "abcdefghijklmnopqrstuvwxyz ,.()"}
    lines = ["the measure is (", ", of the two", "and so it goes on in the next line"]
    codes = [[*map(ord, lines[0]), code, *map(ord, lines[1])], [*map(ord, lines[2])]]
    document = read(lettered(codes, named))
    assert "the measure is (\ufffd, of the two" in document.text
    assert [(doubt.code, doubt.count, doubt.place) for doubt in document.report.all_doubts] == [
        ("letters_unknown", 1, "page 1")
    ]


def test_bullets_and_the_sign_at_the_end_of_a_proof_are_no_lost_letters() -> None:
    named = {ord(one): one for one in "abcdefghijklmnopqrstuvwxyz ,.()"}
    lines = [
        [15, *b" an item of the list of nets"],
        [15, *b" another item of the list"],
        [*b"which was to be shown. ", 4],
    ]
    document = read(lettered(lines, named))
    assert not document.report.all_doubts and "\ufffd" not in document.text
    assert "an item of the list" in document.text and document.text.endswith("which was to be shown.")


def test_a_title_of_two_short_lines_is_larger_than_the_line_below() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["Instructions for"], y=770, size=24)
        write(canvas, ["Form 88"], y=742, size=24)
        write(canvas, ["Return of the tax on bells and ropes"], y=700, size=13, font="Helvetica-Bold")
        write(canvas, LINES, y=600)

    assert read(pdf(page)).title == "Instructions for Form 88"


def test_the_title_on_the_page_is_taken_where_the_declared_one_is_a_part_of_it() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["An introduction to bells and ropes"], y=770, size=20)
        write(canvas, LINES, y=600)

    assert read(pdf(page, title="Bells and ropes")).title == "An introduction to bells and ropes"


def test_a_date_in_the_foot_is_found_between_rules() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["The weather of the harbour"], y=770, size=20)
        write(canvas, LINES, y=600)
        write(canvas, ["www.harbour.example | Harbour World | October 2006 | 41"], y=30, size=8)

    document = read(pdf(page))
    assert (document.date, document.date_kind) == ("2006-10", DateKind.PUBLISHED)


@pytest.mark.parametrize("key", ["/doi", "/DOI", "/WPS-ARTICLEDOI"])
def test_what_a_file_says_of_itself_is_read(key: str) -> None:
    def say(writer: PdfWriter) -> None:
        writer.add_metadata({key: "10.1234/bells.7", "/Title": "Bells and ropes", "/CreationDate": "D:20190304"})
        writer.root_object[NameObject("/Lang")] = TextStringObject("fr-CH")
        writer.add_outline_item(title="The bells", page_number=0)

    def page(canvas: Canvas) -> None:
        write(canvas, ["The bells"], y=780)
        write(canvas, LINES, y=740)

    document = read(changed(pdf(page), say))
    assert (document.identifiers["doi"], document.language, document.date) == ("10.1234/bells.7", "fr", "2019-03-04")
    assert [block.text for block in document.blocks if block.role == "heading"] == ["The bells"]


def test_institutions_in_small_letters_go_by_their_marks_and_end_before_the_imprint() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["Ropes of the lower valley and who ties them"], y=780, size=17, font="Helvetica-Bold")
        x = 72.0
        for name, mark in (("Amara Okonjo", "1"), (", Sindre Lund", "2")):
            canvas.setFont("Helvetica", 11)
            canvas.drawString(x, 750, name)
            x += canvas.stringWidth(name, "Helvetica", 11)
            canvas.setFont("Helvetica", 7)
            canvas.drawString(x, 754, mark)
            x += 4
        for y, mark, place in ((735, "1", "Arden Institute, Cape Town"), (723, "2", "Norrvik Ropeworks, Uppsala")):
            write(canvas, [mark], x=72, y=y + 4, size=6.4)
            write(canvas, [place], x=77, y=y, size=8)
        write(
            canvas, ["Journal of Ropes 9(2), 101-113 - 17 May 2022 - https://doi.org/10.5555/ropes.2022"], y=711, size=8
        )
        for y in (660, 600, 540):
            write(canvas, LINES, y=y, size=8)

    document = read(pdf(page))
    assert [(one.name, one.affiliation) for one in document.authors] == [
        ("Amara Okonjo", "Arden Institute, Cape Town"), ("Sindre Lund", "Norrvik Ropeworks, Uppsala"),
    ]  # fmt: skip


def numbered(text: str) -> bytes:
    """A line in a font whose signs go by numbers, of which the file does not say what they mean."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    content = StreamObject()
    content.set_data(f"BT /F1 12 Tf 72 760 Td <{text.encode('utf-16-be').hex()}> Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    descriptor = DictionaryObject({
        NameObject("/Type"): NameObject("/FontDescriptor"), NameObject("/FontName"): NameObject("/Kai"),
        NameObject("/Flags"): NumberObject(4), NameObject("/ItalicAngle"): NumberObject(0),
        NameObject("/Ascent"): NumberObject(880), NameObject("/Descent"): NumberObject(-120),
        NameObject("/CapHeight"): NumberObject(700), NameObject("/StemV"): NumberObject(80),
        NameObject("/FontBBox"): ArrayObject([NumberObject(one) for one in (0, -120, 1000, 880)]),
    })  # fmt: skip
    below = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/CIDFontType2"),
        NameObject("/BaseFont"): NameObject("/Kai"), NameObject("/DW"): NumberObject(1000),
        NameObject("/FontDescriptor"): writer._add_object(descriptor),
        NameObject("/CIDSystemInfo"): DictionaryObject({
            NameObject("/Registry"): TextStringObject("Adobe"), NameObject("/Ordering"): TextStringObject("Identity"),
            NameObject("/Supplement"): NumberObject(0),
        }),
    })  # fmt: skip
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type0"),
        NameObject("/BaseFont"): NameObject("/Kai"), NameObject("/Encoding"): NameObject("/Identity-H"),
        NameObject("/DescendantFonts"): ArrayObject([writer._add_object(below)]),
    })  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject({
        NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    })  # fmt: skip
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "doubted"), [("水井的管理由村民共同负责到年底为止", False), ("㐀㐁㐂㐃㐄㐅㐆㐇㐈㐉㐊㐋㐌㐍", True)]
)
def test_signs_in_daily_use_are_text_though_a_font_says_nothing_of_them(text: str, doubted: bool) -> None:
    document = read(numbered(text))
    assert ("text_unreadable" in {one.code for one in document.report.all_doubts}) == doubted
    assert document.text == ("" if doubted else text)


def test_the_one_author_of_a_file_may_be_declared_family_name_first() -> None:
    assert [one.name for one in read(pdf(body, author="Berg, Jan")).authors] == ["Jan Berg"]
    assert [one.name for one in read(pdf(body, author="Jan Berg, Ana Souza")).authors] == ["Jan Berg", "Ana Souza"]
    assert not read(pdf(body, author="Lagos, Nigeria")).authors


def test_a_column_s_name_in_large_letters_is_not_the_title_that_the_file_declares() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 24)
        canvas.drawString(400, 800, "WellWATCH")
        body(canvas)

    assert read(pdf(page, title="The losses of the deep wells")).title == "The losses of the deep wells"
    assert read(pdf(page, title="Book1")).title == "WellWATCH"


def test_a_few_signs_of_a_full_page_are_told_apart_from_a_page_with_gaps() -> None:
    named = {ord(one): one for one in "abcdefghijklmnopqrstuvwxyz ,.()"}
    full = [[*b"it goes on for a long time and it is a line of the page"]] * 10
    told = {one.code: one for one in read(lettered([[*b"a sum (", 3, *b") of it"], *full], named)).report.all_doubts}
    assert told["signs_unknown"].count == 1 and len(told) == 1
    assert [one.lost for one in told_of(told.values())] == [False]


def test_an_item_may_be_set_like_a_paragraph_with_its_first_line_indented() -> None:
    lines = (
        "The miller owes no dues for the wells of the plain in a dry year if:",
        "   a. The mill has ground no grain since the first day of the month of",
        "May, as the wardens of the plain have written in the book of the wells",
        "   b. The miller has told the wardens of it, and no other mill is near",
        "   c. The rope is his own",
        "Each of the dues is otherwise paid in salt to the wardens of the plain,",
        "who keep it in the loft of the shed until the end of the year of the dues",
    )

    def page(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            canvas.setFont("Helvetica", 10)
            canvas.drawString(72 + (14 if line[0] == " " else 0), 700 - 12 * at, line.strip())

    assert [text[:12] for text in texts(read(pdf(page)))] == [
        "The miller o", "a. The mill ", "b. The mille", "c. The rope ", "Each of the ",
    ]  # fmt: skip


def test_a_page_of_formulas_is_not_read_by_ocr_in_place_of_its_own_text_and_one_with_gaps_in_words_is() -> None:
    named = {ord(one): one for one in "abcdefghijklmnopqrstuvwxyz ,.()"}
    line = [*b"it goes on for a long time and it is a line of the page, so that"]
    formulas = [[*b"a sum (", 3, *b") of ", 3, *b" is a "], *[line] * 9] * 2
    words = [[*b"the of", 3, *b"ce of the bene", 3, *b"ts is a "], *[line] * 9] * 2
    assert read(lettered(formulas, named)).unseen == ()
    assert read(lettered(words, named)).unseen == ("page 1",)


@pytest.mark.parametrize(("text", "sure", "code"), [("J", 0.9, "ocr_nothing"), ("the wells", 0.9, "ocr_read")])
def test_single_signs_that_ocr_sees_in_a_picture_are_no_text(text: str, sure: float, code: str) -> None:
    seen = {"page 1": Seen((SeenLine(text, (0.2, 0.6, 0.6, 0.2), (0.4, 0.4, 0.45, 0.45), sure),))}
    document = PdfExtractor().extract_seen(pdf(picture), name="file.pdf", limits=ExtractLimits(), seen=seen)
    assert [one.code for one in document.report.all_doubts] == [code]
    assert document.text == ("" if code == "ocr_nothing" else text)


def test_what_is_on_a_layer_that_is_switched_off_is_not_read() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        canvas._code.append("/OC /L0 BDC")
        write(canvas, ["A remark for the printer."], y=600)
        canvas._code.append("EMC")
        write(canvas, ["The miller paid for it."], y=560)

    def with_layer(writer: PdfWriter) -> None:
        name = {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("proof")}
        layer = writer._add_object(DictionaryObject(name))
        usual = DictionaryObject({NameObject("/OFF"): ArrayObject([layer])})
        known = {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): usual}
        writer.root_object[NameObject("/OCProperties")] = DictionaryObject(known)
        resources: Any = writer.pages[0]["/Resources"].get_object()
        resources[NameObject("/Properties")] = DictionaryObject({NameObject("/L0"): layer})

    text = read(changed(pdf(page), with_layer)).text
    assert "printer" not in text and "The miller paid for it." in text


def titled_page(*below: str, above: str = "", title: str = "Mills of the plain") -> bytes:
    def page(canvas: Canvas) -> None:
        y = write(canvas, [above], y=800, size=22, font="Helvetica-Bold") if above else 800
        y = write(canvas, ["Volume 3, Issue 2"], y=y, size=9) if above else y
        y = write(canvas, [title], y=y, size=18, font="Helvetica-Bold")
        y = write(canvas, below, y=y, size=12)
        write(canvas, LINES, y=y - 20)
        write(canvas, LINES, y=y - 100)

    return pdf(page)


def test_who_guides_and_judges_a_thesis_did_not_write_it() -> None:
    below = (
        "A thesis submitted for the degree of Doctor of Philosophy",
        "by",
        "Ana Souza",
        "Supervisor",
        "Kofi Mensah",
    )
    assert [author.name for author in read(titled_page(*below)).authors] == ["Ana Souza"]


@pytest.mark.parametrize(
    "byline",
    ["Souza, A., Mensah, K. B., & Wei, L.", "A. Souza (ana@mill.example), K. B. Mensah (kofi@mill.example), L. Wei"],
)  # fmt: skip
def test_names_in_turn_with_initials_or_beside_addresses_are_all_read(byline: str) -> None:
    assert [author.name for author in read(titled_page(byline)).authors] == ["A. Souza", "K. B. Mensah", "L. Wei"]


def test_a_name_beside_its_institution_and_a_suffix_behind_a_comma_are_read() -> None:
    assert [author.name for author in read(titled_page("Ana Souza, University of Arden")).authors] == ["Ana Souza"]
    both = read(titled_page("Kofi Mensah, Jr., Ana Souza e Pedro Gil")).authors
    assert [author.name for author in both] == ["Kofi Mensah, Jr.", "Ana Souza", "Pedro Gil"]


def test_a_journal_above_its_volume_is_not_the_title_nor_is_the_sign_of_a_note() -> None:
    assert read(titled_page("Ana Souza", above="Annals of Mills", title="Mills of the great plain*")).title == (
        "Mills of the great plain"
    )


def test_a_page_that_an_archive_put_before_a_paper_does_not_name_it() -> None:
    def cover(canvas: Canvas) -> None:
        write(canvas, ["This is a repository copy of a paper on mills.", "Version: Accepted", "Article:"])

    def first(canvas: Canvas) -> None:
        y = write(canvas, ["Mills of the plain"], y=770, size=18, font="Helvetica-Bold")
        y = write(canvas, ["Ana Souza"], y=y, size=12)
        write(canvas, LINES, y=y - 20)
        write(canvas, LINES, y=y - 100)

    document = read(pdf(cover, first))
    assert (document.title, [author.name for author in document.authors]) == ("Mills of the plain", ["Ana Souza"])


def test_spans_of_numbers_are_whole_and_letters_with_their_accents() -> None:
    def page(canvas: Canvas) -> None:
        justified(
            canvas,
            ("The mill stood still in the dry years, as is told on the pages 12\u2013", "19 of the book"),
            72,
            760,
            330,
        )
        canvas._code.append("BT 1 0 0 1 72 600 Tm /F1 11 Tf [(J\\250) 400 (org)] TJ ET")

    text = read(pdf(page)).text
    assert "pages 12\u201319 of" in text and "Jörg" in text
