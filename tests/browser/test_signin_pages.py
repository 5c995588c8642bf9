"""The pages of people who sign in, in a real browser: no barriers in either theme, on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit import barriers
from tests.cli.conftest import Program

ANN = "ann@example.org"


class Guarded:
    """A service where who is not signed in may only read."""

    def __init__(self, program: Program, url: str) -> None:
        self.program, self.url = program, url
        assert program.run("users", "add", ANN, "--scope", "admin", "--name", "Ann Lee").returncode == 0

    def link(self) -> str:
        return self.program.run("users", "link", ANN).stdout.strip()


@pytest.fixture(scope="module")
def guarded(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    program = Program(tmp_path_factory.mktemp("signin") / "home")
    with program.served(SEARCHSVC_API_KEY="a-key-of-the-keeper") as served:
        yield Guarded(program, served.url)


def open_menu(page: Page) -> None:
    """On a phone who is signed in stands in the menu."""
    if page.locator("button.menu").is_visible():
        page.click("button.menu")


def each_page(page: Page, guarded: Guarded, language: str) -> Iterator[str]:
    """Every page of signing in, one after the other."""
    for path in (f"/signin?lang={language}", f"/account?lang={language}"):
        page.goto(guarded.url + path)
        yield "form"
    page.fill("#login", "nobody")
    page.fill("#password", "not the right one")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "wrong"
    page.goto(f"{guarded.link()}&lang={language}")
    yield "link"
    page.click("main button")
    yield "account"
    for path in ("/audit", "/audit?who=an+unknown+account&from=2026-01-01", "/audit?from=x", "/introductions", "/"):
        page.goto(f"{guarded.url}{path}{'&' if '?' in path else '?'}lang={language}")
        open_menu(page)
        expect(page.get_by_text("Ann Lee")).to_be_visible()
        yield path
    page.click("text=Ann Lee")
    page.fill("#new", "a long new password")
    page.fill("#again", "another long password")
    page.click("main form.stacked button")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "differ"
    open_menu(page)
    page.click(".signed button")
    expect(page.locator("#password")).to_be_visible()
    yield "out"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_signing_in_has_barriers(page: Page, guarded: Guarded, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for where in each_page(page, guarded, "en" if scheme == "light" else "fr"):
        assert barriers(page) == "", where


def test_no_page_of_signing_in_is_wider_than_a_phone(page: Page, guarded: Guarded) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for where in each_page(page, guarded, "fr"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, where


def test_signing_in_needs_no_scripts(browser: Browser, guarded: Guarded) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(guarded.url + "/audit")
    assert "/signin?next=" in page.url
    page.goto(guarded.link())
    page.click("main button")
    for field in ("#new", "#again"):
        page.fill(field, "a long new password")
    page.click("main form.stacked button")
    expect(page.get_by_role("status").first).to_be_visible()
    page.click(".signed button")
    page.goto(guarded.url + "/audit")
    page.fill("#login", ANN.upper())
    page.fill("#password", "a long new password")
    page.click("main button")
    assert page.url == guarded.url + "/audit"
    expect(page.locator("tbody tr").first).to_contain_text("POST /signin")
    context.close()
