"""Web pages as blocks: what is kept of a page's form, and that nothing but its article is."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from ingest.extract.html.extractor import HtmlExtractor
from ingest.extract.protocol import ExtractLimits
from ingest.facsimile.pages import page
from ingest.facsimile.values import Part, Span

LONG = "The ring released its drug slowly and evenly for ninety days in all of the women who wore it."
URL = "https://ring.example/news/one.html"


def read(folder: Path, body: str) -> tuple[Part, ...]:
    """Through both: what was read when it was taken in says what the article is."""
    data = f"<html><head><title>Rings</title></head><body>{body}</body></html>".encode()
    path = folder / "page.html"
    path.write_bytes(data)
    text = HtmlExtractor().extract(data, name=URL, limits=ExtractLimits()).text
    return page(str(path), (URL, text), ExtractLimits())


def article(inside: str) -> str:
    last = LONG.replace("ring", "film")
    return f"<article><h1>Rings that last</h1><p>{LONG}</p>{inside}<p>{last} Then they met.</p></article>"


def test_headings_lists_and_quotations_keep_their_form(tmp_path: Path) -> None:
    inside = (
        "<h2>What was asked</h2><ul><li>Does it hurt?<ol start=3><li>At first</li><li>Later</li></ol></li>"
        "<li>How long?</li></ul><blockquote><p>Nobody asked for an applicator, said the nurse.</p></blockquote>"
        "<pre>a  = 1\n  b</pre>"
    )
    parts = read(tmp_path, article(inside))
    assert [(one.kind, one.level, one.marker, one.text) for one in parts][2:-1] == [
        ("heading", 2, None, "What was asked"),
        ("item", 1, None, "Does it hurt?"),
        ("item", 2, 3, "At first"),
        ("item", 2, 4, "Later"),
        ("item", 1, None, "How long?"),
        ("quote", 0, None, "Nobody asked for an applicator, said the nurse."),
        ("code", 0, None, "a  = 1\n  b"),
    ]
    assert (parts[0].kind, parts[0].text, parts[1].text) == ("heading", "Rings that last", LONG)


def test_a_table_is_rows_of_cells_with_its_head_and_one_that_places_things_is_not(tmp_path: Path) -> None:
    rows = (
        "<tr><th>Step</th><th>Date</th></tr><tr><td>Letter</td><td>20 March</td></tr><tr><td colspan=2>Closed</td></tr>"
    )
    parts = read(tmp_path, article(f"<table>{rows}</table>"))
    [table] = [one for one in parts if one.kind == "table"]
    assert table.rows == (("Step", "Date"), ("Letter", "20 March"), ("Closed", "")) and table.head == 1
    placed = read(tmp_path, f"<table><tr><td>{article('<p>More of the words of it all.</p>')}</td></tr></table>")
    assert "table" not in {one.kind for one in placed} and placed[1].text == LONG


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/other?a=1", "https://ring.example/other?a=1"),
        ("HTTPS://else.example/", "https://else.example/"),
        ("javascript:alert(1)", ""),
        (" java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//[bad", ""),
        ("#part", ""),
        ("mailto:a@b.example", ""),
    ],
)
def test_links_lead_to_the_web_alone(tmp_path: Path, href: str, kept: str) -> None:
    parts = read(
        tmp_path, article(f"<p>Those who want to read all of it find <a href='{href}'>the whole story</a> there.</p>")
    )
    [link] = [span for part in parts for span in part.spans if span.text.strip() == "the whole story"] or [Span("")]
    assert link.href.lower() == kept.lower()


def test_letters_keep_their_weight(tmp_path: Path) -> None:
    parts = read(
        tmp_path,
        article("<p>It was <b>very <i>well</i></b> taken by 10<sup>6</sup> <code>women</code> in the two cities.</p>"),
    )
    [spans] = [part.spans for part in parts if part.text.startswith("It was")]
    assert [(one.text, one.bold, one.italic, one.raised, one.code) for one in spans] == [
        ("It was ", False, False, 0, False), ("very ", True, False, 0, False), ("well", True, True, 0, False),
        (" taken by 10", False, False, 0, False), ("6", False, False, 1, False), (" ", False, False, 0, False),
        ("women", False, False, 0, True), (" in the two cities.", False, False, 0, False),
    ]  # fmt: skip


def test_menus_and_notices_are_left_out(tmp_path: Path) -> None:
    menu = "<nav><ul><li><a href=/>Home</a></li><li><a href=/r>Rings that last</a></li></ul></nav>"
    foot = "<footer><p>All rights reserved by those who made the ring and the film for women.</p></footer>"
    text = "\n".join(part.text for part in read(tmp_path, menu + article("<h2>Costs</h2>") + foot))
    assert "Home" not in text and "rights" not in text and text.count("Rings that last") == 1 and "Costs" in text


def test_pictures_in_the_file_are_shown_and_of_others_what_they_show(tmp_path: Path) -> None:
    into = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(into, "PNG")
    inside = base64.b64encode(into.getvalue()).decode()
    parts = read(tmp_path, article(
        f'<img src="data:image/png;base64,{inside}" alt="A red ring on a table">'
        '<figure><img src="https://evil.example/p.png" alt="Women at the clinic">'
        "<figcaption>The clinic</figcaption></figure>"
        '<img src="data:image/svg+xml;base64,PHN2Zz4=" alt=""><img src="/spacer.gif" alt="spacer.gif">'
    ))  # fmt: skip
    pictures = [(one.text, one.picture is not None) for one in parts if one.kind == "picture"]
    assert pictures == [("A red ring on a table", True), ("Women at the clinic", False)]
    assert [one.text for one in parts if one.kind == "caption"] == ["The clinic"]
    assert "evil" not in repr(parts)


def test_a_page_that_says_other_things_than_were_read_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(f"<body>{article('')}</body>".encode())
    other = "Nothing of this stands on the page, which is about something else altogether and for other readers."
    assert page(str(path), ("", other), ExtractLimits()) == ()
    assert page(str(path), ("", LONG), ExtractLimits())
