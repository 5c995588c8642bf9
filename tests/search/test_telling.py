"""Which passages of a resource are shown: those that say something."""

from __future__ import annotations

from searchsvc.catalogue import StoredPassage
from searchsvc.model import Locator, Passage
from searchsvc.search.shown import telling_first


def passage(name: str, text: str) -> StoredPassage:
    return StoredPassage(name, "r", Passage(0, text, 0, len(text), Locator()))


HEAD = passage("head", "Form 77 (2021) Page 4")
LABEL = passage("label", "Total Itemized Harbour Dues")
TEXT = passage("text", "Harbour dues may be taken off where the boat was away for more than ninety days of the year.")
OTHER = passage("other", "Nothing is owed for boats that were built by those who sail them, whatever their length is.")


def test_a_label_gives_way_to_text_that_holds_as_much() -> None:
    held = {"label": 0.5, "text": 0.5}
    shown, words_in = telling_first(lambda: [HEAD, LABEL, TEXT], [LABEL, HEAD], lambda one: held.get(one, 0.0))
    assert ([one.id for one in shown], words_in) == (["text"], None)


def test_a_label_that_holds_more_than_all_else_stays() -> None:
    held = {"label": 0.9, "text": 0.5}
    shown, _ = telling_first(lambda: [HEAD, LABEL, TEXT], [LABEL, TEXT], lambda one: held.get(one, 0.0))
    assert [one.id for one in shown] == ["label", "text"]


def test_where_nothing_holds_anything_text_is_shown_and_labels_where_there_is_no_other() -> None:
    assert [one.id for one in telling_first(lambda: [HEAD, OTHER], [HEAD], lambda one: 0.0)[0]] == ["other"]
    assert [one.id for one in telling_first(lambda: [HEAD, LABEL], [LABEL], lambda one: 0.0)[0]] == ["label"]
