"""No cell of a table can become a formula, whatever separator it is opened with; and nothing of it is lost."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.cells import as_it_was, harmless

SEPARATORS = ",;\t|"
TEXTS = st.text(st.sampled_from("a=+-@;|,\t\n '\"5＝") | st.characters(codec="utf-8"), max_size=12)


def computed(table: str, separator: str) -> list[str]:
    """Cells that a spreadsheet would compute: a sign at the start, with no apostrophe before it."""
    cells = [cell for row in csv.reader(io.StringIO(table, newline=""), delimiter=separator) for cell in row]
    return [
        cell
        for cell in cells
        if cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell.strip())
    ]


def table(*cells: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    "evil",
    ["=1+1", " =1+1", "-2+3+cmd|' /C calc'!A0", "a;=1+1", "a; =1", "a\t=1", "a|=1", 'a;"=1', "＝1+1", "a\r=1"],
)  # fmt: skip
def test_no_cell_is_computed_under_any_separator(evil: str, separator: str) -> None:
    assert evil == " =1+1" or any(computed(table("id", evil), one) for one in SEPARATORS)
    assert not computed(table("id", harmless(evil), "end"), separator)


@given(TEXTS, TEXTS)
def test_whatever_the_text_no_cell_is_computed(one: str, other: str) -> None:
    written = table("id", harmless(one), harmless(other))
    for separator in ",;|":
        assert not computed(written, separator), separator


@given(TEXTS)
def test_what_was_written_is_read_as_it_was(text: str) -> None:
    assert as_it_was(harmless(text)) == text


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    for text in ("-5", "+4.5e3", "a-b; c", "'quoted'", "a; b"):
        assert harmless(text) == text


@pytest.mark.parametrize(
    "worst", [";" * 100_000, " " * 100_000, "'" * 100_000, '"' * 100_000, "; '" * 30_000, "\n" * 100_000]
)
def test_the_worst_text_is_read_in_one_go(worst: str) -> None:
    assert as_it_was(harmless(worst)) == worst
