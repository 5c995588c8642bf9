"""`eval related` on a set as small as can be, and on judgments that are wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval import related as module
from eval.related import judged_set
from searchsvc.errors import QueryError
from searchsvc.settings import Settings

DOCS = {
    "a": (
        "Rings in Kisumu",
        "Rings are costly. We interviewed forty women at two clinics. The ring was liked by most.",
    ),
    "b": ("Gels in Lima", "Gels are messy. We interviewed fifty women at three clinics. The gel was liked by few."),
    "c": ("Roads", "Roads are long. Asphalt was poured by machines."),
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "cache")
    return Settings(home=tmp_path / "home", encoder="hashing")


def written(folder: Path, queries: list[dict[str, Any]], *, zipped: bool) -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": one, "title": title, "text": text} for one, (title, text) in DOCS.items()]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (folder / f"{name}.jsonl{'.gz' if zipped else ''}").write_bytes(gzip.compress(data) if zipped else data)
    lines = [f"{query['_id']}\t{doc}\t{grade}\n" for query in queries for doc, grade in (("a", 3), ("b", 2), ("c", 0))]
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(lines))
    return folder


@pytest.mark.parametrize("zipped", [True, False])
def test_both_ways_are_measured_by_facet_over_the_judged_candidates(
    settings: Settings, tmp_path: Path, zipped: bool
) -> None:
    queries = [{"_id": "a_method", "text": ""}, {"_id": "q2", "text": "", "paper_id": "a", "facet": "result"}]
    ways = judged_set(written(tmp_path / "set", queries, zipped=zipped), None, settings)
    assert [way.way for way in ways] == ["facet", "whole abstract"]
    for way in ways:
        assert way.queries == {"method": 1, "result": 1}
        assert way.by_facet["method"] == {"nDCG@20": 1.0, "AP": 1.0}  # the document itself is not ranked
        assert set(way.mean) == {"nDCG@20", "AP"}


def test_a_query_without_a_facet_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="a_colour has no facet; one of background, method, result"):
        judged_set(written(tmp_path / "set", [{"_id": "a_colour", "text": ""}], zipped=False), None, settings)
