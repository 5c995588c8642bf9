"""What browsers get of original files and of their text: at the right place, whole, and without harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any

import pytest
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from tests.api.conftest import Client

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ring news — été</title></head>
<body><article><h1>Ring news</h1><p>The ring was kept for ninety days by all of the women in the study in Kisumu, who
came to the clinic in each month, and said what they thought of it, été comme hiver.</p></article>
<script>alert("{HOSTILE[:2]}")</script></body></html>"""


def pdf(pages: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for number in range(1, pages + 1):
        canvas.drawString(72, 720, f"Page {number} says that women kept the ring for ninety days.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def deck(*slides: str) -> bytes:
    presentation = Presentation()
    for title in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"What is said of {title}: women kept the ring for ninety days."
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


FILES = {
    "talk.pptx": deck("The ring", HOSTILE),
    "paper.pdf": pdf(3),
    "news.html": PAGE.encode(),
    "alt.html": PAGE.replace('charset="utf-8"', 'charset="iso-8859-1"').replace("—", "-").encode("latin-1"),
    "saved.html.gz": gzip.compress(PAGE.replace("Kisumu", "Durban, and elsewhere").encode(), mtime=0),
    "notes.md": f"# Notes {HOSTILE}\n\nWomen kept the ring. {HOSTILE}\n\n[link](javascript:alert(3))\n".encode(),
    'évil"\r\nX-Evil: 1;.md': b"# A name\n\nA text with a name that is not nice.\n",
}


@dataclass(frozen=True)
class Archive:
    client: Client
    ids: dict[str, str]

    def get(self, name: str, rest: str = "/file", method: str = "GET", **headers: str) -> Any:
        return self.client(method, f"/v1/resources/{self.ids[name]}{rest}", headers=headers)


@pytest.fixture(scope="module")
def archive(client: Client) -> Archive:
    jobs = client.added(list(FILES.items()))
    assert {job["status"] for job in jobs} == {"indexed"}, jobs
    return Archive(client, dict(zip(FILES, (job["resource_id"] for job in jobs), strict=True)))


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("paper.pdf", "application/pdf", "inline"),
        ("news.html", "text/html; charset=utf-8", "inline"),
        ("alt.html", "text/html", "inline"),  # the page says it itself
        ("notes.md", "text/markdown; charset=utf-8", "inline"),
        ("talk.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "attachment"),
    ],
)
def test_a_file_comes_as_it_was_handed_in_and_opens_where_browsers_can(
    archive: Archive, name: str, media_type: str, shown: str
) -> None:
    answer = archive.get(name)
    assert (answer.status_code, answer.content) == (200, FILES[name])
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'{shown}; filename="{name}"'
    assert answer.headers["content-length"] == str(len(FILES[name]))
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_saved_page_may_do_nothing_but_be_looked_at(archive: Archive) -> None:
    for name in ("news.html", "alt.html", "saved.html.gz", "notes.md"):
        policy = archive.get(name).headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'") and "script" not in policy
    assert "content-security-policy" not in archive.get("paper.pdf").headers  # viewers do not run in a sandbox


def test_a_compressed_page_is_unpacked_by_the_browser(archive: Archive) -> None:
    answer = archive.get("saved.html.gz")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-disposition"] == 'inline; filename="saved.html"'
    assert "Durban, and elsewhere" in answer.text


def test_a_file_name_cannot_add_headers(archive: Archive) -> None:
    answer = archive.get('évil"\r\nX-Evil: 1;.md')
    assert "x-evil" not in answer.headers
    plain, full = re.fullmatch(
        r"inline; filename=\"([^\"]*)\"; filename\*=UTF-8''(\S*)", answer.headers["content-disposition"]
    ).groups()  # type: ignore[union-attr]
    assert re.fullmatch(r"[\w.\- ]+", plain, re.ASCII) and plain.endswith(".md")
    assert full.startswith("%C3%A9vil%22") and re.fullmatch(r"[\w.%~-]+", full, re.ASCII)


def test_a_browser_that_has_the_file_does_not_load_it_again(archive: Archive) -> None:
    tag = archive.get("paper.pdf").headers["etag"]
    assert tag == f'"{hashlib.sha256(FILES["paper.pdf"]).hexdigest()}"'
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = archive.get("paper.pdf", **{"If-None-Match": given})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert archive.get("paper.pdf", **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-20", slice(-20, None)),
        ("bytes=5-5", slice(5, 6)),
    ],
)
def test_a_viewer_may_load_a_range(archive: Archive, asked: str, part: slice) -> None:
    answer = archive.get("paper.pdf", Range=asked)
    whole = FILES["paper.pdf"]
    assert (answer.status_code, answer.content) == (206, whole[part])
    start, stop, _ = part.indices(len(whole))
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=a-b", "lines=0-9", "bytes=0-1,5-9", "bytes=", "0-9"])
def test_a_range_that_is_not_one_is_answered_by_the_whole(archive: Archive, asked: str) -> None:
    answer = archive.get("paper.pdf", Range=asked)
    assert (answer.status_code, answer.content) == (200, FILES["paper.pdf"])


