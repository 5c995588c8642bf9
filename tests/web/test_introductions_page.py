"""What a coordinator may rely on at the page of introductions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import Browser, browser_of

REGISTER = """
people:
  - {id: mid, name: Mid Way}
  - {id: hid, name: Hidden Hope, hidden: true, needs: [reading of genes], offers: [a boat]}
""" + "".join(
    f"  - {{id: s{n}, name: Seeker {n}, needs: [kind {n} of <i>boats</i>]}}\n"
    f"  - {{id: g{n}, name: Giver {n}, offers: [kind {n} of <i>boats</i>]}}\n"
    for n in range(8)
)
PASSED_ON = {"X-Forwarded-For": "203.0.113.5", "Accept": "text/html"}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may write."""
    settings = Settings(home=tmp_path_factory.mktemp("introductions") / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        taken = browser("/v1/register", "PUT", files={"file": ("register.yaml", REGISTER.encode())})
        assert taken.status_code == 200, taken.text
        yield browser


def listed(browser: Browser, path: str = "/introductions") -> list[str]:
    """Where what became of each is sent."""
    return [one["action"] for one in browser.elements(path).all("form", method="post")]


def test_introductions_come_page_by_page_with_a_letter_and_do_not_come_again(home: Browser) -> None:
    shown = home.page("/introductions?lang=fr")
    assert "Une lettre aux deux" in shown and "Qui présenter ensuite" in shown
    assert "<i>boats" not in shown and "Hidden" not in shown and home.elements("/introductions").wrong == []
    first, second = listed(home), listed(home, "/introductions?page=2")
    assert len(first) == 10 and second and not set(first) & set(second)

    answer = home(second[0], "POST", data={"status": "declined", "page": "2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/introductions?page=2")
    later = home.page("/introductions")
    assert "Declined" in later and "What became of earlier ones" in later
    assert listed(home)[0] == second[0], "first what became of earlier ones"
    assert second[0] not in listed(home, "/introductions?page=2")[1:]


def test_introductions_are_for_those_who_may_curate(home: Browser) -> None:
    assert 'href="/introductions"' in home.page("/network")
    assert "/introductions" not in home("/network", headers=PASSED_ON).text
    assert home("/introductions", headers=PASSED_ON).status_code == 401
    assert home("/introductions/abc", "POST", data={"status": "sent"}, headers=PASSED_ON).status_code == 401
    assert home("/introductions/abc", "POST", data={"status": "sent"}).status_code == 303
