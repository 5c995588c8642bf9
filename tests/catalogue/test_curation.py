"""What is decided and judged is kept alike in both databases, also when several decide at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from searchsvc.catalogue import Catalogue, Decision, JudgedQuery, Judgment, Location, Pooled
from searchsvc.errors import ConflictError
from searchsvc.model import Author, Kind, Resource
from searchsvc.sight import EVERYTHING, Sight
from tests.postgres import DATABASES, fresh_database


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        return
    with fresh_database() as made:
        yield made


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    made = Catalogue(url)
    put(made, "r1")
    yield made
    made.close()


def put(catalogue: Catalogue, key: str, *, title: str = "A title", bands: list[str] | None = None) -> None:
    resource = Resource(key, Kind.PAPER, title, (Author("Ann Bo"),), "2024-01-02", 2024, content_hash=key * 8)
    catalogue.put(
        resource, text="", report={}, passages=[], terms=[], minhash=key.encode(), bands=bands or [],
        location=Location(f"file:///{key}", key, "folder", "2026-01-01"),
    )  # fmt: skip


def decision(action: Any = "correct", **given: Any) -> Decision:
    whole = {"kind": "title", "item": "title-1", "by": "Cara", "at": "2026-01-01", "resource": "r1", "value": "Zebras"}
    return Decision(uuid.uuid4().hex[:12], action=action, **{**whole, **given})


def test_a_correction_is_in_the_row_and_what_the_file_says_comes_back(catalogue: Catalogue) -> None:
    title = catalogue.curation.decide(decision(), seen=0)
    date = catalogue.curation.decide(decision(kind="date", item="date-1", value=None), seen=0)
    authors = catalogue.curation.decide(decision(kind="authors", item="authors-1", value=["Bo Dee"]), seen=0)
    now = catalogue.resource("r1")
    assert (now.title, now.date, now.year, now.authors) == ("Zebras", None, None, (Author("Bo Dee"),))
    put(catalogue, "r1", title="Another title")
    assert catalogue.resource("r1").title == "Zebras" and catalogue.resource("r1").authors == (Author("Bo Dee"),)
    for one in (title, date, authors):
        catalogue.curation.undo(one.id, by="Dan", at="2026-01-02")
    now = catalogue.resource("r1")
    assert (now.title, now.date, now.year, now.authors) == ("Another title", "2024-01-02", 2024, (Author("Ann Bo"),))


def test_of_many_who_decide_the_same_at_once_one_does(catalogue: Catalogue) -> None:
    def decide(number: int) -> bool:
        try:
            catalogue.curation.decide(decision("accept", by=f"judge {number}"), seen=0)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(8))) == 1
    [one] = catalogue.curation.curated().decisions
    with ThreadPoolExecutor(8) as pool:
        undone = list(pool.map(lambda number: _undone(catalogue, one.id, number), range(8)))
    assert sum(undone) == 1
    assert [each.number for each in catalogue.curation.curated().decisions] == [1, 2]


def _undone(catalogue: Catalogue, decision_id: str, number: int) -> bool:
    try:
        catalogue.curation.undo(decision_id, by=f"judge {number}", at="2026-01-02")
    except ConflictError:
        return False
    return True


def test_what_is_hidden_is_seen_by_nobody_until_it_is_taken_back(catalogue: Catalogue) -> None:
    put(catalogue, "r2")
    made = catalogue.curation.decide(decision("hide", kind="hidden", item="hidden-1", value=None), seen=0)
    assert catalogue.withdraws()
    assert catalogue.hidden_from(EVERYTHING) == catalogue.hidden_from(Sight(frozenset({"board"}))) == {"r1"}
    catalogue.curation.undo(made.id, by="Cara", at="2026-01-02")
    assert not catalogue.withdraws() and catalogue.hidden_from(EVERYTHING) == frozenset()


def test_resources_that_share_a_band_are_pairs_once(catalogue: Catalogue) -> None:
    for key in ("r2", "r3"):
        put(catalogue, key, bands=["0:x", "1:y"])
    assert [(a, b) for a, _, b, _ in catalogue.near_pairs()] == [("r2", "r3")]


def test_grades_are_kept_by_person_and_undone_in_turn(catalogue: Catalogue) -> None:
    query = JudgedQuery("q1", "ring", "own", 10, "2026-01-01")
    found = [Pooled("q1", "r1", 0, None, {"words": 1, "both": 2})]
    assert catalogue.judging.pool(query, found) == 1 and catalogue.judging.pool(query, found) == 0
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: catalogue.judging.judge(Judgment("q1", "r1", f"judge {n}", n % 3, "2026")), range(6)))
    assert sorted(one.number for one in catalogue.judging.judgments()) == [1, 2, 3, 4, 5, 6]
    catalogue.judging.judge(Judgment("q1", "r1", "judge 0", 2, "2026"))
    assert (gone := catalogue.judging.undo("judge 0")) and gone.grade == 2
    assert catalogue.judging.undo("judge 0") is None and len(catalogue.judging.judgments()) == 5
    catalogue.delete("r1")
    assert catalogue.judging.judgments() == [] and catalogue.judging.pooled() == []
