"""The report: what it says of a small measurement, and that nothing a stranger wrote changes it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.judgments import Judged, Topic
from eval.measure import Scores, measured, measured_elsewhere, measured_places
from eval.plots import MARGIN, WIDTH, bars, dots
from eval.rank import Run
from eval.report import EvaluationReport, Measured, as_html, as_json, as_markdown, report_of
from eval.sets import BeirDocument, BeirSet, first_docs, has_split, sets_in
from searchsvc.errors import QueryError

HOSTILE = "<script>alert(1)</script> | [x](http://evil.example) `*_\x1b[31m\u202e\n# head \"' &amp;"
QRELS = {"q1": {"a": 3}, "q2": {"b": 2}, "q3": {"c": 1}, "q4": {"gone": 3, "a": 1}}
OTHERS = [f"x{n}" for n in range(8)]
HYBRID = Run(
    "hybrid",
    {"q1": ["a"], "q2": [*OTHERS[:5], "b"], "q3": ["x0", "c"], "q9": ["x0"]},
    answered={"q9": True},
    failures={"q4": "the encoder failed"},
    titles={"x0": HOSTILE, "x1": "Another"},
)
KEYWORD = Run("keyword", {"q1": ["a"], "q2": ["b"], "q3": ["x0"]})
SEMANTIC = Run("semantic", {"q3": ["c"]})
TOPICS = (Topic("q9", "rabies", "nothing"), Topic("q1", "ring", "question", (Judged("a", 3, ("page 1",)),)))


def small(name: str = "archive") -> Measured:
    runs = {"hybrid": HYBRID, "semantic": SEMANTIC, "keyword": KEYWORD}
    scores = {
        mode: Scores(
            {
                **measured(run, QRELS).by_query,
                **measured_places(run, TOPICS).by_query,
                **measured_elsewhere(Run(mode, {}, answered={"railways 1": True})).by_query,
            }
        )
        for mode, run in runs.items()
    }
    words = {"q1": "ring", "q2": HOSTILE, "q3": "gel", "q4": "lost", "q9": "rabies"}
    types = {"q1": "question", "q2": "paraphrase", "q3": "question", "q4": "paraphrase", "q9": "nothing"}
    return Measured(name, words, QRELS, runs, scores, types, {"b": "The <b>best</b>", "gone": "Lost one"})


@pytest.fixture(scope="module")
def report() -> EvaluationReport:
    return report_of([small(), small("second")], about={"encoder": HOSTILE}, left_out=[("broken", "it has no qrels")])


def test_a_query_fails_when_nothing_relevant_is_among_the_first_five(report: EvaluationReport) -> None:
    archive = report.sets[0]
    assert [(one.id, one.place, one.reason) for one in archive.failing] == [
        ("q2", 6, ""),
        ("q4", None, "the encoder failed"),
    ]
    assert [one.id for one in archive.failing[0].came] == OTHERS[:5]
    assert [(one.id, one.title, one.grade) for one in archive.failing[1].wanted] == [
        ("gone", "Lost one", 3),
        ("a", "a", 1),
    ]
    assert archive.first["hybrid"] == {
        "first": 1, "second to fifth": 1, "sixth to tenth": 1, "eleventh to hundredth": 0, "not found": 1
    }  # fmt: skip


def test_types_have_means_of_their_own_and_what_nothing_answers_has_none(report: EvaluationReport) -> None:
    types = {one.type: one for one in report.sets[0].types}
    assert {name: one.queries for name, one in types.items()} == {"question": 2, "paraphrase": 2}
    figure = types["question"].by_mode["keyword"]
    assert (figure.mean, figure.low, figure.high) == (0.5, 0.0, 1.0)


def test_hybrid_is_held_against_the_better_of_its_parts(report: EvaluationReport) -> None:
    assert [(one.id, one.part, one.alone) for one in report.sets[0].worse] == [
        ("q2", "keyword", 1.0),
        ("q3", "semantic", 1.0),
    ]


def test_an_answer_to_what_nothing_answers_is_listed(report: EvaluationReport) -> None:
    assert [one.id for one in report.sets[0].alarms] == ["q9"]
    assert "1 of 1 queries that nothing answers got an answer" in as_markdown(report)


class Page(HTMLParser):
    """Tags with their attributes, ids and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_runs_nothing_loads_nothing_and_keeps_what_strangers_wrote_as_text(report: EvaluationReport) -> None:
    text = as_html(report)
    page = Page(text)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object"} and "The <b>best</b>" in page.words
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert all(str(one["href"]).startswith("#") for _, one in page.tags if "href" in one)
    assert "<script>alert(1)</script>" in page.words and "\x1b" not in text and "\u202e" not in text


