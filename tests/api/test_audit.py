"""Every write and every refused key stands in the audit log, without what is nobody's business."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchsvc.access.keys import Keys
from searchsvc.api.scopes import ROUTES
from tests.api.conftest import Client, running
from tests.api.test_errors import problem
from tests.api.test_keys import KEY, bearer, made
from tests.postgres import fresh_database

SECRET = "ssk-0123456789ab-" + "s" * 43


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home: Path = tmp_path_factory.mktemp("audit") / "home"
    with running(home, api_key=KEY) as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        yield client


def noted(client: Client, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/audit", params=asked, headers=bearer(KEY))
    assert answer.status_code == 200, answer.text
    done: list[dict[str, Any]] = answer.json()["done"]
    return done


WRITES = sorted(
    route
    for routes in ROUTES.values()
    for route in routes
    if not route.startswith("GET ") and route not in ("POST /v1/clicks", "POST /mcp", "POST /oai")
)


@pytest.mark.parametrize("route", WRITES)
def test_every_write_is_noted_with_who_and_what(guarded: Client, route: str) -> None:
    method, _, path = route.partition(" ")
    concrete = "/".join("the-id" if part.startswith("{") else part for part in path.split("/"))
    answer = guarded(method, concrete, headers=bearer(KEY))
    done = noted(guarded)[0]
    assert (done["kind"], done["who"], done["what"], done["status"]) == ("key", "api_key", route, answer.status_code)
    assert done["about"] == ("the-id" if "{" in path else None)
    assert done["address"] == "127.0.0.1" and done["at"].endswith("+00:00")


def test_a_write_that_fails_in_a_way_that_nobody_foresaw_is_noted(
    guarded: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(Keys, "revoke", fail)
    assert guarded("DELETE", "/v1/keys/the-id", headers=bearer(KEY)).status_code == 500
    done = noted(guarded)[0]
    assert (done["what"], done["about"], done["status"]) == ("DELETE /v1/keys/{key_id}", "the-id", 500)


def test_what_was_made_is_noted_by_its_id(guarded: Client) -> None:
    body = made(guarded, "noted", "curate")
    assert noted(guarded)[0]["about"] == body["id"]
    guarded("PATCH", "/v1/people/x", json={}, headers=bearer(body["key"]))
    assert [(one["who"], one["about"]) for one in noted(guarded, who="noted")] == [("noted", "x")]


def test_keys_that_are_refused_are_noted_and_never_shown(guarded: Client) -> None:
    problem(guarded.get("/v1/search?q=very-private-words", headers=bearer(SECRET)), 401)
    reader = made(guarded, "reader", "search")
    problem(guarded("DELETE", "/v1/resources/x", headers=bearer(reader["key"])), 403)
    refused, _, unknown = noted(guarded)[:3]
    assert (refused["who"], refused["status"], refused["about"]) == ("reader", 403, "x")
    assert (unknown["who"], unknown["what"]) == ("key ssk-0123456789ab", "GET /v1/search")
    text = guarded.get("/v1/audit", headers=bearer(KEY)).text
    for secret in (SECRET, "s" * 43, KEY, reader["key"], "very-private-words"):
        assert secret not in text


def test_reading_is_not_noted(guarded: Client) -> None:
    before = noted(guarded)
    guarded.get("/v1/search?q=ring", headers=bearer(KEY))
    guarded("POST", "/v1/clicks", json={"q": "ring", "position": 1}, headers={"Origin": "http://localhost"})
    assert noted(guarded) == before


def test_it_is_for_who_may_do_everything(guarded: Client) -> None:
    problem(guarded.get("/v1/audit"), 401)
    problem(guarded.get("/v1/audit", headers=bearer(made(guarded, "curator", "curate")["key"])), 403)


def test_a_part_of_what_was_done_finds_it_word_by_word(guarded: Client) -> None:
    guarded("DELETE", "/v1/resources/some_id", headers=bearer(KEY))
    assert noted(guarded, what="some_id", limit=1)[0]["about"] == "some_id"
    assert not noted(guarded, what="some%id") and not noted(guarded, what="someXid")


def test_a_flood_of_refused_keys_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchsvc.api.access._REFUSALS_A_MINUTE", 3)
    with running(tmp_path / "home", api_key=KEY) as client:
        for _ in range(9):
            client.get("/v1/search", headers=bearer(SECRET))
        assert len(noted(client)) == 3


def test_a_character_that_postgresql_cannot_hold_is_told_as_that(tmp_path: Path) -> None:
    with fresh_database() as url, running(tmp_path / "home", api_key=KEY, database_url=url) as client:
        for method, path in (("GET", "/v1/audit?who=%00"), ("POST", "/v1/jobs/retry?job=%00")):
            assert "U+0000" in problem(client(method, path, headers=bearer(KEY)), 422)["detail"]
