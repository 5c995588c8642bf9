"""What is new is told once, to whom it concerns, with a line of why; and as people read it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from searchsvc.digest.digester import moment
from searchsvc.errors import QueryError
from tests.digest.conftest import BASE, REGISTER, SWABS, Archive, text

EVIL = '<img src=x onerror=alert(1)> [a](javascript:1) "q"'


def test_the_same_thing_is_news_once(archive: Archive) -> None:
    archive.day = "2026-11-02"
    archive.add("swabs.md", text("Cold swabs", SWABS))
    assert archive.news("2026-11-02") == {"Cold swabs": []}
    archive.add("copy/swabs.md", text("Cold swabs", SWABS) + "\nPrinted twice.\n")  # is near to what was there
    archive.day = "2026-11-03"
    assert archive.news("2026-11-03") == {}
    new = archive.add("ice.md", text("Boxes of ice", "Ice melted in the boxes within a day of the week."))
    assert archive.news("2026-11-03") == {"Boxes of ice": []}
    archive.write("DELETE", f"/v1/resources/{new}")
    assert archive.news("2026-11-03") == {}
    archive.day = "2026-11-04"
    archive.add("ice.md", text("Boxes of ice", "Ice melted in the boxes within a day of the week."))
    assert archive.news("2026-11-04") == {}  # it was told when it came first


def test_what_changed_is_updated_with_what_changed(archive: Archive) -> None:
    archive.day = "2026-11-05"
    archive.add("gel.md", text("A gel", "Couples used the gel before they slept in the night."))
    assert archive.news("2026-11-05") == {"A gel": []}
    archive.day = "2026-11-06"
    archive.add("gel.md", text("The gel", "Couples used the gel after they slept in the night."))
    assert archive.news("2026-11-06") == {"The gel": ["title", "text"]}
    assert archive.news("2026-11-05")["The gel"] == []  # new since then, however often it changed
    assert "Updated: title, text" in archive.digest("2026-11-06", format="text")


def test_what_somebody_looks_for_comes_first_with_the_sentence_that_says_so(archive: Archive) -> None:
    archive.day = "2026-11-07"
    archive.add("other.md", text("Dogs of the town", "Dogs barked in the town at night, and people slept badly there."))
    archive.add(
        "cold.md", text("Cold chains", "The town is small.", "Freezers that keep swabs cold ran on solar power.")
    )
    archive.add("own.md", text("Her own", "She wrote of freezers that keep swabs cold in all of the clinics."))
    first, *rest = archive.digest("2026-11-07", **{"for": "Ann Okell"})["topics"]
    assert (first["wish"], first["wish_kind"]) == ("freezers that keep swabs cold", "need")
    [item] = first["items"]  # what she wrote herself is no news to her
    assert (item["title"], item["why"]["text"]) == ("Cold chains", "Freezers that keep swabs cold ran on solar power.")
    assert item["why"]["locator"]["heading"] == "Results" and item["why"]["path"].startswith(item["path"] + "/read?")
    assert [one["kind"] for one in rest] == ["page"]
    assert {*archive.news("2026-11-07")} == {"Cold chains", "Her own", "Dogs of the town"}


def test_what_comes_up_and_who_is_new_is_told(archive: Archive) -> None:
    archive.day = "2026-11-08"
    archive.import_register(
        REGISTER.replace("projects: []", "projects: [{id: ring, name: The ring, goal: Cold swabs}]")
    )
    told = archive.digest("2026-11-08")
    assert [(one["name"], one["date"]) for one in told["deadlines"]] == [("Meeting on swabs", "2026-12-05")]
    assert ([one["name"] for one in told["projects"]], told["people"]) == (["The ring"], [])
    archive.write("POST", "/v1/people/bo/hide")
    assert "Lindqvist" not in str(archive.digest("2020-01-01"))
    archive.write("POST", "/v1/people/bo/unhide")
    assert archive.digest("2026-11-09")["projects"] == []


def test_a_person_is_told_what_their_groups_see_and_others_what_everybody_sees(archive: Archive) -> None:
    archive.day = "2026-11-10"
    archive.service.users.add("ann", "Ann", ["search", "people"], groups=["sanctum"], person="ann")
    hush = archive.add(
        "hush.md", text("Hushed", "Hushed freezers that keep swabs cold were hushed up."), group="sanctum"
    )
    owner = {"Authorization": f"Bearer {archive.app.state.running.owner_key}"}
    asked: dict[str, Any] = {"params": {"since": "2026-11-10"}, "headers": owner}
    assert "Hushed" not in archive("/v1/digest", **asked).text  # whoever asks
    asked["params"]["for"] = "ann"
    assert "Hushed" in archive("/v1/digest", **asked).text
    assert archive.news("2026-11-10", **{"for": "ann"}) == {}  # to somebody who does not see it
    asked["params"]["for"] = "bo"
    assert "Hushed" not in archive("/v1/digest", **asked).text
    archive.day = "2026-11-11"
    archive.write("PATCH", f"/v1/resources/{hush}", json={"groups": []})
    assert archive.news("2026-11-11") == {"Hushed": []}  # for whoever did not see it before
    asked["params"] |= {"for": "ann", "since": "2026-11-11"}
    assert "Hushed" not in archive("/v1/digest", **asked).text


def test_introductions_are_told_to_who_may_make_them(archive: Archive) -> None:
    refused = archive("/v1/digest", params={"since": "2026-11-01", "introductions": 1})
    assert refused.status_code == 403
    told = archive.write("GET", "/v1/digest", params={"since": "2026-11-01", "introductions": 2}).json()
    assert {one["a"]["id"] for one in told["introductions"]} <= {"ann", "bo"}


@pytest.mark.parametrize("given", ["yesterday", "2026-13-01", "", "9999-12-31T23:59:59-12:00", "2026-11-01" * 9, "\0"])
def test_what_is_no_date_is_one_line(archive: Archive, given: str) -> None:
    answer = archive("/v1/digest", params={"since": given})
    assert answer.status_code == 422 and len(answer.text) < 400
    if len(given) <= 40:
        with pytest.raises(QueryError, match="no date such as"):
            moment(given)


class Shown(HTMLParser):
    """The words of a page, and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._hidden += tag in ("style", "title")
        self.loads += [tag for name in ("src", "onerror") if name in given] + [tag] * (tag in ("script", "link", "img"))
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


