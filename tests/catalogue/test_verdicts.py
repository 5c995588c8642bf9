"""What somebody decided is known to every process at once, and is not read again as long as nobody decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue, Verdict, Word, same_work_id


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    made = Catalogue(url)
    yield made
    made.close()


def say(catalogue: Catalogue, word: Word) -> str:
    made = Verdict(same_work_id("a", "b"), "same work", "a", "b", word, "Cara", "2026-11-30T10:00:00Z")
    catalogue.verdicts.put(made)
    return made.id


def test_what_another_process_decided_is_known_and_what_is_known_is_not_read_again(
    url: str, catalogue: Catalogue
) -> None:
    assert catalogue.verdicts.decided().same_work == {}
    other = Catalogue(url)
    try:
        made = say(other, "yes")
        known = catalogue.verdicts.decided()
        assert known.same_work == {("a", "b"): "yes"}
        assert catalogue.verdicts.decided() is known
        say(other, "no")  # at the same time, by its clock
        assert catalogue.verdicts.decided().same_work == {("a", "b"): "no"}
        assert other.verdicts.forget(made) and not other.verdicts.forget(made)
        assert catalogue.verdicts.decided().same_work == {}
    finally:
        other.close()
