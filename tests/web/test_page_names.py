"""A page is called what its document calls it, wherever people read of it; links go by its number in the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.pdfgen.canvas import Canvas

from tests.cli.conftest import Program
from tests.web.conftest import Browser, _served

FOREWORD = "The foreword thanks the weavers of baskets for their patience."
APPENDIX = "The appendix lists the willows that were cut along the river."


def book() -> bytes:
    """Pages i, ii, 1 and A-1; the second and the last say something."""
    data = io.BytesIO()
    canvas = Canvas(data)
    for line in ("Baskets of the river", FOREWORD, "", APPENDIX):
        canvas.drawString(72, 700, line)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(data))
    writer.set_page_label(0, 1, PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 2, PageLabelStyle.DECIMAL)
    writer.set_page_label(3, 3, PageLabelStyle.DECIMAL, prefix="A-")
    named = io.BytesIO()
    writer.write(named)
    return named.getvalue()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from _served(tmp_path_factory.mktemp("names") / "home", {"book.pdf": book()}, b"people: []\n")


def test_an_answer_names_the_page_and_links_to_its_number(archive: Browser) -> None:
    passages = archive(f"/v1/resources/{archive.ids['book.pdf']}", params={"passages": True}).json()["text_passages"]
    [foreword] = [one for one in passages if FOREWORD in one["text"]]
    where = foreword["locator"]
    assert (where["kind"], where["number"], where["name"], where["label"]) == ("page", 2, "ii", "page ii")
    assert foreword["href"].endswith("#page=2")
    [appendix] = [one for one in passages if APPENDIX in one["text"]]
    assert (appendix["locator"]["label"], appendix["href"][-6:]) == ("page A-1", "page=4")


def test_pages_of_the_site_name_it(archive: Browser) -> None:
    id = archive.ids["book.pdf"]
    found = archive.page("/?q=patience+of+weavers")
    assert ">page ii</a>" in found and ">page 2</a>" not in found
    text = archive.page(f"/resources/{id}/read?q=willows")
    assert 'id="page-4"' in text and ">Page A-1</h2>" in text and 'data-page="4"' in text
    assert ">Page A-1<" in archive(f"/v1/resources/{id}/view").text


def test_the_report_names_pages_without_text(archive: Browser) -> None:
    units = archive(f"/v1/resources/{archive.ids['book.pdf']}/report").json()["units"]
    assert [one["label"] for one in units] == ["page i", "page ii", "page 1", "page A-1"]


def test_commands_name_it(tmp_path: Path) -> None:
    program, path = Program(tmp_path / "home"), tmp_path / "book.pdf"
    path.write_bytes(book())
    assert program.run("ingest", "add", str(path)).stdout == "1 indexed\n"
    assert "page A-1: " in program.run("search", "willows").stdout
