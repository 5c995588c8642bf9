"""What people may rely on when they search with a browser that runs no scripts."""

from __future__ import annotations

import gzip
import html
import re

import pytest

from searchsvc.texts import languages
from searchsvc.web.resources.citations import FORMATS
from tests.web.conftest import Browser


def test_the_first_page_has_a_search_and_what_is_new(site: Browser) -> None:
    page = site.elements("/")
    assert page.all("form", role="search", action="/", method="get")
    assert page.all("input", type="search", name="q")
    assert len(page.all("article")) == 10
    assert "The archive" in site.page("/")


def test_a_result_says_what_it_is_and_opens_at_its_passage(site: Browser) -> None:
    text = site.page("/?q=dapivirine+ring+ninety+days")
    assert "Paper" in text or "Web page" in text
    assert "Amara Okonjo" in text
    assert '<time datetime="2021-03-04">4 March 2021</time>' in text
    assert "<mark>dapivirine</mark>" in text
    ring = site.ids["ring.md"]
    assert re.search(
        rf'href="/resources/{ring}/read\?passage=[\w-]+&amp;q=dapivirine%20ring%20ninety%20days#passage-[\w-]+"', text
    )
    assert f'href="/resources/{ring}?q=dapivirine%20ring%20ninety%20days"' in text


def test_a_page_of_a_pdf_is_named(site: Browser) -> None:
    assert re.search(
        r'<a href="/resources/\w+/read[^"]*">page 2</a>', site.page("/?q=diaphragm+is+fitted+in+the+clinic")
    )


def test_copies_are_folded(site: Browser) -> None:
    text = site.page("/?q=film+dissolved+within+ten+minutes")
    assert text.count("<article") >= 1
    assert "1 copy" in text


def test_a_facet_is_a_link_that_chooses_and_one_that_takes_back(site: Browser) -> None:
    page = site.page("/?q=ring")
    [(href, count)] = re.findall(r'href="(/\?q=ring&amp;person=amara)"[^>]*>.*?<span class="count">(\d+)</span>', page)
    narrowed = site.elements(html.unescape(href))
    assert len(narrowed.all("article")) == int(count) == 1
    assert [one["href"] for one in narrowed.all("a") if one.get("aria-label", "").startswith("Remove")] == ["/?q=ring"]
    chosen = next(one for one in narrowed.all("a") if one.get("class") == "chosen")
    assert chosen["href"] == "/?q=ring"


def test_years_are_a_form_whose_empty_fields_mean_nothing(site: Browser) -> None:
    page = site.elements("/?q=ring&kind=page&kind=paper")
    assert page.all("input", name="year_from") and page.all("input", name="year_to")
    years = site.page("/?q=ring&year_from=&year_to=2022")
    assert "…–2022" in years and "monthly vaginal ring" in re.sub("</?mark>", "", years)
    assert site("/v1/search?q=ring&year_from=&year_to=2022").status_code == 200


def test_pages_are_links_and_the_state_stays_in_them(site: Browser) -> None:
    first = site.elements("/?q=cervical+cap&sort=date&lang=fr&limit=5")
    following = first.all("a", rel="next")[0]["href"]
    assert following == "/?q=cervical%20cap&sort=date&limit=5&page=2&lang=fr"
    second = site.elements(following)
    assert second.all("a", rel="prev")[0]["href"] == "/?q=cervical%20cap&sort=date&limit=5&lang=fr"
    hits = [[one["href"] for one in page.all("a") if "data-hit" in one] for page in (first, second)]
    assert len(hits[0]) == 5 and not set(hits[0]) & set(hits[1])
    assert second.all("ol", **{"class": "hits"})[0]["start"] == "6"
    hidden = {one["name"]: one["value"] for one in second.all("input", type="hidden")}
    assert hidden.items() >= {"sort": "date", "lang": "fr", "limit": "5"}.items()


def test_a_page_after_the_last_says_so(site: Browser) -> None:
    assert "Go to the first page" in site.page("/?q=cervical+cap&page=9")


def test_a_search_links_its_references_and_its_feed(site: Browser) -> None:
    page = site.elements("/?q=ring&sort=date")
    hrefs = {one["href"] for one in page.all("a") if "download" in one}
    assert hrefs == {f"/search.{kind}?q=ring&sort=date" for kind in ("bib", "ris", "json", "csv", "txt")}
    assert page.all("link", type="application/atom+xml")[0]["href"] == "/search.atom?q=ring&sort=date"
    assert page.all("link", rel="search", href="/opensearch.xml")


def test_how_to_find_is_chosen_by_links(site: Browser) -> None:
    hybrid = site.elements("/?q=ring&kind=page&page=1")
    hrefs = [one["href"] for one in hybrid.all("a") if "mode=" in one["href"] and "q=ring" in one["href"]]
    assert {"/?q=ring&kind=page&mode=keyword", "/?q=ring&kind=page&mode=semantic"} <= set(hrefs)
    words = site.page("/?q=ring&mode=keyword")
    assert '<strong aria-current="true">words</strong>' in words
    assert '<a href="/?q=ring">meaning and words</a>' in words and 'name="mode" value="keyword"' in words
    assert "mode.label" not in words and "Find by:" not in site.page("/")


