"""A real browser, a real service, and a site of another origin.

The browser is Debian's Chromium, or the one that CHROMIUM names. Where there is none the tests are skipped; with
CI=true they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, expect, sync_playwright

from tests.browser.kit import Site
from tests.cli.conftest import Program, Served, until

expect.set_options(timeout=60_000)  # only against hanging; a busy machine takes its time
KEY = "public-key-of-the-tests"
RING = """---
title: The monthly vaginal ring in Kisumu
author: Amara Okonjo
date: 2021-03-04
---
# Results

Women kept the dapivirine ring for ninety days. The ring released the drug slowly and evenly.
"""
HOSTILE = """---
title: "<img src=x onerror=alert(1)> \\"><script>alert(2)</script> hostile ring"
---
# Hostile </mark></a><svg onload=alert(3)>

The hostile ring says <script>alert(4)</script> and `<iframe srcdoc="<script>alert(5)</script>">` and ring again.
"""
ARABIC = "# الحلقة المهبلية\n\nاستخدمت النساء الحلقة لمدة تسعين يوما، وقالت كثيرات إن ring كانت مريحة.\n"
FILES = {"ring.md": RING, "hostile.md": HOSTILE, "arabic.md": ARABIC}


@pytest.fixture(scope="package")
def chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        why = "there is no Chromium: apt-get install chromium, or name one in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    return path


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One for all tests here. Root may not use Chromium's sandbox, and the pages are our own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """What a page did that no page may do."""

    wrong: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("console", self._console)
        context.expose_binding("violated", lambda _, what: self.wrong.append(f"policy: {what}"))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', "
            "(e) => violated(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`))"
        )

    def _console(self, said: ConsoleMessage) -> None:
        if "violates" in said.text:
            self.wrong.append(said.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog}")
        dialog.dismiss()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Of one visitor. A script error, a message box or a breach of a page's policy in it fails the test."""
    watched = Watched()
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    context.set_default_timeout(60_000)
    watched.watch(context)
    yield context
    context.close()
    assert watched.wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """A site whose pages may search."""
    one = Site()
    yield one
    one.close()


@pytest.fixture(scope="package")
def served(chromium: str, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with three files. Nothing in these tests changes it."""
    program = Program(tmp_path_factory.mktemp("browser") / "home")
    more = {"ALLOWED_ORIGINS": site.url, "PUBLIC_KEY": KEY, "PUBLIC_RATE_PER_MINUTE": "10000"}
    with program.served(**{f"SEARCHSVC_{name}": value for name, value in more.items()}) as running:
        files = [("file", (name, text.encode())) for name, text in FILES.items()]
        with httpx.Client(base_url=running.url, trust_env=False, timeout=300) as client:
            assert client.post("/v1/resources", files=files).status_code == 202
            until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": len(files)})
        yield running
