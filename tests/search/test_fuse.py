import random

import pytest

from searchsvc.model import Candidate, Locator, Passage
from searchsvc.search.fuse import BESIDE, collapse, fuse, judge, standardise
from searchsvc.search.link import href


def candidates(*scores: tuple[str, float]) -> list[Candidate]:
    return [Candidate(name, name[0], 0, score) for name, score in scores]


def test_what_both_lists_find_beats_what_one_finds() -> None:
    dense = candidates(("a1", 0.9), ("b1", 0.8), ("c1", 0.1))
    lexical = candidates(("b1", 12.0), ("d1", 9.0), ("e1", 1.0))
    assert fuse([dense, lexical])[0].point_id == "b1"


def test_an_answer_does_not_depend_on_the_order_of_ties() -> None:
    tied = candidates(*((f"{letter}1", 1.0) for letter in "fedcba"))
    random.Random(1).shuffle(tied)
    assert [passage.point_id for passage in fuse([tied, []])] == ["a1", "b1", "c1", "d1", "e1", "f1"]


def test_standardised_scores_have_mean_zero_and_deviation_one() -> None:
    scores = list(standardise({"a1": 1.0, "b1": 2.0, "c1": 6.0}).values())
    assert sum(scores) == pytest.approx(0)
    assert sum(score**2 for score in scores) / 3 == pytest.approx(1)


def test_judged_again_every_passage_stays_and_one_without_a_score_is_as_good_as_the_last() -> None:
    passages = fuse([candidates(("a1", 3.0), ("b1", 2.0), ("c1", 1.0))])
    judged = judge(passages, [{"c1": 9.0, "b1": 1.0}, {}], [1.0, 0.8])
    assert [one.point_id for one in judged] == ["c1", "a1", "b1"]
    assert judged[1].score == judged[2].score


def test_nothing_found_is_an_empty_ranking() -> None:
    assert fuse([[], []]) == []


def test_a_page_of_results_holds_each_resource_once_with_its_best_passages() -> None:
    passages = [Candidate(f"a{i}", "a", i, 1 - i / 10) for i in range(5)] + [Candidate("b0", "b", 0, 0.1)]
    found = collapse(passages, per_resource=3)
    assert [resource.resource_id for resource in found] == ["a", "b"]
    assert [passage.ordinal for passage in found[0].passages] == [0, 1, 2]


def test_of_two_resources_that_are_as_good_the_one_with_more_to_say_comes_first() -> None:
    passages = [Candidate("a0", "a", 0, 2.0), Candidate("b0", "b", 0, 2.0), Candidate("b1", "b", 1, 1.0)]
    found = collapse([*passages, Candidate("c0", "c", 0, 0.0)])
    assert [(one.resource_id, one.score) for one in found] == [("b", 2.0 + BESIDE), ("a", 2.0), ("c", 0.0)]
    assert collapse([]) == []


def test_an_exact_title_wins_over_a_better_passage() -> None:
    passages = [Candidate("a0", "a", 0, 3.0), Candidate("b0", "b", 0, 1.0)]
    assert collapse(passages, boosts={"b": 10.0})[0].resource_id == "b"


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        (Locator("page", 4), "/f#page=4"),
        (Locator("slide", 12), "/f#slide-12"),
        (Locator("heading", None, "Methods"), "/f#:~:text=A%20long%2Dacting%20ring%2C%20and%20more"),
    ],
)
def test_a_link_opens_the_resource_where_the_passage_stands(locator: Locator, expected: str) -> None:
    assert href("/f", Passage(0, "A long-acting ring, and more", 0, 28, locator)) == expected
