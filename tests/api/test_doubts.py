"""What of a file could not be read is told: of one resource, and of the archive, the worst first, with what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from PIL import Image
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from tests.api.conftest import Client, running

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def scan(pages: int) -> bytes:
    """A PDF whose first page has text and whose others are pictures."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "grey").save(picture, "PNG")
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.drawString(72, 720, "Women kept the ring for ninety days.")
    canvas.showPage()
    from reportlab.lib.utils import ImageReader

    for _ in range(pages):
        canvas.drawImage(ImageReader(picture), 0, 0, 600, 800)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def with_object() -> bytes:
    document = docx.Document()
    document.add_heading("The gel", 1)
    run = document.add_paragraph("Couples used the gel.").add_run()
    run._r.append(parse_xml(f"<w:object {W}/>"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def silent_deck() -> bytes:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "The film"
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    slide.shapes.add_picture(picture, 0, 0)._element.nvPicPr.cNvPr.set("descr", "")
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Without OCR, which would look at the pictures."""
    with running(tmp_path_factory.mktemp("doubts") / "home", ocr="off") as one:
        yield one


@pytest.fixture(scope="module")
def ids(client: Client) -> dict[str, str]:
    files = [("scan.pdf", scan(3)), ("gel.docx", with_object()), ("film.pptx", silent_deck()),
             ("whole.md", b"# Whole\n\nAll of it is read.\n")]  # fmt: skip
    return {job["name"]: job["resource_id"] for job in client.added(files)}


def told(doubts: list[dict[str, Any]]) -> list[tuple[str, int, list[str]]]:
    return [(one["code"], one["count"], one["places"]) for one in doubts]


def test_the_archives_worst_files_come_first_with_codes_counts_places_and_what_to_do(
    client: Client, ids: dict[str, str]
) -> None:
    body = client.get("/v1/doubts").json()
    assert [(one["file_name"], told(one["doubts"])) for one in body["resources"]] == [
        ("scan.pdf", [("unit_without_text", 3, ["page 2", "page 3", "page 4"])]),
        ("gel.docx", [("embedded_object", 1, ["The gel"])]),
        ("film.pptx", [("picture_without_text", 1, ["slide 1"])]),
    ]
    assert (body["total"], body["unknown"]) == (3, 0)
    assert body["counts"] == {"unit_without_text": 1, "embedded_object": 1, "picture_without_text": 1}
    worst = body["resources"][0]["doubts"][0]
    assert worst["message"] == "3 pages are pictures without text."
    assert "OCR" in worst["advice"]
    assert [one["file_name"] for one in client.get("/v1/doubts?limit=1").json()["resources"]] == ["scan.pdf"]


def test_a_resource_and_its_report_carry_the_doubts(client: Client, ids: dict[str, str]) -> None:
    for path in (f"/v1/resources/{ids['scan.pdf']}", f"/v1/resources/{ids['scan.pdf']}/report"):
        assert told(client.get(path).json()["doubts"]) == [("unit_without_text", 3, ["page 2", "page 3", "page 4"])]
    assert client.get(f"/v1/resources/{ids['whole.md']}").json()["doubts"] == []


def test_a_resource_that_is_gone_is_doubted_no_more(client: Client) -> None:
    [job] = client.added([("empty.html", b"<html><body></body></html>")])
    assert client.get("/v1/doubts").json()["resources"][0]["file_name"] == "empty.html"
    client("DELETE", f"/v1/resources/{job['resource_id']}")
    assert "empty.html" not in client.get("/v1/doubts").text
