"""Wherever an id or a name of the register is given, one that nothing has is an error that names the nearest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from searchsvc.network.introductions import introduction_id
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.texts import languages, texts
from tests.api.test_keys import all_routes
from tests.web.conftest import RING, Browser, browser_of, filled

REGISTER = b"""
people:
  - {id: ann-okello, name: Ann Okello, needs: [a validated assay]}
  - {id: bo-lind, name: Bo Lind, offers: [reading of genes]}
  - {id: ann-okella, name: Hidden Hope, hidden: true}
organizations: [{id: kisumu-lab, name: The Lab of Kisumu}]
projects:
  - {id: the-ring, name: The ring, goal: to keep a ring for ninety days, people: [ann-okello]}
  - {id: other, name: Another, goal: to keep a cap}
investments: [{id: investment-1, funder: kisumu-lab, project: the-ring}]
events: [{id: yearly-meeting, name: Yearly meeting}]
"""
SECTIONS = {"people": "person", "organizations": "organization", "projects": "project", "resources": "resource"}
QUERIES = {"person": "person", "project": "project", "organization": "organization", "resource": "resource",
           "for": "person", "from": "person", "to": "person", "job": "job", "funder": "organization"}  # fmt: skip
NO_IDS = {"what": "a part of anything that was done"}
OF_DAYS = {"/v1/audit"}  # from and to are days there
FORMS = {
    "POST /introductions/{introduction_id}": "a form of a page: it leads back to the page, which shows what is left",
    "POST /verdicts/{verdict_id}/undo": "the same",
    "POST /sources/{source_id}": "the same",
    "POST /watches/{watch_id}/remove": "the same",
    "POST /watches/{watch_id}/address": "the same",
    "POST /v1/curation/decisions/{decision_id}/undo": "decisions have the numbers of a log",
}
PAGES = ("/?q=ring&", "/search.atom?", "/search.atom?q=ring&", "/search.bib?")


@dataclass(frozen=True)
class Known:
    """ids: what there is of each kind."""

    browser: Browser
    ids: dict[str, str]

    def wrong(self, kind: str) -> str:
        return self.ids[kind][:-1]

    def is_named(self, kind: str, method: str, path: str, **given: Any) -> None:
        answer = self.browser(path, method, **given)
        assert answer.status_code == 404, (method, path, answer.status_code, answer.text)
        said = answer.text if "html" in answer.headers["content-type"] else answer.json()["detail"]
        names = (
            ("Ann Okello", "Kisumu", "The ring", "The monthly vaginal ring")
            if "html" in answer.headers["content-type"]
            else ()
        )
        assert "nearest" in said and any(one in said for one in (self.ids[kind], *names)), (path, said)
        assert "Hidden Hope" not in said and "ann-okella" not in said, path


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    settings = Settings(home=tmp_path_factory.mktemp("unknown") / "home", encoder="hashing")
    with Service(settings) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        [resource] = filled(browser, {"ring.md": RING.encode()}, REGISTER).values()
        browser("/v1/judging/queries", "POST", json={"queries": ["ring"]})
        verdict = {"kind": "same work", "verdict": "no", "a": "the-ring", "b": "other", "by": "me"}
        ids = {
            "person": "ann-okello", "organization": "kisumu-lab", "project": "the-ring", "event": "yearly-meeting",
            "investment": "investment-1", "resource": resource,
            "passage": service.catalogue.passages_of(resource)[0].id, "job": service.catalogue.items()[0].id,
            "introduction": introduction_id("ann-okello", "bo-lind"),
            "verdict": browser("/v1/verdicts", "POST", json=verdict).json()["id"],
            "user": browser(
                "/v1/users", "POST", json={"login": "cara@example.org", "name": "Cara", "scopes": ["search"]}
            ).json()["id"],
            "source": browser(
                "/v1/sources", "POST", json={"kind": "feed", "location": "https://example.org/", "every": "never"}
            ).json()["id"],
            "watch": browser("/v1/watches", "POST", json={"person": "ann-okello", "q": "ring"}).json()["id"],
            "query": browser("/v1/judging").json()["queries"][0]["id"],
            "topic": browser("/v1/landscape").json()["topics"][0]["id"],
            "key": browser("/v1/keys", "POST", json={"name": "site", "scopes": ["search"]}).json()["id"],
        }  # fmt: skip
        yield Known(browser, ids)


def kind_of(parameter: str, path: str) -> str | None:
    """What a part of a path is the id of."""
    if parameter == "entry_id":
        return SECTIONS[path.split("/")[1]]
    return parameter.removesuffix("_id") if parameter.endswith("_id") else None


BODIES: dict[str, Any] = {
    "PATCH": {"json": {"name": "x"}},
    "PATCH /v1/resources/{resource_id}": {"json": {"groups": []}},
    "POST /v1/people/{person_id}/merge": {"json": {"into": "bo-lind"}},
    "POST /v1/people/{person_id}/split": {"json": {"into": "bo-lind", "works": ["x"]}},
    "POST /v1/people/{person_id}/confirm": {"json": {"other": "bo-lind"}},
    "POST /v1/people/{person_id}/reject": {"json": {"other": "bo-lind"}},
    "POST /v1/introductions/{introduction_id}": {"json": {"status": "sent"}},
    "GET /resources/{resource_id}/related": {"params": {"facet": "method"}},
    "GET /v1/resources/{resource_id}/seen": {"params": {"place": "page-1"}},
    "POST /v1/users/{user_id}/link": {"json": {}},
    "POST /v1/users/{user_id}/password": {"json": {"password": None}},
    "POST /v1/people/{person_id}/erase": {"json": {}},
}


def test_every_path_with_an_id(known: Known) -> None:
    asked = set()
    for method, path in sorted(all_routes()):
        route = f"{method} {path}"
        parts = re.findall(r"\{(\w+)\}", path)
        kinds = {part: kind for part in parts if (kind := kind_of(part, path))}
        if not kinds or route in FORMS:
            continue
        [(part, kind)] = kinds.items()
        real = path.replace(f"{{{part}}}", known.wrong(kind)).replace("{suffix}", "bib").replace("{number}", "1")
        known.is_named(kind, method, real, **BODIES.get(route, BODIES.get(method, {})))
        asked.add(kind)
    assert asked == known.ids.keys() - {"job"}


def test_every_parameter_with_an_id(known: Known) -> None:
    asked = set()
    for path, methods in known.browser.app.openapi()["paths"].items():
        for method, route in methods.items():
            for one in () if path in OF_DAYS else route.get("parameters", ()):
                name, says = one["name"], one.get("description", "")
                if one["in"] == "query" and name in QUERIES:
                    given = {"to": "bo-lind", "from": "bo-lind"} if path.endswith("/path") else {}
                    params = {**given, name: known.wrong(QUERIES[name])}
                    params |= {"since": "2026-01-01"} if path == "/v1/digest" else {}
                    real = path.replace("{topic_id}", known.ids["topic"])
                    known.is_named(QUERIES[name], method.upper(), real, params=params)
                    asked.add(name)
                elif one["in"] == "query" and re.search(r"\bids?\b", says, re.IGNORECASE):
                    assert name in NO_IDS, f"{method} {path} takes an id that no test gives: {name} ({says})"
    assert asked == set(QUERIES)


def test_every_page_with_an_id_in_its_address(known: Known) -> None:
    for kind in ("person", "organization", "project"):
        for page in PAGES:
            known.is_named(kind, "GET", f"{page}{kind}={known.wrong(kind)}")
    for page in ("/network", "/network.json"):
        for name in ("person", "from", "to"):
            known.is_named("person", "GET", f"{page}?{name}={known.wrong('person')}")


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/v1/people/bo-lind/merge", {"into": "WRONG"}, "person"),
        ("/v1/people/ann-okell/split", {}, "person"),
        ("/v1/people/bo-lind/split", {"into": "WRONG", "works": ["x"]}, "person"),
        ("/v1/people/bo-lind/confirm", {"other": "WRONG"}, "person"),
        ("/v1/people/bo-lind/reject", {"resource": "WRONG"}, "resource"),
        ("/v1/verdicts", {"kind": "same work", "verdict": "no", "a": "WRONG", "b": "other"}, "project"),
        ("/v1/verdicts", {"kind": "same work", "verdict": "no", "a": "other", "b": "WRONG"}, "project"),
        ("/v1/verdicts", {"kind": "meets", "verdict": "no", "a": "WRONG", "b": "bo-lind"}, "person"),
        ("/v1/verdicts", {"kind": "meets", "verdict": "no", "a": "bo-lind", "b": "WRONG", "need": "x"}, "project"),
    ],
)
def test_ids_in_bodies(known: Known, path: str, body: dict[str, Any], kind: str) -> None:
    given = {name: known.wrong(kind) if value == "WRONG" else value for name, value in body.items()}
    known.is_named(kind, "POST", path, json=given)


def test_a_need_that_nobody_has_is_told_the_nearest(known: Known) -> None:
    given = {"kind": "meets", "verdict": "no", "a": "ann-okello", "b": "bo-lind", "need": "a valid assay", "offer": "x"}
    answer = known.browser("/v1/verdicts", "POST", json=given)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith("'a valid assay'; the nearest are a validated assay.")


def test_a_title_finds_the_id_and_nothing_finds_nothing(known: Known) -> None:
    said = known.browser("/v1/resources/The monthly vaginal ring").json()["detail"]
    assert known.ids["resource"] in said
    assert "nearest" not in known.browser("/v1/resources/ffffffffffffffff").json()["detail"]
    assert known.browser(f"/v1/people/{'a' * 5000}").status_code == 404


def test_a_page_says_it_in_the_language_of_the_visitor(known: Known) -> None:
    for language in languages():
        text = known.browser.page(f"/people/ann-okell?lang={language}", 404)
        assert texts(language)("unknown.nearest", names="Ann Okello") in text
