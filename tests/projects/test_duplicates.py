"""Work done twice: nearly identical texts are always found, and what only looks alike is a question."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchsvc.model import Matrix
from searchsvc.projects import duplicates
from searchsvc.projects.duplicates import Compared, Identical, nearly_identical, possible, shingles

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


def made(seed: int, n: int = 700) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(n, 16)).astype(np.float32)
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


IDS = [f"p{at:03}" for at in range(700)]


def test_what_may_be_the_same_is_ordered_by_all_that_is_known_of_both() -> None:
    goals, ways, works = made(0), made(1), made(2)
    for one in (goals, ways, works):
        one[651] = one[1]
    goals[3], ways[3] = goals[2], ways[2]
    goals[5] = goals[4]
    first, second = possible(IDS, [goals, ways, works], most=5).pairs[:2]
    assert [(one.a, one.b, one.sure) for one in (first, second)] == [("p001", "p651", False), ("p002", "p003", False)]
    works[[1, 651]] = 0
    again = {(one.a, one.b): one.score for one in possible(IDS, [goals, ways, works], most=5).pairs}
    assert 0 < again["p001", "p651"] < first.score


def test_of_whom_nothing_is_known_is_never_possibly_the_same_and_order_and_scores_are_those_of_all_pairs() -> None:
    goals, ways = made(3), made(4)
    goals[::3] = 0
    ways[::2] = 0
    found = possible(IDS, [goals, ways], most=50).pairs[:50]
    assert not {"p000", "p006", "p696"} & {it for one in found for it in (one.a, one.b)}
    spreads = []
    for rows in (goals, ways):
        said = np.any(rows != 0, axis=1)
        rows[said] -= rows[said].mean(axis=0)
        known = rows[said][:500]
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
    assert possible(IDS[:2], [np.zeros((2, 4), np.float32)] * 2, most=5).pairs == []
    assert possible([], [np.zeros((0, 4), np.float32)], most=5).pairs == []


def test_two_alone_are_a_pair_whatever_their_likeness_rounds_to() -> None:
    for seed in range(50):
        vectors = np.random.default_rng(seed).normal(size=(2, 384)).astype(np.float32)
        [pair] = possible(IDS[:2], [vectors / np.linalg.norm(vectors, axis=1, keepdims=True)], most=5).pairs
        assert (pair.a, pair.b) == (IDS[0], IDS[1]) and abs(pair.score) < 1e-3


WORDS = st.lists(st.sampled_from(["rings", "boats", "kilns"]), min_size=5, max_size=30)


@given(st.lists(st.dictionaries(st.sampled_from("abcdefg"), WORDS), min_size=2, max_size=4))
def test_texts_that_change_are_found_to_be_the_same_as_if_all_were_compared_again(
    states: list[dict[str, list[str]]],
) -> None:
    known = Identical()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "_AGAIN", 1.0)
        for state in states:
            before = {key: runs for key, runs in known.texts.items() if runs == shingles(" ".join(state.get(key, [])))}
            texts = {key: before.get(key, shingles(" ".join(words))) for key, words in state.items()}
            known = known.now(texts)
            assert sorted(known.pairs, key=str) == sorted(nearly_identical(texts), key=str)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 11), max_size=4), st.sets(st.integers(0, 59), max_size=9))
def test_projects_that_change_are_possibly_the_same_as_if_all_were_compared_again(
    seed: int, changed: list[int], gone: set[int]
) -> None:
    """As long as what is near is told by the same measures."""
    most = 40
    before = possible(IDS[:60], [made(seed, 60), made(seed + 1, 60)], most=most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "_AGAIN", 1.0)
        for number, at in enumerate(changed):
            aspects = [np.array(one) for one in before.aspects]
            aspects[number % 2][at] = made(seed + 2, 60)[at] if number % 3 else 0
            aspects[(number + 1) % 2][at] = aspects[(number + 1) % 2][(7 * at) % 12]
            left = [place for place, one in enumerate(before.ids) if number or int(one[1:]) not in gone]
            ids = [before.ids[place] for place in left]
            now = possible(ids, [one[left] for one in aspects], most=most, before=before)
            nobody = Compared([], [one[:0] for one in now.aspects], now.measures, [], 0.0)
            scratch = possible(ids, now.aspects, most=most, before=nobody).pairs
            shown = now.pairs[:most]
            assert [(one.a, one.b) for one in shown] == [(one.a, one.b) for one in scratch[:most]]
            assert [one.score for one in shown] == pytest.approx([one.score for one in scratch[:most]], abs=1e-5)
            before = now


def test_what_is_near_is_measured_anew_after_many_small_changes() -> None:
    random = np.random.default_rng(3)
    ids, rows = [f"p{number:03}" for number in range(200)], random.normal(size=(200, 8)).astype(np.float32)
    now = possible(ids, [rows], most=20)
    for at in range(0, 40, 2):
        rows = rows.copy()
        rows[at : at + 2] += 2
        now = possible(ids, [rows], most=20, before=now)
        assert now.moved <= 2
    kept, scratch = ({(one.a, one.b) for one in found.pairs[:20]} for found in (now, possible(ids, [rows], most=20)))
    assert len(kept & scratch) >= 18
