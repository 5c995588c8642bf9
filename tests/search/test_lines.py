"""Lines that continue what is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.search.lines import Lines

TITLES = ["the monthly ring", "ring or pill", "boring pills for a ring", "a ring of pills", ""]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ring", [(0, 1), (1, 0), (1, 2), (1, 3)]),
        ("ring o", [(0, 1), (1, 3)]),
        ("pill ri", [(2, 1), (2, 2), (2, 3)]),
        ("pillow", []),
    ],
)
def test_beginnings_go_before_what_stands_inside_and_that_before_scattered_words(
    typed: str, found: list[tuple[int, int]]
) -> None:
    assert list(Lines(TITLES).continuing(typed)) == found


def test_no_line_is_no_answer() -> None:
    assert list(Lines([]).continuing("ring")) == []


@given(
    st.lists(st.text("ab ", max_size=8).map(lambda text: " ".join(text.split())), max_size=20),
    st.text("ab", min_size=1, max_size=3),
)
def test_every_line_with_a_word_that_starts_so_is_found_once(lines: list[str], typed: str) -> None:
    found = [number for _, number in Lines(lines).continuing(typed)]
    assert sorted(found) == [
        number for number, line in enumerate(lines) if any(word.startswith(typed) for word in line.split())
    ]
