"""What pages of PDFs are called."""

from __future__ import annotations

import pytest
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle

from ingest.extract.pdf.labels import page_names
from tests.ingest.extract.test_pdf import body, pdf, read
from tests.ingest.extract.test_pdf_parts import changed


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["i", "ii", "1", "2"], {1: "i", 2: "ii", 3: "1", 4: "2"}),
        (["84", "85"], {1: "84", 2: "85"}),  # an article of a volume
        (["Cover", "2", "3"], {1: "Cover"}),
        (["1", "1", "2"], {1: "1 (1/3)", 2: "1 (2/3)", 3: "2"}),  # a title page, and counting begins anew behind it
        (["1", "2", "3"], {}),
        (["", "", ""], {}),
        (["Page 1", "Page 2"], {}),
        (["Seite i", "p. 2"], {1: "i"}),
        (["\x00\x07i\n", "ii"], {1: "i", 2: "ii"}),
        (["page", "s"], {1: "page", 2: "s"}),
        (["x" * 40, "2"], {}),
        ([], {}),
    ],
)
def test_pages_have_names_where_they_are_not_called_by_their_number(labels: list[str], names: dict[int, str]) -> None:
    assert page_names(labels) == names


def labelled(writer: PdfWriter) -> None:
    writer.set_page_label(0, 1, PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 2, PageLabelStyle.UPPERCASE_LETTER, prefix="B-", start=3)


def test_places_and_report_have_the_names_of_pages_and_their_numbers() -> None:
    document = read(changed(pdf(body, body, body), labelled))
    assert [(block.locator.number, block.locator.label) for block in document.blocks] == [
        (1, "page i"), (2, "page ii"), (3, "page B-C"),
    ]  # fmt: skip
    assert [unit.label for unit in document.report.units] == ["page i", "page ii", "page B-C"]


def test_a_file_that_names_no_pages_counts_them() -> None:
    document = read(pdf(body, body))
    assert {(block.locator.name, block.locator.label) for block in document.blocks} == {
        (None, "page 1"),
        (None, "page 2"),
    }
