"""Pages that are pictures of text. Everything is real: the pictures, the models, the child processes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.pdf.pages import read_page
from ingest.extract.pdf.seen import spans_of
from ingest.extract.protocol import ExtractLimits, Sighted
from ingest.extract.registry import extract, extractor_for, read
from ingest.extract.types import PDF
from ingest.ocr.engine import see
from ingest.ocr.reader import Ocr
from ingest.sandbox import Sandbox
from searchsvc.catalogue import Catalogue
from searchsvc.model import Seen, SeenLine
from tests.ingest.scans import FIRST, HEIGHT, SECOND, WIDTH, needs_ocr, picture_of, printed, scanned

LIMITS = ExtractLimits()
SCAN = scanned(FIRST, SECOND)


def words(text: str) -> list[str]:
    return text.replace("-", " ").split()


class Counted:
    """A real sandbox that notes what it was asked to look at."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.places: list[object] = []

    def run(self, target: str, *args: object) -> object:
        self.places.append(args[2])
        return self.sandbox.run(target, *args)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    preload = ("ingest.extract.registry:type_of:text/plain", "ingest.ocr.engine:warm:all")
    with Sandbox(timeout_s=600, max_memory_bytes=2_500_000_000, preload=preload) as one:
        yield one


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    one = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    yield one
    one.close()


# -- what is to be looked at ------------------------------------------------------------------------------------------


def test_pages_without_text_are_named_and_pages_with_text_are_not() -> None:
    assert extract(SCAN, "scan.pdf").unseen == ("page 1", "page 2")
    assert extract(printed(FIRST, SECOND), "paper.pdf").unseen == ()


def test_without_ocr_the_doubt_says_how_to_install_it() -> None:
    from searchsvc.texts import texts

    [doubt, _] = extract(SCAN, "scan.pdf").report.all_doubts
    assert doubt.code == "unit_without_text"
    for language in ("en", "fr"):
        assert "pip install 'searchsvc[ocr]'" in texts(language)(f"doubt_do.{doubt.code}")


def test_a_page_is_drawn_so_that_its_letters_can_be_read() -> None:
    extractor = extractor_for(PDF.media_type)
    assert isinstance(extractor, Sighted)
    picture = extractor.picture(SCAN, "page 2")
    assert picture.width / WIDTH == pytest.approx(picture.height / HEIGHT, rel=0.01)
    assert picture.width / WIDTH * 72 >= 150


# -- what was seen ----------------------------------------------------------------------------------------------------


def line(text: str, x: float, y: float, *, wide: float = 0.4, high: float = 0.02, slope: float = 0.0) -> SeenLine:
    """slope: how much lower its right end is, as a share of the height."""
    return SeenLine(text, (x, x + wide, x + wide, x), (y, y + slope, y + slope + high, y + high), 0.99)


def test_columns_that_were_seen_are_read_one_after_the_other() -> None:
    left = [line(f"the left column goes on in line {at} as it", 0.08, 0.1 + 0.03 * at) for at in range(8)]
    right = [line(f"then the right column says in line {at} that", 0.53, 0.1 + 0.03 * at) for at in range(8)]
    mixed = tuple(one for pair in zip(left, right, strict=True) for one in pair)
    document = read(scanned(FIRST), "scan.pdf", LIMITS, {"page 1": Seen(mixed)})
    text = " ".join(document.text.split())
    assert text.index("left column goes on in line 7") < text.index("right column says in line 0")


def test_a_page_that_lies_askew_has_level_lines() -> None:
    askew = [line("a line of the text that was seen", 0.1, 0.1 + 0.05 * at, wide=0.8, slope=0.012) for at in range(5)]
    halves = [line("left", 0.1, 0.6, wide=0.3, slope=0.0045), line("right", 0.6, 0.6075, wide=0.3, slope=0.0045)]
    spans = {span.text: span for span in spans_of([*askew, *halves], (420, 595))}
    assert spans["left"].base == spans["right"].base


def test_lines_of_about_one_height_have_letters_of_one_size_and_a_title_larger_ones() -> None:
    lines = [line("Title", 0.1, 0.05, high=0.05)]
    lines += [line("text", 0.1, 0.2 + 0.05 * at, high=0.02 + 0.001 * (at % 3)) for at in range(6)]
    title, *others = spans_of(lines, (420, 595))
    assert len({span.size for span in others}) == 1
    assert title.size > 1.5 * others[0].size


