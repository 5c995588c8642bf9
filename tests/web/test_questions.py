"""What people may rely on at the pages of needs and of projects that may do the same work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import Browser, browser_of

REGISTER = """
people:
  - {id: ann, name: Ann, needs: ["sequencing of <i>swabs</i>", funding]}
  - {id: bo, name: Bo, offers: [reading of genes]}
  - {id: hid, name: Hidden Hope, hidden: true, needs: [a secret], offers: [another secret]}
projects:
""" + "".join(
    f"  - {{id: p{n}, name: Project {n}, goal: to prevent infections number {n}, approach: a trial in town {n},"
    f" needs: [thing number {n}]}}\n"
    f"  - {{id: q{n}, name: Project {n} again, goal: to prevent infections number {n},"
    f" approach: a trial in town {n}}}\n"
    for n in range(25)
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Of somebody alone on this machine, who may write."""
    settings = Settings(home=tmp_path_factory.mktemp("questions") / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        taken = browser("/v1/register", "PUT", files={"file": ("register.yaml", REGISTER.encode())})
        assert taken.status_code == 200, taken.text
        yield browser


def forms(browser: Browser, path: str) -> list[dict[str, str]]:
    """What each form of verdicts sends besides the verdict."""
    shown: list[dict[str, str]] = []
    for tag, attrs in browser.elements(path).found:
        if tag == "form":
            shown.append({"action": attrs["action"]})
        elif tag == "input" and attrs.get("type") == "hidden" and shown:
            shown[-1][attrs["name"]] = attrs["value"]
    return [one for one in shown if one["action"].startswith("/verdicts")]


def say(browser: Browser, form: dict[str, str], verdict: str) -> str:
    """Where it leads."""
    given = {name: value for name, value in form.items() if name != "action"} | {"verdict": verdict}
    answer = browser(form["action"], "POST", data=given)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_need_is_decided_without_scripts_and_taken_back(home: Browser) -> None:
    every = forms(home, "/gaps") + forms(home, "/gaps?page=2")
    [need] = [one for one in every if one["need"].startswith("sequencing")]
    place = "/gaps?page=2" if need["page"] == "2" else "/gaps"
    assert say(home, need, "no") == place
    shown = home.page(f"{place}{'&' if '?' in place else '?'}lang=fr")
    assert "N’y répond pas" in shown and "Ce qui a été décidé" in shown
    [undo] = [one for one in forms(home, "/gaps") if one["action"].endswith("/undo")]
    assert say(home, undo, "") == "/gaps"
    assert need in forms(home, place)


def test_pairs_come_page_by_page_and_a_yes_stands_before_questions(home: Browser) -> None:
    first, second = forms(home, "/duplicates"), forms(home, "/duplicates?page=2")
    assert (len(first), len(second)) == (20, 15), "all that are the same, and ten questions"
    assert say(home, second[-1], "yes") == "/duplicates?page=2"
    after = [(one["a"], one["b"]) for path in ("/duplicates", "/duplicates?page=2") for one in forms(home, path)
             if not one["action"].endswith("/undo")]  # fmt: skip
    assert (second[-1]["a"], second[-1]["b"]) in after[:26], "with those that are the same, before every question"
    assert "What was decided" in home.page("/duplicates")
    [undo] = [one for one in forms(home, "/duplicates") if one["action"].endswith("/undo")]
    say(home, undo, "")
    assert forms(home, "/duplicates") == first
    assert len(forms(home, "/duplicates?page=99999")) > 0, "a page that is no longer there is the last"


def test_what_is_no_longer_said_leads_back_to_the_page(home: Browser) -> None:
    gone = {"action": "/verdicts", "kind": "meets", "a": "ann", "b": "bo", "need": "gone", "offer": "gone", "page": "1"}
    assert say(home, gone, "no") == "/gaps"
    assert say(home, {"action": "/verdicts/none/undo", "kind": "same work", "page": "3"}, "") == "/duplicates?page=3"


def test_visitors_see_both_pages_without_a_way_to_decide(site: Browser, home: Browser) -> None:
    assert home.page("/gaps").count("<form") > 20
    for path in ("/gaps", "/duplicates"):
        assert forms(home, path)
        passed_on = home.page(path, headers={"X-Forwarded-For": "203.0.113.5"})
        assert "/verdicts" not in passed_on
        assert f'href="{path}"' in site.page("/network")
    refused = home("/verdicts", "POST", data={"kind": "meets"}, headers={"X-Forwarded-For": "203.0.113.5"})
    assert refused.status_code == 401
    elsewhere = {"Origin": "http://evil.example"}
    assert home("/verdicts", "POST", data={"kind": "meets"}, headers=elsewhere).status_code == 403


def test_nothing_hidden_is_shown_and_what_is_said_is_text(home: Browser) -> None:
    for path in ("/gaps", "/gaps?page=2", "/duplicates"):
        shown = home.page(path)
        assert "secret" not in shown and "Hidden" not in shown
        assert home.elements(path).wrong == []
        assert "<i>" not in shown.replace("<i></i>", "")
    assert "Anybody’s need" in home.page("/gaps") + home.page("/gaps?page=2")
