"""What is read from PDFs. The files are made here; a few real ones beside the repository are read when there."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.pdf.extractor import PdfExtractor
from ingest.extract.pdf.facts import identifiers_of, info_title
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.pdf.paragraphs import Joiner
from ingest.extract.protocol import ExtractLimits, Extractor
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError
from searchsvc.model import Block, Document

WIDTH, HEIGHT = A4
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "documents"
TITLE = "Soil carbon under conservation agriculture in the Sahel"
LINES = (
    "Farmers who leave residues on their fields gain carbon in the upper soil, and",
    "the gain grows with the years since they stopped to plough their land at all, as",
    "we measured forty fields in three regions over a period of nine years or more.",
)
COLUMN = (
    "the {0} line of many that are", "set in a narrow column here so", "that the text has to be read in",
    "an order that people would use",
)  # fmt: skip


def pdf(*draw: Callable[[Canvas], None], title: str = "", author: str = "", password: str | None = None) -> bytes:
    """A file with a page for each of `draw`."""
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password, canPrint=1) if password is not None else None
    canvas = Canvas(buffer, pagesize=A4, invariant=True, encrypt=encrypt)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for one in draw:
        one(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def write(
    canvas: Canvas, lines: Sequence[str], x: float = 72, y: float = 760, size: float = 10, font: str = "Helvetica"
) -> float:
    """`lines` from y downwards; returns where the next one would stand."""
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= 1.2 * size
    return y


def read(data: bytes, name: str = "file.pdf", **limits: int) -> Document:
    return PdfExtractor().extract(data, name=name, limits=ExtractLimits(**limits))


def texts(document: Document, role: str = "text") -> list[str]:
    return [block.text for block in document.blocks if block.role == role]


def body(canvas: Canvas) -> None:
    write(canvas, LINES)


def paper(canvas: Canvas) -> None:
    y = write(canvas, [TITLE], y=770, size=18, font="Helvetica-Bold")
    y = write(canvas, ["Ana Souza, Kofi Mensah and Li Wei"], y=y, size=12)
    y = write(canvas, ["University of Ouagadougou"], y=y, size=10)
    y = write(canvas, ["3 May 2021"], y=y, size=10)
    y = write(canvas, ["https://doi.org/10.1234/soil.2021.42"], y=y, size=9)
    y = write(canvas, ["Abstract"], y=y - 20, size=12, font="Helvetica-Bold")
    y = write(canvas, LINES, y=y)
    y = write(canvas, ["1 Introduction"], y=y - 14, size=13, font="Helvetica-Bold")
    y = write(canvas, LINES, y=y)
    y = write(canvas, ["1.1 The region"], y=y - 14, size=11, font="Helvetica-Bold")
    write(canvas, LINES, y=y)


def test_it_is_an_extractor() -> None:
    assert isinstance(PdfExtractor(), Extractor)


def test_lines_become_a_paragraph_on_a_page() -> None:
    document = read(pdf(body))
    assert [block.text for block in document.blocks] == [" ".join(LINES)]
    assert document.blocks[0].locator.label == "page 1"
    assert document.report.extractor.startswith("pypdfium2 5.")
    assert [unit.label for unit in document.report.units] == ["page 1"]
    assert document.report.characters == len(document.text)


def test_same_bytes_give_the_same_document() -> None:
    one, other = read(pdf(paper, body)), read(pdf(paper, body))
    assert (one.title, one.blocks, one.authors, one.report.units) == (
        other.title,
        other.blocks,
        other.authors,
        other.report.units,
    )


def test_two_columns_are_read_one_after_the_other_below_what_goes_across() -> None:
    def page(canvas: Canvas) -> None:
        write(
            canvas,
            ["An introduction that goes over the whole width of the page, from the left edge to the right."],
            y=790,
        )
        # Line by line over both columns, as some programs write them.
        for at in range(12):
            write(canvas, [COLUMN[at % 4].format(f"left{at}")], x=72, y=760 - 12 * at)
            write(canvas, [COLUMN[at % 4].format(f"right{at}")], x=310, y=760 - 12 * at)

    text = read(pdf(page)).text
    order = ["An introduction", "left0", "left4", "left8", "right0", "right4", "right8"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)


def test_a_sentence_goes_on_in_the_next_column() -> None:
    def page(canvas: Canvas) -> None:
        left = [
            "Every column of text goes on in the",
            "next one where the page has two of",
            "them, and people read over the gap",
            "without a thought, since they know",
        ]
        right = [
            "how it is done, and never look twice",
            "at the place where it happens to be.",
            "Another sentence stands here alone",
            "and the column ends with it at last.",
        ]
        write(canvas, left)
        write(canvas, right, x=320)

    assert any("since they know how it is done" in text for text in texts(read(pdf(page))))


def test_broken_words_are_joined_and_compounds_kept() -> None:
    def page(canvas: Canvas) -> None:
        write(
            canvas,
            [
                "Insulin that is long-acting was given to all of the patients in this experi-",
                "ment, and whoever received it was followed for a year after the first long-",
                "acting dose. It was well tolerated before the operation, and pre- and post-",
                "operative values were the same, with no adverse event in any of the groups.",
            ],
        )

    [text] = texts(read(pdf(page)))
    assert "this experiment, and" in text
    assert "first long-acting dose" in text
    assert "pre- and postoperative values" in text


def test_a_hyphen_that_is_meant_stays_before_a_conjunction() -> None:
    assert Joiner(()).join(["both pre-", "and postnatal"]) == "both pre- and postnatal"


def test_accents_that_old_fonts_set_before_a_letter_are_put_on_it() -> None:
    assert Joiner(()).join(["Lo\u00a8\u0131c Barrault and J\u00a8org"]) == "Lo\u00efc Barrault and J\u00f6rg"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            write(canvas, [f"Journal of Soils, volume {number}"], y=815, size=8)
            write(canvas, [f"On page {number} there is text.", *LINES], y=600)
            write(canvas, [str(number + 40)], x=290, y=30, size=9)

        return draw

    text = read(pdf(*(page(number) for number in range(1, 6)))).text
    assert "Journal of Soils" not in text
    assert not any(str(number + 40) in text for number in range(1, 6))
    assert all(f"On page {number}" in text for number in range(1, 6))


def test_text_that_all_pages_share_is_not_lost_when_it_is_all_there_is() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, [LINES[0]], y=815)

    assert "Farmers" in read(pdf(page, page, page, page)).text


def test_headings_have_levels_and_head_what_follows() -> None:
    document = read(pdf(paper))
    headings = [(block.level, block.text) for block in document.blocks if block.role == "heading"]
    assert headings == [(1, TITLE), (2, "Abstract"), (2, "1 Introduction"), (3, "1.1 The region")]
    last = document.blocks[-1]
    assert last.role == "text" and last.locator.heading == "1.1 The region"


def test_title_authors_date_and_doi_stand_on_the_first_page() -> None:
    document = read(pdf(paper, title="Microsoft Word - final_v3.docx"))
    assert document.title == TITLE
    assert [author.name for author in document.authors] == ["Ana Souza", "Kofi Mensah", "Li Wei"]
    assert {author.affiliation for author in document.authors} == {"University of Ouagadougou"}
    assert document.date == "2021-05-03"
    assert document.identifiers == {"doi": "10.1234/soil.2021.42"}


def test_the_declared_title_and_author_are_taken_when_they_make_sense() -> None:
    document = read(pdf(body, title="Residues and carbon", author="Ana Souza"))
    assert document.title == "Residues and carbon"
    assert [author.name for author in document.authors] == ["Ana Souza"]


@pytest.mark.parametrize(
    "title",
    [
        "untitled",
        "Microsoft Word - paper.docx",
        "paper.tex",
        "main",
        "10.1234/abc",
        "acl2020_final",
        "my file",
        "Acrobat Distiller 9",
        "Bare Demo of IEEEtran.cls",
    ],
)
def test_what_an_application_filled_in_is_no_title(title: str) -> None:
    assert info_title(DocumentInfo(title=title, producers=("Acrobat Distiller 9",)), "my file.pdf") == ""


def test_a_file_without_a_title_is_called_by_its_name() -> None:
    assert read(pdf(body), name="folder/field_notes.pdf").title == "field notes"


def test_affiliations_follow_raised_numbers() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, [TITLE], y=770, size=18, font="Helvetica-Bold")
        x = 72.0
        for name, mark in (("Ana Souza", "1"), ("Kofi Mensah", "1,2"), ("Li Wei", "2")):
            write(canvas, [name], x=x, y=740, size=12)
            x += canvas.stringWidth(name, "Helvetica", 12)
            write(canvas, [mark], x=x, y=745, size=7)
            x += canvas.stringWidth(mark, "Helvetica", 7) + 6
        for at, (mark, place) in enumerate((("1", "Institute of Soils, Bamako"), ("2", "University of Ghana, Accra"))):
            write(canvas, [mark], y=720 - 14 * at + 4, size=6)
            write(canvas, [place], x=77, y=720 - 14 * at, size=10)
        write(canvas, ["Abstract"], y=680, size=12, font="Helvetica-Bold")
        write(canvas, LINES, y=660)

    authors = read(pdf(page)).authors
    assert [(author.name, author.affiliation) for author in authors] == [
        ("Ana Souza", "Institute of Soils, Bamako"),
        ("Kofi Mensah", "Institute of Soils, Bamako; University of Ghana, Accra"),
        ("Li Wei", "University of Ghana, Accra"),
    ]


def test_a_reference_list_gives_one_block_an_entry() -> None:
    def page(canvas: Canvas) -> None:
        y = write(canvas, LINES)
        y = write(canvas, ["References"], y=y - 10, size=13, font="Helvetica-Bold")
        for name in ("Abe", "Bond", "Cole"):
            y = write(canvas, [f"{name}, A. 2019. The carbon that soils of dry regions hold after fallow, with"], y=y)
            y = write(canvas, ["a comparison of methods. Journal of Soils 12:1-20."], x=90, y=y)

    references = texts(read(pdf(page)), "reference")
    assert [text.split(",")[0] for text in references] == ["Abe", "Bond", "Cole"]
    assert all(text.endswith("12:1-20.") for text in references)


def test_tables_keep_their_rows_and_captions_their_role() -> None:
    def page(canvas: Canvas) -> None:
        y = write(canvas, LINES)
        y = write(canvas, ["Table 1: Carbon by region"], y=y - 20, size=9)
        for row in (("Region", "Fields", "Carbon"), ("North", "12", "4.5"), ("South", "28", "6.1")):
            for at, cell in enumerate(row):
                write(canvas, [cell], x=72 + 100 * at, y=y - 10)
            y -= 14

    document = read(pdf(page))
    assert texts(document, "caption") == ["Table 1: Carbon by region"]
    assert texts(document, "table") == ["Region | Fields | Carbon\nNorth | 12 | 4.5\nSouth | 28 | 6.1"]


def test_slanting_text_does_not_tear_the_order() -> None:
    def page(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(300, 500)
        canvas.rotate(45)
        write(canvas, ["DRAFT"], x=0, y=0, size=60)
        canvas.restoreState()
        write(canvas, LINES)

    assert texts(read(pdf(page))) == [" ".join(LINES), "DRAFT"]


def test_a_turned_page_is_read_along_its_lines() -> None:
    def page(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        write(canvas, LINES, y=500)

    assert texts(read(pdf(page))) == [" ".join(LINES)]


def picture(canvas: Canvas) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "white")), 0, 0, WIDTH, HEIGHT)


def test_a_scanned_page_is_noted() -> None:
    document = read(pdf(body, picture, lambda canvas: None))
    assert [unit.notes for unit in document.report.units] == [(), ("no text: needs OCR",), ("empty page",)]
    assert document.report.empty_units == ("page 2", "page 3")
    assert document.report.warnings == ()


def test_a_scan_is_a_document_without_blocks_and_with_a_warning() -> None:
    document = read(pdf(picture, picture))
    assert document.blocks == ()
    assert document.report.warnings == ("no page has text: needs OCR",)


def test_a_password_is_asked_for_by_name() -> None:
    with pytest.raises(EncryptedError, match="password"):
        read(pdf(body, password="secret"))


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert "Farmers" in read(pdf(body, password="")).text


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(LimitError, match="has 3 pages, more than 2"):
        read(pdf(body, body, body), max_pages=2)


def test_too_much_text_is_refused() -> None:
    with pytest.raises(LimitError, match="more than 100 characters"):
        read(pdf(body), max_characters=100)


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"%PDF-1.7\n", b"not a PDF at all", b"%PDF-1.4" + bytes(range(256)) * 20]
)
def test_what_is_no_pdf_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(DamagedError) as refused:
        read(data)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_read_or_refused_but_never_fails_otherwise(share: float) -> None:
    data = pdf(paper, body)
    try:
        document = read(data[: int(share * len(data))])
    except IngestError as error:
        assert "\n" not in str(error)
    else:
        assert document.report.units


def test_other_papers_dois_in_the_text_are_not_this_ones() -> None:
    cited = ["We follow doi:10.1/none 10.1000/one and 10.1000/two (see also 10.1000/(three))."]
    assert identifiers_of(DocumentInfo(), [], cited) == {}
    assert identifiers_of(DocumentInfo(), ["arXiv:2101.01234v2 [cs.CL] 3 May 2021"], cited) == {"arxiv": "2101.01234"}


REAL = {
    "pdf_acl_papers/tests/pdf/N18-3011.pdf": "Construction of the Literature Graph in Semantic Scholar",
    "pdf_acl_papers/tests/pdf/2020.acl-main.207.pdf": (
        "SPECTER: Document-level Representation Learning using Citation-informed Transformers"
    ),
    "pdf_pdfminer/samples/nonfree/naacl06-shinyama.pdf": (
        "Preemptive Information Extraction using Unrestricted Relation Discovery"
    ),
    "pdf_sample_files/009-pdflatex-geotopo/GeoTopo-komprimiert.pdf": "Einführung in die Geometrie und Topologie",
    "pdf_sample_files/026-latex-multicolumn/multicolumn.pdf": "Two-Column Document with Lorem Ipsum",
    "pdf_pypdf/resources/encryption/r6-owner-password.pdf": "r6 owner password",
}


@pytest.mark.parametrize("path", REAL)
def test_real_files_are_read(path: str) -> None:
    if not (SHARED / path).exists():
        pytest.skip("the shared documents are not beside the repository")
    document = read((SHARED / path).read_bytes(), name=path)
    assert document.title == REAL[path]
    assert all(_is_clean(block) for block in document.blocks)


def test_a_two_column_paper_has_its_sections_and_references_in_order() -> None:
    path = SHARED / "pdf_acl_papers/tests/pdf/N18-3011.pdf"
    if not path.exists():
        pytest.skip("the shared documents are not beside the repository")
    document = read(path.read_bytes(), name=path.name)
    sections = [block.text for block in document.blocks if block.role == "heading" and block.level == 2]
    assert sections == [
        "Abstract", "1 Introduction", "2 Structure of The Literature Graph", "3 Extracting Metadata",
        "4 Entity Extraction and Linking", "5 Other Research Problems", "6 Conclusion and Future Work", "References",
    ]  # fmt: skip
    assert len(document.authors) == 23 and document.authors[-1].name == "Oren Etzioni"
    assert sum(block.role == "reference" for block in document.blocks) == 27
    assert "focus on the problem of extracting structured data from scientific documents" in document.text


def _is_clean(block: Block) -> bool:
    return (
        bool(block.text.strip())
        and block.locator.kind == "page"
        and not any(ord(one) < 32 and one not in "\t\n" for one in block.text)
    )
