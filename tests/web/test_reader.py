"""What people may rely on who read: slides as pictures with their notes, web pages as pages, hits one after another."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pptx
import pytest
from pptx.util import Inches

from ingest.facsimile.maker import Facsimiles
from searchsvc.errors import LimitError
from searchsvc.web.resources.reading import split_notes
from tests.web.conftest import Browser, _served

REGISTER = """
people: [{id: bela, name: Bela Varga, hidden: true}]
resources: [{file: deck.pptx, authors: [bela]}, {file: page.html, authors: [bela]}]
"""


PAGE = """<html><head><title>Costs of the ring</title><meta name="author" content="Bela Varga"></head><body>
<nav><a href="/">Home of all rings</a></nav><article><h1>Costs of the ring</h1>
<p>Bela Varga says that a ring <b>costs</b> nine dollars when half a million are made in a year.</p>
<h3>What follows</h3><ul><li>fewer rings are lost on the way to Kisumu</li>
<li>see <a href="https://ring.example/more">more of it</a> and <a href="javascript:alert(1)">less of it</a></li></ul>
<img src="https://evil.example/track.png" alt="A box of rings">
<table><tr><th>Year</th><th>Price</th></tr><tr><td>2021</td><td>nine dollars</td></tr></table>
<p>Whoever wants a ring for &lt;script&gt;alert(2)&lt;/script&gt; asks the nurse, who has one for everybody.</p>
</article></body></html>"""


def deck() -> bytes:
    """Three slides: who speaks, what was found, with notes, and nothing but a box."""
    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = "Rings that last"
    first.placeholders[1].text = "Bela Varga, Institute of Rings"
    second = made.slides.add_slide(made.slide_layouts[1])
    second.shapes.title.text = "Ninety days"
    second.placeholders[1].text = "The ring released its drug for ninety days."
    second.notes_slide.notes_text_frame.text = "Bela Varga says: nobody asked for an applicator in Kisumu."
    made.slides.add_slide(made.slide_layouts[6]).shapes.add_shape(1, Inches(1), Inches(1), Inches(1), Inches(1))
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from _served(
        tmp_path_factory.mktemp("reader") / "home", {"deck.pptx": deck(), "page.html": PAGE.encode()}, REGISTER.encode()
    )


def passages(reader: Browser, name: str) -> list[dict[str, str]]:
    return list(reader(f"/v1/resources/{reader.ids[name]}?passages=true").json()["text_passages"])


def test_a_presentation_is_read_as_pictures_of_its_slides_with_the_notes_beside(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}"
    page = reader.elements(f"{path}/read?q=ninety+days")
    assert not page.wrong
    pictures = [one["src"] for one in page.all("img")]
    assert pictures == [f"{path}/slides/{number}.svg?q=ninety%20days" for number in (1, 2, 3)]
    assert all(one["alt"] for one in page.all("img")) and page.all("section", id="slide-3")
    text = reader.page(f"{path}/read")
    notes = text[text.index("<h3>Notes</h3>") : text.index("<details>", text.index("<h3>Notes</h3>"))]
    assert "nobody asked for an applicator" in notes and "released its drug" not in notes
    assert text.count("nobody asked for an applicator") == 1


def test_the_passage_and_the_words_are_marked_on_the_slide(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}"
    [found] = [one["id"] for one in passages(reader, "deck.pptx") if "released" in one["text"]]
    page = reader.elements(f"{path}/read?q=drug&passage={found}")
    [marked] = [one["src"] for one in page.all("img") if "passage=" in one["src"]]
    answer = reader(marked)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert '<span class="m">drug</span>' in answer.text and answer.text.count('class="here"') == 1
    assert 'class="here"' not in reader(f"{path}/slides/1.svg?q=drug&passage={found}").text


def test_a_picture_of_a_slide_can_do_nothing_where_it_is_opened_by_itself(reader: Browser) -> None:
    answer = reader(f"/resources/{reader.ids['deck.pptx']}/slides/2.svg")
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_is_hidden_is_on_no_picture_and_in_no_notes(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}"
    for one in ("/read", "/slides/1.svg", "/slides/2.svg", "/slides/1.svg?q=Varga"):
        answer = reader(path + one)
        assert answer.status_code == 200 and "Varga" not in answer.text.replace("?q=Varga", ""), one
    assert "████ █████" in reader(f"{path}/slides/1.svg").text


def test_a_slide_that_is_not_there_is_not_found(reader: Browser, site: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}"
    assert "There is no slide 4." in reader.page(f"{path}/slides/4.svg", 404)
    assert reader(f"{path}/slides/0.svg").status_code == 404 and reader(f"{path}/slides/-3.svg").status_code == 404
    assert site(f"/resources/{site.ids['ring.md']}/slides/1.svg").status_code == 404


@pytest.mark.parametrize(
    ("text", "notes", "begins"),
    [
        ("Title\n\nSaid below.\nAnd more.", "Said below.\nAnd more.", 7),
        ("Said below.", "Said below.\nAnd more.", 0),
        ("Title\n\nSaid below it all.", "Said below it all.\nAnd more.", 7),
        ("Title", "", 5),
        ("Title", "Another thing.", 5),
        ("", "Said", 0),
    ],
)
def test_notes_are_told_from_the_text_of_their_slide(text: str, notes: str, begins: int) -> None:
    assert split_notes(text, notes) == begins


def test_a_web_page_is_read_with_its_headings_lists_links_and_tables(reader: Browser) -> None:
    path = f"/resources/{reader.ids['page.html']}/read?q=dollars"
    page = reader.elements(path)
    assert not page.wrong and page.all("th") and page.all("td") and page.all("li", dir="auto")
    assert [one["rel"] for one in page.all("a", href="https://ring.example/more")] == [
        "noopener noreferrer nofollow ugc"
    ]
    text = reader.page(path)
    assert "What follows</h2>" in text and "<td>nine <mark>dollars</mark></td>" in text and "<b>costs</b>" in text
    assert "A box of rings" in text
    for never in ("javascript:", "evil.example", "<script>alert", "Home of all rings", "Varga"):
        assert never not in text, never
    assert page.all("span", **{"data-passage": passages(reader, "page.html")[0]["id"]})


def test_a_page_that_cannot_be_drawn_is_read_as_its_text(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise LimitError("took longer than 30 s")

    for name in ("page", "notes"):
        monkeypatch.setattr(Facsimiles, name, fails)
    for name, said in (("page.html", "half a million"), ("deck.pptx", "released its drug")):
        text = reader.page(f"/resources/{reader.ids[name]}/read")
        assert said in text and "<img" not in text
