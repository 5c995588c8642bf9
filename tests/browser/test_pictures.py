"""The pictures in docs/ are of pages that are there and show what the pictures are said to show."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from eval.demo import FILES, REGISTER, ROOT
from eval.pictures import PAGES, Shot, find
from tests.cli.conftest import Program, Served


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    program = Program(tmp_path_factory.mktemp("sample") / "home")
    with program.served() as served:
        assert program.run("register", "import", str(ROOT / REGISTER)).returncode == 0
        program.run("ingest", "add", *(str(ROOT / FILES / shot.file) for shot in PAGES if shot.file))
        yield served


@pytest.mark.parametrize("shot", PAGES, ids=lambda shot: shot.name)
def test_a_page_shows_what_its_picture_is_said_to_show(browser: Browser, sample: Served, shot: Shot) -> None:
    with httpx.Client(base_url=sample.url) as client:
        path = find(client, shot)
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
    answer = page.goto(sample.url + path)
    assert answer is not None
    assert answer.status == 200
    for text in shot.shows:
        expect(page.get_by_text(text).first).to_be_visible()
    page.close()
