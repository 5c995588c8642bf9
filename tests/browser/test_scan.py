"""A passage of a scan is marked on the picture of its page."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.cli.conftest import Program, until
from tests.ingest.scans import FIRST, SECOND, needs_ocr, scanned


@needs_ocr
def test_a_passage_of_a_scan_is_marked_where_it_stands(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Program(tmp_path_factory.mktemp("scan") / "home").served() as served:
        with httpx.Client(base_url=served.url, trust_env=False, timeout=300) as client:
            client.post("/v1/resources", files=[("file", ("scan.pdf", scanned(FIRST, SECOND)))]).raise_for_status()
            until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": 1})
            [found] = client.get("/v1/search", params={"q": FIRST[0]}).json()["hits"]
        page.goto(f"{served.url}/resources/{found['resource']['id']}")
        expect(
            page.get_by_text("2 pages were read by OCR: they are pictures, or their own text cannot be trusted.")
        ).to_be_visible()
        page.goto(f"{served.url}/?q=a+pump+that+runs+without+diesel")
        page.get_by_role("link", name="page 2").first.click()
        mark = page.locator(".textLayer mark", has_text="diesel")
        expect(mark).to_be_attached()
        box, sheet = mark.bounding_box(), page.locator(".sheet").bounding_box()
        assert box and sheet
        # It is the third line of the page, whose first stands 60 points below the edge of 595.
        middle = (box["y"] + box["height"] / 2 - sheet["y"]) / sheet["height"]
        assert 0.12 < middle < 0.17
        assert box["x"] > sheet["x"] and box["x"] + box["width"] < sheet["x"] + 0.6 * sheet["width"]
