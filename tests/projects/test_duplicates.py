"""Work done twice: nearly identical texts are always found, and what only looks alike is a question."""

from __future__ import annotations

import numpy as np
import pytest

from searchsvc.model import Matrix
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


def made(seed: int) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(700, 16)).astype(np.float32)
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


IDS = [f"p{at:03}" for at in range(700)]


def test_what_may_be_the_same_is_ordered_by_all_that_is_known_of_both() -> None:
    goals, ways, works = made(0), made(1), made(2)
    for one in (goals, ways, works):
        one[651] = one[1]
    goals[3], ways[3] = goals[2], ways[2]
    goals[5] = goals[4]
    first, second = possible(IDS, [goals, ways, works], most=5)[:2]
    assert [(one.a, one.b, one.sure) for one in (first, second)] == [("p001", "p651", False), ("p002", "p003", False)]
    works[[1, 651]] = 0
    again = {(one.a, one.b): one.score for one in possible(IDS, [goals, ways, works], most=5)}
    assert 0 < again["p001", "p651"] < first.score


def test_of_whom_nothing_is_known_is_never_possibly_the_same_and_order_and_scores_are_those_of_all_pairs() -> None:
    goals, ways = made(3), made(4)
    goals[::3] = 0
    ways[::2] = 0
    found = possible(IDS, [goals, ways], most=50)
    assert not {"p000", "p006", "p696"} & {it for one in found for it in (one.a, one.b)}
    spreads = []
    for rows in (goals, ways):
        known = rows[np.any(rows != 0, axis=1)][:500]
        apart = (known @ known.T)[~np.eye(len(known), dtype=bool)]
        spreads.append((float(apart.mean()), float(apart.std())))
    every = []
    for a in range(700):
        for b in range(a + 1, 700):
            likenesses = [
                (float(rows[a] @ rows[b]) - mean) / deviation
                for rows, (mean, deviation) in zip((goals, ways), spreads, strict=True)
                if rows[a].any() and rows[b].any()
            ]
            if likenesses:
                every.append((sum(likenesses) / len(likenesses) ** 0.5, IDS[a], IDS[b]))
    best = sorted(every, reverse=True)[:50]
    assert [(one.a, one.b) for one in found] == [(a, b) for _, a, b in best]
    assert [one.score for one in found] == pytest.approx([value for value, _, _ in best], abs=1e-3)


def test_where_nothing_is_said_nothing_is_possibly_the_same() -> None:
    assert possible(IDS[:2], [np.zeros((2, 4), np.float32)] * 2, most=5) == []
    assert possible([], [np.zeros((0, 4), np.float32)], most=5) == []


def test_two_alone_are_a_pair_whatever_their_likeness_rounds_to() -> None:
    for seed in range(50):
        vectors = np.random.default_rng(seed).normal(size=(2, 384)).astype(np.float32)
        [pair] = possible(IDS[:2], [vectors / np.linalg.norm(vectors, axis=1, keepdims=True)], most=5)
        assert (pair.a, pair.b) == (IDS[0], IDS[1]) and abs(pair.score) < 1e-3
