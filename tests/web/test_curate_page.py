"""What a coordinator may rely on at the page of the work list."""

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
    "untitled_1.md": f"---\nauthor: Ann Bo\ndate: 2024-01-02\ntitle: Untitled {EVIL}\n---\nThe ring was worn.\n",
    "other.md": "---\nauthor: Ann Bo\ntitle: The gel study of Nairobi\ndate: 2031-01-02\n---\nIt was used.\n",
}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may write."""
    settings = Settings(home=tmp_path_factory.mktemp("curate") / "home", encoder="hashing")
    with Service(settings) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        given = [("file", (name, text.encode())) for name, text in FILES.items()]
        places = {"uri": [f"file:///archive/{name}" for name in FILES]}
        assert browser("/v1/resources", "POST", files=given, data=places).status_code == 202
        settled(browser)
        yield browser


def settled(browser: Browser) -> None:
    until_finished(lambda: browser("/v1/jobs", params={"limit": 100}).json()["jobs"])


def tasks(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'name="task" value="([^"]+)"', page)))


def test_a_task_is_decided_by_a_form_and_its_decision_undone_by_another(home: Browser) -> None:
    shown = home.page("/curate?kind=title")
    assert EVIL not in shown and html.escape(EVIL) in shown and home.elements("/curate").wrong == []
    [task] = tasks(shown)
    answer = home("/curate", "POST", data={"task": task, "action": "correct", "value": "Zebras", "kind": "title"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/curate?kind=title")
    settled(home)
    later = home.page("/curate?kind=title")
    assert tasks(later) == [] and "There is nothing of this kind to decide." in later and "→ Zebras" in later
    assert "Zebras" in home.page("/?q=zebras")

    [decision] = re.findall(r'name="decision" value="([^"]+)"', later)
    assert home("/curate/undo", "POST", data={"decision": decision}).status_code == 303
    settled(home)
    assert tasks(home.page("/curate?kind=title")) == [task]


def test_what_cannot_be_done_is_said_on_the_page(home: Browser) -> None:
    [task] = tasks(home.page("/curate?kind=date"))
    wrong = home("/curate", "POST", data={"task": task, "action": "correct", "value": "soon"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text and "is no date" in html.unescape(wrong.text)
    assert home("/curate", "POST", data={"task": task, "action": "accept"}).status_code == 303
    told = home("/curate?lang=fr", "POST", data={"task": task, "action": "hide"})
    assert told.status_code == 409 and "Quelqu’un d’autre en a décidé entre-temps." in html.unescape(told.text)
    assert home("/curate", "POST", data={"task": "title-0", "action": "accept"}).status_code == 422


def test_the_work_list_is_for_those_who_may_curate(home: Browser) -> None:
    assert 'href="/curate"' in home.page("/network")
    assert "/curate" not in home("/network", headers=PASSED_ON).text
    assert home("/curate", headers=PASSED_ON).status_code == 401
    assert home("/curate", "POST", data={"task": "x", "action": "accept"}, headers=PASSED_ON).status_code == 401
    assert home("/curate/undo", "POST", data={"decision": "x"}, headers=PASSED_ON).status_code == 401


def test_the_page_is_in_french(home: Browser) -> None:
    shown = html.unescape(home.page("/curate?lang=fr"))
    assert "À décider" in shown and "Elle n’a pas de date." in shown
