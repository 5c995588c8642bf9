"""What is not for everybody is kept by nobody on the way, and nothing is taken for what it is not: on every route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from searchsvc.access.callers import Scope
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.api.scopes import ROUTES
from searchsvc.mcp.http import mount
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.site import add_site
from tests.web.people import Visitor

KEY = "a-key-of-the-keeper"
NEEDS = {route: scope for scope, routes in ROUTES.items() for route in routes}
READING = sorted(route for route in NEEDS if route.startswith("GET "))
WRITING = sorted(
    route for route in NEEDS if not route.startswith("GET ") and route not in ("POST /v1/restore", "POST /mcp")
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Everybody may search, and nothing else."""
    home: Path = tmp_path_factory.mktemp("kept") / "home"
    settings = Settings(
        home=home, encoder="hashing", api_key=KEY, public_url="http://here", open_scopes=("search",)
    )  # fmt: skip
    with Service(settings, work=False) as service:
        service.users.add("keeper", "Keeper", ["admin"])
        yield service


@pytest.fixture(scope="module")
def app(service: Service) -> FastAPI:
    app = create_app(Running(service.settings, service))
    mount(app, service.settings)
    add_site(app)
    return app


def concrete(route: str) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    return method, re.sub(r"\{[^}]*\}", "none", path)


@pytest.mark.parametrize("route", READING)
def test_what_was_read_with_a_key_or_after_signing_in_is_kept_nowhere(
    app: FastAPI, service: Service, route: str
) -> None:
    method, path = concrete(route)
    signed_in = {"Cookie": f"searchsvc={service.sessions.begin(service.users.get('keeper'))}"}
    for headers in ({"Authorization": f"Bearer {KEY}"}, {"Authorization": "Bearer wrong"}, signed_in):
        for accept in ("application/json", "text/html"):
            answer = Visitor(app).ask(method, path, headers={**headers, "Accept": accept})
            assert answer.headers["x-content-type-options"] == "nosniff", (headers, answer.status_code)
            files = headers is signed_in and path.startswith(("/static/", "/widget"))
            same_for_all = files or path in ("/healthz", "/readyz")  # whoever asks
            assert same_for_all or answer.headers["cache-control"] == "no-store", (headers, answer.status_code)


@pytest.mark.parametrize("route", READING)
def test_what_needs_more_than_everybody_has_is_kept_nowhere_also_when_it_is_refused(app: FastAPI, route: str) -> None:
    method, path = concrete(route)
    answer = Visitor(app).ask(method, path, headers={"Accept": "application/json"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    if NEEDS[route] not in (None, Scope.SEARCH):
        assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")


@pytest.mark.parametrize("route", WRITING)
def test_what_a_write_answers_is_kept_nowhere(app: FastAPI, route: str) -> None:
    method, path = concrete(route)
    for headers in ({}, {"Authorization": f"Bearer {KEY}"}):
        answer = Visitor(app).ask(method, path, headers=headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        public = NEEDS[route] in (None, Scope.SEARCH) and not headers
        assert public or answer.headers["cache-control"] == "no-store", answer.status_code


def test_where_everything_is_open_what_is_for_few_is_kept_nowhere_either(tmp_path: Path) -> None:
    with Service(Settings(home=tmp_path / "home", encoder="hashing"), work=False) as service:
        app = create_app(Running(service.settings, service))
        for path in ("/v1/keys", "/v1/users", "/v1/audit", "/v1/introductions"):
            answer = Visitor(app, base="http://localhost", address="127.0.0.1").get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