def test_the_report_says_what_came_from_ocr_and_how_sure_it_is() -> None:
    seen = {
        "page 1": Seen((SeenLine("A title that was seen", (0.1, 0.8, 0.8, 0.1), (0.1, 0.1, 0.13, 0.13), 0.97),)),
        "page 2": Seen((SeenLine("hqrdiy t0 bo rcad", (0.1, 0.8, 0.8, 0.1), (0.1, 0.1, 0.13, 0.13), 0.5),)),
    }
    document = read(SCAN, "scan.pdf", LIMITS, seen)
    assert [(one.code, one.place, one.what) for one in document.report.all_doubts] == [
        ("ocr_read", "page 1", "97%"),
        ("ocr_unsure", "page 2", "50%"),
    ]


def test_a_picture_that_ocr_could_not_read_says_why_and_one_without_text_is_no_loss() -> None:
    document = read(SCAN, "scan.pdf", LIMITS, {"page 1": Seen(failed="took longer than 9 s"), "page 2": Seen()})
    codes = [one.code for one in document.report.all_doubts]
    assert [one for one in codes if one != "no_text"] == ["ocr_failed", "ocr_nothing"]
    assert "took longer than 9 s" in document.report.units[0].notes[0]


def test_the_few_words_of_a_page_with_a_picture_stay_when_nothing_more_is_seen() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A5, invariant=True)
    canvas.drawImage(ImageReader(Image.new("L", (300, 300), 128)), 40, 40, 300, 300)
    canvas.drawString(40, 500, "Figure 3: the well")
    canvas.save()
    [place] = extract(buffer.getvalue(), "figure.pdf").unseen
    document = read(buffer.getvalue(), "figure.pdf", LIMITS, {place: Seen()})
    assert "Figure 3: the well" in document.text
    assert document.report.all_doubts == ()


# -- looking ----------------------------------------------------------------------------------------------------------


@needs_ocr
def test_a_scan_is_read_as_the_paper_was_printed(sandbox: Sandbox, catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(SCAN)
    counted = Counted(sandbox)
    ocr = Ocr(counted, catalogue.sights, engine="e", max_pictures=9, max_unpacked_bytes=10**8)
    told: list[tuple[int, int]] = []
    places = extract(SCAN, "scan.pdf").unseen
    seen = ocr.look("hash", str(path), "scan.pdf", places, lambda done, of: told.append((done, of)))
    scan, paper = read(SCAN, "scan.pdf", LIMITS, seen), extract(printed(FIRST, SECOND), "scan.pdf")
    assert scan.title == paper.title == FIRST[0]
    assert [author.name for author in scan.authors] == ["Amara Okonjo", "Béla Varga"]
    assert words(scan.text) == words(paper.text)
    assert [block.locator.number for block in scan.blocks] == [block.locator.number for block in paper.blocks]
    assert told == [(0, 2), (1, 2)]
    # What was seen is kept: nothing is looked at twice, until the file is forgotten or another engine comes.
    assert ocr.look("hash", str(path), "scan.pdf", places, lambda *_: None) == seen
    assert counted.places == ["page 1", "page 2"]
    assert catalogue.sights.at("hash", "page 2") == seen["page 2"]
    assert catalogue.sights.read("hash", "another") == {}
    catalogue.sights.forget("hash")
    assert catalogue.sights.read("hash", "e") == {}


@needs_ocr
def test_where_lines_were_seen_is_where_they_are_printed() -> None:
    import pypdfium2

    paper = printed(FIRST)
    seen = see(picture_of(paper))
    with pypdfium2.PdfDocument(paper) as document:
        spans = read_page(document, 1).spans
    for span, one in zip(spans, seen.lines, strict=True):
        assert one.text == span.text
        assert one.x[0] * WIDTH == pytest.approx(span.x0, abs=6)
        assert one.x[1] * WIDTH == pytest.approx(span.x1, abs=6)
        assert one.y[0] * HEIGHT < span.base - 0.3 * span.size < one.y[2] * HEIGHT


@needs_ocr
@pytest.mark.parametrize("turns", [1, 2])
def test_a_page_that_lies_on_its_side_or_head_is_read(turns: int) -> None:
    extractor = extractor_for(PDF.media_type)
    assert isinstance(extractor, Sighted)
    data = scanned((*FIRST, *SECOND), turns=turns)
    seen = see(extractor.picture(data, "page 1"))
    assert sorted(words(" ".join(one.text for one in seen.lines))) == sorted(words(" ".join((*FIRST, *SECOND))))


@needs_ocr
def test_a_page_that_takes_too_long_costs_that_page_alone(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(SCAN)
    with Sandbox(timeout_s=0.01, preload=()) as hasty:
        ocr = Ocr(hasty, catalogue.sights, engine="e", max_pictures=1, max_unpacked_bytes=10**8)
        seen = ocr.look("hash", str(path), "scan.pdf", ("page 1", "page 2"), lambda *_: None)
    assert seen["page 1"].failed == "took longer than 0.01 s"
    assert "raise ocr_max_pages" in seen["page 2"].failed
    assert catalogue.sights.read("hash", "e") == {}, "what failed is tried again"