def test_a_range_behind_the_end_and_one_of_another_version(archive: Archive) -> None:
    answer = archive.get("paper.pdf", Range="bytes=9999999-")
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(FILES['paper.pdf'])}")
    answer = archive.get("paper.pdf", Range="bytes=0-9", **{"If-Range": '"other"'})
    assert (answer.status_code, answer.content) == (200, FILES["paper.pdf"])


def test_head_says_what_get_would(archive: Archive) -> None:
    asked = {"X-Request-ID": "the-same-for-both"}
    one, other = archive.get("paper.pdf", **asked), archive.get("paper.pdf", method="HEAD", **asked)
    assert (other.status_code, other.content, other.headers) == (200, b"", one.headers)


# -- the text as a page -----------------------------------------------------------------------------------------------


def test_a_link_into_a_presentation_leads_to_an_anchor_of_its_view(archive: Archive) -> None:
    hits = archive.client.get("/v1/search", params={"q": "ring", "kind": "presentation"}).json()["hits"]
    href = hits[0]["passages"][0]["href"]
    path, anchor = href.split("#")
    page = archive.client.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<section id="{anchor}">' in page.text
    assert {"slide-1", "slide-2"} <= set(re.findall(r'id="([^"]+)"', page.text))


def test_every_passage_has_an_anchor_and_none_stands_twice(archive: Archive) -> None:
    for name in FILES:
        passages = archive.get(name, "?passages=true").json()["text_passages"]
        anchors = re.findall(r'id="([^"]+)"', archive.get(name, "/view").text)
        assert {f"passage-{one['id']}" for one in passages} <= set(anchors)
        assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("name", ["talk.pptx", "notes.md", 'évil"\r\nX-Evil: 1;.md'])
def test_hostile_text_is_shown_and_does_nothing(archive: Archive, name: str) -> None:
    answer = archive.get(name, "/view")
    assert "<script" not in answer.text and "<img" not in answer.text
    assert re.findall(r'href="([^"]*)"', answer.text) == ["file"]
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy
    if name == "talk.pptx":
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


@pytest.mark.parametrize("name", ["paper.pdf", "news.html"])
def test_a_link_into_a_file_that_browsers_open_leads_into_it(archive: Archive, name: str) -> None:
    [passage, *_] = archive.get(name, "?passages=true").json()["text_passages"]
    start = f"/v1/resources/{archive.ids[name]}/file#"
    assert passage["href"].startswith(start + ("page=1" if name == "paper.pdf" else ":~:text="))


@pytest.mark.parametrize(
    "one", ["..", "../x", "..%2f..%2fetc%2fpasswd", "%00", "x" * 5000, "%ff", "a/b", "'; DROP TABLE resources"]
)
@pytest.mark.parametrize("rest", ["", "/file", "/view", "/report", "/related"])
def test_an_id_that_is_none_finds_nothing(archive: Archive, one: str, rest: str) -> None:
    answer = archive.client.get(f"/v1/resources/{one}{rest}")
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"