def test_every_plot_has_a_title_and_a_description_and_every_id_is_unique(report: EvaluationReport) -> None:
    page = Page(as_html(report))
    ids = [one["id"] for _, one in page.tags if "id" in one]
    assert len(ids) == len(set(ids))
    plots = [one for tag, one in page.tags if tag == "svg" and one.get("role") == "img"]
    assert len(plots) == 1 + 2 * 2
    for one in plots:
        assert set(str(one["aria-labelledby"]).split()) <= set(ids)


def test_markdown_keeps_its_tables_whatever_stands_in_them(report: EvaluationReport) -> None:
    lines = as_markdown(report).splitlines()
    for at, line in enumerate(lines):
        if re.match(r"\|(---\|)+$", line):
            cells = {
                len(re.findall(r"(?<!\\)\|", row))
                for row in lines[at - 1 : lines.index("", at) if "" in lines[at:] else None]
            }
            assert len(cells) == 1, lines[at - 1]
    text = "\n".join(lines)
    assert "<script" not in text and not re.search(r"(?<!\\)\]\(", text) and "http:\\//evil" in text
    assert [line for line in lines if line.startswith("# ")] == ["# How good the search is"]
    assert "Not measured: broken: it has no qrels" in lines


def test_the_data_explains_its_measures_and_has_every_query(report: EvaluationReport) -> None:
    data = as_json(report)
    assert set(data["sets"][0]["figures"]["hybrid"]) == set(data["measures"])
    assert data["sets"][0]["failing"][0]["words"].startswith("<script>")


def test_marks_stay_inside_the_plot_and_stretches_fill_their_bar() -> None:
    plot = dots([("a", {"hybrid": (0.0, -0.1, 1.2), "keyword": (1.0, 0.5, 1.0)})])
    assert [(one.low_x, one.high_x) for one in plot.rows[0].marks] == [
        (MARGIN, WIDTH - MARGIN),
        (WIDTH / 2, WIDTH - MARGIN),
    ]
    [row, empty] = bars([("hybrid", {"first": 3, "second": 0, "third": 1}), ("none", {"first": 0})]).rows
    assert sum(one.width for one in row.parts) == WIDTH - 2 * MARGIN and [one.number for one in row.parts] == [0, 2]
    assert empty.parts == ()


def test_a_slice_of_a_set_keeps_queries_that_can_be_answered() -> None:
    given = BeirSet(
        "s",
        (BeirDocument("a", "", ""), BeirDocument("b", "", "")),
        {"1": "x", "2": "y"},
        {"1": {"a": 1, "b": 0}, "2": {"b": 1}},
    )
    cut = first_docs(given, 1)
    assert (dict(cut.queries), cut.qrels) == ({"1": "x"}, {"1": {"a": 1}})
    with pytest.raises(QueryError, match="among the first 1"):
        first_docs(BeirSet("s", given.corpus, {"2": "y"}, {"2": {"b": 1}}), 1)


def test_sets_are_found_by_their_corpus(tmp_path: Path) -> None:
    (tmp_path / "one" / "qrels").mkdir(parents=True)
    with pytest.raises(QueryError, match=r"no folder in .* has a corpus.jsonl"):
        sets_in(tmp_path)
    (tmp_path / "one" / "corpus.jsonl.gz").write_bytes(b"")
    assert sets_in(tmp_path) == [tmp_path / "one"]
    assert not has_split(tmp_path / "one", "test")
    (tmp_path / "one" / "qrels" / "test.tsv.gz").write_bytes(b"")
    assert has_split(tmp_path / "one", "test")
