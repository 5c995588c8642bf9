"""What one address may read in a minute, whichever way it reads."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import httpx
import pytest

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.api.rate import Rate
from searchsvc.errors import SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings, load_settings
from searchsvc.web.site import add_site
from tests.api.test_errors import problem

KEY = "a-key-of-the-keeper"
READS = ["/v1/search?q=ring", "/v1/suggest?q=ri", "/v1/people", "/v1/register", "/v1/network", "/v1/gaps", "/v1/jobs",
         "/v1/collaborators?q=ring", "/v1/resources/none/file", "/", "/people", "/search.atom?q=ring", "/search.csv",
         "/network.json"]  # fmt: skip


def test_all_that_reads_the_archive_is_counted_together(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing", api_key=KEY, rate_per_minute=len(READS))
    with Service(settings, work=False) as service:
        app = create_app(Running(settings, service))
        add_site(app)

        async def ask(*paths: str, **headers: str) -> list[httpx.Response]:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
                return [await client.get(path) for path in paths]

        assert {answer.status_code for answer in asyncio.run(ask(*READS))} <= {200, 404}
        for answer in asyncio.run(ask(*READS)):
            assert "from this address" in problem(answer, 429)["detail"] and int(answer.headers["retry-after"]) > 0
        [health, keeper] = asyncio.run(ask("/healthz")) + asyncio.run(ask("/v1/status", Authorization=f"Bearer {KEY}"))
        assert (health.status_code, keeper.status_code) == (200, 200)


def test_a_proxy_that_is_no_address_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'trusted_proxies' is wrong.*neither an address nor a network"):
        load_settings(home=tmp_path, trusted_proxies="proxy.example")
    assert load_settings(home=tmp_path, trusted_proxies="127.0.0.1, 10.0.0.7/24").trusted_proxies == (
        "127.0.0.1/32",
        "10.0.0.0/24",
    )


def test_a_window_ends_and_another_begins() -> None:
    now = [100.0]
    rate = Rate(2, seconds=lambda: now[0])
    passed = [rate.count("a")[0] for _ in range(3)]
    assert passed == [True, True, False] and rate.count("b")[0]
    assert rate.count("a")[1]["Retry-After"] == "60"
    now[0] += 59
    assert rate.count("a") == (False, {**rate.count("a")[1], "Retry-After": "1"})
    now[0] += 1
    assert rate.count("a")[1]["RateLimit-Remaining"] == "1"
    for number in range(20):
        now[0] += 60
        rate.count(str(number))
    assert len(rate._windows) <= 2  # those that have ended are let go of


def test_counting_starts_no_threads() -> None:
    before = threading.active_count()
    rates = [Rate(5) for _ in range(20)]
    for rate in rates:
        rate.count("a")
    assert threading.active_count() == before
