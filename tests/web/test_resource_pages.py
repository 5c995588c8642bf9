"""What people may rely on when they look at one resource, read it, or look up who is behind it."""

from __future__ import annotations

import json
import re

from searchsvc.web.resources.citations import FORMATS
from tests.web.conftest import Browser


def test_a_resource_says_what_is_known_and_what_it_is_related_to(site: Browser) -> None:
    text = site.page(f"/resources/{site.ids['ring.md']}")
    assert "The monthly vaginal ring in Kisumu" in text
    assert '<a href="/people/amara">Amara Okonjo</a>' in text
    assert '<a href="/organizations/arden">Arden Institute</a>' in text
    assert '<a href="/projects/anelia">ANEMONE-2</a>' in text
    assert "Related resources" in text
    assert f'href="/v1/resources/{site.ids["ring.md"]}/file"' in text


def test_with_the_words_of_a_search_its_passages_come_first(site: Browser) -> None:
    text = site.page(f"/resources/{site.ids['ring.md']}?q=ring+costs+nine+dollars")
    assert "Passages about “ring costs nine dollars”" in text
    assert "<mark>nine</mark>" in text
    assert text.index('id="passages-title"') < text.index('id="outline-title"')


def test_its_first_passage_begins_with_the_sentence_that_answers_as_in_the_search(site: Browser) -> None:
    def quoted(path: str) -> str:
        found = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", site.page(path), re.DOTALL)
        assert found
        return found[1]

    words = "q=the+ring+released+the+drug+slowly"
    shown = quoted(f"/resources/{site.ids['ring.md']}?{words}")
    assert shown == quoted(f"/?{words}") and 'class="answer"' in shown


def test_its_pages_are_shown_and_lead_to_the_reader(site: Browser) -> None:
    paper = site.ids["paper.pdf"]
    page = site.elements(f"/resources/{paper}?q=diaphragm")
    assert [one["src"] for one in page.all("img")] == [f"/resources/{paper}/pages/{number}.jpg" for number in (1, 2)]
    hrefs = [one["href"] for one in page.all("a")]
    assert {f"/resources/{paper}/read?q=diaphragm#page-{number}" for number in (1, 2)} < set(hrefs)
    assert not site.elements(f"/resources/{site.ids['ring.md']}").all("img")


def test_each_respect_in_which_others_are_related_is_one_step_away(site: Browser) -> None:
    ring = site.ids["ring.md"]
    page = site.elements(f"/resources/{ring}?lang=fr")
    asked = [one["data-respect"] for one in page.all("details") if "data-respect" in one]
    assert asked == [f"/resources/{ring}/related?facet={name}&lang=fr" for name in ("background", "method", "result")]
    hrefs = [one["href"] for one in page.all("a", rel="nofollow")]
    assert f"/resources/{ring}?facet=method&lang=fr#related" in hrefs
    part = site.page(asked[1])
    assert "<html" not in part and ('class="card near"' in part or "Rien" in part)


def test_copies_link_each_other(site: Browser) -> None:
    first, second = site.ids["film.md"], site.ids["film-copy.md"]
    assert f'href="/resources/{second}"' in site.page(f"/resources/{first}")
    assert f'href="/resources/{first}"' in site.page(f"/resources/{second}")


def test_reference_managers_find_the_resource(site: Browser) -> None:
    page = site.elements(f"/resources/{site.ids['paper.pdf']}")
    meta = {one["name"]: one["content"] for one in page.all("meta") if "name" in one}
    assert meta["citation_title"] == "Diaphragms on paper"
    assert meta["citation_pdf_url"] == f"http://here/v1/resources/{site.ids['paper.pdf']}/file"
    ring = site.elements(f"/resources/{site.ids['ring.md']}")
    meta = {one["name"]: one["content"] for one in ring.all("meta") if "name" in one}
    assert (meta["citation_author"], meta["citation_publication_date"]) == ("Okonjo, Amara", "2021/03/04")
    assert {one["title"] for one in ring.all("link", rel="alternate")} == {one.label for one in FORMATS.values()}


def test_search_engines_find_the_resource(site: Browser) -> None:
    text = site.page(f"/resources/{site.ids['ring.md']}")
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    described = json.loads(data)
    assert described["name"] == "The monthly vaginal ring in Kisumu"
    assert described["@id"] == f"http://here/resources/{site.ids['ring.md']}"
    people = described.get("author") or described.get("organizer")
    assert people[0]["name"] == "Amara Okonjo"


def test_the_text_is_read_with_the_passage_marked(site: Browser) -> None:
    found = site("/v1/search", params={"q": "ring costs nine dollars", "limit": 1}).json()["hits"][0]
    passage = found["passages"][0]
    page = site.elements(f"/resources/{found['resource']['id']}/read?passage={passage['id']}&q=ring+costs+nine+dollars")
    marked = page.all("p", id=f"passage-{passage['id']}")
    assert [one["class"].strip() for one in marked] == ["current"]
    assert page.all("mark")
    assert not page.all("script", type="module", src="read.js")


def test_a_pdf_is_read_by_its_pages_and_without_scripts_as_text(site: Browser) -> None:
    paper = site.ids["paper.pdf"]
    answer = site(f"/resources/{paper}/read?q=diaphragm")
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    text = answer.text
    assert f'data-file="/v1/resources/{paper}/file"' in text
    assert 'id="page-2"' in text and "<mark>diaphragm</mark>" in text
    assert 'data-page="2"' in text


def test_a_person_an_organization_and_a_project_know_each_other(site: Browser) -> None:
    person = site.page("/people/amara")
    assert "Principal investigator" in person
    assert '<a href="/organizations/arden">Arden Institute</a>' in person
    assert '<a href="/projects/anelia">ANEMONE-2</a>' in person
    assert 'href="https://orcid.org/0000-0002-8202-2478"' in person
    assert 'href="/?q=a%20validated%20assay"' in person
    assert "The monthly vaginal ring in Kisumu" in person
    for path in ("/organizations/arden", "/projects/anelia"):
        page = site.page(path)
        assert '<a href="/people/amara">Amara Okonjo</a>' in page
        assert "The monthly vaginal ring in Kisumu" in page


def test_the_register_is_listed(site: Browser) -> None:
    for path, href in (
        ("/people", "/people/amara"),
        ("/organizations", "/organizations/arden"),
        ("/projects", "/projects/anelia"),
    ):
        assert site.elements(path).all("a", href=href)


def test_who_is_hidden_is_nowhere(site: Browser) -> None:
    gel = site.ids["gel.md"]
    paths = (
        "/?q=contraceptive+gel", f"/resources/{gel}", f"/resources/{gel}/read", f"/resources/{gel}.bib",
        f"/resources/{gel}.ris", f"/resources/{gel}.json", f"/resources/{gel}.csv", "/search.atom", "/people",
    )  # fmt: skip
    for path in paths:
        answer = site(path)
        assert answer.status_code == 200 and "Varga" not in answer.text, path
    assert "Varga" not in site.page("/people/bela", 404)


def test_other_names_of_a_person_lead_to_the_page(site: Browser) -> None:
    for key in ("amara-old", "0000-0002-8202-2478", "Amara%20Okonjo"):
        answer = site(f"/people/{key}?lang=fr")
        assert (answer.status_code, answer.headers["location"]) == (302, "/people/amara?lang=fr")


def test_a_mistyped_name_gets_the_nearest(site: Browser) -> None:
    assert "The nearest are Amara Okonjo" in site.page("/people/amara-okonyo", 404)