def test_html_and_text_say_the_same_and_nothing_is_loaded(archive: Archive) -> None:
    archive.day = "2026-11-20"
    quoted = EVIL.replace('"', '\\"')
    head = f'---\ntitle: "{quoted}"\nauthor: "<b>Mallory</b>"\n---\n\n# Evil\n\n'
    archive.add("evil.md", f"{head}Evil <script>alert(1)</script> text is here today.\n")
    pages = {form: archive.digest("2026-11-01", format=form) for form in ("html", "text", "markdown", "atom")}
    shown = Shown(pages["html"])
    assert shown.loads == [] and all(one.startswith(f"{BASE}/") for one in shown.links)
    told = [one for one in re.sub(r"https://\S+", "", pages["text"]).split() if re.search(r"\w", one)]
    words = re.sub(r"[“”():*,]", "", " ".join(shown.words))
    missing = [one for one in told if re.sub(r"[“”():*,]", "", one) not in words]
    assert missing == []
    assert all(len(line) <= 72 or "https://" in line for line in pages["text"].split("\n"))
    rendered = Shown(MarkdownIt("commonmark", {"html": True}).render(pages["markdown"]))
    assert rendered.loads == [] and all(one.startswith(f"{BASE}/") for one in rendered.links)
    feed = ElementTree.fromstring(pages["atom"])
    ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert len({*ids}) == len(ids) > 3


def test_it_is_in_the_language_that_is_asked_for(archive: Archive) -> None:
    told = archive.digest("2026-11-01", format="text", lang="fr")
    assert "les nouveautés" in told and "À venir" in told and "5 décembre 2026" in told
