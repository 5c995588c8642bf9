"""What people look for is counted without who they are, only where it was switched on, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchsvc.catalogue import Catalogue
from searchsvc.search.insights import Insights, counted_as
from tests.api.conftest import Client, running

OWN = {"Sec-Fetch-Site": "same-origin"}
NO_KEY = {"Authorization": "none"}


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "home", insights=True) as client:
        yield client


def read(client: Client, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/insights", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def search(client: Client, q: str, *, headers: dict[str, str] | None = None, **params: Any) -> None:
    assert client.get("/v1/search", params={"q": q, **params}, headers=headers or {}).status_code == 200


def click(client: Client, body: object, **headers: str) -> int:
    return client("POST", "/v1/clicks", json=body, headers=headers).status_code


def test_searches_those_without_a_result_and_clicks_are_counted(counting: Client) -> None:
    counting.added([("ring.md", b"# The vaginal ring\n\nWomen liked the vaginal ring and kept it in.")])
    search(counting, "Vaginal  RING")
    search(counting, "vaginal ring")
    search(counting, "zeppelin engine")
    assert click(counting, {"q": "vaginal ring", "position": 1}) == 204
    assert click(counting, {"q": "never searched", "position": 1}) == 204
    body = read(counting)
    assert (body["counting"], body["searches"], body["nothing"], body["clicks"]) == (True, 3, 1, 1)
    assert body["frequent"][0] == {"query": "vaginal ring", "searches": 2, "nothing": 0, "clicks": 1}
    assert [one["query"] for one in body["not_found"]] == ["zeppelin engine"]
    assert [one["query"] for one in body["candidates"]] == ["zeppelin engine"]
    assert body["positions"] == [{"position": 1, "clicks": 1, "share": 1.0}]
    search(counting, "vaginal ring")
    assert read(counting, limit=1)["frequent"] == [{"query": "vaginal ring", "searches": 3, "nothing": 0, "clicks": 1}]


def test_filters_other_pages_and_who_objects_are_not_counted(counting: Client) -> None:
    search(counting, "ring", kind="paper")
    search(counting, "ring", offset=10)
    search(counting, "ring", headers={"Sec-GPC": "1"})
    search(counting, "ring", headers={"DNT": "1"})
    search(counting, "")
    assert read(counting)["searches"] == 0


def test_off_by_default_nothing_is_stored(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        search(client, "ring")
        assert click(client, {"q": "ring", "position": 1}) == 204
        assert read(client)["counting"] is False
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'home' / 'catalogue.sqlite'}")
    assert catalogue.insights.since("0000-01-01") == {}
    catalogue.close()


@pytest.mark.parametrize(
    "query", ["ann@example.org ring", "call 0201234567", "+44 20 7946 0958", "0000-0002-1825-0097", " ", "\x00"]
)
def test_what_looks_like_personal_data_is_not_kept(query: str) -> None:
    assert counted_as(query) is None


def test_queries_are_folded_and_cut() -> None:
    assert counted_as("  Women\x00 2019-2024\n PrEP ") == "women 2019-2024 prep"
    assert len(counted_as("long " * 1000) or "") == 199


def test_counts_last_as_long_as_they_were_asked_to(tmp_path: Path) -> None:
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    days = ["2026-01-01"]
    insights = Insights(catalogue.insights, on=True, days=30, now=lambda: days[-1] + "T10:11:12Z")
    insights.searched("ring", 0)
    days.append("2026-01-30")
    insights.searched("ring", 2)
    since, found = insights.report()
    assert (since, found.queries[0].searches) == ("2026-01-01", 2)
    assert insights.report(days=29)[1].queries[0].searches == 1
    days.append("2026-01-31")
    insights.look_after()  # nobody searched
    assert sum(catalogue.insights.since("0000-01-01").values()) == 1
    days.append("2027-01-01")
    assert insights.report()[1].queries == ()
    catalogue.close()


def test_what_waits_is_bounded_and_a_broken_database_fails_no_search(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    insights = Insights(catalogue.insights, on=True, days=30, now=lambda: "2026-01-01")
    for number in range(3000):
        insights.searched(f"ring {number}", 1)
    assert len(insights.report()[1].queries) == 1000
    with catalogue._engine.begin() as db:
        db.exec_driver_sql("DROP TABLE insights")
    insights.searched("ring", 1)
    insights.flush()
    assert "1 counts of searches were lost" in caplog.text
    catalogue.close()


@pytest.mark.parametrize(
    "body",
    [
        {"q": "ring", "position": 0}, {"q": "ring", "position": 101}, {"q": "ring", "position": "1"}, {"q": "ring"},
        {"q": "", "position": 1}, {"q": "r" * 201, "position": 1}, {"q": "ring", "position": 1, "who": "me"}, [],
    ],
)  # fmt: skip
def test_clicks_are_checked(client: Client, body: object) -> None:
    assert click(client, body) == 422


def test_reading_needs_the_key_and_clicks_from_the_own_page_do_not(tmp_path: Path) -> None:
    with running(tmp_path / "home", insights=True, api_key="secret") as client:
        body = {"q": "ring", "position": 3}
        assert client.get("/v1/insights", headers=NO_KEY).status_code == 401
        assert click(client, body, **NO_KEY) == 401
        assert click(client, body, **NO_KEY, Origin="http://elsewhere.org") == 401
        assert click(client, body, **NO_KEY, **{"Sec-Fetch-Site": "cross-site"}) == 401
        search(client, "ring", headers=NO_KEY)
        assert click(client, body, **NO_KEY, **OWN) == 204
        assert click(client, body, **NO_KEY, Origin="http://localhost") == 204
        assert client("POST", "/v1/introductions", headers={**NO_KEY, **OWN}).status_code == 401
        assert read(client)["positions"] == [{"position": 3, "clicks": 2, "share": 1.0}]
