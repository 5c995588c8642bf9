"""Every template is one that Jinja reads; a name that it is not given is an error, and what is shown is escaped."""

from __future__ import annotations

import ast
from pathlib import Path

import jinja2
import pytest

import eval.report
import searchsvc.api.resources.text
import searchsvc.web.render
import searchsvc.web.widget.pages
from tests.conftest import ROOT

FOLDERS = {
    "eval/templates": eval.report._templates(html=True),
    "searchsvc/api/templates": searchsvc.api.resources.text._TEMPLATES,
    "searchsvc/web/templates": searchsvc.web.render._environment(),
    "searchsvc/web/widget_templates": searchsvc.web.widget.pages._TEMPLATES,
}
TEMPLATES = sorted(
    file.relative_to(ROOT).as_posix() for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()
)
PACKAGES = ("searchsvc", "ingest", "eval")


def test_every_folder_of_templates_is_looked_at() -> None:
    found = {file.parent for package in PACKAGES for file in (ROOT / package).glob("**/*templates/*")}
    assert {folder.relative_to(ROOT).as_posix() for folder in found} == set(FOLDERS)


def test_every_set_of_templates_is_looked_at() -> None:
    made = [
        (file.relative_to(ROOT).as_posix(), {one.arg for one in call.keywords})
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "Environment"
    ]
    assert len(made) == len(FOLDERS) + 1, made  # letters share a folder, and have their lines cut otherwise
    for where, options in made:
        assert options >= {"autoescape", "undefined"}, where


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_is_read_whole(path: str) -> None:
    folder, _, name = path.rpartition("/")
    assert FOLDERS[folder].get_template(name).name == name
    source = Path(ROOT, path).read_text("utf-8")
    assert "autoescape" not in source, "it is switched on for all, and off for none"


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_a_page_shows_is_escaped_and_what_it_is_not_given_is_an_error(folder: str) -> None:
    environment = FOLDERS[folder]
    escaped = environment.autoescape if isinstance(environment.autoescape, bool) else environment.autoescape("any.html")
    assert escaped
    assert (
        environment.from_string("{% autoescape true %}{{ said }}{% endautoescape %}").render(said="<b>") == "&lt;b&gt;"
    )
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ nothing }}").render()
