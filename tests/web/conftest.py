"""A service with the site on it, in this process, as a browser without JavaScript sees it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from reportlab.pdfgen.canvas import Canvas

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.site import add_site
from tests.conftest import ARCHIVE, until_finished

RING = """---
title: The monthly vaginal ring in Kisumu
author: Amara Okonjo
date: 2021-03-04
---
# Results

Women kept the dapivirine ring for ninety days. The ring released the drug slowly and evenly.

# Costs

A ring costs nine dollars when half a million are made in a year.
"""
GEL = """---
title: A contraceptive gel
author: Bela Varga
date: 2023-05-01
---
# Use

Couples used the gel before sex. Some of them found the gel too wet, others asked for an applicator.
"""
FILM = """# Films in Durban

The film dissolved within ten minutes in all of the women. Film users said that the film left no mess and no smell.
The study of the film had thirty visits in the clinic, one in each month, and every visit took an hour of the day.
"""
ARABIC = "# الحلقة المهبلية\n\nاستخدمت النساء الحلقة لمدة تسعين يوما، وقالت كثيرات إن ring كانت مريحة.\n"
EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
HOSTILE = f"""---
title: "{EVIL.replace('"', chr(92) + '"')} hostile ring"
author: "<b>Mallory</b>"
---
# Hostile </mark></a><svg onload=alert(3)>

The hostile ring says </blockquote><script>alert(4)</script> and `]]>` and {{{{ 7 * 7 }}}} and ring again.
"""
REGISTER = f"""
people:
  - {{id: amara, name: Amara Okonjo, orcid: 0000-0002-8202-2478, organization: arden, role: Principal investigator,
      offers: [a validated assay], works: [ring.md]}}
  - {{id: mallory, name: "{EVIL.replace('"', chr(92) + '"')}", needs: ["<script>alert(5)</script>"]}}
  - {{id: amara-old, name: A. Okonjo, merged_into: amara}}
  - {{id: bela, name: Bela Varga, hidden: true}}
organizations:
  - {{id: arden, name: Arden Institute, acronym: AIPR, about: "A clinical institute."}}
projects:
  - {{id: anelia, name: ANEMONE-2, goal: A ring for ninety days, people: [amara], organizations: [arden],
     resources: [ring.md]}}
resources:
  - {{file: ring.md, authors: [amara]}}
  - {{file: gel.md, authors: [bela]}}
"""


def pdf() -> bytes:
    """Two pages; the second says something about diaphragms."""
    data = io.BytesIO()
    canvas = Canvas(data)
    canvas.setTitle("Diaphragms on paper")
    for lines in (
        ["Diaphragms on paper", "The first page greets its readers."],
        ["A diaphragm is fitted in the clinic."],
    ):
        for number, line in enumerate(lines):
            canvas.drawString(72, 700 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def files() -> dict[str, bytes]:
    texts = {"ring.md": RING, "gel.md": GEL, "film.md": FILM, "film-copy.md": FILM + "One more.\n", "arabic.md": ARABIC,
             "hostile.md": HOSTILE}  # fmt: skip
    caps = {f"cap-{n}.md": f"# Cap {n}\n\nA cervical cap called number {n} was worn at night.\n" for n in range(12)}
    return {**{name: text.encode() for name, text in {**texts, **caps}.items()}, "paper.pdf": pdf()}


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether all that was opened was closed."""

    _VOID = frozenset(
        ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in ("p", "li"):
            self.wrong.append(tag)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag and wanted.items() <= attrs.items()]


@dataclass
class Browser:
    """Asks for pages. Without anything said it is one that speaks English."""

    app: FastAPI
    ids: Mapping[str, str] = field(default_factory=dict)
    base: str = "http://here"

    def __call__(self, path: str, method: str = "GET", **arguments: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
                return await client.request(method, path, **arguments)

        return asyncio.run(ask())

    def page(self, path: str, status: int = 200, headers: Mapping[str, str] | None = None) -> str:
        answer = self(path, headers={"Accept": "text/html", **(headers or {})})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return answer.text

    def elements(self, path: str, status: int = 200) -> Elements:
        return Elements(self.page(path, status))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """With a few files and a register; no test changes it. One for all, so it does no jobs once it is filled."""
    yield from _served(tmp_path_factory.mktemp("site") / "home", files(), REGISTER.encode())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """With the register of the sample archive and its web pages, which are read fastest."""
    pages = {path.name: path.read_bytes() for path in sorted((ARCHIVE / "pages").iterdir())}
    register = ARCHIVE.parent / "sources" / "register.yaml"
    yield from _served(tmp_path_factory.mktemp("sample") / "home", pages, register.read_bytes())


def _served(home: Path, given: Mapping[str, bytes], register: bytes, **more: Any) -> Iterator[Browser]:
    settings = Settings(home=home, encoder="hashing", site_name="The archive", public_url="http://here", **more)
    with Service(settings) as service:
        ids = filled(browser_of(settings, service), given, register)
    with Service(settings, work=False) as service:
        browser = browser_of(settings, service)
        browser.ids = ids
        yield browser


def browser_of(settings: Settings, service: Service | None = None) -> Browser:
    app = create_app(Running(settings, service))
    add_site(app)
    return Browser(app)


def filled(browser: Browser, given: Mapping[str, bytes], register: bytes) -> dict[str, str]:
    """file -> resource, when all files are taken in."""
    owner = {"Authorization": f"Bearer {browser.app.state.running.owner_key}"}
    places = {"uri": [f"file:///archive/{name}" for name in given]}
    added = browser("/v1/resources", "POST", files=[("file", one) for one in given.items()], data=places, headers=owner)
    assert added.status_code == 202, added.text
    asked = {"batch": added.json()["batch"], "limit": 1000}
    jobs = until_finished(lambda: browser("/v1/jobs", params=asked).json()["jobs"])
    assert {job["status"] for job in jobs} == {"indexed"}
    taken = browser("/v1/register", "PUT", files={"file": ("register.yaml", register)}, headers=owner)
    assert taken.status_code == 200, taken.text
    return {job["name"]: job["resource_id"] for job in jobs}


@pytest.fixture
def empty(tmp_path: Path) -> Browser:
    """A service that still loads."""
    return browser_of(Settings(home=tmp_path / "home", encoder="hashing", public_url="http://here"))
