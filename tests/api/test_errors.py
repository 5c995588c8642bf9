"""How the API fails: always as RFC 9457 says, with a line that tells what to do."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.errors import BusyError, GenerationError, StoreError
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.api.conftest import Client


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    assert body.keys() == {"type", "title", "status", "detail", "request_id"}
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"] and body["detail"] and "\n" not in body["detail"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("GET", "/nothing/here", 404, "there is no GET /nothing/here; /docs lists"),
        ("GET", "/v1/resources/nowhere", 404, "no resource has the id 'nowhere'"),
        ("PATCH", "/v1/search", 405, "there is no PATCH /v1/search"),
        ("DELETE", "/v1/search", 405, "there is no DELETE"),
        ("POST", "/v1/resources", 422, "file"),
        ("PUT", "/v1/register", 422, "file"),
        ("POST", "/v1/jobs/retry?job=nope", 404, "no ingest job has the id 'nope'"),
        ("GET", "/v1/jobs?limit=0", 422, "limit"),
        ("GET", "/v1/jobs?status=odd", 422, "status"),
        ("GET", "/v1/jobs?batch=..%2Fx", 422, "batch"),
        ("GET", "/v1/search?mode=odd", 422, "mode"),
        ("GET", "/v1/search?kind=novel", 422, "kind is one of paper"),
        ("GET", "/v1/search?year_from=2022&year_to=2020", 422, "year_from (2022) is after"),
    ],
)
def test_an_error_says_what_is_wrong(client: Client, method: str, path: str, status: int, says: str) -> None:
    assert says in problem(client(method, path), status)["detail"]


def test_a_wrong_method_is_answered_with_those_that_are_right(client: Client) -> None:
    assert client("PATCH", "/v1/search").headers["allow"] == "GET"


def test_a_form_that_cannot_be_read_is_the_sender_s_fault(client: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for content in (b"--x\r\nnonsense", b"--x", b"", b"\x00" * 100):
        answer = client("POST", "/v1/resources", content=content, headers=headers)
        problem(answer, 422)


def asked(running: Running, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(running), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_health_is_answered_before_the_service_is_ready_and_nothing_else_is(settings: Settings) -> None:
    running = Running(settings)
    assert asked(running, "/healthz").json() == {"status": "ok"}
    ready = asked(running, "/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "starting: the encoder is being loaded."})
    answer = asked(running, "/v1/search?q=ring")
    assert "starting" in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"] == "2"
    running.start()
    assert asked(running, "/readyz").json() == {"status": "ready"}
    running.close()
    problem(asked(running, "/v1/search?q=ring"), 503)


def test_a_service_that_cannot_start_says_why_to_who_runs_it(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    running = Running(Settings(home=tmp_path / "home", encoder="hashing"))
    running.start()
    assert "cannot be used" in asked(running, "/readyz").json()["status"]
    running.close()


def test_strangers_are_told_no_address_and_no_path(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "home").touch()
    open_ = Settings(
        home=tmp_path / "home", encoder="hashing", public_url="http://here", api_key="k" * 20, host="0.0.0.0"
    )
    running = Running(open_.model_copy(update={"open_scopes": ("search",)}))
    running.start()
    for path in ("/readyz", "/v1/search?q=ring"):
        answer = asked(running, path)
        assert answer.status_code == 503 and str(tmp_path) not in answer.text, path
    assert str(tmp_path) in caplog.text
    make: Callable[[Exception], Any] = _Failing
    away = Running(running.settings, make(StoreError("the Qdrant at http://10.0.0.7:6333 does not answer.")))
    answer = asked(away, "/v1/jobs")
    assert answer.status_code == 503 and "10.0.0.7" not in answer.text and "10.0.0.7" in caplog.text


class _Failing:
    """A service of which every part fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (BusyError("more is waiting than can be answered."), 503, "more is waiting"),
        (StoreError("the store is away."), 503, "the store does not answer"),
        (GenerationError("the index is of another encoder."), 503, "another encoder"),
        (RuntimeError("secret /path and words"), 500, "not foreseen (RuntimeError)"),
    ],
)
def test_what_goes_wrong_inside_is_told_without_what_is_nobody_s_business(
    settings: Settings, caplog: pytest.LogCaptureFixture, error: Exception, status: int, says: str
) -> None:
    make: Callable[[Exception], Any] = _Failing
    service: Service = make(error)
    detail = problem(asked(Running(settings, service), "/v1/jobs"), status)["detail"]
    assert says in detail and "secret" not in detail
    assert ("secret" in caplog.text) == (status == 500)


def test_the_documentation_of_the_api_holds_together(client: Client) -> None:
    api = client.get("/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    schemas = api["components"]["schemas"]

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            found = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return found.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    assert {one.removeprefix("#/components/schemas/") for one in references(api)} <= schemas.keys()
    ids = [operation["operationId"] for methods in api["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    for path, methods in api["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert operation["responses"]["404"]["content"].keys() == {"application/problem+json"}
            named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_a_full_disk_is_said_and_what_was_handed_in_before_is_kept(client: Client) -> None:
    before = client.get("/v1/jobs").json()["counts"]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        answer = client("POST", "/v1/resources", files={"file": ("wells.md", b"Wells. " * 300_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "is full; make room" in problem(answer, 507)["detail"]
    assert client.get("/v1/jobs").json()["counts"] == before
