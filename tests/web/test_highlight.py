"""Passages are shown with their words marked, cut between words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searchsvc.web.search.highlight import Piece, excerpt, pieces


def test_the_words_are_marked() -> None:
    assert pieces("a ring b", [(2, 6)]) == (Piece("a "), Piece("ring", True), Piece(" b"))


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=6))
def test_nothing_of_the_text_is_lost_or_doubled(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in pieces(text, [(max(0, a), b) for a, b in spans])) == text


def test_a_long_passage_is_cut_around_its_words() -> None:
    text = "word " * 200 + "the ring is here " + "more " * 200
    at = text.index("ring")
    cut = excerpt(text, [(at, at + 4)])
    shown = "".join(piece.text for piece in cut)
    assert Piece("ring", True) in cut
    assert shown.startswith("… word") and shown.endswith(" …")
    assert len(shown) < 400


def test_a_short_passage_is_shown_whole() -> None:
    assert excerpt("A ring.", []) == (Piece("A ring."),)


@given(st.text(max_size=1500), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 1500)), max_size=8))
def test_an_excerpt_is_part_of_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    shown = "".join(piece.text for piece in excerpt(text, spans)).removeprefix("… ").removesuffix(" …")
    assert shown in text


def test_a_long_passage_begins_with_the_sentence_that_answers() -> None:
    text = "Before it. " * 60 + "The ring is here. " + "After it. " * 60
    at = text.index("The ring")
    cut = excerpt(text, [(at + 4, at + 8)], answer=(at, at + 17))
    assert cut[0] == Piece("… ")
    assert cut[1:4] == (Piece("The ", False, True), Piece("ring", True, True), Piece(" is here.", False, True))
