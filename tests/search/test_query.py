import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.errors import QueryError
from searchsvc.search.query import parse


def test_phrases_must_stand_there_and_minus_words_must_not() -> None:
    query = parse('ring "long acting" -gel -"oral pill"')
    assert query.words == "ring long acting"
    assert query.phrases == ("long acting",)
    assert query.excluded == ("gel", "oral pill")


def test_a_hyphen_inside_a_word_or_alone_excludes_nothing() -> None:
    assert parse("HIV-1 - levonorgestrel").excluded == ()


def test_typographic_quotation_marks_make_phrases_too() -> None:
    assert parse("“dual prevention” pill").phrases == ("dual prevention",)


def test_an_open_quotation_mark_is_passed_over() -> None:
    query = parse('vaginal "ring')
    assert (query.words, query.phrases) == ("vaginal ring", ())


def test_a_query_that_is_too_long_is_refused_in_one_line() -> None:
    with pytest.raises(QueryError, match="at most 10000"):
        parse("a" * 10_001)


@given(st.text(max_size=200))
def test_any_text_can_be_parsed(raw: str) -> None:
    query = parse(raw)
    assert query.empty == (not query.words and not query.excluded)


def test_a_pasted_paragraph_has_no_operators() -> None:
    text = (
        'Articles on text formatting systems, including "what you see is what you get" systems '
        "-such as those that show pages."
    )
    query = parse(f"{text} Anything else is welcome.")
    assert (query.phrases, query.excluded) == ((), ())
    assert "what you see is what you get systems" in query.words
