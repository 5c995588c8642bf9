from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["One sentence.", "Another one!", "A third?", "The end"],
        ["It was shown by Smith et al. in 2015.", "We agree."],
        ["Some drugs, e.g. Tenofovir and i.e. Emtricitabine, help.", "Others do not."],
        ["See Fig. 3 and Eq. 4 for the rates.", "They fell."],
        ["The mean was 3.5 (p < .05).", "The median was 2.0.", "It rose."],
        ["J. K. Smith and A. Jones wrote it.", "Others read it."],
        ["It is in No. 5 of Vol. 12.", "The answer was no.", "We stopped."],
        ["Dr. Adeyemi spoke.", "Prof. Li answered."],
        ["It ended in 2015.", "The next began."],
        ['She said "stop."', "He did."],
        ["(It was late.)", "We left."],
        ["Rates rose in the U.S. and the U.K. after that.", "They fell later."],
        ["Mosquitoes carry malaria.3,4", "We know that."],
        ["Ver 2.3 was used.", "It worked."],
        ["Really?!", "Yes..."],
    ],
)
def test_sentences_end_where_a_reader_says_they_do(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["ما هو الفيروس؟", "إنه صغير."],
        ["یہ ایک جملہ ہے۔", "یہ دوسرا ہے۔"],
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
        ["¿Qué es esto?", "Es una prueba.", "¡Bien!"],
    ],
)
def test_other_scripts_end_sentences_with_their_own_marks(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


def test_chinese_and_japanese_need_no_space_between_sentences() -> None:
    assert split("这是第一句。这是第二句！真的吗？是的") == ["这是第一句。", "这是第二句！", "真的吗？", "是的"]
    assert split("彼は「はい。」と言った。終わり") == ["彼は「はい。」", "と言った。", "終わり"]


def test_a_small_letter_after_a_full_stop_goes_on_with_the_sentence() -> None:
    assert split("About approx. five ml. were used.") == ["About approx. five ml. were used."]


def test_a_numbered_heading_is_not_cut_after_its_number() -> None:
    assert split("1. Introduction to HIV. It spreads.") == ["1. Introduction to HIV.", "It spreads."]


def test_list_items_and_blank_lines_part_sentences_and_wrapped_lines_do_not() -> None:
    assert split("Aims:\n• first aim\n• second aim\n- third") == ["Aims:", "• first aim", "• second aim", "- third"]
    assert split("a heading\n\nsome text that is\nwrapped") == ["a heading", "some text that is\nwrapped"]


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n。।\"')(“e.g.3")), st.integers(1, 3))
def test_every_character_but_white_space_lies_in_exactly_one_sentence(text: str, times: int) -> None:
    text = text * times
    spans = sentences(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def test_blank_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\t ") == []
