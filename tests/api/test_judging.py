"""People judge what their own queries find, blindly; it is kept, and agreement is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.own import held_against, keep, kept, measured_own, own_qrels
from searchsvc.catalogue import Judgment
from searchsvc.judging import agreement
from searchsvc.judging.agreement import kappa
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.api.conftest import Client, running

TOPICS = {"ring": "The ring was worn for ninety days in Kisumu.", "gel": "The gel was used at home before sex."}
WORDS = {
    f"{name}{n}": f"# {name.title()} {n}\n\n{text} Visit {n} took an hour."
    for n in range(4)
    for name, text in TOPICS.items()
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "home", insights=True) as client:
        client.added([(f"{name}.md", text.encode()) for name, text in WORDS.items()])
        yield client


def add(client: Client, *queries: str, **more: Any) -> dict[str, Any]:
    answer = client("POST", "/v1/judging/queries", json={"queries": list(queries), **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def told(client: Client) -> dict[str, Any]:
    return dict(client.get("/v1/judging").json())


def pooled(client: Client, query: str, by: str = "Cara") -> list[str]:
    """What is shown, in that order."""
    page = client.get("/v1/judging/qrels")
    assert page.status_code == 200
    service = client.connection._transport._running.service()  # type: ignore[attr-defined]
    sheets = service.judging.sheets(by)
    return [it.pooled.resource_id for one in sheets if one.query.id == query for it in one.shown]


def grade(client: Client, query: str, resource: str, value: int | None, by: str = "Cara", status: int = 204) -> None:
    body = {"query": query, "resource": resource, "grade": value, "by": by}
    answer = client("POST", "/v1/judging/judgments", json=body)
    assert answer.status_code == status, answer.text


def test_what_words_meaning_and_both_find_is_pooled_in_an_order_that_says_nothing(archive: Client) -> None:
    assert add(archive, "ring in Kisumu", depth=3)["queries"] == 1
    [one] = told(archive)["queries"]
    shown = pooled(archive, one["id"])
    assert one["results"] == len(shown) >= 3 and one["depth"] == 3
    best = [hit["resource"]["id"] for hit in archive.get("/v1/search", params={"q": "ring in Kisumu"}).json()["hits"]]
    assert shown != [each for each in best if each in shown], "the order is shuffled"
    before = list(shown)
    assert add(archive, "Ring  in kisumu", depth=8)["added"] > 0, "the same query, pooled deeper"
    assert pooled(archive, one["id"])[: len(before)] == before and len(told(archive)["queries"]) == 1


def test_queries_that_people_ask_are_added_from_insights(archive: Client) -> None:
    for words in ("gel at home", "gel at home", "ring"):
        archive.get("/v1/search", params={"q": words})
    assert add(archive, asked=1)["queries"] == 1
    assert [(one["words"], one["origin"]) for one in told(archive)["queries"]] == [("gel at home", "insights")]


def test_a_grade_replaces_the_one_before_and_is_undone_one_at_a_time(archive: Client) -> None:
    add(archive, "ring")
    [query] = told(archive)["queries"]
    first, second, *_ = pooled(archive, query["id"])
    grade(archive, query["id"], first, 2)
    grade(archive, query["id"], second, 1)
    grade(archive, query["id"], first, 0)
    assert archive.get("/v1/judging/qrels").json()["grades"][query["id"]] == {first: 0, second: 1}
    assert archive("POST", "/v1/judging/undo", json={"by": "Cara"}).json()["resource"] == first
    assert archive("POST", "/v1/judging/undo", json={"by": "Cara"}).json()["resource"] == second
    assert archive("POST", "/v1/judging/undo", json={"by": "Cara"}).status_code == 404
    grade(archive, query["id"], "nope", 1, status=404)
    grade(archive, query["id"], first, 3, status=422)


def test_a_second_person_is_shown_what_nobody_graded_and_every_fifth_query_blindly(archive: Client) -> None:
    add(archive, "ring", "gel")
    first, second = told(archive)["queries"]
    for query in (first, second):
        for one in pooled(archive, query["id"]):
            grade(archive, query["id"], one, 2)
    assert len(pooled(archive, first["id"], "Dan")) == first["results"] and pooled(archive, second["id"], "Dan") == []
    for number, one in enumerate(pooled(archive, first["id"], "Dan")):
        grade(archive, first["id"], one, 2 if number else 0, by="Dan")
    found = told(archive)["agreement"]
    assert found["judges"] == 2 and found["results"] == first["results"] and 0 < found["same"] < 1
    assert min(archive.get("/v1/judging/qrels").json()["grades"][first["id"]].values()) == 0, "the lower of two"


def test_own_queries_are_measured_and_held_against_what_was_kept(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        client.added([(f"{name}.md", text.encode()) for name, text in WORDS.items()])
        add(client, "ring")
        [query] = told(client)["queries"]
        titles = {one: client.get(f"/v1/resources/{one}").json()["title"] for one in pooled(client, query["id"])}
        for one, title in titles.items():
            grade(client, query["id"], one, 2 if "Ring" in title else 0)
    with Service(Settings(home=tmp_path / "home", encoder="hashing"), work=False) as service:
        qrels = own_qrels(service)
        run, scores = measured_own(service, qrels)
        assert scores.means["Judged@10"] == 1.0 and scores.means["nDCG@10"] > 0.9 and not run.failures
        assert kept(service) is None
        keep(service, qrels, scores, "before")
        before = kept(service)
        assert before and (same := held_against(before, scores)) and not same.falls
        worse = {**scores.by_query, "nDCG@10": {query["id"]: 0.2}, "Judged@10": {query["id"]: 0.5}}
        held = held_against(before, type(scores)(worse))
        assert held and held.falls and "50% are not judged" in str(held)


def test_of_a_resource_that_is_deleted_no_grade_is_left_and_a_query_goes_with_its_grades(archive: Client) -> None:
    add(archive, "ring", "gel")
    first, second = told(archive)["queries"]
    one = pooled(archive, first["id"])[0]
    grade(archive, first["id"], one, 2)
    assert archive("DELETE", f"/v1/resources/{one}").status_code == 204
    assert one not in pooled(archive, first["id"]) and told(archive)["judges"] == {}
    assert archive("DELETE", f"/v1/judging/queries/{second['id']}").status_code == 204
    assert [it["id"] for it in told(archive)["queries"]] == [first["id"]]
    assert archive("DELETE", f"/v1/judging/queries/{second['id']}").status_code == 404


def test_kappa_is_that_of_the_literature() -> None:
    """Cohen 1960, and its example as scikit-learn computes it."""
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    assert kappa(pairs) == 0.4
    assert kappa([(0, 0), (1, 1), (2, 2)]) == 1.0 and kappa([(1, 1)] * 3) is None
    assert kappa([(0, 2), (2, 0)]) == -1.0
    mild, harsh = [(0, 0), (1, 1), (2, 1)], [(0, 0), (1, 1), (2, 0)]
    assert (kappa(mild, weighted=True) or 0) > (kappa(harsh, weighted=True) or 0)
    said = [Judgment("q", f"r{n}", judge, n % 3, "", n) for n in range(6) for judge in ("a", "b")]
    found = agreement(said)
    assert found and (found.same, found.kappa, found.results) == (1.0, 1.0, 6)
    assert agreement(said[::2]) is None


def test_grades_that_cannot_be_said_count_for_nothing(archive: Client) -> None:
    add(archive, "ring")
    [query] = told(archive)["queries"]
    grade(archive, query["id"], pooled(archive, query["id"])[0], None)
    assert json.loads(archive.get("/v1/judging/qrels").text) == {"queries": {}, "grades": {}}
