"""A workbook: its tables row by row with their heads, where they stand, what is hidden, and what could not be read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.extract.registry import extract
from ingest.extract.sniffing import XLSX, sniff
from ingest.extract.xlsx import extractor as xlsx_extractor
from ingest.extract.xlsx.sheets import shown_value
from ingest.sandbox import Sandbox
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError, UnsupportedError
from searchsvc.model import Author, Document

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def workbook(*sheets: tuple[str, list[list[Any]]], **properties: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties(properties)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for at, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, at, cell, day)
                    elif cell is not None:
                        sheet.write(number, at, cell)
    return buffer.getvalue()


def with_sheet(xml: str, sheet: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook whose first sheet is `xml`."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("Costs", [["x"]])))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, xml if name == sheet else old.read(name))
    return buffer.getvalue()


def sheet_of(rows: str, before: str = "") -> bytes:
    return with_sheet(f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>')


def told(document: Document) -> list[tuple[str, str | None]]:
    return [(block.text, block.locator.heading) for block in document.blocks if block.role != "heading"]


def test_tables_come_with_their_heads_and_say_in_which_rows_they_stand() -> None:
    rows: list[list[Any]] = [
        ["Costs of the wells"], [], ["Well", "Dug on", "Cost"], ["North", date(2024, 3, 1), 12.5], ["South", None, 7],
        [], ["Paid by the council"],
    ]  # fmt: skip
    document = extract(workbook(("Costs", rows), ("People", [["Name", "Role"], ["Ana", "digs"]])), "wells.xlsx")
    assert told(document) == [
        ("Costs of the wells", "Costs, row 1"),
        ("Well | Dug on | Cost\nNorth | 2024-03-01 | 12.5\nSouth |  | 7", "Costs, rows 4–5"),
        ("Paid by the council", "Costs, row 7"),
        ("Name | Role\nAna | digs", "People, row 2"),
    ]
    assert [(block.text, block.level) for block in document.blocks if block.role == "heading"] == [
        ("Costs", 1), ("People", 1),
    ]  # fmt: skip


def test_a_long_table_repeats_its_head_in_every_stretch_and_loses_no_row() -> None:
    rows = [
        ["Well", "What was said of it"],
        *([f"Well {n}", "It was dug by the people of the place."] for n in range(500)),
    ]
    tables = [block for block in extract(workbook(("All", rows)), "x.xlsx").blocks if block.role == "table"]
    assert len(tables) > 10
    assert all(table.text.startswith("Well | What was said of it\n") for table in tables)
    lines = [line for table in tables for line in table.text.split("\n")[1:]]
    assert [line.partition(" |")[0] for line in lines] == [f"Well {n}" for n in range(500)]
    assert tables[0].locator.heading == f"All, rows 2–{tables[0].text.count(chr(10)) + 1}"


def test_title_author_and_date_are_those_of_the_file_where_no_program_wrote_them() -> None:
    document = extract(workbook(("S", [["a", "b"]]), title="Costs of wells", author="Okonjo, Amara"), "x.xlsx")
    assert (document.title, document.authors) == ("Costs of wells", (Author("Amara Okonjo"),))
    document = extract(workbook(("S", [["Wells and what they cost"], [], ["a", 1]]), author="openpyxl"), "x.xlsx")
    assert (document.title, document.authors) == ("Wells and what they cost", ())


def test_hidden_sheets_rows_and_columns_are_marked_as_hidden_slides_are() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        one, two = book.add_worksheet("Open"), book.add_worksheet("Closed")
        for number, row in enumerate((("Well", "Cost", "Note"), ("North", 1, "n"), ("South", 2, "s"))):
            one.write_row(number, 0, row)
        one.set_row(2, None, None, {"hidden": True})
        one.set_column(2, 2, None, None, {"hidden": True})
        two.write(0, 0, "Salaries")
        two.hide()
    document = extract(buffer.getvalue(), "x.xlsx")
    assert [(block.text, block.hidden) for block in document.blocks if block.role != "heading"] == [
        ("Well | Cost\nNorth | 1", False),
        ("Well | Cost\nSouth | 2", True),
        ("Well | Note\nNorth | n", True),
        ("Well | Note\nSouth | s", True),
        ("Salaries", True),
    ]
    assert [unit.notes for unit in document.report.units] == [(), ("hidden",)]


def test_comments_text_boxes_and_words_of_charts_are_read() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Costs")
        sheet.write_row(0, 0, ("Well", "Cost"))
        sheet.write_row(1, 0, ("North", 4))
        sheet.write_comment("B2", "Too high?", {"author": "Jan Berg"})
        sheet.insert_textbox("E2", "All in euro")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Costs!$B$2:$B$2", "name": "Spent"})
        chart.set_title({"name": "What the wells cost"})
        sheet.insert_chart("H2", chart)
    document = extract(buffer.getvalue(), "x.xlsx")
    assert ("Too high?", "Costs, row 2") in told(document)
    assert ("All in euro", "Costs") in told(document)
    assert any("What the wells cost" in text for text, _ in told(document))


def test_stored_values_of_formulas_are_read_and_missing_ones_are_a_doubt() -> None:
    row = '<row r="1"><c r="A1" t="str"><v>Sum</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>2+2</f></c></row>'
    document = extract(sheet_of(row), "x.xlsx")
    assert [text for text, _ in told(document)] == ["Sum | 2"]
    assert [(one.code, one.count, one.place) for one in document.report.all_doubts] == [
        ("values_missing", 1, "sheet Costs"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (3.0, "3"), (True, "TRUE"), ("#DIV/0!", ""), (date(2024, 3, 1), "2024-03-01"),
     (1e15, "1000000000000000")],
)  # fmt: skip
def test_values_are_shown_without_what_computers_add(value: Any, text: str) -> None:
    assert shown_value(value) == text


@pytest.mark.parametrize("name", ["x.xlsx", "x", "x.docx", "x.pdf"])
def test_it_is_known_by_its_content(name: str) -> None:
    assert sniff(workbook(("a", [["b"]])), name) == XLSX


# -- what somebody made to harm, or what broke on its way


def test_a_sheet_that_claims_to_be_endless_is_read_as_what_it_holds() -> None:
    dimension = '<dimension ref="A1:XFD1048576"/>'
    row = '<row r="1"><c r="A1" t="str"><v>Here</v></c></row>'
    assert told(extract(sheet_of(row, dimension), "x.xlsx")) == [("Here", "Costs, row 1")]


def test_cells_in_two_far_corners_are_a_doubt_and_not_a_crash() -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576"><c r="XFD1048576" t="str"><v>b</v></c></row>'
    )
    report = extract(sheet_of(rows), "x.xlsx").report
    assert [(one.code, one.place) for one in report.all_doubts if one.place] == [("sheet_too_wide", "sheet Costs")]


def test_a_million_empty_rows_are_nothing() -> None:
    rows = (
        "".join(f'<row r="{n}"/>' for n in range(1, 1_000_001))
        + '<row r="1000001"><c r="B1000001" t="str"><v>End</v></c></row>'
    )
    assert told(extract(sheet_of(rows), "x.xlsx")) == [("End", "Costs, row 1000001")]


def test_truncated_and_damaged_files_are_refused_in_one_line() -> None:
    data = workbook(("a", [["b"]]))
    for broken in (data[:100], data[: len(data) // 2], data[:-30], with_sheet("<x", "xl/workbook.xml")):
        with pytest.raises(DamagedError) as error:
            extract(broken, "x.xlsx")
        assert "\n" not in str(error.value)


def test_a_damaged_sheet_is_a_doubt_and_the_others_are_read() -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("a", [["x"]]), ("b", [["y"]])))) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, "<works" if name.endswith("sheet1.xml") else old.read(name))
    document = extract(buffer.getvalue(), "x.xlsx")
    assert told(document) == [("y", "b, row 1")]
    assert [(one.code, one.place) for one in document.report.all_doubts] == [("part_damaged", "sheet a")]


def test_bombs_are_refused_or_harmless() -> None:
    with pytest.raises(LimitError):
        extract(with_sheet(" " * 80_000_000), "x.xlsx")
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(20)
    ) + "]>"  # fmt: skip
    row = '<row r="1"><c r="A1" t="str"><v>&u;</v></c></row>'
    try:
        document = extract(
            with_sheet(f'{entities}<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'), "x.xlsx"
        )
        assert len(document.text) < 1000
    except IngestError as refused:
        assert "\n" not in str(refused)


def test_passwords_and_older_formats_are_said_to_be_that() -> None:
    with pytest.raises(EncryptedError, match="the workbook is protected by a password"):
        extract(OLE + "EncryptedPackage".encode("utf-16-le"), "x.xlsx")
    with pytest.raises(UnsupportedError, match="save it as XLSX or PDF"):
        extract(OLE + "Workbook".encode("utf-16-le"), "x.xls")


def test_it_is_read_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(("a", [["Inside"]])))
    with Sandbox(preload=()) as sandbox:
        document = sandbox.run("ingest.extract.registry:extract_file", str(path))
    assert told(document) == [("Inside", "a, row 1")]


def test_far_corners_and_hidden_rows_are_seen_in_single_quotation_marks_too() -> None:
    document = extract(
        sheet_of("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>2</v></c></row>"),
        "a.xlsx",
    )
    assert [doubt.code for doubt in document.report.all_doubts] == ["no_text", "sheet_too_wide"]
    hidden = extract(sheet_of("<row r='1' hidden='1'><c r='A1'><v>7</v></c></row>"), "a.xlsx")
    assert [block.hidden for block in hidden.blocks if block.text == "7"] == [True]


@pytest.mark.parametrize("tag", ["<c ", "<f ", "<row hidden=", "<col ", '<c r="A1" ', "<f>", "<f/> "])
@pytest.mark.usefixtures("in_time")
def test_tags_that_never_end_take_no_longer_than_their_length(tag: str) -> None:
    sheet = tag.encode() * 100_000
    xlsx_extractor._rectangle(sheet)
    xlsx_extractor._unseen(sheet)
    assert xlsx_extractor._UNCOUNTED.search(sheet) is None
