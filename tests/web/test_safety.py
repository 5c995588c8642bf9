"""Nothing that strangers wrote is executed, nothing leaves the host, and what goes wrong is said to people."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.errors import StoreAwayError
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.texts import languages, texts
from searchsvc.web.site import add_site
from tests.web.conftest import EVIL, Browser, Elements

PAGES = (
    "/", "/?q=ring", "/?q=qwxyz+zzz", "/people", "/people/amara", "/organizations/arden", "/projects/anelia",
    "/nothing", "/docs", "/network", "/network?person=amara", "/network?from=amara&to=mallory", "/people/amara/meet",
    "/projects/anelia/meet",
)  # fmt: skip


VISITOR = {"Accept": "text/html"}


def paths(site: Browser) -> list[str]:
    own = [f"/resources/{one}{rest}" for one in site.ids.values() for rest in ("", "?q=ring", "/read", "/read?q=ring")]
    return [*PAGES, *own, f"/?q={quote(EVIL)}", "/people/mallory"]


def test_no_page_loads_anything_from_elsewhere(site: Browser) -> None:
    for path in paths(site):
        page = Elements(site(path, headers=VISITOR).text)
        assert page.wrong == [] and page.open == [], path
        loaded = [one["src"] for tag in ("script", "img", "iframe") for one in page.all(tag) if "src" in one]
        loaded += [one["href"] for one in page.all("link") if one["rel"] not in ("canonical",)]
        assert loaded and all(one.startswith("/") and not one.startswith("//") for one in loaded), path


def test_every_page_has_a_strict_policy_and_keeps_to_it(site: Browser) -> None:
    for path in paths(site):
        answer = site(path, headers=VISITOR)
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'" and "unsafe-inline" not in policy["script-src"], path
        assert "unsafe-eval" not in policy["script-src"].replace("wasm-unsafe-eval", ""), path
        assert policy["style-src"] == "'self'", path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        page = Elements(answer.text)
        assert not page.all("style"), path
        for tag, attributes in page.found:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag)
            assert not any(value.strip().lower().startswith("javascript:") for value in attributes.values()), path
            if tag == "script":
                assert "src" in attributes or attributes["type"] == "application/ld+json", path


def test_hostile_text_is_shown_as_text(site: Browser) -> None:
    paths = (
        "/?q=hostile+ring", f"/?q={quote(EVIL)}", f"/resources/{site.ids['hostile.md']}?q=hostile+ring",
        f"/resources/{site.ids['hostile.md']}/read?q=ring", "/people/mallory", "/people", "/network",
        f"/network?person={quote(EVIL)}", f"/people/{quote(EVIL, safe='')}", f"/?kind={quote(EVIL)}",
        f"/?q=ring&person={quote(EVIL)}",
    )  # fmt: skip
    for path in paths:
        text = site(path, headers=VISITOR).text
        page = Elements(text)
        assert page.wrong == [], path
        # Our own pictures and icons are there, which have a role or are hidden from those who listen.
        drawn = [one for one in page.all("svg") if one.get("role") != "img" and one.get("aria-hidden") != "true"]
        assert not page.all("img") and not drawn and not page.all("b"), path
        assert "<script>alert" not in text, path
        assert "49" not in text.partition("<main")[2].partition("</main>")[0] or "7 * 7" in text, path


def test_hostile_titles_are_inert_in_what_is_downloaded(site: Browser) -> None:
    own = site.ids["hostile.md"]
    assert "<script>" not in site(f"/resources/{own}").text.partition("ld+json")[2].partition("</script>")[0]
    assert "<script" not in site("/search.atom").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/?kind=xyz", 422, "kind is one of paper"),
        ("/?limit=abc", 422, "limit: "),
        ("/?page=0", 422, "page: "),
        ("/?page=abc", 422, "page: "),
        ("/?sort=colour", 422, "sort: "),
        ("/?year_from=2024&year_to=2020", 422, "year_from (2024) is after year_to (2020)"),
        ("/?year_from=soon", 422, "year_from: "),
        ("/?q=ring&page=500", 422, "narrow the search"),
        ("/resources/unknown", 404, "There is no resource with the id “unknown”"),
        ("/resources/unknown/read", 404, "There is no resource"),
        ("/resources/unknown.bib", 404, "There is no resource"),
        ("/people/unknown", 404, "no person with the id or name “unknown”"),
        ("/people/arden", 404, "no person with the id or name “arden”"),
        ("/organizations/unknown", 404, "no organization"),
        ("/projects/unknown", 404, "no project"),
        ("/people/unknown/meet", 404, "no person with the id or name “unknown”"),
        ("/resources/unknown/meet", 404, "There is no resource"),
        ("/network?person=amara+okonyo", 404, "The nearest are Amara Okonjo"),
        ("/network?from=amara&to=nobody-at-all", 404, "no person with the id or name “nobody-at-all”"),
        ("/people/amara-okonyo/meet", 404, "The nearest are Amara Okonjo"),
        ("/search.pdf?q=ring", 404, "There is no export as"),
        ("/no/such/page", 404, "This page does not exist"),
        ("/static/0/css/nothing.css", 404, "Not found"),
        ("/static/0/%2e%2e/pages.py", 404, "Not found"),
    ],
)
def test_bad_input_gets_a_page_with_the_right_status(site: Browser, path: str, status: int, said: str) -> None:
    text = site.page(path, status)
    assert said.replace("'", "&#39;") in text
    assert "Traceback" not in text
    assert Elements(text).all("form", role="search")


def test_a_very_long_search_is_refused_politely(site: Browser) -> None:
    assert "at most 10000" in site.page(f"/?q={'a' * 10_001}", 422)


def test_errors_are_in_the_visitor_s_language(site: Browser) -> None:
    text = site.page("/resources/unknown?lang=fr", 404)
    assert "Introuvable" in text and "Aucune ressource" in text


def test_programs_still_get_problems(site: Browser) -> None:
    for path in ("/v1/resources/unknown", "/v1/nothing", "/v1/search?limit=abc"):
        answer = site(path, headers={"Accept": "text/html"})
        assert answer.headers["content-type"] == "application/problem+json"


def test_while_the_service_starts_pages_say_so_and_try_again(empty: Browser) -> None:
    answer = empty("/?q=ring")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] and answer.headers["refresh"]
    assert "The search is starting" in answer.text and 'href="/?q=ring"' in answer.text


def test_what_does_not_answer_is_said_without_saying_where_it_is(settings: Settings) -> None:
    class Away(Running):
        @property
        def service(self) -> Service:  # type: ignore[override]
            raise StoreAwayError("http://qdrant.inside:6333 refuses the connection.")

    app = create_app(Away(settings))
    add_site(app)
    text = Browser(app).page("/?q=ring&lang=fr", 503)
    assert "La recherche ne répond pas en ce moment" in text and "Réessayer" in text and "qdrant" not in text


def test_what_was_not_foreseen_is_a_page_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Running):
        def service(self) -> None:  # type: ignore[override]
            raise ZeroDivisionError("secret")

    app = create_app(Broken(settings))
    add_site(app)
    text = Browser(app).page("/", 500)
    assert "Something went wrong" in text and "secret" not in text


def test_methods_that_pages_do_not_have(site: Browser) -> None:
    assert site("/", "POST").status_code == 405
    head = site("/?q=ring", "HEAD")
    assert head.status_code == 200


def test_static_files_are_kept_for_good_by_their_own_address_only(site: Browser) -> None:
    style = next(one["href"] for one in site.elements("/").all("link", rel="stylesheet"))
    kept = site(style)
    assert "immutable" in kept.headers["cache-control"] and kept.headers["content-type"].startswith("text/css")
    assert site(style, headers={"If-None-Match": kept.headers["etag"]}).status_code == 304
    other = site("/static/000000000000/" + style.split("/", 3)[3])
    assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache")
    plain = site(style, headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers and plain.text == kept.text


def test_a_page_that_did_not_change_is_not_sent_again(site: Browser) -> None:
    first = site("/?q=ring")
    assert site("/?q=ring", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_the_page_of_the_api_comes_from_this_host(site: Browser) -> None:
    page = site.elements("/docs")
    sources = [one["src"] for one in page.all("script")]
    assert any("reference.js" in one for one in sources) and all(site(one).status_code == 200 for one in sources)


def test_the_page_of_the_api_describes_every_route_and_all_that_it_links_to(site: Browser) -> None:
    described = site("/openapi.json").json()
    page = site.elements("/docs")
    shown = {(one["data-method"], one["data-path"]) for one in page.all("details") if "data-path" in one}
    assert shown == {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    ids = {one["id"] for _, one in page.found if "id" in one}
    inside = {one["href"][1:] for one in page.all("a") if one["href"].startswith("#")}
    assert {f"body-{name}" for name in described["components"]["schemas"]} <= ids
    assert inside <= ids and "body-HitBody" in inside


@pytest.mark.parametrize("language", list(languages()))
def test_an_address_that_does_not_exist_is_a_plain_page_with_the_search_and_a_problem_for_programs(
    site: Browser, language: str
) -> None:
    text = site.page(f"/no/such/page?lang={language}", 404)
    assert f"<h1>{texts(language)('missing.title')}</h1>" in text and "/docs lists" not in text
    assert len(Elements(text).all("form", role="search")) == 1
    told = site(f"/no/such/page?lang={language}", headers={"Accept": "*/*"})
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    assert told.json()["detail"] == "there is no GET /no/such/page; /docs lists what there is."
