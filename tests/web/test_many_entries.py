"""A register of hundreds: lists in pages that are searched by the service, and long texts told in short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.register.pages import LISTED
from tests.web.conftest import Browser, browser_of

LONG = "To learn how a marsh keeps its height while the sea rises, year by year, in every estuary of the coast. " * 12
WATERS = ("lakes", "rivers", "bays", "fjords", "seas")
PEOPLE = 2 * LISTED + 7
REGISTER = (
    "people:\n"
    + "".join(
        f"  - {{id: p{n}, name: Ngozi Åberg {n:03}, role: biologist of {WATERS[n % 5]}}}\n" for n in range(PEOPLE)
    )
    + "projects:\n"
    + f"  - {{id: marsh, name: Marsh, goal: '{LONG}it costs eight', people: [p1]}}\n"
    + f"  - {{id: tide, name: Tide, goal: '{LONG}it costs nine', people: [p2]}}\n"
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    settings = Settings(home=tmp_path_factory.mktemp("many") / "home", encoder="hashing")
    with Service(settings, work=False) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        taken = browser("/v1/register", "PUT", files={"file": ("register.yaml", REGISTER.encode())})
        assert taken.status_code == 200, taken.text
        yield browser


def names(page: str) -> list[str]:
    return re.findall(r">(Ngozi Åberg \d+)</a>", page)


def test_all_names_are_there_once_in_pages_that_lead_to_each_other(network: Browser) -> None:
    found, path = [], "/people"
    for _ in range(3):
        page = network.page(path)
        found += names(page)
        path = "".join(one["href"] for one in network.elements(path).all("a", rel="next"))
    assert path == "" and found == sorted(found) and len(found) == PEOPLE
    assert f'<span class="count">{PEOPLE}</span>' in page


def test_the_service_finds_by_words_whatever_their_accents_and_keeps_them_from_page_to_page(network: Browser) -> None:
    assert names(network.page("/people?find=aberg+304")) == ["Ngozi Åberg 304"]
    few = network.page("/people?find=FJORDS+biologist")
    assert len(names(few)) == len(range(3, PEOPLE, 5)) and 'value="FJORDS biologist"' in few
    [following] = network.elements("/people?find=biologist").all("a", rel="next")
    assert following["href"] == "/people?find=biologist&page=2"
    assert "Nobody and nothing here is called “zebra”." in network.page("/people?find=zebra")
    assert network("/people", params={"find": "x" * 300}).status_code == 422
    assert "find=" not in network.page("/projects"), "a short list is filtered in the browser"


def test_a_long_goal_is_whole_on_its_own_page_alone_and_folded_there(network: Browser) -> None:
    page = network.page("/projects/marsh")
    assert page.count(LONG.strip()) == 1 and '<details class="whole">' in page
    for path in ("/projects", "/people/p1"):
        assert LONG.strip() not in network.page(path)
    assert "it costs eight" in page and "it costs nine" in page, "where two texts differ is shown"
