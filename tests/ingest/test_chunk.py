from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import chunk
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.load import Counter, load_counter
from searchsvc.model import Block, Document, Kind, Locator, Passage, Report, Role
from tests.conftest import at_least

COUNTER = HashingEncoder()
SENTENCE = "Malaria killed many children in this small district last year again. "  # 12 tokens


def document(*blocks: Block, title: str = "A title") -> Document:
    return Document(Kind.PAPER, title, blocks, Report("test"))


def text(words: str, page: int = 1, role: Role = "text") -> Block:
    return Block(words, Locator("page", page), role)


def heading(words: str, page: int = 1, level: int = 1) -> Block:
    return Block(words, Locator("page", page), "heading", level)


def slide(words: str, number: int, role: Role = "text", level: int = 0, *, title: str | None = None) -> Block:
    return Block(words, Locator("slide", number, title), role, level)


def assert_sound(made: Document, passages: tuple[Passage, ...], counter: Counter, limit: int = 256) -> None:
    whole = made.text
    seen = bytearray(len(whole))
    last = 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert whole[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert passage.start >= last
        last = passage.end
        seen[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
    assert all(count <= limit for count in counter.count([passage.encoder_input for passage in passages]))
    paths = {one for passage in passages for one in passage.heading_path}
    for block, offset in zip(made.blocks, made.block_offsets, strict=True):
        if block.role == "heading" and " ".join(block.text.split()) in paths:
            continue
        left = [sign for at, sign in enumerate(block.text, offset) if not seen[at] and not sign.isspace()]
        assert not left, (block, left)


words = st.text(alphabet=st.sampled_from("abcA1é.?,;:!()-中。हि؟\u0301\u200b\n  "), max_size=60)
long_words = st.builds(lambda part, times: part * times, words, st.integers(1, 40))
locators = st.one_of(
    st.builds(Locator, st.just("page"), st.integers(1, 3)),
    st.builds(Locator, st.just("slide"), st.integers(1, 3), st.sampled_from([None, "aA", "b"])),
    st.builds(Locator, st.just("heading"), st.none(), st.sampled_from([None, "aA", "b"])),
    st.just(Locator()),
)
roles = st.sampled_from(["heading", "heading", "text", "text", "table", "notes", "alt", "caption", "reference"])
blocks = st.builds(Block, st.one_of(words, long_words), locators, roles, st.integers(0, 6), st.booleans())


@settings(max_examples=at_least(300))
@given(st.lists(blocks, max_size=12), words, st.sampled_from([32, 48, 256]))
def test_nothing_is_lost_cut_off_or_displaced_whatever_the_document(some: list[Block], title: str, limit: int) -> None:
    made = document(*some, title=title)
    assert_sound(made, chunk(made, COUNTER, max_tokens=limit), COUNTER, limit)


@settings(max_examples=at_least(60))
@given(st.lists(blocks, max_size=8), st.text(max_size=80))
def test_the_same_holds_with_the_tokens_of_the_bundled_model(some: list[Block], title: str) -> None:
    counter = load_counter()
    made = document(*some, Block(title), title=title)
    assert_sound(made, chunk(made, counter), counter)


def test_a_word_of_ten_thousand_characters_is_cut_into_passages_that_fit() -> None:
    for counter in (COUNTER, load_counter()):
        for word in ("x" * 10_000, "ab-" * 3_333):
            made = document(text(f"Before {word} after."))
            passages = chunk(made, counter)
            assert len(passages) > 1
            assert_sound(made, passages, counter)


def test_a_page_ends_a_passage() -> None:
    passages = chunk(document(text(SENTENCE * 3, 1), text(SENTENCE * 3, 2)), COUNTER)
    assert [passage.locator.number for passage in passages] == [1, 2]


def test_a_sentence_that_a_page_break_cuts_stays_whole_and_stands_where_it_starts() -> None:
    made = document(
        text(SENTENCE * 3 + "The drug was given to all", 1),
        text("children who came. Then it was over. " + SENTENCE * 3, 2),
    )
    first, second = chunk(made, COUNTER)
    assert first.text.endswith("given to all\n\nchildren who came.")
    assert first.locator.number == 1
    assert second.text.startswith("Then it was over.")
    assert second.locator.number == 2


def test_a_finished_sentence_or_another_heading_does_not_pull_text_over_a_page_break() -> None:
    made = document(text("It is over.", 1), text("small letters begin here.", 2))
    assert len(chunk(made, COUNTER)) == 2
    made = document(text("It goes on and", 1), heading("Methods", 2), text("small letters begin here.", 2))
    assert len(chunk(made, COUNTER)) == 2


def test_a_heading_begins_a_passage_and_stands_in_its_context() -> None:
    made = document(
        heading("Methods"), text(SENTENCE * 3), heading("Sample", level=2), text(SENTENCE * 3), heading("Results"),
        text(SENTENCE * 3), title="Nets in Kenya",
    )  # fmt: skip
    passages = chunk(made, COUNTER)
    assert [passage.heading_path for passage in passages] == [("Methods",), ("Methods", "Sample"), ("Results",)]
    assert passages[1].context == "Nets in Kenya > Methods > Sample"
    assert all("Sample" not in passage.text for passage in passages)


def test_a_heading_that_repeats_the_title_is_not_repeated_in_the_context() -> None:
    [passage] = chunk(document(heading("Nets in Kenya"), text(SENTENCE * 3), title="Nets in Kenya"), COUNTER)
    assert passage.context == "Nets in Kenya"
    assert passage.heading_path == ("Nets in Kenya",)


def test_a_heading_with_nothing_below_can_be_found() -> None:
    [passage] = chunk(document(heading("Call for proposals")), COUNTER)
    assert passage.text == "Call for proposals"
    made = document(heading("Call for proposals"), heading("Background"), text(SENTENCE * 3))
    [passage] = chunk(made, COUNTER)
    assert passage.text.startswith("Call for proposals\n\nBackground\n\nMalaria")
    assert passage.heading_path == ("Background",)


def test_a_heading_of_a_whole_paragraph_is_text_as_well() -> None:
    made = document(heading(SENTENCE * 4), text(SENTENCE * 4))
    assert any(SENTENCE.strip() in passage.text for passage in chunk(made, COUNTER))
    assert_sound(made, chunk(made, COUNTER), COUNTER)


def test_a_long_title_and_deep_headings_leave_the_room_to_the_text() -> None:
    levels = [heading(f"Level {level} " + "deep " * 18, level=level) for level in range(1, 7)]
    made = document(*levels, text(SENTENCE * 40), title="long " * 200)
    passages = chunk(made, COUNTER)
    assert all(len(COUNTER.token_spans(passage.context)) <= 64 for passage in passages)
    assert all(passage.context.startswith("long long") and "Level 6" in passage.context for passage in passages)
    assert_sound(made, passages, COUNTER)


def test_small_paragraphs_of_one_section_share_a_passage() -> None:
    made = document(heading("Methods"), *[text(SENTENCE) for _ in range(5)])
    assert len(chunk(made, COUNTER)) == 1


def test_a_long_section_gives_passages_of_about_equal_length_made_of_whole_sentences() -> None:
    made = document(text(SENTENCE * 50))
    passages = chunk(made, COUNTER)
    lengths = [len(COUNTER.token_spans(passage.text)) for passage in passages]
    assert max(lengths) - min(lengths) <= 30
    assert all(re.fullmatch(r"(Malaria .*? again\.\s*)+", passage.text, re.S) for passage in passages)


def test_tables_are_cut_between_rows() -> None:
    rows = "\n".join(f"district {n}\t{n * 7} cases\t{n}.5 percent" for n in range(80))
    passages = chunk(document(text(rows, role="table")), COUNTER)
    assert len(passages) > 1
    assert all(passage.text.startswith("district") and passage.text.endswith("percent") for passage in passages)


def test_a_tiny_remainder_joins_its_neighbour_on_the_page_but_not_on_the_next() -> None:
    made = document(
        heading("Funding"), text(SENTENCE * 3), heading("Conflicts"), text("None declared."), text("Page two only.", 2)
    )
    first, second = chunk(made, COUNTER)
    assert first.text.endswith("Conflicts\n\nNone declared.")
    assert second.text == "Page two only."


def test_a_slide_that_fits_is_one_passage_with_title_bullets_and_notes() -> None:
    made = document(
        slide("Vaccines", 1, "heading", 1, title="Vaccines"), slide("Two doses", 1, title="Vaccines"),
        slide("Say why.", 1, "notes", title="Vaccines"), slide("no title here", 2), title="Talk",
    )  # fmt: skip
    first, second = chunk(made, COUNTER)
    assert first.text == "Vaccines\n\nTwo doses\n\nSay why."
    assert first.heading_path == ("Vaccines",)
    assert first.context == "Talk"
    assert (second.heading_path, second.locator.number) == ((), 2)


def test_long_notes_of_a_slide_are_passages_of_their_own_under_its_title() -> None:
    bullets = (
        "Two doses are better than one, and three are better than two; after the third nothing more is gained by any."
    )
    made = document(slide("Vaccines", 1, "heading", 1), slide(bullets, 1), slide(SENTENCE * 30, 1, "notes"))
    first, *others = chunk(made, COUNTER)
    assert first.text == f"Vaccines\n\n{bullets}"
    assert len(others) > 1
    assert all(passage.context == "A title > Vaccines" and passage.locator.number == 1 for passage in others)


def test_references_are_passages_apart_from_the_text() -> None:
    made = document(text(SENTENCE * 3), *[text(f"{n}. Smith J. Nets. Lancet {n}.", role="reference") for n in range(4)])
    first, second = chunk(made, COUNTER)
    assert first.heading_path == ()
    assert second.heading_path == ("References",)
    assert second.text.count("Lancet") == 4


def test_text_of_a_hidden_slide_stays_marked_as_hidden() -> None:
    made = document(Block("shown", Locator("slide", 1)), Block("not shown", Locator("slide", 2), hidden=True))
    assert [passage.hidden for passage in chunk(made, COUNTER)] == [False, True]


def test_the_same_document_gives_the_same_passages() -> None:
    made = document(heading("Methods"), text(SENTENCE * 30), heading("Results"), text(SENTENCE * 9))
    assert chunk(made, COUNTER) == chunk(made, HashingEncoder())


def test_a_document_without_text_has_no_passages() -> None:
    assert chunk(document(), COUNTER) == ()
    assert chunk(document(text(" \n ")), COUNTER) == ()


def test_a_limit_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        chunk(document(text("words")), COUNTER, max_tokens=16)
