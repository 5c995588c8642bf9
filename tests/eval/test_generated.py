"""Generated texts are the same for a seed, and go in as anybody's files do."""

from __future__ import annotations

from pathlib import Path

from eval.generated import generated_texts
from eval.truth import tried
from tests.ingest.kit import Bench


def test_the_same_seed_gives_the_same_texts_and_another_one_others() -> None:
    some = list(generated_texts(30, seed=1))
    assert some == list(generated_texts(30, seed=1))
    assert {one.content for one in some}.isdisjoint(one.content for one in generated_texts(30, seed=2))
    assert len({one.name for one in some}) == 30


def test_what_must_hold_on_any_archive_holds_on_them(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    try:
        for one in generated_texts(40, seed=3):
            bench.add(f"file:///{one.name}", one.content)
        assert len(bench.archive.current().resources) == 40
        assert tried(bench, words=60, queries=4).faults == []
    finally:
        bench.close()
