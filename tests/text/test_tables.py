"""Tables are read with the heading of its column before each cell, and what is marked stays marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.tables import head_of, last_table, read_out

TABLE = "Site | Women | Kept\nKisumu | 412 | 81%\nDurban |  | 77%"
CELLS = st.text("abc xyz 019%", max_size=8)
ROWS = st.lists(CELLS, min_size=1, max_size=4).map(" | ".join)


def read(text: str, above: str = "") -> str:
    told = read_out(text, (), above)
    assert told is not None
    return told.text


def test_each_cell_stands_after_the_heading_of_its_column() -> None:
    assert read(TABLE) == "Site: Kisumu; Women: 412; Kept: 81%.\nSite: Durban; Kept: 77%."


def test_what_stands_around_a_table_is_left_as_it_is() -> None:
    assert read(f"Table 2. Who stayed.\n\n{TABLE}\n\nSo they did.").split("\n") == [
        "Table 2. Who stayed.",
        "",
        "Site: Kisumu; Women: 412; Kept: 81%.",
        "Site: Durban; Kept: 77%.",
        "",
        "So they did.",
    ]


def test_a_passage_that_begins_within_a_table_is_read_with_the_headings_above() -> None:
    assert read("Lusaka | 95 | 64%", above=TABLE) == "Site: Lusaka; Women: 95; Kept: 64%."


def test_a_heading_is_not_made_up_where_all_rows_are_alike() -> None:
    assert read("Kenya | Nairobi\nUganda | Kampala") == "Kenya; Nairobi.\nUganda; Kampala."


@pytest.mark.parametrize("text", ["Home | News is one line.", "Of a | b, and of |c|.", "No table.", ""])
def test_a_line_with_a_bar_is_no_table(text: str) -> None:
    assert read_out(text) is None


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([["", "Women"], ["Kisumu", "many"]], True),  # nothing above the names of rows
        ([["Year", "Births"], ["2019", "12"]], True),
        ([["Site", "2019", "2020"], ["Kisumu", "4", "5"]], True),
        ([["12", "14"], ["13", "15"]], False),
        ([["Kenya", "Nairobi"], ["Uganda", "Kampala"]], False),
        ([["Site", "Women"]], False),
        ([["Site", "Women"], ["A note over all columns"]], False),
    ],
)
def test_a_row_of_headings_is_told_by_what_stands_below_it(rows: list[list[str]], named: bool) -> None:
    assert head_of(rows) is named


def test_what_was_marked_is_marked_in_its_new_place() -> None:
    marked = [(TABLE.index(word), TABLE.index(word) + len(word)) for word in ("Kept", "412", "Durban")]
    told = read_out(TABLE, marked)
    assert told is not None
    assert [told.text[start:end] for start, end in told.spans] == ["Kept", "412", "Durban"]


def test_the_rows_that_a_text_ends_with() -> None:
    assert last_table(f"Before.\n\n{TABLE}") == TABLE
    assert last_table(f"{TABLE}\n\nAfter.") == ""


@given(
    st.lists(ROWS, max_size=6).map("\n".join), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)
)
def test_no_word_of_any_text_is_lost(text: str, spans: list[tuple[int, int]]) -> None:
    told = read_out(text, spans)
    if told is None:
        return
    ends = str.maketrans("|;:.", "    ")
    assert set(text.translate(ends).split()) == set(told.text.translate(ends).split())
    for start, end in told.spans:
        assert 0 <= start < end <= len(told.text)
