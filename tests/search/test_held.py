"""What is kept of where words stand follows every change of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchsvc.search.held import HeldWords
from tests.ingest.kit import Bench, text_of


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_a_word_that_was_asked_for_is_found_where_it_comes_to_stand_and_no_longer_where_it_went(bench: Bench) -> None:
    first = bench.add("file:///a.txt", text_of("marshland"))
    other = bench.add("file:///b.txt", text_of("dredger"))
    assert bench.found("marshland") == {first.resource_id}
    second = bench.add("file:///c.txt", f"{text_of('levee')} The marshland is beside it.")
    assert bench.found("marshland") == {first.resource_id, second.resource_id}
    changed = bench.add("file:///b.txt", text_of("marshland") + " Another one.")
    assert changed.resource_id == other.resource_id
    assert bench.found("marshland") == {first.resource_id, second.resource_id, other.resource_id}
    assert bench.found("dredger") == set()


def test_what_is_not_kept_is_looked_up_again(bench: Bench) -> None:
    words = ["marshland", "dredger", "levee"]
    ids = [bench.add(f"file:///{word}.txt", text_of(word)).resource_id for word in words]
    held = HeldWords(bench.catalogue, most_kept=3)
    archive = bench.archive.current()
    for _ in range(3):
        for word, resource_id in zip(words, ids, strict=True):
            [one] = held.of([(word,)], archive)
            assert set(one.holding) == {resource_id}
    assert [set(one.holding) for one in held.of([(word,) for word in words], archive)] == [{one} for one in ids]
