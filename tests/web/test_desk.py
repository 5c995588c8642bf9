"""What a coordinator may rely on at the desk: the first of each list, decided there, and back to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import Browser, browser_of

REGISTER = """
people:
  - {id: hid, name: Hidden Hope, hidden: true, needs: [reading of genes], offers: [a boat]}
""" + "".join(
    f"  - {{id: s{n}, name: Seeker {n}, needs: [kind {n} of <i>boats</i>]}}\n"
    f"  - {{id: g{n}, name: Giver {n}, offers: [kind {n} of <i>boats</i>]}}\n"
    for n in range(3)
)
REGISTER += """projects:
  - {id: one, name: First project, goal: to build boats that do not sink, approach: wood and tar}
  - {id: two, name: Second project, goal: to build boats that do not sink, approach: wood and tar}
"""
PASSED_ON = {"X-Forwarded-For": "203.0.113.5", "Accept": "text/html"}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may write."""
    settings = Settings(home=tmp_path_factory.mktemp("desk") / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        taken = browser("/v1/register", "PUT", files={"file": ("register.yaml", REGISTER.encode())})
        assert taken.status_code == 200, taken.text
        yield browser


def sent(browser: Browser, beginning: str) -> list[str]:
    return [one["action"] for one in browser.elements("/desk").all("form", method="post")
            if one["action"].startswith(beginning)]  # fmt: skip


def test_the_first_of_each_list_stands_on_the_desk(home: Browser) -> None:
    page = home.page("/desk")
    for title in ("Whom to introduce next", "Needs and the offers nearest to them", "What to decide", "What came last"):
        assert title in page
    assert "Seeker" in page and "First project" in page
    assert "Hidden" not in page and "<i>boats" not in page
    assert home.elements("/desk").wrong == []


def test_what_is_decided_on_the_desk_comes_back_to_it_and_can_be_undone(home: Browser) -> None:
    [introduction, *_] = sent(home, "/introductions/")
    marked = home(introduction, "POST", data={"status": "declined", "page": "0"})
    assert (marked.status_code, marked.headers["location"]) == (303, "/desk")
    assert introduction not in sent(home, "/introductions/")
    verdict = {"kind": "same work", "a": "one", "b": "two", "verdict": "no", "page": "0"}
    decided = home("/verdicts", "POST", data=verdict)
    assert (decided.status_code, decided.headers["location"]) == (303, "/desk")
    [undo] = [one for one in sent(home, "/verdicts/") if one.endswith("/undo")]
    undone = home(undo, "POST", data={"kind": "same work", "page": "0"})
    assert (undone.status_code, undone.headers["location"]) == (303, "/desk")
    assert not [one for one in sent(home, "/verdicts/") if one.endswith("/undo")]


def test_the_desk_is_for_those_who_may_curate(home: Browser) -> None:
    assert 'href="/desk"' in home.page("/people")
    assert "/desk" not in home("/people", headers=PASSED_ON).text
    assert home("/desk", headers=PASSED_ON).status_code == 401
