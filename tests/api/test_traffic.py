"""What whoever runs the service can see of it: requests with their ids, counts, and whether it is ready."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.doctor import examine
from searchsvc.errors import StoreError
from searchsvc.logs import REQUESTS, set_up_logs
from searchsvc.metrics import Metrics
from searchsvc.readiness import Readiness
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.store.cluster import cluster

KEY = "a-key-of-many-letters"
METRICS_KEY = "reads-metrics-only"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = Settings(
        home=tmp_path_factory.mktemp("traffic") / "home", encoder="hashing", api_key=KEY, metrics_key=METRICS_KEY,
        public_url="http://archive.example",
    )  # fmt: skip
    metrics = Metrics()
    with Service(settings, metrics=metrics) as service:
        yield Running(settings, service, metrics=metrics)


def asked(
    running: Running, path: str, *, client: str = "127.0.0.1", method: str = "GET", content: bytes = b"", **headers: str
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(running), client=(client, 1), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as one:
            sent = {key.replace("_", "-"): it for key, it in headers.items()}
            return await one.request(method, path, content=content, headers=sent)

    return asyncio.run(ask())


def samples(running: Running) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = asked(running, "/metrics").text
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text) for one in family.samples
    }  # fmt: skip


def test_a_request_keeps_its_well_formed_id_and_gets_one_otherwise(running: Running) -> None:
    assert asked(running, "/healthz", X_Request_ID="from-the-proxy.1").headers["x-request-id"] == "from-the-proxy.1"
    for given in ("", "short", "a" * 65, "with spaces in it", 'quo"ted-letters', "-begins-with-a-sign"):
        made = asked(running, "/healthz", X_Request_ID=given).headers["x-request-id"]
        assert made != given and len(made) == 32


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/v1/nothing", "GET", 404), ("/v1/clicks", "POST", 401), ("/v1/search?limit=x", "GET", 422)],
)
def test_a_problem_says_which_request_it_was(running: Running, path: str, method: str, status: int) -> None:
    answer = asked(running, path, method=method, X_Request_ID="from-the-proxy.1")
    assert (answer.status_code, answer.json()["request_id"]) == (status, "from-the-proxy.1")
    assert answer.headers["x-request-id"] == "from-the-proxy.1"


def test_what_nobody_foresaw_has_an_id_too(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(running.service().searcher, "search", fail)
    answer = asked(running, "/v1/search?q=ring", X_Request_ID="from-the-proxy.1")
    assert (answer.status_code, answer.json()["request_id"]) == (500, "from-the-proxy.1")
    assert answer.headers["x-request-id"] == "from-the-proxy.1"


def test_requests_are_counted_by_the_template_of_their_route_and_never_by_what_was_asked(running: Running) -> None:
    asked(running, "/v1/people/Somebody%20Private")
    asked(running, "/v1/search?q=secret", method="HEAD")
    asked(running, "/no/such/page")
    found = samples(running)
    counted = {dict(labels)["route"] for name, labels in found if name == "searchsvc_http_requests_total"}
    assert {"/v1/people/{person_id}", "/v1/search", "(none)"} <= counted
    person = (("method", "GET"), ("route", "/v1/people/{person_id}"), ("status", "404"))
    assert found["searchsvc_http_requests_total", person] >= 1
    told = asked(running, "/metrics").text
    assert "secret" not in told and "Private" not in told and "no/such" not in told


def test_searches_store_encoder_jobs_and_passages_are_told(running: Running) -> None:
    asked(running, "/v1/search?q=vaginal+ring")
    found = samples(running)
    for stage in ("encode", "words", "rank", "all"):
        assert found["searchsvc_search_seconds_count", (("stage", stage),)] >= 1
    assert found["searchsvc_store_seconds_count", (("call", "query"),)] >= 1
    assert found["searchsvc_encoder_batch_texts_count", (("of", "queries"),)] >= 1
    assert found["searchsvc_passages", ()] == 0 and found["searchsvc_ready", ()] == 1
    assert found["searchsvc_jobs", (("state", "queued"),)] == 0
    assert {of: found["searchsvc_errors_total", (("of", of),)] for of in ("store", "database")} == {
        "store": 0, "database": 0,
    }  # fmt: skip


def test_metrics_are_for_who_has_a_key_or_asks_on_this_machine_itself(running: Running) -> None:
    assert asked(running, "/metrics").status_code == 200
    assert asked(running, "/metrics", client="10.0.0.9").status_code == 401
    assert asked(running, "/metrics", X_Forwarded_For="10.0.0.9").status_code == 401
    assert asked(running, "/metrics", Host="archive.example").status_code == 401
    for key, status in ((METRICS_KEY, 200), (KEY, 200), ("another-key-of-letters", 401)):
        answer = asked(running, "/metrics", client="10.0.0.9", Authorization=f"Bearer {key}")
        assert answer.status_code == status
    assert asked(running, "/v1/clicks", method="POST", Authorization=f"Bearer {METRICS_KEY}").status_code == 401


def test_readiness_is_lost_with_the_store_and_comes_back_with_it(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, away = running.service(), [True]

    def check() -> None:
        if away[0]:
            raise StoreError("Qdrant at http://qdrant:6333 does not answer.")

    monkeypatch.setattr(service, "readiness", Readiness({"store": check}))
    answer = asked(running, "/readyz", Authorization=f"Bearer {KEY}")
    assert (answer.status_code, answer.json()["status"]) == (503, "Qdrant at http://qdrant:6333 does not answer.")
    answer = asked(running, "/readyz")  # a stranger is told no address
    assert (answer.status_code, answer.json()["status"]) == (503, "store does not answer.")
    assert asked(running, "/healthz").status_code == 200
    away[0] = False
    assert asked(running, "/readyz").json() == {"status": "ready"}


def test_nodes_that_do_not_answer_are_named_while_others_do(tmp_path: Path) -> None:
    with cluster() as start:
        first, second = start(), start()
        settings = Settings(home=tmp_path / "home", encoder="hashing", qdrant_url=f"{first.url},{second.url}")
        with Service(settings, work=False) as service:
            running = Running(settings, service)
            assert asked(running, "/readyz").json() == {"status": "ready"}
            first.die()
            answer = asked(running, "/readyz")
            assert (answer.status_code, answer.json()["status"]) == (200, f"ready, but does not answer: {first.url}")
            assert asked(running, "/v1/search?q=ring").status_code == 200
            status = asked(running, "/v1/status").json()
            assert (status["away"], status["nodes_away"]) == ([], [first.url])
        [told] = [one for one in examine(settings) if one.status == "warning" and one.what == "store"]
        assert told.detail == f"the Qdrant node {first.url} does not answer." and "Start it again" in told.advice
        with Service(settings, work=False) as service:
            running = Running(settings, service)
            second.die()
            answer = asked(running, "/readyz")
            assert answer.status_code == 503
            assert first.url in answer.json()["status"] and second.url in answer.json()["status"]


def test_a_database_that_is_away_is_counted_and_makes_it_not_ready(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    metrics = Metrics()
    with Service(settings, work=False, metrics=metrics) as service:
        running = Running(settings, service, metrics=metrics)
        with service.catalogue._engine.begin() as db:
            db.exec_driver_sql("ALTER TABLE meta RENAME TO gone")
        assert asked(running, "/readyz").status_code == 503
        assert samples(running)["searchsvc_errors_total", (("of", "database"),)] >= 1
        assert samples(running)["searchsvc_ready", ()] == 0


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The log as JSON, one object a line."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level, requests = root.level, logging.getLogger(REQUESTS).level
    set_up_logs(as_json=True, requests=True)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.setLevel(level)
    logging.getLogger(REQUESTS).setLevel(requests)


def test_the_log_is_json_with_the_request_and_without_what_was_searched(running: Running, lines: Any) -> None:
    asked(running, "/v1/search?q=secret+words", X_Request_ID="from-the-proxy.1")
    [line] = [one for one in lines() if one["logger"] == REQUESTS]
    assert (line["request_id"], line["route"], line["status"]) == ("from-the-proxy.1", "/v1/search", 200)
    assert "secret" not in json.dumps(line) and line["client"] == "127.0.0.1" and line["duration_ms"] > 0


def test_queries_are_logged_when_asked_for(running: Running, lines: Any) -> None:
    settings = running.settings.model_copy(update={"log_queries": True})
    asked(Running(settings, running.service()), "/v1/search?q=secret+words")
    [line] = [one for one in lines() if one["logger"] == REQUESTS]
    assert line["query"] == "secret words"


def test_a_line_with_line_breaks_in_it_is_one_line_of_json(lines: Any) -> None:
    logging.getLogger("searchsvc.test").error("two\nlines", exc_info=ValueError("for a reason"))
    [line] = lines()
    assert line["message"] == "two\nlines" and "for a reason" in line["exception"] and line["level"] == "error"


def test_what_was_sent_begins_no_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    set_up_logs(as_json=False, requests=False)
    written = io.StringIO()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    logging.getLogger("searchsvc").warning("%s", "ring\r\n2026-11-30 ERROR forged")
    [line] = written.getvalue().splitlines()
    assert line.endswith(r"ring\r\n2026-11-30 ERROR forged")
