"""docs/ names every setting, command and route, and its examples work as they stand there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from eval.docs import register_page, settings_page
from ingest.extract.types import BUILT_IN
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.cli.app import app
from searchsvc.filters import FILTERS
from searchsvc.settings import Settings
from searchsvc.texts import languages
from searchsvc.web.resources.citations import FORMATS
from searchsvc.web.widget.pages import widget_files
from tests.cli.conftest import Program, Served, until

ROOT = Path(__file__).resolve().parents[2]
SETTINGS, COMMANDS, HTTP, WIDGET, PAGE, REGISTER, EXTENDING = (
    ROOT / "docs" / f"{name}.md"
    for name in ("settings", "commands", "http", "widget", "search-page", "register", "extending")
)


def examples(page: Path, program: str) -> list[str]:
    return re.findall(rf"^    ({program} .*)$", page.read_text("utf-8"), re.M)


def commands(command: Any, *path: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path)
    for name, one in (inner or {}).items():
        yield from commands(one, *path, name)


def test_the_page_of_settings_is_what_the_settings_say() -> None:
    assert SETTINGS.read_text("utf-8") == settings_page(), "write it again: python -m eval.docs"


@pytest.mark.parametrize("command", list(commands(get_command(app), "searchsvc")))
def test_every_command_is_explained(command: str) -> None:
    assert re.search(rf"`{command}[` ]", COMMANDS.read_text("utf-8"))


def routes() -> list[str]:
    paths = create_app(Running(Settings(encoder="hashing"))).openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize("route", routes())
def test_every_route_is_explained(route: str) -> None:
    assert f"`{route}`" in HTTP.read_text("utf-8")


def test_the_fields_of_the_register_are_what_its_models_say() -> None:
    assert REGISTER.read_text("utf-8") == register_page(), "write it again: python -m eval.docs"


def test_every_parameter_of_a_search_is_explained() -> None:
    search = create_app(Running(Settings(encoder="hashing"))).openapi()["paths"]["/v1/search"]["get"]
    page = HTTP.read_text("utf-8")
    for parameter in search["parameters"]:
        assert f"`{parameter['name']}`" in page
        if parameter["name"] != "q":
            assert f"`--{parameter['name'].replace('_', '-')}`" in COMMANDS.read_text("utf-8")


def test_every_filter_stands_in_the_table_and_among_the_options() -> None:
    rows = dict(re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \| (.+) \|$", HTTP.read_text("utf-8"), re.M))
    names = [", ".join(f"`{parameter}`" for parameter in one.parameters) for one in FILTERS.values()]
    assert [row for row in rows if row in names] == names
    for one, row in zip(FILTERS.values(), names, strict=True):
        assert one.about in rows[row].replace("`", ""), row
    [options] = re.findall(r"Filters are ([^.]+)\.", COMMANDS.read_text("utf-8"))
    assert re.findall(r"`--([a-z-]+)`", options) == [
        parameter.replace("_", "-") for one in FILTERS.values() for parameter in one.parameters
    ]


def test_everything_that_a_page_can_set_in_the_widget_is_explained() -> None:
    source = widget_files()[0].content.decode()
    attributes = re.findall(r'getAttribute\("([a-z]+)"\)', source)
    events = re.findall(r'#tell\("([a-z]+)"', source)
    parts = re.findall(r'part: "([a-z]+)"', source)
    properties = re.findall(r"--resource-search-[a-z-]+", source)
    assert min(map(len, (attributes, events, parts, properties))) >= 2
    page = WIDGET.read_text("utf-8")
    for name in {*attributes, *events, *parts, *properties, "theme"}:
        assert f"`{name}`" in page, name


def test_every_format_language_and_type_of_file_is_named() -> None:
    page, readme = PAGE.read_text("utf-8"), (ROOT / "README.md").read_text("utf-8")
    for one in FORMATS.values():
        assert f"`/resources/ID.{one.suffix}`, `/search.{one.suffix}?q=ring` | {one.label}" in page
    for code in languages():
        assert f"`{code}`" in page
    for kind in BUILT_IN:
        assert kind.label in readme, kind.label


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link


# -- the examples -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("docs") / "home")


@pytest.fixture(scope="module")
def served(program: Program) -> Iterator[Served]:
    with program.served() as one:
        yield one


def test_the_commands_of_the_examples_work(program: Program, served: Served, tmp_path: Path) -> None:
    lines = examples(COMMANDS, "searchsvc")
    assert len(lines) >= 12
    resource = ""
    for line in lines:
        if line.endswith(" ID"):
            resource = (
                resource or json.loads(program.run("search", "ring", "--json").stdout)["hits"][0]["resource"]["id"]
            )
        _, *typed = shlex.split(line.replace(" ID", f" {resource}").replace(" /tmp/", f" {tmp_path}/"))
        done = program.run(*typed, cwd=ROOT)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_requests_of_the_examples_work(program: Program, served: Served, tmp_path: Path) -> None:
    path = tmp_path / "ring.md"
    path.write_text("# The ring\n\nWomen kept the vaginal ring for ninety days.\n")
    program.run("ingest", "add", str(path))
    [hit, *_] = json.loads(program.run("search", "vaginal ring", "--json").stdout)["hits"]
    lines = examples(HTTP, "curl")
    assert len(lines) >= 10
    for line in lines:
        typed = line.replace("http://127.0.0.1:8000", served.url).replace("/ID", f"/{hit['resource']['id']}")
        done = subprocess.run(
            ["sh", "-c", typed.replace("curl ", "curl --silent --show-error --fail ", 1)],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), line
        if "/file" not in line:
            json.loads(done.stdout)
    until(lambda: "queued" not in json.loads(program.run("ingest", "status", "--json").stdout)["counts"])
