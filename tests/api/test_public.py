"""What a page of another site may do here, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.errors import SettingsError
from searchsvc.settings import Settings, load_settings
from tests.api.conftest import Client, running
from tests.api.test_errors import problem

SITE = "https://www.network.example"
OTHER = "https://elsewhere.example"
KEY = "anybody-may-see-this"
API_KEY = "nobody-may-see-this"
SEARCH = f"/v1/search?q=ring&key={KEY}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("public") / "home"
    with running(home, allowed_origins=SITE, public_key=KEY, api_key=API_KEY, public_rate_per_minute=5) as one:
        one.connection._transport._headers.clear()  # type: ignore[attr-defined]
        yield one


def trusted(**more: str) -> dict[str, str]:
    """Headers of one whose searches are not counted, so that the tests do not count them for each other."""
    return {"Authorization": f"Bearer {API_KEY}", **more}


def test_a_page_of_an_allowed_site_searches_with_the_key(client: Client) -> None:
    answer = client.get(SEARCH, headers=trusted(Origin=SITE))
    assert (answer.status_code, answer.json()["hits"]) == (200, [])
    assert answer.headers["access-control-allow-origin"] == SITE
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/search?q=ring", "is missing"),
        ("/v1/search?q=ring&key=odd", "is not the one"),
        ("/v1/search?key=%C3%A9", "is not the one"),
    ],
)
def test_without_the_right_key_it_is_told_so_in_a_way_that_it_can_read(client: Client, path: str, says: str) -> None:
    answer = client.get(path, headers=trusted(Origin=SITE))
    assert says in problem(answer, 403)["detail"]
    assert answer.headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize(
    "origin", [OTHER, "null", SITE + ".elsewhere.example", SITE.replace("https", "http"), SITE + ":8443"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_page_of_any_other_site_may_not_search_with_the_key_either(client: Client, origin: str, method: str) -> None:
    answer = client(method, SEARCH, headers=trusted(Origin=origin))
    problem(answer, 403)
    assert answer.headers["access-control-allow-origin"] == "*"  # so that the page can tell its owner
    assert answer.headers["vary"] == "Origin"


def test_what_is_no_page_of_another_site_needs_no_key(client: Client) -> None:
    for headers in (
        {},
        {"Origin": "http://localhost"},
        {"Origin": "https://named.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert client.get("/v1/search?q=ring", headers=trusted(**headers)).status_code == 200
    # Whatever the host is called: the browser says that it is another origin.
    problem(
        client.get("/v1/search", headers=trusted(Origin="http://localhost", **{"Sec-Fetch-Site": "same-site"})), 403
    )


def test_a_preflight_is_answered_for_searches_alone(client: Client) -> None:
    asks = {"Origin": SITE, "Access-Control-Request-Method": "GET"}
    allowed = client("OPTIONS", "/v1/search", headers=asks)
    assert (allowed.status_code, allowed.headers["access-control-allow-methods"]) == (200, "GET")
    assert allowed.headers["access-control-allow-origin"] == SITE
    assert (
        client("OPTIONS", "/v1/search", headers={**asks, "Access-Control-Request-Method": "DELETE"}).status_code == 400
    )
    assert (
        client("OPTIONS", "/v1/search", headers={**asks, "Access-Control-Request-Headers": "authorization"}).status_code
        == 400
    )
    for path in ("/v1/resources", "/v1/status", "/v1/register"):
        assert "access-control-allow-origin" not in client("OPTIONS", path, headers=asks).headers


def test_the_public_key_opens_nothing_else(client: Client) -> None:
    for path in ("/v1/status", "/v1/jobs"):
        assert "access-control-allow-origin" not in client.get(f"{path}?key={KEY}", headers={"Origin": SITE}).headers
    for method, path in (("POST", "/v1/jobs/retry"), ("DELETE", "/v1/resources/x"), ("PUT", "/v1/register")):
        answer = client(method, f"{path}?key={KEY}", headers={"Authorization": f"Bearer {KEY}", "Origin": SITE})
        problem(answer, 401)


def test_an_address_is_kept_to_its_rate_and_told_what_is_left(tmp_path: Path) -> None:
    with running(tmp_path / "home", allowed_origins=[SITE], public_rate_per_minute=3) as client:
        client.connection._transport._headers.clear()  # type: ignore[attr-defined]
        answers = [client.get("/v1/search?q=ring", headers={"Origin": SITE}) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert [one.headers["ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
        first, *_, last = answers
        assert first.headers["ratelimit-policy"] == '"public";q=3;w=60'
        reset_s = first.headers["ratelimit-reset"]
        assert first.headers["ratelimit"] == f'"public";r=2;t={reset_s}'
        assert (first.headers["ratelimit-limit"], 0 < int(reset_s) <= 60) == ("3", True)
        assert "retry-after" not in first.headers and 0 < int(last.headers["retry-after"]) <= 60
        assert "more than 3 searches in a minute" in problem(last, 429)["detail"]
        assert last.headers["access-control-allow-origin"] == SITE
        for name in ("Retry-After", "RateLimit-Remaining", "RateLimit"):
            assert name in last.headers["access-control-expose-headers"].split(", ")
        # The rate is the address's, whoever it says that it is; and only searches are counted.
        problem(client.get("/v1/search?q=ring"), 429)
        assert client.get("/v1/status").status_code == 200


def test_every_address_has_its_own_count_and_a_subscriber_of_ipv6_one(settings: Settings) -> None:
    app = create_app(Running(settings.model_copy(update={"allowed_origins": (SITE,), "public_rate_per_minute": 9})))

    async def left(address: str) -> int:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return int((await client.get("/v1/search?q=ring")).headers["ratelimit-remaining"])

    async def all_of(*addresses: str) -> list[int]:
        return [await left(one) for one in addresses]

    assert asyncio.run(all_of("192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1", "::ffff:192.0.2.3")) == [8, 8, 7, 8]
    assert asyncio.run(all_of("2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1", "a-socket", "a-socket")) == [
        8,
        7,
        8,
        8,
        7,
    ]


def test_those_with_the_api_key_are_not_counted(client: Client) -> None:
    answers = [client.get("/v1/search?q=ring", headers=trusted()) for _ in range(10)]
    assert {one.status_code for one in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


def test_by_default_nothing_is_shared_and_nothing_is_counted(tmp_path: Path) -> None:
    with running(tmp_path / "home", public_rate_per_minute=1) as client:
        answers = [client.get("/v1/search?q=ring") for _ in range(3)]
        assert {one.status_code for one in answers} == {200}
        assert "ratelimit-limit" not in answers[0].headers
        problem(client.get("/v1/search?q=ring", headers={"Origin": SITE}), 403)


# -- the settings -----------------------------------------------------------------------------------------------------


def test_origins_are_written_as_people_write_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = "https://WWW.network.example/, http://localhost:8080 https://a.example:443"
    wanted = (SITE, "http://localhost:8080", "https://a.example")
    assert Settings(allowed_origins=given).allowed_origins == wanted  # type: ignore[arg-type]
    monkeypatch.setenv("SEARCHSVC_HOME", str(tmp_path))
    monkeypatch.setenv("SEARCHSVC_ALLOWED_ORIGINS", given)
    assert load_settings().allowed_origins == wanted
    monkeypatch.delenv("SEARCHSVC_ALLOWED_ORIGINS")
    (tmp_path / "searchsvc.toml").write_text(f'allowed_origins = ["{SITE}"]')
    assert load_settings().allowed_origins == (SITE,)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"allowed_origins": "*"}, "'allowed_origins' is wrong.*no origin"),
        ({"allowed_origins": "www.network.example"}, "no origin"),
        ({"allowed_origins": f"{SITE}/page"}, "no origin"),
        ({"allowed_origins": "https://me@network.example"}, "no origin"),
        ({"allowed_origins": "https://[x"}, "allowed_origins"),
        ({"allowed_origins": 5}, "allowed_origins"),
        ({"public_rate_per_minute": 0}, "public_rate_per_minute"),
        ({"public_key": "same", "api_key": "same"}, "'public_key' is wrong.*everybody may see it"),
    ],
)
def test_settings_that_would_let_in_too_many_are_refused(tmp_path: Path, given: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings(home=tmp_path, **given)
    assert "\n" not in str(caught.value)
