"""Measures, comparison and gate: what they say can be relied on."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.compare import compared, randomisation_p
from eval.gate import NETWORK_SET, NETWORKS_HELD, falls, known_sets, read_baseline, write_baseline
from eval.judgments import Judged, Topic
from eval.measure import MEASURES, Measure, by_query, interval, measured, measured_places, qrels_of
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


# a and b are level, and b comes first. Ranking: c (grade 2), x (not judged), b (grade 0), a (grade 1), d (less than 0).
GRADES = {"a": 1, "b": 0, "c": 2, "d": -1, "e": 1}
FOUND = {"a": 3.0, "b": 3.0, "c": 5.0, "d": 2.0, "x": 4.0}


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("nDCG", (2 + 1 / math.log2(5)) / (2 + 1 / math.log2(3) + 1 / 2)),
        ("nDCG@2", 2 / (2 + 1 / math.log2(3))),
        ("nDCG@9", (2 + 1 / math.log2(5)) / (2 + 1 / math.log2(3) + 1 / 2)),
        ("AP", (1 / 1 + 2 / 4) / 3),
        ("AP@3", 1 / 3),
        ("R@3", 1 / 3),
        ("R@4", 2 / 3),
        ("RR@3", 1.0),
        ("Success@1", 1.0),
        ("Judged@2", 1 / 2),
        ("Judged@10", 4 / 5),
    ],
)
def test_measures_are_what_they_are_by_hand(measure: str, value: float) -> None:
    assert Measure.parse(measure).value(GRADES, FOUND) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("rank", "value"), [(1, 1.0), (3, 1 / 3), (4, 0.0)])
def test_the_first_relevant_document_decides_and_only_up_to_the_cutoff(rank: int, value: float) -> None:
    found = {f"x{place}" if place != rank else "a": -float(place) for place in range(1, 6)}
    assert Measure.parse("RR@3").value(GRADES, found) == value
    assert Measure.parse("Success@3").value(GRADES, found) == float(value > 0)


def test_scores_that_differ_by_less_than_32_bits_hold_are_level() -> None:
    assert Measure.parse("AP").value({"a": 1}, {"a": 1.0 + 1e-9, "b": 1.0}) == 0.5
    assert Measure.parse("AP").value({"a": 1}, {"a": 1.0 + 1e-6, "b": 1.0}) == 1.0


@pytest.mark.parametrize("measure", ["nDCG@5", "AP", "R@5", "RR@5", "Success@5"])
def test_where_nothing_is_relevant_or_found_every_measure_is_nought(measure: str) -> None:
    one = Measure.parse(measure)
    assert by_query(
        one, {"q": {"a": 0, "b": -1}, "r": {}, "s": {"a": 1}, "t": {"a": 1}}, {"q": FOUND, "r": FOUND, "s": {}}
    ) == (dict.fromkeys("qrst", 0.0))


@pytest.mark.parametrize("name", [*MEASURES, "AP"])
def test_a_measure_prints_as_it_is_parsed(name: str) -> None:
    assert str(Measure.parse(name)) == name


@pytest.mark.parametrize("text", ["nDCG@", "nDCG@0", "nDCG@-1", "nDCG@x", "MAP", ""])
def test_what_is_no_measure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no measure"):
        Measure.parse(text)


QUERIES = st.sampled_from(["q", "r", "s", "t"])
DOCUMENTS = st.sampled_from(["a", "b", "c", "d", "e", "f", "Z", "é", "\uffff", "\U0001f600"])
JUDGMENTS = st.dictionaries(QUERIES, st.dictionaries(DOCUMENTS, st.integers(0, 4)))  # trec_eval may crash below 0
SCORES = st.sampled_from([-1.0, 0.0, 0.5, 1.0, 1.0 + 1e-9, 1.0 + 1e-6]) | st.floats(-10, 10)


def assert_same(measures: list[str], qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> None:
    ir_measures = pytest.importorskip("ir_measures")
    theirs = {name: dict.fromkeys(qrels, 0.0) for name in measures}
    for one in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in measures], qrels, run):
        if one.query_id in qrels:
            theirs[str(one.measure)][one.query_id] = one.value
    for name in measures:
        assert by_query(Measure.parse(name), qrels, run) == pytest.approx(theirs[name], rel=1e-12), name


@settings(deadline=None)
@given(qrels=JUDGMENTS, run=st.dictionaries(QUERIES, st.dictionaries(DOCUMENTS, SCORES, min_size=1)))
def test_measures_are_those_of_trec_eval(qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]) -> None:
    assert_same(["nDCG", "nDCG@1", "nDCG@3", "AP", "AP@3", "R@1", "R@3", "RR", "Success@1", "Success@3"], qrels, run)


@settings(deadline=None)
@given(qrels=JUDGMENTS, ranking=st.dictionaries(QUERIES, st.permutations("abcdef").map(lambda all_: all_[:4])))
def test_measures_that_trec_eval_has_not_are_those_of_ir_measures(
    qrels: dict[str, dict[str, int]], ranking: dict[str, list[str]]
) -> None:
    # without ties: for these ir-measures puts the document first whose id sorts first, for all others the last
    run = {query: {one: float(-place) for place, one in enumerate(found)} for query, found in ranking.items()}
    assert_same(["RR@1", "RR@3", "Judged@1", "Judged@3", "Judged@9"], qrels, run)


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
    rankers: dict[str, Mapping[str, Sequence[str]]] = {
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


def test_the_gate_holds_networks_a_pair_or_a_need_may_move_and_a_wrong_pair_is_worse() -> None:
    held = {
        "needs among shown": 0.65, "same work found": 133.0, "same work wrong": 0.0, "introductions good of 50": 24.0,
        "complementary project nDCG@5": 0.65,
    }  # fmt: skip
    now = {**held, "needs among shown": 0.63, "introductions good of 50": 23.0, "complementary project nDCG@5": 0.64}
    assert falls({"network made": held}, {"network made": now}) == []
    now |= {
        "same work found": 132.0,
        "same work wrong": 1.0,
        "needs among shown": 0.6,
        "introductions good of 50": 22.0,
    }
    assert {fall.measure for fall in falls({"network made": held}, {"network made": now})} == {
        "same work found", "same work wrong", "needs among shown", "introductions good of 50"
    }  # fmt: skip


def test_the_baseline_holds_every_network_that_the_gate_measures() -> None:
    for precision in ("fp32", "int8"):
        assert {NETWORK_SET.format(name) for name in NETWORKS_HELD} <= read_baseline(precision).keys()


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    write_baseline({"s": {"nDCG@10": 0.6}}, "int8", path)
    write_baseline({"s": {"nDCG@10": 0.8}}, "fp32", path)
    write_baseline({"s": {"nDCG@10": 0.7}}, "int8", path)
    write_baseline({"other": {"nDCG@10": 0.5}}, "fp32", path)
    assert known_sets(path) == ["other", "s"]
    assert read_baseline("int8", path) == {"s": {"nDCG@10": 0.7}} and read_baseline("fp32", path)["s"]["nDCG@10"] == 0.8
    with pytest.raises(QueryError, match="has nothing for int4"):
        read_baseline("int4", path)
    path.write_text("[1]")
    with pytest.raises(QueryError, match="cannot be read"):
        read_baseline("int8", path)


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
