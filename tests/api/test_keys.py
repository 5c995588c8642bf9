"""What each key opens over HTTP; and that every route says what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from searchsvc.access.callers import Scope
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.api.rate import Rate
from searchsvc.api.scopes import ROUTES, declared
from searchsvc.mcp.http import mount
from searchsvc.settings import Settings
from searchsvc.web.site import add_site
from tests.api.conftest import Client, running
from tests.api.test_errors import problem

KEY = "a-key-of-the-keeper"
SITE = "https://www.network.example"
READS = {Scope.SEARCH: "/v1/search?q=ring", Scope.PEOPLE: "/v1/people", Scope.CURATE: "/v1/introductions",
         Scope.ADMIN: "/v1/keys"}  # fmt: skip


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service where nothing is open."""
    home: Path = tmp_path_factory.mktemp("keys") / "home"
    with running(home, api_key=KEY, open_scopes=()) as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def made(client: Client, name: str, *scopes: str, **more: Any) -> dict[str, Any]:
    answer = client("POST", "/v1/keys", json={"name": name, "scopes": scopes, **more}, headers=bearer(KEY))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


# -- the declaration --------------------------------------------------------------------------------------------------


def all_routes() -> set[tuple[str, str]]:
    app = create_app(Running(Settings(encoder="hashing")))
    mount(app, app.state.running.settings)
    add_site(app)
    return {
        (method, route.path)
        for route in _flat(app.routes)
        for method in (route.methods or {"POST"}) - {"HEAD", "OPTIONS"}
    }


def _flat(routes: Any) -> list[Any]:
    flat = []
    for route in routes:
        inner = getattr(getattr(route, "original_router", route), "routes", None)
        flat += [route] if hasattr(route, "path") and not inner else _flat(inner or [])
    return flat


def test_every_route_says_what_it_needs_once() -> None:
    found = all_routes()
    assert len(found) > 80
    said = [tuple(route.split(" ", 1)) for routes in ROUTES.values() for route in routes]
    assert sorted(said) == sorted(found), "searchsvc/api/scopes.py names every route with what it needs"


def test_no_request_has_two_meanings() -> None:
    for method, path in all_routes():
        concrete = path.replace(":path", "").replace("{", "").replace("}", "")
        assert len({*declared(method, concrete)}) == 1, (method, path)


def test_only_what_tells_nothing_of_the_archive_needs_nothing() -> None:
    own = {"POST /signin", "POST /signin/link", "POST /signout", "POST /account/password", "POST /account/sessions"}
    own.add("POST /letters/{secret}/stop")  # whose address is the key
    for route in {*ROUTES[None]} - own:  # /metrics has a key of its own; these are about whoever sends them
        assert route.startswith("GET ") and not route.startswith("GET /v1/")


# -- what keys open ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", READS)
def test_a_key_opens_what_it_is_for_and_nothing_else(guarded: Client, scope: Scope) -> None:
    key = made(guarded, f"for {scope}", scope)["key"]
    for other, path in READS.items():
        answer = guarded.get(path, headers=bearer(key))
        if other == scope or scope == Scope.ADMIN:
            assert answer.status_code == 200, answer.text
        else:
            assert f"the scope `{other}`" in problem(answer, 403)["detail"]
        assert f"the scope `{other}`" in problem(guarded.get(path), 401)["detail"]


def test_a_key_that_only_reads_writes_nothing(guarded: Client) -> None:
    key = bearer(made(guarded, "reader", "search", "people")["key"])
    for method, path in (("POST", "/v1/jobs/retry"), ("DELETE", "/v1/resources/x"), ("PATCH", "/v1/people/x"),
                         ("PUT", "/v1/register"), ("POST", "/v1/keys"), ("POST", "/nothing")):  # fmt: skip
        problem(guarded(method, path, headers=key), 403)
    assert guarded("POST", "/v1/jobs/retry", headers=bearer(made(guarded, "files", "ingest")["key"])).status_code == 202


@pytest.mark.parametrize("sign", ["%0A", "%0D", "%00", "%7F"])
def test_a_path_with_a_sign_that_nobody_sees_leads_nowhere(tmp_path: Path, sign: str) -> None:
    with running(tmp_path / "home", api_key=KEY) as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        for method, path in sorted({tuple(route.split(" ", 1)) for routes in ROUTES.values() for route in routes}):
            for key in ({}, bearer(KEY)):
                problem(client(method, path.replace("{", "").replace("}", "") + sign, headers=key), 404)


def test_pages_too_are_for_those_who_may_read(guarded: Client) -> None:
    for path in ("/", "/people", "/resources/x", "/search.atom", "/network.json"):
        assert guarded.get(path).status_code == 401, path


