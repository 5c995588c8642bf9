"""A web page in the reader: where passages begin in it, which is marked, and what is hidden."""

from __future__ import annotations

from ingest.facsimile.values import Part, Span
from searchsvc.catalogue import StoredPassage
from searchsvc.model import Locator, Passage
from searchsvc.web.resources.page_text import PageBlock, PageText, page_text

PARTS = (
    Part("heading", (Span("Rings that last"),), 1),
    Part("text", (Span("The ring was kept "), Span("for ninety", bold=True), Span(" days by the women of Kisumu."))),
    Part("heading", (Span("Costs"),), 4),
    Part("item", (Span("Nine dollars"),), 1, 1),
    Part("item", (Span("Ten with a box"),), 1, 2),
    Part("item", (Span("a ring more"),), 2),
    Part("table", rows=(("Year", "Price"), ("2021", "nine"))),
    Part("text", (Span("Amara Okonjo wrote it."),)),
)


def stored(*texts: str) -> list[StoredPassage]:
    return [
        StoredPassage(f"p{at}", "r", Passage(at, text, 0, len(text), Locator("heading")))
        for at, text in enumerate(texts)
    ]


def shown(texts: list[StoredPassage], **more: object) -> PageText:
    given = {"title": "Rings that last", "current": None, "mark": lambda _: (), "veil": lambda text: text, **more}
    return page_text(PARTS, texts, **given)  # type: ignore[arg-type]


def blocks(page: PageText) -> list[PageBlock]:
    return [block for group in page.groups for block in group.blocks]


PASSAGES = stored(
    "Funder: somebody whom the page declares and does not name in its words",
    "Rings that last\n\nThe ring was kept for ninety days by the women of Kisumu.",
    "Costs\n\nNine dollars\nTen with a box\na ring more\n\nYear | Price\n2021 | nine",
    "Amara Okonjo wrote it.",
)


def test_passages_begin_where_their_words_stand_and_the_title_is_not_said_again() -> None:
    page = shown(PASSAGES)
    assert [block.anchors for block in blocks(page)] == [("p1",), ("p2",), (), (), (), (), ("p3",)]
    assert page.beside == {"p0"}
    assert blocks(page)[0].part.kind == "text"


def test_all_blocks_of_the_passage_asked_for_are_marked() -> None:
    page = shown(PASSAGES, current="p2")
    assert [block.current for block in blocks(page)] == [False, True, True, True, True, True, False]


def test_no_level_of_headings_is_left_out_and_items_of_a_list_stand_together() -> None:
    page = shown(PASSAGES)
    assert [block.level for block in blocks(page) if block.part.kind == "heading"] == [2]
    assert [(len(group.blocks), group.items, group.numbered) for group in page.groups] == [
        (1, False, False), (1, False, False), (2, True, True), (1, True, False), (1, False, False), (1, False, False)
    ]  # fmt: skip


def test_words_are_marked_across_a_change_of_letters_and_in_cells() -> None:
    page = shown(PASSAGES, mark=lambda text: [(text.index("kept for"), text.index("kept for") + 8)] if "kept" in text
                 else [(0, 4)] if text == "nine" else ())  # fmt: skip
    spans = blocks(page)[0].spans
    assert [(piece.text, piece.marked) for span in spans for piece in span.pieces] == [
        ("The ring was ", False), ("kept ", True), ("for", True), (" ninety", False),
        (" days by the women of Kisumu.", False),
    ]  # fmt: skip
    [table] = [block for block in blocks(page) if block.rows]
    assert [piece.marked for piece in table.rows[1][1]] == [True]


def test_a_passage_of_which_something_was_left_out_is_found_by_its_beginning_and_end() -> None:
    cut = stored("The ring was kept[1] for ninety days by the women of Kisumu.")
    assert shown(cut).beside == frozenset() and blocks(shown(cut))[0].anchors == ("p0",)


def test_hidden_names_are_hidden() -> None:
    page = shown(PASSAGES, veil=lambda text: text.replace("Amara Okonjo", "█████ ██████"))
    assert "Amara" not in repr([block.spans[0].pieces for block in blocks(page) if block.spans])


def test_a_page_with_several_headings_has_contents_that_lead_to_them() -> None:
    headings = [Part("heading", (Span(f"Part {at}"),), at) for at in (2, 2, 3, 4)]
    page = page_text(headings, [], title="Another", current=None, mark=lambda _: (), veil=lambda text: text)
    assert [(one.spans[0].pieces[0].text, one.anchor) for one in page.contents] == [
        ("Part 2", "part-0"), ("Part 2", "part-1"), ("Part 3", "part-2")
    ]  # fmt: skip
    assert shown(PASSAGES).contents == ()
