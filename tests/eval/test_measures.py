"""Measures, comparison and gate: what they say can be relied on."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from eval.compare import compared, randomisation_p
from eval.gate import falls, read_baseline, write_baseline
from eval.judgments import Judged, Topic
from eval.measure import interval, measured, measured_places, qrels_of
from eval.rank import Run, read_run, write_run
from eval.sets import load_beir
from searchsvc.errors import QueryError

QRELS = {"q1": {"a": 3, "b": 1}, "q2": {"c": 1}}
GOOD = Run("good", {"q1": ["a", "b", "c"], "q2": ["c", "a", "b"]})


def test_a_perfect_run_has_one_and_the_order_matters() -> None:
    assert measured(GOOD, QRELS).means["nDCG@10"] == 1.0
    worse = replace(GOOD, ranking={"q1": ["c", "b", "a"], "q2": ["c"]})
    # by hand: DCG = 1/log2(3) + 3/log2(4), ideal = 3 + 1/log2(3); q2 is perfect
    expected = (1 / math.log2(3) + 3 / 2) / (3 + 1 / math.log2(3))
    assert measured(worse, QRELS).means["nDCG@10"] == pytest.approx((expected + 1) / 2, abs=1e-4)
    assert measured(worse, QRELS).means["RR@10"] == pytest.approx(0.75)


def test_a_query_that_failed_or_found_nothing_counts_as_nought() -> None:
    scores = measured(replace(GOOD, ranking={"q1": ["a", "b"], "q2": []}), QRELS)
    assert scores.by_query["nDCG@10"] == {"q1": 1.0, "q2": 0.0}
    assert measured(replace(GOOD, ranking={}), QRELS).means["R@100"] == 0.0


def test_queries_without_judgments_do_not_count() -> None:
    assert measured(replace(GOOD, ranking={**GOOD.ranking, "q3": ["a"]}), QRELS).means["nDCG@10"] == 1.0


TOPICS = (
    Topic("t1", "one", "question", (Judged("a.pdf", 3, ("page 2",)), Judged("w.html", 3), Judged("b.pdf", 1))),
    Topic("t2", "two", "nothing"),
)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([("a.pdf", "page 2")], 1.0),
        ([("w.html", 'section "Methods"')], 1.0),  # a web page has no pages: any of its passages is right
        ([("a.pdf", "page 1"), ("b.pdf", "page 2"), ("b.pdf", "page 3")], 0.0),
        ([("b.pdf", "page 1")] * 3 + [("a.pdf", "page 2")], 0.0),  # the fourth
        ([], 0.0),
    ],
)
def test_the_right_page_counts_among_the_first_three_passages(places: list[tuple[str, str]], found: float) -> None:
    run = Run("r", {}, places={"t1": places}, answered={"t2": True})
    assert measured_places(run, TOPICS).means == {"Place@3": found, "FalseAlarm": 1.0}


def test_topics_without_anything_relevant_are_no_queries_of_the_ranking() -> None:
    assert qrels_of(TOPICS) == {"t1": {"a.pdf": 3, "w.html": 3, "b.pdf": 1}}


def test_a_difference_in_every_query_is_significant_and_none_is_not() -> None:
    a = {str(n): 0.4 for n in range(30)}
    better = compared("nDCG@10", a, {query: value + 0.1 for query, value in a.items()})
    assert (better.difference, better.p < 0.001, better.low > 0) == (0.1, True, True)
    same = compared("nDCG@10", a, a)
    assert (same.difference, same.p, same.moved) == (0.0, 1.0, ())


def test_noise_is_called_significant_as_seldom_as_it_should_be() -> None:
    noise = random.Random(3)
    called = [randomisation_p([noise.gauss(0, 0.2) for _ in range(40)], rounds=1000) < 0.05 for _ in range(200)]
    assert 0.01 <= sum(called) / len(called) <= 0.10


def test_the_queries_that_moved_most_come_first() -> None:
    found = compared("nDCG@10", {"x": 0.1, "y": 0.9, "z": 0.5}, {"x": 0.2, "y": 0.1, "z": 0.5})
    assert found.moved == (("y", -0.8), ("x", 0.1))


def test_an_interval_holds_the_mean() -> None:
    low, high = interval([0.0, 1.0] * 50)
    assert low < 0.5 < high
    assert interval([]) == (0.0, 0.0)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_run(GOOD, tmp_path / "good.run")
    assert read_run(tmp_path / "good.run").ranking == GOOD.ranking
    (tmp_path / "bad.run").write_text("q1 Q0 a\n")
    with pytest.raises(QueryError, match=r"bad.run, line 1"):
        read_run(tmp_path / "bad.run")


def test_the_gate_lets_the_baseline_pass_and_a_random_or_constant_ranker_fail() -> None:
    documents = [f"d{n:02d}" for n in range(50)]
    qrels = {f"q{n}": {documents[n]: 1, documents[n + 20]: 2} for n in range(20)}
    good = Run("good", {query: sorted(documents, key=lambda d: -grades.get(d, 0)) for query, grades in qrels.items()})
    shuffled = random.Random(5)
    rankers = {
        "random": {query: shuffled.sample(documents, len(documents)) for query in qrels},
        "constant": dict.fromkeys(qrels, documents),
        "reversed": {query: found[::-1] for query, found in good.ranking.items()},
        "silent": {},
    }
    baseline = {"set": measured(good, qrels).means}
    assert falls(baseline, {"set": measured(good, qrels).means}) == []
    for ranking in rankers.values():
        now = {"set": measured(Run("bad", ranking), qrels).means}
        assert any(fall.measure == "nDCG@10" for fall in falls(baseline, now))


def test_the_gate_knows_that_fewer_false_alarms_are_better_and_that_missing_is_worse() -> None:
    baseline = {"s": {"FalseAlarm": 0.5, "nDCG@10": 0.7}}
    assert falls(baseline, {"s": {"FalseAlarm": 0.1, "nDCG@10": 0.695}}) == []
    assert [fall.measure for fall in falls(baseline, {"s": {"FalseAlarm": 0.75, "nDCG@10": 0.7}})] == ["FalseAlarm"]
    assert [fall.now for fall in falls(baseline, {})] == [None, None]
    assert falls(baseline, {}, only=frozenset({"other"})) == []


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_baseline({"s": {"nDCG@10": 0.7}}, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == {"s": {"nDCG@10": 0.7}}
    (tmp_path / "b.json").write_text("[1]")
    with pytest.raises(QueryError, match="cannot be read"):
        read_baseline(tmp_path / "b.json")


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "Rings", "text": "They release."}\n{"_id": "d2"}\n')
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "ring"}\n{"_id": "q9", "text": "unjudged"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n")
    return folder


def test_a_set_in_beir_layout_is_read_with_its_only_split(tmp_path: Path) -> None:
    found = load_beir(beir(tmp_path / "set"))
    assert [(doc.id, doc.title, doc.text) for doc in found.corpus] == [("d1", "Rings", "They release."), ("d2", "", "")]
    assert (dict(found.queries), found.qrels) == ({"q1": "ring"}, {"q1": {"d1": 2}})


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: (f / "corpus.jsonl").unlink(), "has no corpus.jsonl"),
        (lambda f: (f / "corpus.jsonl").write_text("{"), "line 1: not a JSON object"),
        (lambda f: (f / "qrels" / "dev.tsv").write_text("q1\td1\t1\n"), "name one with --split"),
        (lambda f: (f / "qrels" / "test.tsv").write_text("q1\td1\tmany\nq1\td1\tmore\n"), "line 2"),
        (lambda f: (f / "qrels" / "test.tsv").write_text("q7\td1\t1\n"), "no query of queries.jsonl is judged"),
        (lambda f: (f / "queries.jsonl").rename(f / "queries.jsonl.gz"), "cannot be read"),
    ],
)
def test_a_malformed_set_is_told_by_file_and_line(tmp_path: Path, spoil: object, says: str) -> None:
    folder = beir(tmp_path / "set")
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(QueryError, match=says):
        load_beir(folder)
