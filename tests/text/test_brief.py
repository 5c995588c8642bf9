"""What is only mentioned is short, ends where it may, and shows where two texts differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.brief import brief, brief_both

WORDS = "A marsh needs sediment to raise the land above the tide. "


@given(st.text(max_size=400), st.integers(8, 200))
def test_it_is_never_longer_and_is_the_beginning(text: str, length: int) -> None:
    line, whole = brief(text, length), " ".join(text.split())
    assert len(line) <= length
    assert line == whole or whole.startswith(line.removesuffix("…").rstrip())


@pytest.mark.parametrize(
    ("length", "end"), [(120, "above the tide. …"), (59, "above the tide. …"), (40, "to raise the…"), (200, "tide.")]
)
def test_it_ends_with_a_sentence_or_a_word(length: int, end: str) -> None:
    assert brief(WORDS * 3, length).endswith(end)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_both_are_short_and_differ_where_the_texts_do(start: str, one: str, other: str) -> None:
    shown = brief_both(start + one, start + other, 100)
    assert max(map(len, shown)) <= 100
    if " ".join((start + one).split()) == " ".join((start + other).split()):
        assert shown[0] == shown[1]


def test_of_two_that_begin_alike_the_difference_is_shown() -> None:
    mine, theirs = brief_both(WORDS * 6 + "It costs eight.", WORDS * 6 + "It costs nine.", 120)
    assert mine.startswith("… ") and mine.endswith("It costs eight.") and theirs.endswith("It costs nine.")
