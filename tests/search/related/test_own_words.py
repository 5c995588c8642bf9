"""What stands below all that a house publishes is no place where two works meet."""

from __future__ import annotations

from searchsvc.search.related.finder import own_words

BELOW = "This report was made with public money. Nobody is bound by what it says."


def test_what_both_say_word_for_word_is_no_place_to_meet() -> None:
    mine = ["Eels were counted in three ditches of the fen.", BELOW]
    theirs = ["Otters were seen at two weirs.", BELOW.replace(" ", "\n")]
    assert own_words(mine, theirs) == ([0], [0])


def test_it_is_told_wherever_passages_begin_and_end() -> None:
    mine = ["Eels were counted in three ditches of the fen.", BELOW]
    theirs = [
        f"Otters were seen at two weirs, in spring and in autumn, by wardens who walked the whole bank. {BELOW}",
        f"Thanks. {BELOW}",
    ]
    assert own_words(mine, theirs) == ([0], [0])


def test_where_nothing_else_is_said_all_of_it_stays() -> None:
    assert own_words([BELOW], [BELOW, "Otters were seen."]) == ([0], [1])
    assert own_words([], [BELOW]) == ([], [0])
