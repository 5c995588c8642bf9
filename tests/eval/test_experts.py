"""The measures of expertise and of hidden ties, by hand, and what is said of a folder that cannot be measured."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from typer.testing import CliRunner

from eval.experts import load_ratings, lost
from eval.ties import hidden_ties, recall
from eval.works import Paper
from searchsvc.cli.app import app
from searchsvc.errors import QueryError
from tests.conftest import SHARED

GOLD = SHARED / "experts" / "reviewer_gold_dev"
PAPERS = {
    "a": "Vaginal rings of silicone release dapivirine for a month",
    "b": "Rings and their release of drugs through silicone",
    "c": "Training deep networks on pictures of cats",
    "d": "Convolutions for pictures",
}


def test_the_difference_of_the_ratings_is_lost_where_the_order_is_wrong_and_half_of_it_on_a_tie() -> None:
    # pairs: 5 and 3 in the wrong order, 5 and 1 right, 3 and 1 tied: 2 + 0 + 2 / 2 of 2 + 4 + 2
    assert lost([5, 3, 1], [0.6, 0.9, 0.1]) == (2.0, 8.0)
    assert lost([5, 3, 1], [0.6, 0.5, 0.5]) == (1.0, 8.0)
    assert lost([4, 4], [0.1, 0.9]) == (0.0, 0.0)  # papers rated alike have no order
    assert lost([5, 1], [float("-inf")] * 2) == (2.0, 4.0)  # nothing known of the researcher: chance


def folder(path: Path, changed: Mapping[str, str | None] = MappingProxyType({}), *, packed: bool = False) -> Path:
    files: dict[str, str | None] = {
        "papers.jsonl": "\n".join(
            json.dumps({"_id": one, "title": text, "abstract": text}) for one, text in PAPERS.items()
        ),
        "ratings.tsv": "participant\tpaper\texpertise\n1\tb\t5.0\n1\td\t1.0\n2\tb\t2.0\n2\td\t4.5\n3\tb\t1\n",
        "profiles_d20.json": json.dumps({"one": {"1": ["a"], "2": ["c"]}, "two": {"1": ["a"], "2": ["a"]}}),
        "participants.txt": "1\n2\n",
    }
    for name, text in changed.items():
        files["profiles_d20.json" if name == "profiles" else name.replace("_", ".", 1)] = text
    path.mkdir()
    for name, text in files.items():
        if text is not None:
            data = text.encode()
            (path / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_is_measured_plain_or_gzipped(tmp_path: Path, packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SEARCHSVC_ENCODER", "hashing")
    data = folder(tmp_path / "data", packed=packed)
    done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "eval", "experts", "--data", str(data), "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    # in the sample "two" the second researcher is taken for an expert on rings: 2.5 of 4 + 2.5 are lost
    assert figures["by_sample"] == {"one": 0.0, "two": pytest.approx(2.5 / 6.5, abs=1e-4)}
    assert figures["loss"] == pytest.approx(2.5 / 13, abs=1e-4)
    assert (figures["researchers"], figures["pairs"]) == (2, 2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"papers_jsonl": None}, "has no papers.jsonl or papers.jsonl.gz"),
        ({"papers_jsonl": "{}"}, "line 1: not a JSON object with an _id"),
        ({"papers_jsonl": '{"_id": "a"}'}, "lacks 3 papers of the ratings and profiles, such as b"),
        ({"ratings_tsv": "1\tb\tmuch"}, "line 1: not participant, paper and expertise"),
        ({"ratings_tsv": "1\tb\tnan"}, "line 1: not participant, paper and expertise"),
        ({"ratings_tsv": "1\tb\t5\n2\td\t5"}, "no order to measure"),
        ({"participants_txt": "7"}, "7 rated nothing"),
        ({"profiles": None}, "has no profiles_d*.json"),
        ({"profiles": "[]"}, "not an object of samples"),
        ({"profiles": '{"one": {"1": "a"}}'}, "not an object of samples"),
    ],
)
def test_a_folder_that_cannot_be_measured_is_said_in_one_line(
    tmp_path: Path, changed: dict[str, str | None], said: str
) -> None:
    with pytest.raises(QueryError) as caught:
        load_ratings(folder(tmp_path / "data", changed))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="there is no folder"):
        load_ratings(tmp_path / "nothing")


@pytest.mark.skipif(not GOLD.is_dir(), reason=f"{GOLD} is not there")
def test_the_gold_standard_is_read_whole() -> None:
    given = load_ratings(GOLD)
    assert (len(given.ratings), len(given.samples), len(given.rated)) == (29, 10, 237)


def test_with_their_only_shared_paper_hidden_people_are_to_be_found_among_strangers() -> None:
    papers = [
        Paper("shared", "", "", ("Ann", "Bo", "Cy")),
        *(Paper(f"ann{n}", "", "", ("Ann", "Cy")) for n in range(2)),
        *(Paper(f"bo{n}", "", "", ("Bo",)) for n in range(2)),
        *(Paper(f"di{n}", "", "", ("Di",)) for n in range(2)),
    ]
    cases = [case for case in hidden_ties(papers) if case.paper == "shared"]
    assert [(case.person, set(case.lost)) for case in cases] == [("Ann", {"Bo"}), ("Bo", {"Ann", "Cy"}), ("Cy", {"Bo"})]
    assert cases[0].others == ("Bo", "Di")  # Cy is a co-author still
    assert not cases[0].graph.has_edge("Ann", "Bo")
    assert cases[0].graph.has_edge("Ann", "Cy")
    assert 0 not in cases[0].works["Ann"]


def test_recall_counts_equal_scores_by_the_chance_to_be_among_the_first() -> None:
    assert recall([3, 2, 1], [True, False, True], cut=1) == 1.0
    assert recall([3, 2, 1], [False, True, False], cut=1) == 0.0
    assert recall([1, 0, 0, 0, 0], [False, True, False, False, False], cut=2) == pytest.approx(0.25)