def test_a_result_can_be_cited_and_its_address_be_copied(site: Browser) -> None:
    ring, page = site.ids["ring.md"], site.elements("/?q=dapivirine+ring+ninety+days&lang=fr")
    [cite] = page.all("a", href=f"/resources/{ring}?lang=fr#cite")
    assert cite["data-take"] == f"/resources/{ring}.txt?lang=fr"
    assert page.all("a", href=f"/resources/{ring}?lang=fr", **{"data-take": ""})
    shown = site.elements(f"/resources/{ring}")
    assert shown.all("section", id="cite") and "Okonjo A. The monthly" in site(f"/resources/{ring}.txt").text


def test_results_that_are_selected_are_exported_alone(site: Browser) -> None:
    ids = [site.ids[name] for name in ("gel.md", "ring.md")]
    page = site.elements("/?q=ring+gel")
    boxes = {one["value"] for one in page.all("input", type="checkbox", name="id", form="selected")}
    assert set(ids) <= boxes and len(boxes) == len(page.all("article"))
    [form] = page.all("form", id="selected")
    assert form["method"] == "get" and {one["formaction"] for one in page.all("button") if "formaction" in one} == {
        f"/search.{suffix}" for suffix in FORMATS
    }
    chosen = site(f"/search.json?id={ids[0]}&id={ids[1]}&id={ids[0]}&id=unknown").json()
    assert [one["id"] for one in chosen] == ids


def test_every_result_can_be_taken_by_zotero(site: Browser) -> None:
    page = site.elements("/?q=dapivirine+ring")
    spans = page.all("span", **{"class": "Z3988"})
    assert len(spans) == len(page.all("article")) > 0
    assert all(one["title"].startswith("ctx_ver=Z39.88-2004&rft_val_fmt=") for one in spans)


@pytest.mark.parametrize(
    ("accepted", "language", "said"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr", "Chercher"),
        ("es-419, en;q=0.8", "es", "Buscar"),
        ("pt-MZ, pt;q=0.9, en;q=0.8", "pt", "Pesquisar"),
        ("de, en;q=0.5, fr;q=0.4", "en", "Search"),
        ("de", "en", "Search"),
        ("fr;q=0, en;q=0.1", "en", "Search"),
        ("*;q=odd,,;;", "en", "Search"),
    ],
)
def test_the_language_is_the_browser_s(site: Browser, accepted: str, language: str, said: str) -> None:
    text = site.page("/", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in text
    assert said in text


def test_a_language_that_was_chosen_goes_along(site: Browser) -> None:
    page = site.elements("/?q=ring&lang=fr")
    inner = [one["href"] for one in page.all("a") if one["href"].startswith(("/resources", "/people", "/?q"))]
    others = [one["href"] for one in page.all("a") if "hreflang" in one]
    assert others == [f"/?q=ring&lang={language}" for language in languages()] and len(others) > 2
    assert all("lang=fr" in one for one in inner if one not in others)
    assert '<html lang="en">' in site.page("/?lang=xx")


def test_text_of_any_direction_finds_its_own(site: Browser) -> None:
    text = site.page("/?q=الحلقة")
    assert '<blockquote dir="auto"' in text and "تسعين" in text


def test_a_search_weighs_little(site: Browser) -> None:
    page = site.elements("/?q=ring+film+gel+cap")
    linked = [one["href"] for one in page.all("link", rel="stylesheet")] + [
        one["src"] for one in page.all("script") if "src" in one
    ]
    assert len(linked) == 3
    parts = [site(path, headers={"Accept-Encoding": "identity"}) for path in ("/?q=ring+film+gel+cap", *linked)]
    assert sum(len(one.content) for one in parts) < 150_000
    assert sum(len(gzip.compress(one.content, 5)) for one in parts) < 15_000


def test_a_typing_error_is_corrected_and_what_was_typed_can_be_searched(site: Browser) -> None:
    text, page = site.page("/?q=cervcial+cap&kind=page"), site.elements("/?q=cervcial+cap&kind=page")
    assert "Results for “cervical cap”" in text
    assert "<mark>cervical</mark>" in text
    hits = [one["href"] for one in page.all("a") if "data-hit" in one]
    assert hits and all(one.endswith("?q=cervical%20cap") for one in hits)
    typed = next(one["href"] for one in page.all("a") if "as_typed" in one["href"])
    assert typed == "/?q=cervcial%20cap&kind=page&as_typed=true"
    assert "Results for “" not in site.page(typed)


def test_suggestions_are_asked_for_where_the_service_gives_some(site: Browser) -> None:
    assert 'data-suggest="/v1/suggest"' in site.page("/")
    found = site("/v1/suggest?q=amar").json()["suggestions"]
    assert {"kind": "person", "text": "Amara Okonjo", "id": "amara"} in found
