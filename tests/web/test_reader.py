"""What people may rely on who read: slides as pictures with their notes, web pages as pages, hits one after another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.facsimile.maker import Facsimiles
from searchsvc.errors import LimitError
from searchsvc.web.resources.hits import standing
from searchsvc.web.resources.reading import split_notes
from tests.web.conftest import Browser, _served
from tests.web.decks import PAGE, deck

REGISTER = """
people: [{id: bela, name: Bela Varga, hidden: true}]
resources: [{file: deck.pptx, authors: [bela]}, {file: page.html, authors: [bela]}]
"""


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
    pictures = [one["src"].partition("&")[0] for one in page.all("img")]
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
    page = reader(f"/resources/{reader.ids['page.html']}/read").text
    assert "Varga" not in page and 'alt="████ █████ holds a red sponge"' in page


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
    assert [one["rel"] for one in page.all("a", href="https://sponge.example/more")] == [
        "noopener noreferrer nofollow ugc"
    ]
    text = reader.page(path)
    assert "What follows</h2>" in text and "<td>nine <mark>dollars</mark></td>" in text and "<b>costs</b>" in text
    assert "A box of sponges" in text
    for never in ("javascript:", "evil.example", "<script>alert", "Home of all sponges", "Varga"):
        assert never not in text, never
    assert page.all("span", **{"data-passage": passages(reader, "page.html")[0]["id"]})


def test_a_page_that_cannot_be_drawn_is_read_as_its_text(reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise LimitError("took longer than 30 s")

    for name in ("page", "deck"):
        monkeypatch.setattr(Facsimiles, name, fails)
    for name, said in (("page.html", "half a million"), ("deck.pptx", "released its drug")):
        text = reader.page(f"/resources/{reader.ids[name]}/read")
        assert said in text and "<img" not in text


def test_what_is_found_is_gone_through_without_scripts(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}/read"
    ids = [one["id"] for one in passages(reader, "deck.pptx")]
    page = reader.elements(f"{path}?find=sponge")
    [field] = page.all("input", name="find")
    assert field["value"] == "sponge"
    [first, last] = [page.all("a", rel=way)[0]["href"] for way in ("prev", "next")]
    [bar] = page.all("div", **{"class": "hits-bar"})
    assert bar["data-hits"].split() == ids and len(ids) == 2
    assert last == f"{path}?find=sponge&passage={ids[1]}#passage-{ids[1]}"
    assert "1 of 2" in reader.page(f"{path}?find=sponge") and "2 of 2" in reader.page(last.partition("#")[0])
    assert first.endswith(ids[1])
    assert reader.elements(last.partition("#")[0]).all("a", rel="next")[0]["href"].endswith(ids[0])


def test_what_stands_nowhere_is_said_not_to(reader: Browser) -> None:
    page = reader.page(f"/resources/{reader.ids['deck.pptx']}/read?find=zebra&q=sponge&lang=en")
    assert "Not found in this text" in page and 'rel="next"' not in page
    elements = reader.elements(f"/resources/{reader.ids['deck.pptx']}/read?find=zebra&q=sponge&lang=fr")
    hidden = {one["name"]: one["value"] for one in elements.all("input", type="hidden") if one["name"] in ("q", "lang")}
    assert hidden == {"q": "sponge", "lang": "fr"}


def test_with_a_search_alone_it_opens_at_the_passage_that_answers_best(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}/read"
    [second] = [one["id"] for one in passages(reader, "deck.pptx") if "released" in one["text"]]
    page = reader.elements(f"{path}?q=applicator+in+Kisumu")
    assert [one["data-passage"] for one in page.all("span", tabindex="-1", autofocus="")] == [second]
    assert [one for one in page.all("img") if f"passage={second}" in one["src"]]
    asked = reader.elements(f"{path}?q=applicator&passage={second}")
    assert not asked.all("span", autofocus="")  # the address has its own place to open at
    assert not reader.elements(path).all("span", autofocus="")


def test_the_words_that_are_looked_for_are_marked_on_pictures_and_in_text(reader: Browser) -> None:
    page = reader.elements(f"/resources/{reader.ids['deck.pptx']}/read?find=NINETY+d%C3%A0ys")
    assert [one for one in page.all("img") if "find=NINETY" in one["src"]]
    picture = reader(f"/resources/{reader.ids['deck.pptx']}/slides/2.svg?find=NINETY+d%C3%A0ys").text
    assert picture.count('class="m">') == 2
    text = reader.page(f"/resources/{reader.ids['page.html']}/read?find=half+a+mil")
    assert "<mark>half a mil</mark>lion" in text


def test_a_passage_can_be_copied_with_its_reference_and_the_text_is_printed_with_it(reader: Browser) -> None:
    path = f"/resources/{reader.ids['deck.pptx']}/read"
    page = reader.elements(f"{path}?q=sponge")
    [bar] = page.all("div", **{"class": "hits-bar"})
    assert "Sponges that last" in bar["data-reference"] and bar["data-address"] == f"http://here{path}"
    assert page.all("section", **{"data-place": "Slide 2"}) and page.all("p", **{"class": "printed"})


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("éTÉ", "un Ete, des étés", ["Ete", "été"]),
        ("a  b", "A\n b ab", ["A\n b"]),
        ("ﬁne", "a fine day", ["fine"]),
        ("", "anything", []),
        ("ss", "Straße", ["ß"]),
    ],
)
def test_what_is_looked_for_is_found_whatever_its_capitals_accents_and_spaces(
    phrase: str, text: str, found: list[str]
) -> None:
    assert [text[start:end] for start, end in standing(phrase)(text)] == found