def test_a_revoked_key_opens_nothing_and_is_listed_without_the_key(guarded: Client) -> None:
    body = made(guarded, "short-lived", "search")
    assert guarded.get("/v1/search", headers=bearer(body["key"])).status_code == 200
    assert guarded("DELETE", f"/v1/keys/{body['id']}", headers=bearer(KEY)).status_code == 204
    assert "was revoked" in problem(guarded.get("/v1/search", headers=bearer(body["key"])), 401)["detail"]
    listed = guarded.get("/v1/keys", headers=bearer(KEY))
    [one] = [one for one in listed.json()["keys"] if one["id"] == body["id"]]
    assert (one["status"], one["name"]) == ("revoked", "short-lived") and one["used_at"]
    assert body["key"] not in listed.text and body["key"][-43:] not in listed.text
    problem(guarded("DELETE", f"/v1/keys/{body['id']}", headers=bearer(KEY)), 404)


def test_a_key_is_kept_to_its_own_rate(guarded: Client) -> None:
    key = bearer(made(guarded, "slow", "search", per_minute=2)["key"])
    answers = [guarded.get("/v1/status", headers=key) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_rate_is_made_once_and_not_for_every_request(guarded: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rates: list[int] = []

    class Counted(Rate):
        def __init__(self, per_minute: int) -> None:
            rates.append(per_minute)
            super().__init__(per_minute)

    monkeypatch.setattr("searchsvc.api.access.Rate", Counted)
    key = bearer(made(guarded, "often", "search", per_minute=100)["key"])
    for _ in range(5):
        assert guarded.get("/v1/status", headers=key).status_code == 200
    assert rates == [100]


def test_pages_of_its_origins_search_with_a_key_and_no_others_do(guarded: Client) -> None:
    key = made(guarded, "site", "search", origins=[SITE])["key"]
    path = f"/v1/search?q=ring&key={key}"
    answer = guarded.get(path, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, SITE)
    asks = {"Origin": SITE, "Access-Control-Request-Method": "GET"}
    assert guarded("OPTIONS", "/v1/search", headers=asks).headers["access-control-allow-origin"] == SITE
    problem(guarded.get(path, headers={"Origin": "https://elsewhere.example"}), 403)
    problem(guarded.get(path), 403)
    problem(guarded.get("/v1/search?q=ring", headers={"Origin": SITE}), 401)
    assert guarded.get("/v1/status?key=" + key, headers={"Origin": SITE}).status_code == 401


def test_a_key_that_everybody_sees_opens_searches_alone(guarded: Client) -> None:
    key = bearer(made(guarded, "seen", "search", origins=[SITE])["key"])
    for path in ("/v1/status", "/v1/jobs", "/v1/resources/x", "/v1/resources/x/file", "/", "/search.atom"):
        assert guarded.get(path, headers={**key, "Origin": SITE}).status_code == 403, path
    assert guarded("POST", "/mcp", headers=key, json={}).status_code == 403
    assert guarded.get("/v1/search?q=ring", headers={**key, "Origin": SITE}).status_code == 200


def test_origins_of_a_key_are_kept_as_browsers_write_them(guarded: Client) -> None:
    body = made(guarded, "as typed", "search", origins=["https://WWW.other.example:443/"])
    assert body["origins"] == ["https://www.other.example"]
    answer = guarded.get(f"/v1/search?key={body['key']}", headers={"Origin": "https://www.other.example"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "wrong",
    [{}, {"name": "x"}, {"name": "", "scopes": ["search"]}, {"name": "x", "scopes": []},
     {"name": "x", "scopes": ["everything"]}, {"name": "x", "scopes": ["search"], "origins": ["no origin"]},
     {"name": "x", "scopes": ["search", "people"], "origins": [SITE]},
     {"name": "x", "scopes": ["admin"], "origins": [SITE]}, {"name": "x", "scopes": ["search"], "days": 0},
     {"name": "x", "scopes": ["search"], "more": 1}],
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_not_made(guarded: Client, wrong: dict[str, Any]) -> None:
    problem(guarded("POST", "/v1/keys", json=wrong, headers=bearer(KEY)), 422)


# -- who needs none ---------------------------------------------------------------------------------------------------


def test_alone_on_this_machine_everything_is_open_but_not_through_a_proxy(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        assert client.get("/v1/keys").status_code == 200
        for name in ("X-Forwarded-For", "Forwarded", "Via"):
            problem(client.get("/v1/keys", headers={name: "192.0.2.1"}), 401)
        problem(client.get("/v1/status", headers=bearer("wrong")), 401)
        assert client.get("/healthz", headers=bearer("wrong")).status_code == 200


def test_behind_an_address_for_others_nothing_is_written_without_a_key(tmp_path: Path) -> None:
    with running(tmp_path / "home", public_url="https://archive.example") as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        problem(client("POST", "/v1/jobs/retry"), 401)
        assert client.get("/v1/status").status_code == 200
        key = httpx.Headers(bearer(client.connection._transport._running.owner_key))  # type: ignore[attr-defined]
        assert client("POST", "/v1/jobs/retry", headers=key).status_code == 202


@pytest.mark.parametrize("name", [" ", " a", "a ", "a\u202eb", "a\u200bb", "\u2066"])
def test_a_name_that_is_not_seen_as_it_is_is_refused(client: Client, name: str) -> None:
    assert client("POST", "/v1/keys", json={"name": name, "scopes": ["search"]}).status_code == 422
