"""Text from right to left is read in the order in which people read it, whichever order its file has it in."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from bidi import get_display
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

from ingest.extract.pdf.right_to_left import Letter, lines_of_letters
from tests.ingest.extract.test_pdf import read, texts

HEBREW = (
    "הנשים השתמשו בטבעת במשך תשעים יום, ורבות מהן אמרו",
    "שהטבעת הייתה נוחה (רווח 95%: 83–91) ושהן שכחו ממנה",
    "אחרי השבוע הראשון של ANELIA Ring ב-12 מרפאות.",
)
ARABIC = (
    "استخدمت النساء الحلقة لمدة تسعين يوما، وقالت كثيرات",
    "منهن إن الأسبوع الأول (الفترة 95%: 83–91) كان مريحا",
    "في شبكة CAMI-Net منذ 2019 وبلغت نسبة 87.5% بعد عام.",
)
ORDERS = ("as drawn", "as read", "by the word")
_MIRRORED = str.maketrans("()", ")(")
_WIDTH = 6.0  # of every sign, in points at size 12
_LIGATURES = ("لأ", "لا", "لإ")


def drawn(pages: Sequence[Sequence[tuple[float, float, str]]], order: str, *, mirrored: bool = False) -> bytes:
    """A PDF with lines that end at x, from right to left, each sign set by itself in one of `ORDERS`.

    Ligatures are one sign. mirrored: the file names the brackets as they look rather than as they are read.
    """
    writer, signs = PdfWriter(), dict[str, int]()
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        content: list[str] = []
        for x, y, text in lines:
            placed: list[tuple[float, str]] = []
            at = x - _WIDTH * sum(not unicodedata.combining(one[0]) for one in _glyphs(text))
            for glyph in _glyphs(text):
                placed.append((at, glyph))
                at += 0 if unicodedata.combining(glyph[0]) else _WIDTH  # marks stand below the letter to their right
            if order == "as read":
                placed = placed[::-1]
            elif order == "by the word":
                words = [list(g) for _, g in itertools.groupby(placed, key=lambda one: one[1] == " ")]
                placed = [one for word in words[::-1] for one in word]
            for at, glyph in placed:
                named = glyph.translate(_MIRRORED) if mirrored else glyph
                code = signs.setdefault(named, len(signs) + 1)
                content.append(f"BT /F1 12 Tf 1 0 0 1 {at:.2f} {y} Tm <{code:02x}> Tj ET")
        stream = StreamObject()
        stream.set_data("\n".join(content).encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(_font(writer, signs))})
    for page in writer.pages:
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _glyphs(text: str) -> list[str]:
    """The signs of a line from left to right."""
    visual = get_display(text, base_dir="R")
    assert isinstance(visual, str)
    glyphs: list[str] = []
    for one in visual:
        if glyphs and one + glyphs[-1] in _LIGATURES:
            glyphs[-1] = one + glyphs[-1]
        else:
            glyphs.append(one)
    return glyphs


def _font(writer: PdfWriter, signs: dict[str, int]) -> DictionaryObject:
    """Of strokes, with the names that the file gives to its signs."""
    pairs = "\n".join(f"<{code:02x}> <{sign.encode('utf-16-be').hex()}>" for sign, code in signs.items())
    to_unicode, stroke = StreamObject(), StreamObject()
    to_unicode.set_data(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(signs)} beginbfchar\n{pairs}\nendbfchar "
        "endcmap end end".encode()
    )
    stroke.set_data(b"500 0 50 0 450 700 d1 50 0 400 700 re f")
    names = [NameObject(f"/g{code}") for code in signs.values()]
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): ArrayObject(map(NumberObject, (0, -200, 500, 800))),
            NameObject("/FontMatrix"): ArrayObject(map(FloatObject, (0.001, 0, 0, 0.001, 0, 0))),
            NameObject("/CharProcs"): DictionaryObject({name: writer._add_object(stroke) for name in names}),
            NameObject("/Encoding"): DictionaryObject(
                {NameObject("/Differences"): ArrayObject([NumberObject(1), *names])}
            ),
            NameObject("/FirstChar"): NumberObject(1),
            NameObject("/LastChar"): NumberObject(len(signs)),
            NameObject("/Widths"): ArrayObject([NumberObject(500)] * len(signs)),
            NameObject("/ToUnicode"): writer._add_object(to_unicode),
        }
    )


def lines(text: Sequence[str], x: float = 520, y: float = 780) -> list[tuple[float, float, str]]:
    return [(x, y - 15 * at, line) for at, line in enumerate(text)]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("text", [HEBREW, ARABIC], ids=["hebrew", "arabic"])
def test_lines_are_in_the_order_of_reading(text: Sequence[str], order: str, mirrored: bool) -> None:
    document = read(drawn([lines(text)], order, mirrored=mirrored))
    assert texts(document) == [" ".join(text)]


def test_the_right_column_is_read_before_the_left_one() -> None:
    first = ("הנשים השתמשו בטבעת במשך תשעים", "יום ורבות מהן אמרו שהטבעת הייתה", "נוחה ושהן שכחו ממנה מיד אחרי")
    second = ("השבוע הראשון של המחקר כלל נשים", "רבות במרפאות של הערים הגדולות", "ושיעור ההתמדה היה גבוה מן הצפוי.")
    both = [*lines(first * 2, x=520), *lines([*first * 1, *second], x=270)]
    document = read(drawn([both], "as read"))
    assert document.text == " ".join([*first * 3, *second])


def test_rows_of_a_table_begin_on_the_right() -> None:
    rows = [("אתר המחקר", "נשים", "שנים"), ("קיסומו", "41", "9"), ("דרבן", "38", "7"), ("ארושה", "12", "5")]
    cells = [
        (520 - 150 * column, 700 - 20 * row, cell) for row, line in enumerate(rows) for column, cell in enumerate(line)
    ]
    document = read(drawn([[*lines(HEBREW), *cells]], "as drawn"))
    assert texts(document, "table") == ["\n".join(" | ".join(row) for row in rows)]


def test_marks_stay_with_their_letters_and_forms_are_letters() -> None:
    marked = "שָׁלוֹם לְכֻלָּם"
    assert unicodedata.normalize("NFC", marked) in read(drawn([lines([*HEBREW, marked])], "as read")).text
    forms = "ﻢﻠﻋ"  # as drawn, from left to right
    [row] = lines_of_letters([[letter(at, one) for at, one in enumerate(forms)]], forms)
    assert row.words == ["علم"]


def letter(at: int, text: str) -> Letter:
    return Letter(text, 6.0 * at, 6.0 * at + 6, 6.0 * at, 0, 12, bold=False, turn=0, slope=0)


@pytest.mark.parametrize(
    ("seen", "page", "said"),
    [
        ("The word םולש is Hebrew", "The word is Hebrew and English", "The word שלום is Hebrew"),
        ("The words (בוט םוי) are", "The words are", "The words (יום טוב) are"),
        ("The words )בוט םוי( are", "The words are", "The words (יום טוב) are"),
        ("12.5% :2021–2019", "שלום", "2019–2021: 12.5%"),
        ("Ring 10 הטבעת"[::-1].replace("01 gniR", "Ring 10"), "שלום", "Ring 10 הטבעת"),
    ],
)
def test_a_line_of_both_directions_keeps_each(seen: str, page: str, said: str) -> None:
    [row] = lines_of_letters([[letter(at, one) for at, one in enumerate(seen)]], page)
    assert " ".join(row.words) == said


def test_many_marks_and_brackets_take_time_in_their_number(in_time: None) -> None:
    signs = "ש\u05b8()" * 10_000
    row = [letter(at, one) for at, one in enumerate(signs)]
    [made] = lines_of_letters([row], "שלום")
    assert "".join(made.words).count("ש\u05b8") == 10_000
    steps = [replace(letter(at, "ש"), base=20.0 * at) for at in range(20_000)]
    assert len(lines_of_letters([steps], "שלום")) == 20_000
