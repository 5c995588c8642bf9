"""Who may ask under which name, and how much: what every request passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from searchsvc.api import access
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.settings import Settings
from tests.api.conftest import Client, running
from tests.conftest import finished

KEY = "a-key-of-the-keeper"
KEEPER = {"Authorization": f"Bearer {KEY}"}
HIDE = "/v1/jobs/retry?job=none"  # a write that changes nothing


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home: Path = tmp_path_factory.mktemp("access") / "home"
    with running(home, api_key=KEY, public_url="https://archive.example", host="192.0.2.7") as client:
        yield client


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000", "archive.example", "archive.example:443",
     "archive.example.", "192.0.2.7:8000"],
)  # fmt: skip
def test_it_answers_to_its_own_names(guarded: Client, host: str) -> None:
    assert guarded.get("/v1/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "",
        "archive.example@evil.example",
        "[",
        "a b",
    ],
)
def test_it_answers_to_no_other_name(guarded: Client, host: str) -> None:
    for method, path in (("GET", "/v1/search?q=ring"), ("GET", "/"), ("DELETE", "/v1/resources/none")):
        assert guarded(method, path, headers={"Host": host, **KEEPER}).status_code == 421
    assert guarded.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Referer": "https://evil.example/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_page_of_another_site_writes_nothing_whatever_it_sends(guarded: Client, headers: dict[str, str]) -> None:
    assert guarded("POST", HIDE, headers={**KEEPER, **headers}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/people"},
        {"Origin": "https://archive.example"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_its_own_pages_and_programs_write_with_the_key(guarded: Client, headers: dict[str, str]) -> None:
    assert guarded("POST", HIDE, headers={**KEEPER, **headers}).status_code == 404


def test_a_body_has_the_limit_of_its_route(guarded: Client) -> None:
    own = {"Origin": "http://localhost"}
    assert guarded("POST", "/v1/clicks", content=b" " * 10_000, headers=own).status_code == 413
    assert guarded("PATCH", "/v1/people/p1", content=b" " * 1_100_000, headers=KEEPER).status_code == 413

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 1000

    assert guarded("POST", "/v1/clicks", content=unannounced(), headers=own).status_code == 413


def test_wrong_keys_are_slowed(settings: Settings) -> None:
    with running(settings.home, api_key=KEY) as client:
        wrong = {"Authorization": "Bearer wrong"}
        answers = [client("POST", HIDE, headers=wrong) for _ in range(25)]
        assert [one.status_code for one in answers[:20]] == [401] * 20
        assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0
        assert client("POST", HIDE, headers={"Authorization": f"Bearer {KEY}"}).status_code == 404


@pytest.mark.parametrize("path", ["/v1/status", "/v1/search?q=ring", "/v1/jobs", "/none"])
def test_head_is_answered_as_get_without_the_body(guarded: Client, path: str) -> None:
    asked, got = guarded("HEAD", path), guarded.get(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]


def test_what_the_key_opened_is_kept_by_nobody_on_the_way(guarded: Client) -> None:
    assert guarded.get("/v1/people", headers=KEEPER).headers["cache-control"] == "no-store"
    assert guarded.get("/v1/people").headers["x-content-type-options"] == "nosniff"


def test_more_than_it_can_work_on_is_told_to_come_again(settings: Settings) -> None:
    app = create_app(Running(settings.model_copy(update={"max_requests": 2})))
    held = asyncio.Event()
    begun = asyncio.Semaphore(0)

    async def body() -> AsyncIterator[bytes]:
        begun.release()
        await held.wait()
        yield b"{}"

    own = {"Origin": "http://localhost"}

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            slow = [asyncio.create_task(client.post("/v1/clicks", content=body(), headers=own)) for _ in range(2)]
            await begun.acquire()
            await begun.acquire()
            busy = await client.get("/v1/status")
            probe = await client.get("/healthz")
            held.set()
            await asyncio.gather(*slow)
            assert busy.headers["retry-after"]
            return [busy.status_code, probe.status_code]

    assert asyncio.run(ask()) == [503, 200]


def test_a_body_that_does_not_come_is_not_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_BODY_S", 0.0)
    app = create_app(Running(settings))

    async def ask() -> int:
        sent = []

        async def receive() -> dict[str, object]:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/v1/clicks", "query_string": b"", "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"localhost"), (b"origin", b"http://localhost")], "server": ("localhost", 80),
            "scheme": "http", "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        await app(scope, receive, send)  # type: ignore[arg-type]
        return int(str(sent[0]["status"]))

    assert asyncio.run(ask()) == 408


def test_paths_of_this_machine_are_for_those_who_may_write(guarded: Client) -> None:
    upload = {
        "files": [("file", ("note.md", b"# Note\n\nOf the ring."))],
        "data": {"uri": "file:///srv/secret/a%20note.md"},
    }
    assert guarded("POST", "/v1/resources", headers=KEEPER, **upload).status_code == 202
    [public] = guarded.get("/v1/jobs", headers={"Authorization": "none"}).json()["jobs"]
    [whole] = guarded.get("/v1/jobs", headers=KEEPER).json()["jobs"]
    assert (public["uri"], whole["uri"]) == ("a note.md", "file:///srv/secret/a%20note.md")
    [done] = finished(guarded.connection, whole["batch"])
    path = f"/v1/resources/{done['resource_id']}"
    for headers, uri in (({"Authorization": "none"}, public["uri"]), (KEEPER, whole["uri"])):
        assert [one["uri"] for one in guarded.get(path, headers=headers).json()["locations"]] == [uri]
