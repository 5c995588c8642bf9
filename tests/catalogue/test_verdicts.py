"""What somebody decided is known to every process at once, and is not read again as long as nobody decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue, Remembered, Verdict, Word, same_work_id
from tests.postgres import DATABASES, fresh_database


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


@pytest.mark.parametrize("kind", DATABASES)
def test_two_who_decide_the_same_at_once_are_both_heard(kind: str, url: str) -> None:
    """Neither of them is answered with an error, and one row is left."""
    with fresh_database() if kind == "postgresql" else nullcontext(url) as where:
        catalogues = [Catalogue(where) for _ in range(2)]
        meet = threading.Barrier(len(catalogues))

        def decide(catalogue: Catalogue) -> None:
            for number in range(40):
                meet.wait()
                say(catalogue, "yes" if number % 2 else "no")
                meet.wait()
                catalogue.verdicts.forget(same_work_id("a", "b"))
                meet.wait()
                one, other = (Remembered(f"{number}-{at}", "a", "b", "sent", "2026") for at in "ab")
                catalogue.introductions.put(*((one, other) if catalogue is catalogues[0] else (other, one)))
                meet.wait()
                catalogue.opinions.put("owl", {f"{number}-{at}": "yes" for at in "ab"}, at="2026")
            say(catalogue, "later")

        def deciding(catalogue: Catalogue) -> None:
            try:
                decide(catalogue)
            except BaseException:
                meet.abort()  # the other waits for nobody
                raise

        try:
            with ThreadPoolExecutor(len(catalogues)) as pool:
                list(pool.map(deciding, catalogues))
            [known] = catalogues[0].verdicts.all()
            assert known.verdict == "later"
            assert len(catalogues[0].introductions.all()) == 80
            assert len(catalogues[1].opinions.of("owl")) == 80
        finally:
            for one in catalogues:
                one.close()
