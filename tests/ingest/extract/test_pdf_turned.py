"""Pages and parts of pages that do not stand upright: sideways tables, scans that lay askew, stamps and labels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.extract.test_pdf import HEIGHT, LINES, TITLE, WIDTH, body, pdf, read, texts, write

COLUMN = (
    "the first line of many that are", "set in a narrow column here so", "that the text has to be read in",
    "an order that people would use", "when they read it to a friend.",
)  # fmt: skip
BESIDE = (
    "Beside it another column goes", "on with what was said before it", "and says where the worms were",
    "seen in the largest numbers by", "the people of the three villages.",
)  # fmt: skip
ROWS = (("Site", "Years", "Worms"), ("North field", "9", "41"), ("South field", "7", "38"), ("Hill field", "3", "7"))
IN_ROWS = "Site | Years | Worms\nNorth field | 9 | 41\nSouth field | 7 | 38\nHill field | 3 | 7"


def table(canvas: Canvas) -> None:
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            canvas.drawString(120 * column, -18 * row, cell)


def turned(canvas: Canvas, x: float, y: float, degrees: float, draw: Callable[[Canvas], object]) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(degrees)
    draw(canvas)
    canvas.restoreState()


def two_columns(canvas: Canvas) -> None:
    write(canvas, [TITLE], y=780, size=16, font="Helvetica-Bold")
    write(canvas, COLUMN * 3, y=740)
    write(canvas, BESIDE * 3, x=320, y=740)


@pytest.mark.parametrize("degrees", [90, -90, 180])
def test_a_table_that_is_turned_is_read_by_its_rows_beside_upright_text(degrees: float) -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        turned(canvas, 300, 400, degrees, table)
        write(canvas, ["Below it the text goes on as it began, and says what the table means."], y=80)

    document = read(pdf(page))
    assert texts(document, "table") == [IN_ROWS]
    assert document.text.count("Below it") == document.text.count("Farmers") == 1


@pytest.mark.parametrize("degrees", [0.4, 1.5, -2, 4, -8, 12])
def test_a_page_that_was_scanned_askew_is_read_along_its_lines(degrees: float) -> None:
    straight, askew = (
        read(pdf(lambda canvas, by=by: turned(canvas, WIDTH / 2, HEIGHT / 2, by, moved)))  # type: ignore[misc]
        for by in (0, degrees)
    )
    assert [(one.text, one.role) for one in askew.blocks] == [(one.text, one.role) for one in straight.blocks]
    assert askew.title == TITLE
    assert askew.text.index("the first line") < askew.text.index("Beside it")


def moved(canvas: Canvas) -> None:
    canvas.translate(-WIDTH / 2, -HEIGHT / 2)
    two_columns(canvas)


def test_a_stamp_that_slants_over_an_upright_page_stays_beside_its_text() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        turned(canvas, 200, 300, 40, lambda one: write(one, ["Not for the market"], x=0, y=0, size=30))

    document = read(pdf(page, page))
    assert document.text.count("Not for the market") == 1  # once, though it stands on each page
    assert [block.text for block in document.blocks][1] == "Not for the market"


def test_heads_and_numbers_of_upright_pages_are_no_text_on_one_that_lies_sideways() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, ["Worms of the hills and the plains"], x=200, y=815, size=9)
        write(canvas, [str(canvas.getPageNumber())], x=300, y=30, size=9)
        if canvas.getPageNumber() == 3:
            turned(canvas, WIDTH, 0, 90, lambda one: write(one, LINES * 3, x=100, y=400))
        else:
            write(canvas, [line.replace("carbon", f"carbon {canvas.getPageNumber()}") for line in LINES * 3])

    document = read(pdf(*[page] * 5))
    on_third = [block.text for block in document.blocks if block.locator.number == 3]
    assert "Worms of the hills" not in document.text and "3" not in on_third
    assert " ".join(on_third).count("Farmers who leave residues") == 3


def test_numbers_beside_a_plot_are_kept_as_often_as_they_stand_there() -> None:
    def page(canvas: Canvas) -> None:
        body(canvas)
        for at, label in enumerate(["20", "40", "20", "Worms", "Worms"]):
            turned(canvas, 100, 200 + 60 * at, 90, lambda one, label=label: write(one, [label], x=0, y=0))  # type: ignore[misc]

    assert [block.text for block in read(pdf(page)).blocks][-1] == "20 40 20 Worms"
