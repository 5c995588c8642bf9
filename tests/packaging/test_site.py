"""docs/ as a site: every page can be reached, links and pictures are there, commands exist, nothing is loaded."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from typer.main import get_command

from eval.pictures import PAGES, TERMINALS
from searchsvc.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PICTURES = {".png", ".svg", ".jpg", ".gif", ".webp"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    if importlib.util.find_spec("zensical") is None:
        why = "zensical is not installed: pip install searchsvc[docs]"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    done = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--clean", "--strict"],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def _named(nav: list[Any]) -> Iterator[str]:
    for one in nav:
        match one:
            case str():
                yield one
            case dict():
                for inner in one.values():
                    yield from _named(inner if isinstance(inner, list) else [inner])


def test_every_page_stands_in_the_navigation_once() -> None:
    named = list(_named(tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]))
    assert sorted(named) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def test_every_link_and_picture_of_the_site_is_there(site: Path) -> None:
    pages = {page: html.parse(page).getroot() for page in site.rglob("index.html")}
    assert len(pages) == len(list(DOCS.rglob("*.md")))
    missing = []
    for page, tree in pages.items():
        for element, attribute, link, _ in tree.iterlinks():
            where = urlsplit(link)
            if where.scheme or where.netloc or element.tag == "form":
                continue
            target = (page.parent / unquote(where.path)).resolve() if where.path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                missing.append((page.parent.name, attribute, link))
            elif where.fragment and element.tag == "a":
                there = pages.get(target)
                if there is not None and not there.xpath("//*[@id=$id]", id=unquote(where.fragment)):
                    missing.append((page.parent.name, attribute, link))
    assert missing == []


def test_the_site_loads_nothing_from_other_hosts(site: Path) -> None:
    loaded = [
        link
        for page in site.rglob("*.html")
        for element, _, link, _ in html.parse(page).getroot().iterlinks()
        if urlsplit(link).netloc and element.tag != "a"
    ]
    assert loaded == []


def test_every_picture_says_what_it_shows_and_is_one_that_can_be_made_anew() -> None:
    texts = {page: page.read_text("utf-8") for page in [ROOT / "README.md", *DOCS.rglob("*.md")]}
    shown = {
        (page.parent / link).resolve(): alt
        for page, text in texts.items()
        for alt, link in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    }
    pictures = {one for one in DOCS.rglob("*") if one.suffix in PICTURES}
    assert set(shown) == pictures
    assert all(len(alt) > 20 for alt in shown.values())
    assert {str(one.relative_to(DOCS)) for one in pictures} == {one.name for one in (*PAGES, *TERMINALS)}


@cache
def program() -> Any:
    return get_command(app)


# -- commands ---------------------------------------------------------------------------------------------------------


def typed() -> list[Any]:
    """Every `searchsvc …` in a block of code, and those in the text that have more than a name."""
    found = {}
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]:
        text = page.read_text("utf-8")
        lines = re.findall(r"^(?:    |\$ )(searchsvc [^\n#]*?)(?:\s+#.*)?$", text, re.M)
        inline = re.findall(r"`(searchsvc [^`]+)`", text.replace("\n", " "))
        for line in (*lines, *inline):
            found[(page.name, line)] = pytest.param(line, id=f"{page.name}: {line}")
    return list(found.values())


@pytest.mark.parametrize("line", typed())
def test_every_command_on_the_pages_exists_with_its_options(line: str) -> None:
    line = re.sub(
        r" -- .*|\[[^\]]*\]|\(.*|\||>.*|…|\.\.\.", " ", line
    )  # what is optional, alternatives, and where it goes
    command: Any = program()
    words = shlex.split(line)[1:]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    while words:
        if words[0] in known:
            words = words[2:]
        elif inner := getattr(command, "commands", None):
            if words[0] not in inner and words[0].isupper():
                return  # COMMAND
            assert words[0] in inner, words[0]
            command, words = inner[words[0]], words[1:]
            known |= {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        else:
            break
    options = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    assert [one for one in options if one not in known | {"--help", "-h"}] == []
