"""Words of a query are looked up in bounded work, whatever was typed."""

from __future__ import annotations

import pytest

from searchsvc.search.literal import Standing, Word, words_of


@pytest.mark.parametrize(
    "typed",
    ["a" * 10_000, "ab-" * 3_333, "1" * 10_000, "x1" * 5_000, "http://" + "a/" * 4_000, "10.1234/" + "a1." * 3_000,
     "é" * 9_000, "茶" * 9_000, "a'" * 5_000, " ".join(f"word{n}" for n in range(1_000)), "://", "https://", "http:///?&#"],
)  # fmt: skip
def test_no_query_makes_much_of_itself(typed: str) -> None:
    words = words_of(typed, ["fr", "de", "es"])
    assert len(words) <= 16
    for word in words:
        assert len(word.phrases) <= 40 and all(len(phrase) < 1_200 for phrase in word.phrases)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("what does the clay say", ["clay"]), ("what does it do?", ["does"]),
        ("to be or not to be", ["to", "be", "or", "not"]),
        ("la gestion de l'eau", ["gestion", "l'eau"]), ("ring ring RING", ["RING"]),
    ],
)  # fmt: skip
def test_words_that_say_little_go_unless_there_are_no_others(query: str, expected: list[str]) -> None:
    assert [word.typed for word in words_of(query)] == expected


def standing(*weights: float, rare: int = 0, common: int = 0, **held: int) -> Standing:
    words = tuple(Word(f"w{number}", (f"w{number}",)) for number in range(len(weights)))
    return Standing(words, weights, 50, common, rare, held)


def test_what_holds_most_of_the_words_is_found() -> None:
    one = standing(2.0, 3.0, 5.0, a=0b100, b=0b011, c=0b110)
    assert (one.found("a"), one.found("b"), one.found("c"), one.found("d")) == (
        True,
        False,
        True,
        False,
    )
    unknown = standing(2.0, 3.0, 5.0, a=0b001, b=0b011)  # the archive lacks the rarest
    assert not unknown.found("a") and not unknown.found("b")


def test_a_word_in_very_many_passages_is_no_evidence_and_everywhere_says_so() -> None:
    one = standing(1.0, 8.0, common=0b01, a=0b10)
    assert one.found("a") and not one.everywhere
    assert standing(5.0, 1.0, common=0b01).everywhere


def test_a_rare_name_decides_where_all_words_are_known() -> None:
    assert standing(2.0, 9.0, rare=0b10, a=0b01, b=0b10).boosts() == {"a": 0.0, "b": 8.0}
    assert standing(2.0, 9.0, 9.5, rare=0b10, a=0b01, b=0b10).boosts() == {}
    assert standing(2.0, a=1).boosts() == {"a": 8.0}


def test_a_rare_word_does_not_come_before_a_nearer_answer_in_other_words() -> None:
    one = standing(2.0, 9.0, rare=0b10, common_one=0b01, rare_one=0b10)
    near = {"common_one": 0.9, "rare_one": 0.3, "other_words": 0.6, "less_near": 0.2, "farther": 0.45}
    assert one.boosts(near, answers=0.5) == {"common_one": 0.0, "rare_one": 8.0, "other_words": 10.0}
    near["other_words"] = 0.5
    assert one.boosts(near, answers=0.49)["other_words"] == 8.0
    assert one.boosts(near, answers=0.7) == {"common_one": 0.0, "rare_one": 8.0}
    assert (
        standing(2.0, 9.0, 9.5, rare=0b10, a=0b01, b=0b10).boosts(near, answers=0.5) == {}
    )  # the archive lacks a word
    assert standing(2.0, a=1).boosts(near, answers=0.5) == {"a": 8.0}  # the only word


def test_words_that_the_archive_lacks_make_the_known_share_smaller() -> None:
    assert standing(2.0, 3.0, 5.0, a=0b001, b=0b010).known_share == 0.5
    assert standing(2.0, 3.0, a=0b01, common=0b10).known_share == 1.0
    assert standing(2.0).known_share == 0.0
    assert standing().known_share == 1.0


def test_of_what_is_shown_every_passage_says_which_words_stand_in_it() -> None:
    words = tuple(Word(typed, (typed,)) for typed in ("ring", "gel"))
    rings = [("a", "a-1", True), ("b", "b-0", True), ("a", "a-0", False)]
    one = Standing(words, (1.0, 2.0), 50, by_resource={"a": 3, "b": 1}, places=[(1, rings), (2, [("a", "a-0", True)])])
    assert one.in_passages(["a", "c"]) == {"a": {"a-1": 1, "a-0": 3}}
    assert list(one.in_passages(["a"])["a"]) == ["a-1", "a-0"]
