"""An application of some parts answers what the whole one answers there."""

from __future__ import annotations

import subprocess
import sys

from fastapi.routing import APIRoute

from searchsvc.api.app import ROUTERS, create_app, routers_of
from searchsvc.api.context import Running
from searchsvc.settings import Settings
from tests.conftest import ROOT


def routes(*parts: str) -> set[tuple[str, str]]:
    app = create_app(Running(Settings()), parts or tuple(ROUTERS))
    return {(route.path, method) for route in _all(app.routes) for method in route.methods or ()}


def _all(found: object) -> list[APIRoute]:
    flat: list[APIRoute] = []
    for route in found:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute):
            flat.append(route)
        elif inner := getattr(getattr(route, "original_router", route), "routes", None):
            flat += _all(inner)
    return flat


def test_the_routers_of_a_path_have_every_route_that_the_path_may_mean() -> None:
    whole = routes()
    assert len(whole) > 40
    for path, method in whole:
        assert (path, method) in routes(*routers_of(path)), f"ROUTERS in searchsvc/api/app.py lacks where {path} begins"


def test_a_path_of_no_part_is_a_matter_of_the_whole() -> None:
    for path in ("/v1/nothing", "/openapi.json", "/v1", "/", ""):
        assert routers_of(path) == tuple(ROUTERS)


def test_a_search_by_command_imports_no_routes_but_its_own() -> None:
    code = (
        "import sys; from searchsvc.api.app import create_app, routers_of; from searchsvc.api.context import Running\n"
        "from searchsvc.settings import Settings\n"
        "create_app(Running(Settings()), routers_of('/v1/search'))\n"
        "print([name for name in sys.argv[1:] if name in sys.modules])"
    )
    unwanted = [
        "networkx",
        "dbos",
        "searchsvc.api.register.routes",
        "searchsvc.register",
        "openvino",
        "trafilatura",
        "jinja2",
        "limits",
    ]
    done = subprocess.run([sys.executable, "-c", code, *unwanted], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_bodies_of_all_domains_need_nothing_but_pydantic() -> None:
    """Commands read answers as these, and most of them run beside a service that has loaded the rest."""
    bodies = sorted(
        f"searchsvc.api.{path.parent.name}.schemas" for path in (ROOT / "searchsvc/api").glob("*/schemas.py")
    )
    assert len(bodies) > 5
    code = f"import sys, {', '.join(bodies)}; print([name for name in sys.argv[1:] if name in sys.modules])"
    unwanted = ["numpy", "sqlalchemy", "fastapi", "networkx", "searchsvc.catalogue", "searchsvc.search"]
    done = subprocess.run([sys.executable, "-c", code, *unwanted], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
