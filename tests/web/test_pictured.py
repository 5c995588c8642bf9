"""Pages and slides as small pictures: beside results, and on the page of a resource."""

from __future__ import annotations

import asyncio
import io
import threading
from dataclasses import replace

import httpx
import pytest
from PIL import Image

from ingest.extract.types import PDF, PPTX
from ingest.facsimile.maker import Facsimiles
from ingest.facsimile.values import Picture
from searchsvc.errors import NotFoundError
from searchsvc.model import Author, Kind, Locator, Resource
from searchsvc.web.resources.pictured import PICTURES_SHOWN, picture_of, pictures_of
from searchsvc.web.resources.reader import _DRAWING
from tests.web.conftest import Browser

PAPER = Resource("r1", Kind.PAPER, "Rings", (Author("Amara"),), media_type=PDF.media_type)


def test_a_passage_is_shown_with_its_page_or_slide() -> None:
    talk = replace(PAPER, media_type=PPTX.media_type)
    at = [picture_of(PAPER, Locator("page", 4)), picture_of(talk, Locator("slide", 2)), picture_of(talk)]
    assert [one and one.src for one in at] == [
        "/resources/r1/pages/4.jpg", "/resources/r1/slides/2.svg", "/resources/r1/slides/1.svg",
    ]  # fmt: skip
    assert picture_of(replace(PAPER, media_type="text/html"), Locator("heading")) is None


def test_a_page_that_may_name_who_is_hidden_has_no_picture() -> None:
    assert picture_of(replace(PAPER, hidden_authors=("Amara",))) is None
    assert picture_of(replace(PAPER, media_type=PPTX.media_type, hidden_authors=("Amara",)))


def test_of_many_pages_the_first_are_shown_each_once() -> None:
    shown = pictures_of(PAPER, [Locator("page", number // 2 + 3) for number in range(100)])
    assert [one.number for one in shown] == list(range(3, 3 + PICTURES_SHOWN))


def test_a_page_of_a_pdf_is_a_small_picture(site: Browser) -> None:
    path = f"/resources/{site.ids['paper.pdf']}/pages/2.jpg"
    answer = site(path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert max(picture.size) <= 460 and len(set(picture.convert("L").tobytes())) > 20
    again = site(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_search_waits_for_pictures(site: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, drawn = threading.Semaphore(0), threading.Event()

    def slow(*_: object) -> Picture:
        begun.release()
        assert drawn.wait(60)
        raise NotFoundError("there is no page.")

    monkeypatch.setattr(Facsimiles, "pdf_page", slow)

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(site.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=site.base) as client:
            path = f"/resources/{site.ids['paper.pdf']}/pages/1.jpg"
            pictures = [asyncio.create_task(client.get(path)) for _ in range(60)]
            for _ in range(int(_DRAWING.total_tokens)):  # as many as may are waiting
                assert await asyncio.to_thread(begun.acquire, timeout=60)
            try:
                found = await asyncio.wait_for(client.get("/v1/search", params={"q": "ring"}), 20)
                assert not any(one.done() for one in pictures)
            finally:
                drawn.set()
            return [found.status_code, *{one.status_code for one in await asyncio.gather(*pictures)}]

    assert asyncio.run(ask()) == [200, 404]


def test_where_there_is_no_page_it_is_said(site: Browser) -> None:
    paper, ring = site.ids["paper.pdf"], site.ids["ring.md"]
    assert "There is no page 3." in site.page(f"/resources/{paper}/pages/3.jpg", 404)
    for path in (f"{paper}/pages/0.jpg", f"{paper}/pages/-1.jpg", f"{ring}/pages/1.jpg", "unknown/pages/1.jpg"):
        assert site(f"/resources/{path}").status_code == 404


def test_beside_a_result_stands_the_page_that_answers(site: Browser) -> None:
    page = site.elements("/?q=%22A+diaphragm+is+fitted%22")
    [picture] = page.all("img")
    assert picture["src"] == f"/resources/{site.ids['paper.pdf']}/pages/2.jpg"
    assert (picture["alt"], picture["loading"], picture["width"], picture["height"]) == ("", "lazy", "120", "170")
    [link] = [one for one in page.all("a") if one.get("class") == "leaf"]
    assert "/read?passage=" in link["href"] and (link["tabindex"], link["aria-hidden"]) == ("-1", "true")
    assert not site.elements("/?q=vaginal+ring+Kisumu&kind=page").all("img")
