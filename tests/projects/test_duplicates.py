"""Work done twice: nearly identical texts are always found, and what only looks alike is a question."""

from __future__ import annotations

import numpy as np

from searchsvc.projects.duplicates import nearly_identical, possible, shingles

LONG = " ".join(f"word{at} of the long abstract" for at in range(40))


def found(**texts: str) -> set[tuple[str, str]]:
    return {(one.a, one.b) for one in nearly_identical({key: shingles(text) for key, text in texts.items()})}


def test_the_same_text_is_found_whatever_its_case_and_space() -> None:
    assert found(a=LONG, b=LONG.upper().replace(" ", "\n "), c="another text of more than five words") == {("a", "b")}


def test_a_text_with_a_few_other_words_is_found_and_one_from_the_same_template_is_not() -> None:
    template = " ".join(f"the grant pays for the travel of student number {at}" for at in range(4))
    texts = {
        key: f"{template} to a summer school about {topic} " + " ".join(f"{topic} in part {at}" for at in range(12))
        for key, topic in (("t1", "corals"), ("t2", "bridges"))
    }
    assert found(a=LONG, b=LONG + " and a last line", **texts) == {("a", "b")}


def test_short_texts_must_be_the_same_word_for_word() -> None:
    assert found(a="rings that stay in place", b="Rings that stay in place.", c="rings that stay in water") == {
        ("a", "b")
    }
    assert found(a="clean water", b="clean water") == set()


def test_what_may_be_the_same_is_ordered_by_its_least_likeness() -> None:
    rows = np.random.default_rng(0).normal(size=(30, 16)).astype(np.float32)
    goals, ways = rows.copy(), np.random.default_rng(1).normal(size=(30, 16)).astype(np.float32)
    goals[1], ways[1] = goals[0], ways[0]
    goals[3] = goals[2]
    ids = [f"p{at:02}" for at in range(30)]
    first = possible(ids, [goals, ways], most=5)[0]
    assert (first.a, first.b, first.sure) == ("p00", "p01", False)
