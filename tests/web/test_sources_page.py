"""What a coordinator may rely on at the page of sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import Browser, browser_of

PASSED_ON = {"X-Forwarded-For": "203.0.113.5", "Accept": "text/html"}
ODD = '<b>Odd</b> & "quoted"'


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may do everything; nothing is visited."""
    settings = Settings(home=tmp_path_factory.mktemp("sources") / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        yield replace(browser_of(settings, service), base="http://localhost")


def test_a_source_is_set_up_and_looked_after(home: Browser) -> None:
    assert "There are no sources yet." in home.page("/sources")
    given = {"kind": "feed", "location": "https://www.example.org/feed.xml", "name": ODD, "every": "6h", "into": "a, b"}
    answer = home("/sources", "POST", data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources")
    shown = home.page("/sources")
    assert "<b>Odd" not in shown and "&lt;b&gt;Odd&lt;/b&gt;" in shown
    assert "visited every 6h" in shown and "for a, b alone" in shown
    assert home.elements("/sources").wrong == []
    [action] = [
        one["action"] for one in home.elements("/sources").all("form", method="post") if one["action"] != "/sources"
    ]
    for what, said in (("pause", "paused"), ("resume", "not visited yet"), ("sync", "not visited yet")):
        assert home(action, "POST", data={"what": what}).status_code == 303
        assert said in home.page("/sources")
    assert "pas encore visitée" in home.page("/sources?lang=fr")
    assert home(action, "POST", data={"what": "confirm"}).status_code == 303  # it waits for nothing
    assert home(action, "POST", data={"what": "else"}).status_code == 422
    assert home("/sources/nothing", "POST", data={"what": "sync"}).status_code == 303
    assert home(action, "POST", data={"what": "keep"}).status_code == 303
    assert "being taken out" in home.page("/sources")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "feed", "location": "example.org"}, "begins with http://"),
        ({"kind": "feed", "location": ""}, "at least 1 character"),
        ({"kind": "nothing", "location": "https://example.org"}, "no kind of source"),
        ({"kind": "feed", "location": "https://example.org", "into": "no+group"}, "no name of a group"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(home: Browser, given: dict[str, str], said: str) -> None:
    answer = home("/sources", "POST", data={**given, "name": "Kept"})
    assert answer.status_code == 422
    assert said in answer.text and 'value="Kept"' in answer.text


def test_sources_are_for_those_who_may_take_files_in(home: Browser) -> None:
    assert home("/sources", headers=PASSED_ON).status_code == 401
    assert home("/sources", "POST", data={"kind": "feed"}, headers=PASSED_ON).status_code == 401
    assert home("/sources/x", "POST", data={"what": "remove"}, headers=PASSED_ON).status_code == 401
