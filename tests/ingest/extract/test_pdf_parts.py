"""What is read from PDFs besides running text, and what is said of what could not be read. The files are made here."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Highlight, Text
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.pdf.paragraphs import Joiner
from tests.ingest.extract.test_pdf import LINES, TITLE, body, pdf, read, texts, write


def changed(data: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def said(data: bytes) -> str:
    report = read(data).report
    return " ".join([*report.warnings, *(note for unit in report.units for note in unit.notes)])


def titled(*lines: tuple[str, float, str, float], then: Sequence[str] = LINES) -> Callable[[Canvas], None]:
    """A first page with (text, size, font, y) and running text below."""

    def page(canvas: Canvas) -> None:
        for text, size, font, y in lines:
            write(canvas, [text], y=y, size=size, font=font)
        write(canvas, then, y=500)
        write(canvas, then, y=420)

    return page


# beside the text


def test_filled_fields_of_a_form_are_text_and_empty_ones_are_not() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        form = canvas.acroForm
        form.textfield(name="Skipper", value="Amara Okonjo", x=72, y=600, width=200, height=20)
        form.textfield(name="Mate", value="", x=72, y=560, width=200, height=20)
        form.choice(name="Rig", value="Lugger", options=["Ketch", "Lugger"], x=72, y=520, width=200, height=20)
        form.checkbox(name="Insured", checked=True, x=72, y=490)
        form.checkbox(name="Sold", checked=False, x=72, y=460)

    read_texts = texts(read(pdf(page)))
    assert {"Skipper: Amara Okonjo", "Rig: Lugger", "Insured: Yes"} <= set(read_texts)
    assert not any("Mate" in text or "Sold" in text for text in read_texts)


def test_notes_on_a_page_are_text_but_not_twice_what_they_mark() -> None:
    def annotate(writer: PdfWriter) -> None:
        rect = (72, 700, 200, 720)
        corners = ArrayObject()
        writer.add_annotation(0, Text(rect=rect, text="Ask the miller about this"))
        writer.add_annotation(0, FreeText(rect=rect, text="Read at the autumn meeting"))
        marked = Highlight(rect=rect, quad_points=corners)
        marked[NameObject("/Contents")] = TextStringObject("gain carbon in the upper soil")
        writer.add_annotation(0, marked)

    text = read(changed(pdf(body), annotate)).text
    assert "Ask the miller about this" in text
    assert "Read at the autumn meeting" in text
    assert text.count("gain carbon in the upper soil") == 1


def test_the_page_in_the_place_of_a_form_is_no_text_and_is_said() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["Please wait...", "Your viewer may not be able to show this document."])

    def with_form(writer: PdfWriter) -> None:
        root = writer.root_object
        root[NameObject("/NeedsRendering")] = BooleanObject(True)
        xfa = ArrayObject([TextStringObject("template")])
        root[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): xfa})

    data = changed(pdf(page), with_form)
    assert not read(data).blocks
    assert "XFA" in said(data)


def test_files_of_a_portfolio_are_read_and_others_are_said() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["Open this portfolio in another program."])

    def with_files(writer: PdfWriter) -> None:
        writer.add_attachment("soil.pdf", pdf(body))
        writer.add_attachment("notes.txt", b"The mill stood still for two years.")
        writer.add_attachment("broken.pdf", b"%PDF-1.4 nothing")
        writer.root_object[NameObject("/Collection")] = DictionaryObject()

    data = changed(pdf(page), with_files)
    document = read(data)
    assert "gain carbon in the upper soil" in document.text
    assert "The mill stood still" in document.text
    assert "another program" not in document.text
    assert {block.locator.number for block in document.blocks} == {1}
    assert "broken.pdf in the portfolio was not read" in said(data)


def test_a_file_attached_to_a_paper_is_no_portfolio() -> None:
    data = changed(pdf(body), lambda writer: writer.add_attachment("data.txt", b"one two three"))
    assert "one two three" not in read(data).text


# what cannot be read


def test_signs_in_the_place_of_letters_are_not_text_and_are_said() -> None:
    def page(canvas: Canvas) -> None:
        shifted = ["".join(chr(ord(one) - 65) if ord(one) > 97 else "%" for one in line) for line in LINES]
        write(canvas, shifted)

    data = pdf(page)
    assert not read(data).blocks
    assert "cannot be read" in said(data)


def test_code_and_formulas_are_text() -> None:
    def page(canvas: Canvas) -> None:
        lines = ["for (i = 0; i < n; i++) { total[i] += price[i] * count[i]; }", "if (!found || (a && b)) return -1;"]
        write(canvas, lines * 3, font="Courier")

    data = pdf(page)
    assert "total[i]" in read(data).text
    assert "cannot" not in said(data)


def test_letters_that_are_mapped_to_nothing_are_marked_and_said() -> None:
    data = _with_map(b"f", b"0000")
    document = read(data)
    assert "\ufffd" in document.text
    assert "without a letter" in said(data)


def test_a_hyphen_at_the_end_of_a_line_is_no_lost_letter() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["The harbour was closed in the win-", "ter of that year."])

    data = pdf(page)
    assert "winter" in read(data).text
    assert not said(data)


def _with_map(letter: bytes, to: bytes) -> bytes:
    """A file whose font says that `letter` means the code `to`."""
    from pypdf.generic import StreamObject

    def change(writer: PdfWriter) -> None:
        rest = "".join(f"<{code:02x}> <{code:04x}>\n" for code in range(32, 127) if code != letter[0])
        cmap = StreamObject()
        cmap.set_data(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            b"1 begincodespacerange <00> <ff> endcodespacerange\n95 beginbfchar\n"
            + rest.encode()
            + b"<%02x> <%s>\nendbfchar endcmap end end" % (letter[0], to)
        )
        reference = writer._add_object(cmap)
        for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object()[NameObject("/ToUnicode")] = reference

    return changed(pdf(body), change)


# beside and behind the lines


def test_numbers_of_lines_are_no_text_and_a_list_of_numbers_is() -> None:
    def numbered(canvas: Canvas) -> None:
        for at in range(6):
            write(canvas, [str(5 * at + 5)], x=45, y=700 - 20 * at, size=7)
            write(canvas, [LINES[at % 3]], y=700 - 20 * at)

    text = read(pdf(numbered)).text
    assert not any(f" {number} " in f" {text} " for number in (5, 10, 15, 20, 25, 30))

    def every_fifth(canvas: Canvas) -> None:
        for at in range(16):
            write(canvas, [LINES[at % 3]], y=760 - 20 * at)
            if at % 5 == 4:
                write(canvas, [str(at + 1)], x=45, y=760 - 20 * at, size=7)

    assert not any(f" {number} " in f" {read(pdf(every_fifth)).text} " for number in (5, 10, 15))

    def years(canvas: Canvas) -> None:
        body(canvas)
        for at, number in enumerate(("1990", "1991", "1992", "1993", "1994")):
            write(
                canvas,
                [
                    number,
                ],
                y=600 - 20 * at,
            )
            write(canvas, ["boats"], x=150, y=600 - 20 * at)

    assert "1992" in read(pdf(years)).text


def test_large_letters_behind_the_lines_are_not_in_their_sentences() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        write(canvas, ["NOT FOR SALE"], x=80, y=720, size=50, font="Helvetica-Bold")
        canvas.setFillGray(0)
        write(canvas, [*LINES, *LINES, *LINES], y=760)

    blocks = [block.text for block in read(pdf(page, page, page)).blocks]
    assert not any("NOT FOR SALE" in text and "carbon" in text for text in blocks)


@pytest.mark.parametrize(("cap", "rest", "whole"), [("W", "hen the", "When the"), ("A", "mill on", "A mill on")])
def test_a_large_first_letter_belongs_to_its_word(cap: str, rest: str, whole: str) -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, [cap], x=72, y=741, size=34)
        write(canvas, [f"{rest} tide is out, all of them go and look at what is left in the nets,"], x=104, y=760)
        write(canvas, ["and none of them says a word about it until the evening comes to them,"], x=104, y=748)
        write(canvas, [*LINES, *LINES], y=736)

    assert texts(read(pdf(page)))[0].startswith(whole)


def test_lines_of_a_page_that_was_turned_have_no_raised_signs_in_them() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -595)
        write(canvas, [TITLE], y=520, size=18, font="Helvetica-Bold")
        write(canvas, ["Ana Souza"], y=490, size=12)
        write(canvas, LINES, y=460)

    document = read(pdf(page))
    assert document.title == TITLE
    assert [author.name for author in document.authors] == ["Ana Souza"]


# words and numbers


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["a cost-", "effective way"], "a cost-effective way"),
        (["a simple follow-", "up visit"], "a simple follow-up visit"),
        (["the com-", "mittee met"], "the committee met"),
        (["rather inter-", "esting news"], "rather interesting news"),
        (["an open and avoid-", "able loss"], "an open and avoidable loss"),
    ],
)
def test_compounds_keep_their_hyphen_and_syllables_do_not(lines: list[str], joined: str) -> None:
    assert (
        Joiner(["these are common words that stand here"]).join([line.replace("-", "\x02") for line in lines]) == joined
    )


def test_compounds_of_other_languages_are_not_looked_up_in_english() -> None:
    rows = ["Gestern haben alle Fischer ihre Netze wieder geflickt"]
    assert Joiner(rows).join(["die Land\x02", "straße und der Wind\x02", "hauch"]) == "die Landstraße und der Windhauch"


def test_lines_of_chinese_are_joined_without_a_space_and_names_with_one() -> None:
    assert Joiner(()).join(["等船的人坐在木", "棚下面，", "看雾"]) == "等船的人坐在木棚下面，看雾"
    assert Joiner(()).join(["신문을 읽는", "사람"]) == "신문을 읽는 사람"
    assert Joiner(()).join(["新山 祐介", "関根 聡"]) == "新山 祐介 関根 聡"


def test_a_power_is_not_another_number() -> None:
    def page(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        for part, size, rise in (
            ("It held 10", 10, 0), ("8", 6, 4), (" cells and 2", 10, 0), ("10", 6, 4), (" wells over 40 km", 10, 0),
            ("2", 6, 4), (" of water.", 10, 0),
        ):  # fmt: skip
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(part)
        canvas.drawText(text)

    text = read(pdf(page)).text
    assert "10^8 cells and 2^10 wells over 40 km2 of water" in text.replace("^8cells", "^8 cells")


def test_a_mixed_number_is_no_power() -> None:
    assert Joiner(()).join(["at least age 70\u20601/2 years"]) == "at least age 70 1/2 years"


# tables and columns


def table(canvas: Canvas, rows: Sequence[Sequence[str]], y: float = 600, step: float = 18) -> None:
    body(canvas)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            for line, part in enumerate(cell.split("\n")):
                write(canvas, [part] if part else [], x=72 + 140 * column, y=y - step * at - 12 * line)


def test_an_empty_cell_keeps_its_column() -> None:
    rows = [("Kind", "Inner", "Outer"), ("Ketch", "14", "3"), ("Lugger", "", "8"), ("Yawl", "2", "5")]
    lines = "\n".join(texts(read(pdf(lambda canvas: table(canvas, rows))), "table")).splitlines()
    assert lines == ["Kind | Inner | Outer", "Ketch | 14 | 3", "Lugger | | 8", "Yawl | 2 | 5"]


def test_a_cell_of_several_lines_stays_in_its_row() -> None:
    rows = [
        ("Who", "What they do", "With"),
        ("Miller", "Opens the sluice when\nthe water is high", "One pupil"),
        ("Clerk", "Keeps the book of all\nthat comes in", "Nobody"),
    ]
    lines = "\n".join(texts(read(pdf(lambda canvas: table(canvas, rows, step=36))), "table")).splitlines()
    assert "Miller | Opens the sluice when the water is high | One pupil" in lines
    assert "Clerk | Keeps the book of all that comes in | Nobody" in lines


def test_small_columns_within_a_page_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        write(
            canvas,
            ["Left of the mill: all", "hulls are tarred with", "pitch in the spring", "and in the autumn."],
            y=600,
        )
        write(
            canvas,
            ["Right of it: the nets", "are dried in the loft", "above the old shed", "on the quay."],
            x=190,
            y=600,
        )

    text = read(pdf(page)).text
    assert "Left of the mill: all hulls are tarred with pitch in the spring and in the autumn." in text
    assert "Right of it: the nets are dried in the loft above the old shed on the quay." in text


def test_sentences_of_columns_go_on_below_a_box_across_them() -> None:
    def page(canvas: Canvas) -> None:
        above = [
            "Every column of this page goes",
            "on below the box that stands in",
            "its middle, and people read over",
            "it without a thought since they",
        ]
        below = [
            "know where the text goes on and",
            "have seen the like of it before,",
            "which is why they are not lost.",
        ]
        right = [
            "Another column stands at the",
            "right of it, and that begins with",
            "a sentence of its own, as most of",
            "them do when they are made, and",
        ]
        rest = [
            "it goes on below the box as well",
            "so that four pieces are two of",
            "them when they are read rightly.",
        ]
        write(canvas, above, y=700)
        write(canvas, right, x=320, y=700)
        write(
            canvas,
            ["Box 1. What is said in this box goes over both of the columns and is no part of either of them."],
            y=620,
        )
        write(canvas, below, y=580)
        write(canvas, rest, x=320, y=580)

    text = read(pdf(page)).text
    assert "since they know where the text goes on" in text
    assert "when they are made, and it goes on below" in text


# titles and authors

BOLD, PLAIN, SLANTED = "Helvetica-Bold", "Helvetica", "Helvetica-Oblique"


@pytest.mark.parametrize(
    "lines",
    [
        [
            ("Mills, weirs and", 24, BOLD, 760.0),
            ("the people who", 24, BOLD, 704.0),
            ("keep them open", 24, BOLD, 648.0),
        ],
        [("The mending of weirs:", 18, BOLD, 760.0), ("planks and piles in the valley", 18, SLANTED, 737.0)],
    ],
)
def test_a_title_of_several_lines_is_whole(lines: list[tuple[str, float, str, float]]) -> None:
    whole = " ".join(line[0] for line in lines)
    page = titled(*lines, ("Ana Souza", 12, PLAIN, 590.0))
    assert read(pdf(page)).title == whole


def test_a_slogan_above_the_number_of_a_report_is_not_its_title() -> None:
    page = titled(
        ("Clean Air For Us", 30, BOLD, 780.0),
        ("Discussion paper No. 7", 11, PLAIN, 730.0),
        ("Who sweeps the chimneys of the valley", 19, BOLD, 680.0),
        ("Ana Souza", 12, PLAIN, 640.0),
    )
    document = read(pdf(page))
    assert document.title == "Who sweeps the chimneys of the valley"
    assert [author.name for author in document.authors] == ["Ana Souza"]


def test_authors_stand_below_a_subtitle_of_two_lines() -> None:
    page = titled(
        ("Weirs that are opened twice", 18, BOLD, 780.0),
        ("A report to the parish about what was asked for, what was given", 13, PLAIN, 745.0),
        ("and what is left of it in the store after the third winter", 13, PLAIN, 729.0),
        ("Ana Souza and Kofi Mensah", 12, PLAIN, 700.0),
    )
    assert [author.name for author in read(pdf(page)).authors] == ["Ana Souza", "Kofi Mensah"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Souza, Ana; Mensah, Kofi", ["Ana Souza", "Kofi Mensah"]),
        ("Souza, A.B.; van Rijn, Maaike", ["A.B. Souza", "Maaike van Rijn"]),
    ],
)
def test_declared_authors_are_named_as_they_are_spoken_of(author: str, names: list[str]) -> None:
    assert [one.name for one in read(pdf(body, author=author)).authors] == names
