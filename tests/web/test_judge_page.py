"""What people may rely on who judge their own archive on its page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import until_finished
from tests.web.conftest import Browser, browser_of

PASSED_ON = {"X-Forwarded-For": "203.0.113.5", "Accept": "text/html"}
EVIL = "<script>alert(1)</script>"
FILES = {
    f"ring{n}.md": f"# Ring {n} {EVIL}\n\nThe ring number {n} was worn in Kisumu for {n} days.\n" for n in range(4)
}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may write."""
    settings = Settings(home=tmp_path_factory.mktemp("judge") / "home", encoder="hashing")
    with Service(settings) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        given = [("file", (name, text.encode())) for name, text in FILES.items()]
        places = {"uri": [f"file:///archive/{name}" for name in FILES]}
        assert browser("/v1/resources", "POST", files=given, data=places).status_code == 202
        until_finished(lambda: browser("/v1/jobs", params={"limit": 100}).json()["jobs"])
        assert browser("/judge/queries", "POST", data={"words": f"ring in Kisumu\n\n{EVIL}"}).status_code == 303
        yield browser


def results(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'name="resource" value="([^"]+)"', page)))


def query(page: str) -> str:
    return str(re.findall(r'name="query" value="([^"]+)"', page)[0])


def test_results_are_graded_one_after_the_other_and_the_next_query_follows(home: Browser) -> None:
    page = home.page("/judge?by=Cara")
    assert EVIL not in page and html.escape(EVIL) in page and home.elements("/judge").wrong == []
    asked, shown = query(page), results(page)
    assert len(shown) == 4 and "0 of " in page
    first = home("/judge", "POST", data={"query": asked, "resource": shown[0], "said": "yes", "by": "Cara"})
    assert first.headers["location"] == f"/judge?q={asked}&by=Cara"
    again = home.page(first.headers["location"])
    assert 'value="yes" data-key="2" data-also="y" aria-pressed="true"' in again and results(again) == shown
    rest = home("/judge", "POST", data={"query": asked, "said": "rest", "by": "Cara"})
    assert rest.headers["location"] == "/judge?by=Cara"
    assert query(home.page("/judge?by=Cara")) != asked
    assert home("/v1/judging/qrels").json()["grades"][asked] == {one: 2 if one == shown[0] else 0 for one in shown}

    for left in shown[1:][::-1]:
        back = home("/judge/undo", "POST", data={"by": "Cara"}).headers["location"]
        assert back == f"/judge?q={asked}&by=Cara"
        assert left not in home("/v1/judging/qrels").json()["grades"][asked]


def test_nothing_tells_who_found_what_or_what_others_said(home: Browser) -> None:
    page = home.page("/judge?by=Cara")
    asked, shown = query(page), results(page)
    home("/judge", "POST", data={"query": asked, "resource": shown[0], "said": "yes", "by": "Cara"})
    other = home.page("/judge?by=Dan")
    assert results(other) == shown and 'aria-pressed="true"' not in other and "band " not in other
    assert "<mark>" not in other


def test_what_is_not_there_to_be_graded_is_said_and_the_page_is_for_those_who_may_curate(home: Browser) -> None:
    wrong = home("/judge", "POST", data={"query": "nope", "resource": "nope", "said": "yes"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
    assert home("/judge", "POST", data={"query": "nope", "said": "rest"}).status_code == 422
    assert home("/judge", "POST", data={"query": "nope", "said": "perhaps"}).status_code == 422
    assert home("/judge/queries", "POST", data={"words": "x" * 300}).status_code == 422
    assert 'href="/judge"' in home.page("/network")
    for path, method in (("/judge", "GET"), ("/judge", "POST"), ("/judge/undo", "POST"), ("/judge/queries", "POST")):
        assert home(path, method, headers=PASSED_ON).status_code == 401
    assert "Juger la recherche" in home.page("/judge?lang=fr")
