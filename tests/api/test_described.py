"""Whatever a program sends by the description of the API, it gets no 5xx, and an answer as the description says.

Schemathesis makes the requests from the description, good ones and bad ones. More of them:
TEST_SEARCHSVC_REQUESTS=500 python -m pytest tests/api/test_described.py
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.types import ASGIApp, Receive, Scope, Send

from eval.docs import openapi_text
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.variables import variable

REQUESTS = int(variable("REQUESTS") or 2)  # of each kind, for each operation
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
API: dict[str, Any] = json.loads(openapi_text())
OPERATIONS = [
    (path, method)
    for path, methods in API["paths"].items()
    for method in methods
    if path not in ("/v1/backup", "/v1/restore")  # they write wherever they are told to
]


class AsOwner:
    """The application as whoever owns it reaches it, on a loopback address."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._sent = [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [one for one in scope["headers"] if one[0].lower() not in (b"host", b"authorization")]
            scope = {**scope, "headers": [*others, *self._sent]}
        await self._app(scope, receive, send)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    home = tmp_path_factory.mktemp("described") / "home"
    chosen = Settings(home=home, encoder="hashing", api_key="a key of sixteen or more")
    running = Running(chosen, Service(chosen, work=False))
    yield AsOwner(create_app(running), str(chosen.api_key))
    running.close()


@pytest.fixture(scope="module")
def description(app: ASGIApp) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
def test_every_answer_is_as_described(description: Any, path: str, method: str, mode: GenerationMode) -> None:
    operation = description[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        pytest.skip("there is nothing that could be otherwise")

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=REQUESTS, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=300)

    holds()


def test_what_is_not_allowed_is_told_with_what_is(app: ASGIApp) -> None:
    async def ask(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.request("TRACE", path)

    for path, methods in API["paths"].items():
        answer = asyncio.run(ask(re.sub(r"{\w+}", "x", path)))
        assert answer.status_code == 405, path
        told = set(answer.headers["Allow"].split(", "))
        assert told >= {method.upper() for method in methods} and "TRACE" not in told, path
