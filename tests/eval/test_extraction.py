"""The measure of article bodies is that of the benchmark it is named after."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.extraction import main, overlap, scores_of

BODY = (
    "Farmers who leave residues on their fields gain carbon in the upper soil, and the gain grows with the years. " * 4
)


def test_the_same_text_is_perfect_whatever_its_punctuation() -> None:
    assert overlap("one two, three four five", "one two three\nfour - five").f1 == 1


def test_runs_of_words_count_as_often_as_they_stand_there() -> None:
    # true: abcd bcde; extracted: abcd bcde cdef defg
    found = overlap("a b c d e", "a b c d e f g")
    assert (found.precision, found.recall) == (0.5, 1.0)
    assert overlap("a b c d e", "a b c d e a b c d e", words=1).precision == 0.5


def test_a_text_shorter_than_a_run_is_one_run() -> None:
    assert overlap("two words", "two words").f1 == 1
    assert overlap("two words", "two other words").f1 == 0


def test_nothing_found_scores_zero_unless_there_is_nothing() -> None:
    assert overlap("some words", "").f1 == 0
    assert overlap("", "some words").f1 == 0
    assert overlap("", "").f1 == 1


def test_f1_is_made_of_the_means_and_a_missing_page_counts_as_empty() -> None:
    scores = scores_of({"a": "one two three four five", "b": "one two three four"}, {"a": "one two three four"})
    assert (scores.shingles.precision, scores.shingles.recall) == (0.5, 0.25)
    assert scores.shingles.f1 == pytest.approx(1 / 3)


def test_the_command_measures_a_folder_and_names_the_worst_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "html").mkdir()
    page = f"<html><body><nav>Home</nav><article><p>{BODY}</p></article></body></html>"
    (tmp_path / "html" / "x.html.gz").write_bytes(gzip.compress(page.encode()))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"x": {"articleBody": BODY}}))
    assert main([str(tmp_path), "--worst", "1"]) == 0
    assert "1 pages, runs of 4 words: F1 1.000" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "ground-truth.json is not there" in capsys.readouterr().err
