"""From a question to the marked passage in the PDF, to a related talk, to its speaker and to a person worth meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.cli.conftest import Program, Served, until
from tests.web.conftest import pdf

TALK = """---
title: Diaphragms in the clinic, a talk
author: Chidi Eze
date: 2024-02-01
---
# Fitting

A diaphragm is fitted in the clinic by a nurse. The diaphragm is fitted again after a year.
"""
OTHER = """---
title: Nurses who fit a diaphragm
author: Dana Roth
date: 2023-02-01
---
# Nurses

A nurse fitted the diaphragm in the clinic. Every nurse was taught in two days how a diaphragm is fitted in a clinic.
"""
REGISTER = """
people:
  - {id: chidi, name: Chidi Eze, needs: [nurses who fit a diaphragm], interests: [diaphragm fitted in the clinic],
     works: [talk.md]}
  - {id: dana, name: Dana Roth, offers: [nurses who fit a diaphragm], interests: [diaphragm fitted in the clinic],
     works: [other.md]}
"""
QUESTION = "where is a diaphragm fitted in the clinic"


@pytest.fixture(scope="module")
def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    given = {"paper.pdf": pdf(), "talk.md": TALK.encode(), "other.md": OTHER.encode()}
    places = {"uri": [f"file:///archive/{name}" for name in given]}
    with Program(tmp_path_factory.mktemp("journey") / "home").served() as program:
        with httpx.Client(base_url=program.url, trust_env=False, timeout=300) as client:
            assert (
                client.post("/v1/resources", files=[("file", it) for it in given.items()], data=places).status_code
                == 202
            )
            until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": len(given)})
            assert client.put("/v1/register", files={"file": ("register.yaml", REGISTER.encode())}).status_code == 200
        yield program


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def ask(self, words: str) -> None:
        self.page.get_by_role("combobox", name="Search the archive").click()
        self.page.keyboard.type(words)
        self.page.get_by_role("button", name="Search").click()

    def follow(self, link: Locator) -> None:
        link.click()


class Keyboard(Mouse):
    """Every link is reached with Tab alone."""

    def ask(self, words: str) -> None:
        self.page.keyboard.press("/")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def follow(self, link: Locator) -> None:
        expect(link).to_be_visible()
        for _ in range(150):
            if link.evaluate("(one) => one === document.activeElement"):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not reach {link}")


class Touch(Mouse):
    def ask(self, words: str) -> None:
        self.page.get_by_role("combobox", name="Search the archive").tap()
        self.page.keyboard.type(words)
        self.page.get_by_role("button", name="Search").tap()

    def follow(self, link: Locator) -> None:
        link.tap()


@pytest.mark.parametrize("way", [Mouse, Keyboard, Touch])
def test_from_a_question_to_a_person_worth_meeting(browser: Browser, served: Served, way: type[Mouse]) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**(phone if way is Touch else {"viewport": {"width": 1100, "height": 800}}))
    context.set_default_timeout(60_000)
    page = context.new_page()
    visitor = way(page)
    page.goto(served.url)

    visitor.ask(QUESTION)
    expect(page).to_have_url(re.compile(r"[?&]q="))
    paper = page.get_by_role("article").filter(has=page.get_by_role("link", name="Diaphragms on paper", exact=True))
    visitor.follow(paper.get_by_role("link", name="page 2").first)
    expect(page.locator("#page-number")).to_have_value("2")
    expect(page.locator(".textLayer mark").first).to_be_attached()

    visitor.follow(page.get_by_role("link", name="Back to what is known of it"))
    visitor.follow(page.locator("#related").get_by_role("link", name="Diaphragms in the clinic, a talk"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Diaphragms in the clinic, a talk")

    visitor.follow(page.locator("header").get_by_role("link", name="Chidi Eze"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Chidi Eze")

    expect(page.locator("#meet")).to_contain_text("nurses who fit a diaphragm")
    visitor.follow(page.locator("#meet").get_by_role("link", name="Dana Roth"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dana Roth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
