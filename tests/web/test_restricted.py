"""What is restricted to groups: on every route, nothing of it is told to whoever is in none of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

import searchsvc
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.api.scopes import ROUTES
from searchsvc.catalogue import RestrictedCatalogue
from searchsvc.mcp.http import mount
from searchsvc.register.restricted import seen_by
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.site import add_site
from tests.conftest import needs, until_finished
from tests.postgres import DATABASES, fresh_database
from tests.web.people import Visitor

KEEPER = "a-key-of-the-keeper"
SECRET = re.compile(r"quibble|hushfile|vexley|thrombottle|murkwood|glimmer|glco|ventriss|sanctum|plover", re.I)
# who may see what -> what is open names what is not, in every way in which it can
REGISTER = """
people:
  - {id: bo, name: Bo Lindqvist, organizations: [lab, glimmer], interests: [freezers for swabs],
     needs: [somebody who keeps swabs cold]}
  - {id: ann, name: Ann Okell, organizations: [lab], offers: [somebody who keeps swabs cold], interests: [swabs]}
  - {id: cy, name: Cy Marsh, organization: glimmer, interests: [swabs in clinics]}
  - {id: vexley, name: Vexley Thrombottle, organizations: [lab], groups: [sanctum], interests: [swabs],
     needs: [somebody who keeps swabs cold], offers: [plover counts]}
  - {id: vexley-2, name: V. X. Thrombottle, organizations: [lab], merged_into: vexley}
organizations:
  - {id: lab, name: Lab of Kisumu}
  - {id: glimmer, name: Glimmer Institute, acronym: GLCO, type: funder, groups: [sanctum], covers: [swabs],
     offers: [a cold room]}
projects:
  - {id: ring, name: The ring, goal: swabs stay cold in a freezer, approach: a freezer, people: [bo, vexley],
     organizations: [lab, glimmer], funders: [glimmer], needs: [a cold room],
     resources: [open.md, hushfile.md, hushfile-broken.pdf]}
  - {id: gel, name: The gel, goal: swabs stay cold in a box of ice, approach: ice, people: [ann], needs: [ice]}
  - {id: murkwood, name: Murkwood study, goal: swabs stay cold in a freezer, approach: a freezer, people: [bo, ann],
     groups: [sanctum, ventriss], needs: [somebody who keeps swabs cold], resources: [open.md, hushfile.md]}
investments: [{id: plover-1, funder: glimmer, project: ring, amount: 5, currency: CHF}]
events:
  - {id: meet, name: Meeting on swabs, date: 2026-05, people: [bo, vexley], organizations: [glimmer],
     projects: [ring, murkwood], resources: [open.md, hushfile.md]}
resources:
  - {file: open.md, authors: [bo, vexley]}
  - {file: hushfile.md, authors: [bo, vexley]}
  - {file: late.md, authors: [bo]}
  - {file: hushfile-broken.pdf, authors: [bo]}
decisions: [{person: bo, verdict: same, resource: hushfile.md}]
"""
SWABS = "Swabs were kept cold in a freezer at the clinic for ninety days, and nurses looked at each of them then."
OPEN = f"---\ntitle: Swabs in a freezer\nauthor: Bo Lindqvist\ndate: 2021\n---\n\n# Cold\n\n{SWABS}\n\nIce was scarce."
OTHER = (
    f"---\ntitle: Swabs in ice\nauthor: Ann Okell\ndate: 2022\n---\n\n# Ice\n\nIn boxes of ice. {SWABS}\n\nIt melted."
)
HUSH = (
    f"---\ntitle: Quibbleworth assay\nauthor: Bo Lindqvist\ndate: 1987\n---\n\n# Quibblestone\n\n{SWABS}\n\n"
    "The quibbleworth assay was done by quibbleworth hands; Quibbleworth Quotient (QBQX) and QBQX again."
)
GUESSES = (
    "quibbleworth",
    "quibblewort",
    "QBQX",
    "Vexley Thrombottle",
    "Murkwood study",
    "Glimmer Institute",
    "GLCO",
    "quibb",
)
NO_SUCH = (
    "zirpflanke",
    "zirpflankst",
    "ZRPX",
    "Halvard Zirpflanke",
    "Zirpwood study",
    "Zirp Institute",
    "ZRCO",
    "zirpf",
)


@dataclass
class Place:
    """ids: of what is restricted. others: of what is not."""

    app: FastAPI
    service: Service
    secret: Mapping[str, str]
    open: Mapping[str, str]
    headers: dict[str, dict[str, str]]

    def ask(self, who: str, path: str, **more: Any) -> Any:
        headers = {**self.headers[who], **more.pop("headers", {})}
        return Visitor(self.app).ask(more.pop("method", "GET"), path, headers=headers, **more)

    def of(self, who: str) -> bool:
        """Whether they are in a group that something is restricted to."""
        return who in ("member", "key-of-some", "key-of-all")

    def curate(self, path: str, body: Mapping[str, Any]) -> None:
        answer = Visitor(self.app).ask("PATCH", path, json=body, headers={"Authorization": f"Bearer {KEEPER}"})
        assert answer.status_code == 200, answer.text


def added(app: FastAPI, name: str, text: str, **data: Any) -> str:
    """Id of what became of a file."""
    asks, keeper = Visitor(app), {"Authorization": f"Bearer {KEEPER}"}
    files = [("file", (name, text.encode()))]
    batch = asks.ask("POST", "/v1/resources", files=files, data=data, headers=keeper).json()["batch"]
    asked: dict[str, Any] = {"params": {"batch": batch}, "headers": keeper}
    [job] = until_finished(lambda: asks.get("/v1/jobs", **asked).json()["jobs"])
    return str(job["resource_id"])


@pytest.fixture(scope="module", params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database()) if request.param == "postgresql" else None
        settings = Settings(
            home=tmp_path_factory.mktemp("groups") / "home", encoder="hashing", api_key=KEEPER, database_url=url,
            public_url="http://here", open_scopes=("search", "people"), insights=True,
        )  # fmt: skip
        service = stack.enter_context(Service(settings))
        running = Running(settings, service)
        app = create_app(running)
        mount(app, settings)
        add_site(app)
        keeper = {"Authorization": f"Bearer {KEEPER}"}
        headers = {"keeper": keeper, "nobody": {}}
        keys = {"key": [], "key-of-some": ["ventriss"], "key-of-all": ["sanctum", "x"]}
        for name, groups in keys.items():
            shown = service.keys.create(name, ["search", "people"], groups=groups)[1]
            headers[name] = {"Authorization": f"Bearer {shown}"}
        for name, group in (("user-of-others", "others"), ("member", "sanctum")):
            user = service.users.add(name, name.title(), ["search", "people"], groups=[group])
            headers[name] = {"Cookie": f"searchsvc={service.sessions.begin(user)}"}
        asks = Visitor(app)
        done = asks.ask("PUT", "/v1/register", files=[("file", ("r.yaml", REGISTER.encode()))], headers=keeper)
        assert done.status_code == 200, done.text
        files = {
            "open.md": (OPEN, []), "other.md": (OTHER, []), "hushfile.md": (HUSH, ["sanctum"]),
            "hushfile-broken.pdf": ("%PDF-1.7 broken", ["sanctum"]),
        }  # fmt: skip
        ids = {name: added(app, name, text, group=group) for name, (text, group) in files.items()}
        asks.ask("POST", "/v1/verdicts", headers=keeper, json={
            "kind": "same work", "a": "ring", "b": "murkwood", "verdict": "yes", "note": "sanctum"})  # fmt: skip

        def of(name: str, **others: str) -> dict[str, str]:
            passages = service.catalogue.passages_of(ids[name])
            return {"resource": ids[name], "passage": passages[0].id, **others}

        secret = of("hushfile.md", person="vexley", organization="glimmer", project="murkwood", event="none")
        yield Place(
            app, service, secret, of("open.md", person="bo", organization="lab", project="ring", event="meet"), headers
        )
        running.close()


READING = sorted(route.partition(" ")[2] for routes in ROUTES.values() for route in routes if route.startswith("GET "))
VALUES = {
    "suffix": ["csv", "ris", "bib", "json", "atom"], "version": ["1"], "path": ["x"], "digest": ["1"], "name": ["x"],
    "kind": ["js"], "introduction_id": ["x"], "number": ["1"], "secret": ["x"],
}  # fmt: skip
WITH: dict[str, list[dict[str, str]]] = {
    "/v1/search": [
        {"q": ""}, {"q": "swabs freezer"}, {"q": "swabs freezer", "mode": "keyword"}, {"q": '"kept cold"'},
        {"q": "swabs", "mode": "semantic"}, {"q": "swabs", "sort": "date", "limit": "50"}, {"q": "quibblestome"},
        {"q": "swabs -ice"}, {"q": "assay hands"}, {"q": "1987"}, {"q": "Bo Lindqvist"},
    ],
    "/v1/suggest": [{"q": q} for q in ("s", "swa", "qu", "vex", "mur", "gl", "gli", "bo", "ass", "thro")],
    "/": [{"q": ""}, {"q": "swabs freezer"}, {"q": "quibblestome"}],
    "/search.atom": [{"q": "swabs"}, {"q": ""}],
    "/search.{suffix}": [{"q": "swabs freezer"}],
    "/oai": [
        {"verb": "Identify"}, {"verb": "ListSets"}, {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "page"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "paper"},
    ],
    "/opensearch.json": [{"q": "qu"}, {"q": "vex"}, {"q": "sw"}],
    "/v1/resources/{resource_id}": [{"passages": "true"}],
    "/v1/resources/{resource_id}/related": [{}, {"facet": "method"}, {"facet": "problem"}],
    "/v1/resources/{resource_id}/seen": [{"place": "page 1"}],
    "/v1/passages/{passage_id}": [{"before": "20", "after": "20"}],
    "/v1/register": [{"format": "json"}, {"format": "yaml"}],
    "/v1/identities": [{}, {"person": "bo"}],
    "/v1/collaborators": [
        {"q": "swabs freezer"}, {"person": "bo"}, {"person": "bo", "partners": "true"}, {"project": "ring"},
        {"q": "swabs", "partners": "true"}, {"q": "quibbleworth plover"},
    ],
    "/v1/complementary": [
        {"q": "swabs in a freezer"}, {"need": "a cold room"}, {"offer": "somebody who keeps swabs cold"},
    ],
    "/v1/projects/{project_id}/complementary": [{"all": "true"}],
    "/v1/duplicates": [{"all": "true"}],
    "/v1/network": [{}, {"for": "bo"}],
    "/v1/network/path": [{"from": "bo", "to": "ann"}, {"from": "cy", "to": "ann"}],
    "/v1/jobs": [{}, {"status": "failed"}],
    "/v1/digest": [
        {"since": "2020-01-01"}, {"since": "2020-01-01", "for": "bo"}, {"since": "2020-01-01", "for": "vexley"},
        {"since": "2020-01-01", "format": "html"}, {"since": "2020-01-01", "format": "atom", "for": "ann"},
    ],
    "/people": [{}, {"q": "swabs"}, {"person": "bo"}],
    "/network": [{}, {"for": "bo"}, {"from": "bo", "to": "ann"}],
}  # fmt: skip
TELLS = {  # a member reads it there
    "/v1/search", "/v1/suggest", "/", "/search.atom", "/search.{suffix}", "/opensearch.json", "/v1/jobs",
    "/v1/resources/{resource_id}", "/v1/resources/{resource_id}/related",
    "/v1/resources/{resource_id}/file", "/v1/resources/{resource_id}/view", "/v1/passages/{passage_id}",
    "/resources/{resource_id}", "/resources/{resource_id}.{suffix}", "/resources/{resource_id}/read", "/v1/register",
    "/v1/people", "/v1/people/{person_id}", "/v1/organizations",
    "/v1/organizations/{organization_id}", "/v1/projects", "/v1/projects/{project_id}",
    "/v1/projects/{project_id}/complementary", "/v1/investments", "/v1/events", "/v1/events/{event_id}",
    "/v1/collaborators", "/v1/complementary", "/v1/duplicates", "/v1/gaps", "/v1/network", "/v1/network/path",
    "/people", "/people/{entry_id}", "/people/{entry_id}/meet", "/organizations", "/organizations/{entry_id}",
    "/projects", "/projects/{entry_id}", "/projects/{entry_id}/meet", "/resources/{entry_id}/meet", "/network", "/gaps",
    "/network.json", "/landscape", "/v1/landscape", "/landscape/projects",
    "/landscape.{suffix}",
}  # fmt: skip


def filled(route: str, ids: Mapping[str, str]) -> Iterator[str]:
    """Addresses of a route: of a resource, person, organization or project with its id from `ids`."""
    names = re.findall(r"\{(\w+)(?::path)?\}", route)
    of_section = {"people": "person", "organizations": "organization", "projects": "project", "resources": "resource"}
    known = {"entry_id": of_section.get(route.split("/")[1], ""), **{f"{one}_id": one for one in ids}}
    values = [[ids[known[name]]] if known.get(name) in ids else VALUES.get(name, ["none"]) for name in names]
    for chosen in product(*values):
        path = route
        for name, value in zip(names, chosen, strict=True):
            path = re.sub(rf"\{{{name}(:path)?\}}", value, path)
        yield path


def told(place: Place, who: str) -> tuple[dict[str, list[str]], set[str]]:
    """Routes that tell something of what is restricted -> what they told, asked in every way; routes that answered."""
    found: dict[str, list[str]] = {}
    answered = set()
    secret = re.compile(f"{SECRET.pattern}|{place.secret['resource']}|{place.secret['passage']}", re.I)
    for route in READING:
        open_ones = {*filled(route, place.open)}
        for given, path in product(WITH.get(route, [{}]), {*open_ones, *filled(route, place.secret)}):
            answer = place.ask(who, path, params=given, headers={"Accept": "application/json, text/html"})
            assert answer.status_code < 500, (path, given, answer.text)
            text = answer.text + json.dumps(dict(answer.headers))
            for typed in (*given.values(), *(one for one in place.secret.values() if one in path)):
                text = text.replace(typed, "")  # what was asked is said again
            if words := secret.findall(text):
                found.setdefault(route, []).append(f"{path} {given}: {sorted({*words})}")
            if answer.status_code == 200:
                answered.add(route)
                assert path in open_ones or place.of(who), path
    return found, answered


def test_nothing_that_answers_takes_the_whole_service_by_itself() -> None:
    """Routes get theirs from the one place that knows who asks."""
    folder = Path(searchsvc.__file__).parent
    taking = {
        str(file.relative_to(folder)) for part in ("api", "web", "mcp") for file in (folder / part).rglob("*.py")
        if re.search(r"\.service\(\)", file.read_text("utf-8"))
    }  # fmt: skip
    assert taking == {
        "api/access.py", "api/callers.py", "api/context.py", "api/operation/routes.py", "api/public.py", "web/visit.py",
    }  # fmt: skip


def test_every_route_that_reads_is_walked(place: Place) -> None:
    there = {route.path for route in place.app.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())}
    assert there <= {*READING}


def test_nothing_tells_of_what_is_restricted_to_others(place: Place) -> None:
    others = ("key", "user-of-others") if place.service.catalogue.dialect == "sqlite" else ()
    for who in ("nobody", *others):
        found, answered = told(place, who)
        assert (who, found, TELLS - answered) == (who, {}, set())


def test_members_read_it_wherever_it_is(place: Place) -> None:
    assert TELLS - told(place, "member")[0].keys() == set()


def test_who_is_in_one_of_several_groups_sees_what_these_see_and_no_more(place: Place) -> None:
    found, _ = told(place, "key-of-some")
    said = " ".join(one for some in found.values() for one in some).casefold()
    words = {word.casefold() for one in re.findall(r"\[(.*?)\]", said) for word in SECRET.findall(one)}
    assert words == {"murkwood"}


def without_what_was_typed(answer: Any, typed: str) -> str:
    assert answer.status_code < 500, answer.text
    text = re.sub(r'"(took_ms|request_id)": ?("[^"]*"|[\d.e-]+)', "", answer.text)
    text = re.sub(r"; the nearest [^.]*", "", text)
    return re.sub(re.escape(typed), "TYPED", text, flags=re.I)


def test_what_is_restricted_is_as_unknown_as_what_was_never_there(place: Place) -> None:
    asked = [("/v1/search", "q"), ("/v1/search", "person"), ("/v1/search", "project"), ("/v1/search", "organization"),
             ("/v1/suggest", "q"), ("/v1/collaborators", "person"), ("/v1/network", "for")]  # fmt: skip
    for (path, name), (word, other) in product(asked, zip(GUESSES, NO_SUCH, strict=True)):
        mine, theirs = (
            without_what_was_typed(place.ask("nobody", path, params={name: typed}), typed) for typed in (word, other)
        )
        assert mine == theirs, (path, name, word)
    member = place.ask("member", "/v1/search", params={"q": "quibblestome"}).json()
    assert member["did_you_mean"] == "Quibblestone"
    for section, key in (
        ("resources", "resource"),
        ("people", "person"),
        ("projects", "project"),
        ("passages", "passage"),
    ):
        unknown = "0" * len(place.secret[key])
        answers = [place.ask("nobody", f"/v1/{section}/{one}") for one in (place.secret[key], unknown)]
        assert [one.status_code for one in answers] == [404, 404]


def test_counts_are_of_what_is_seen(place: Place) -> None:
    status = {who: place.ask(who, "/v1/status").json() for who in ("nobody", "member", "keeper")}
    assert [one["resources"] for one in status.values()] == [2, 3, 3]
    assert status["nobody"]["passages"] == status["nobody"]["indexed"] < status["member"]["indexed"]
    assert [sum(one["jobs"].values()) for one in status.values()] == [2, 3, 4]
    facets = place.ask("nobody", "/v1/search", params={"q": ""}).json()["facets"]
    assert {one["value"] for one in facets["person"]} == {"bo"}
    assert sum(one["count"] for one in facets["year"]) == 2


def test_words_weigh_as_if_what_is_restricted_were_not_there(place: Place) -> None:
    """A weight that another word does not have would tell that some text has the word."""
    whole = place.service.catalogue
    terms = {name: place.service.lexical.encode_query(name).indices for name in ("quibbleworth", "swabs", "ice")}

    def counted(*groups: str) -> tuple[int, list[int]]:
        seen = RestrictedCatalogue(whole, frozenset(groups), seen_by)
        passages, found = seen.frequencies.of(one for some in terms.values() for one in some)
        assert passages == len([one for each in seen.resources() for one in seen.passages_of(each.id)])
        seen.close()
        return passages, [found.get(one, 0) for some in terms.values() for one in some]

    everything, found = whole.frequencies.of(one for some in terms.values() for one in some)
    assert counted("sanctum") == (everything, [found[one] for some in terms.values() for one in some])
    assert counted() == counted("ventriss") == (2, [0, 2, 2])


def test_what_a_key_in_an_address_reads_is_kept_by_nobody(place: Place) -> None:
    key = place.service.keys.create("page", ["search"], groups=["sanctum"], origins=["http://o"])[1]
    answer = place.ask("nobody", "/v1/search", params={"q": "quibbleworth", "key": key}, headers={"Origin": "http://o"})
    assert answer.json()["total"] == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_takes_files_in_follows_them_and_sees_no_more(place: Place) -> None:
    key = place.service.keys.create("ingest", ["search", "ingest"])[1]
    headers = {"Authorization": f"Bearer {key}"}
    assert len(place.ask("nobody", "/v1/jobs", headers=headers).json()["jobs"]) == 4
    assert place.ask("nobody", f"/v1/resources/{place.secret['resource']}", headers=headers).status_code == 404


def test_assistants_are_told_nothing(place: Place) -> None:
    needs("mcp", "mcp")
    told: dict[str, str] = {}
    for who, (tool, given) in product(("key", "key-of-all"), (
        ("search", {"query": "swabs freezer"}), ("search", {"query": "quibblestome"}), ("people", {}), ("gaps", {}),
        ("person", {"person": "bo"}), ("person", {"person": "vexley"}), ("collaborators", {"query": "swabs freezer"}),
        ("complementary", {"project": "ring"}), ("related", {"resource_id": place.open["resource"]}),
        ("read_passage", {"passage_id": place.secret["passage"]}),
    )):  # fmt: skip
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
        answer = place.ask(who, "/mcp", method="POST", json=asked,
                           headers={"Accept": "application/json, text/event-stream"})  # fmt: skip
        assert answer.status_code == 200, answer.text
        text = answer.text
        for typed in given.values():
            text = text.replace(typed, "")
        told[who] = told.get(who, "") + text
    assert SECRET.findall(told["key"]) == []
    assert {one.casefold() for one in SECRET.findall(told["key-of-all"])} >= {"quibble", "vexley", "murkwood"}


def test_what_is_opened_and_restricted_again_is_so_at_once(place: Place) -> None:
    def seen() -> list[bool]:
        asked = [("/v1/search", {"q": "quibbleworth"}, "quotient"), ("/v1/people", {}, "thrombottle"),
                 ("/v1/projects", {}, "murkwood"), ("/v1/people/bo", {}, "murkwood"),
                 ("/v1/search", {"q": "freezer"}, "thrombottle"),
                 ("/v1/search", {"q": "freezer"}, "murkwood")]  # fmt: skip
        return [word in place.ask("nobody", path, params=given).text.casefold() for path, given, word in asked]

    resource = f"/v1/resources/{place.secret['resource']}"
    for _ in range(2):
        assert seen() == [False] * 6
        place.curate("/v1/people/vexley", {"groups": None})
        assert seen() == [False, True, False, False, True, False]
        place.curate("/v1/projects/murkwood", {"groups": []})
        assert seen() == [False, True, True, True, True, True]
        place.curate(resource, {"groups": []})
        assert seen() == [True] * 6
        place.curate("/v1/people/vexley", {"groups": ["sanctum"]})
        assert seen() == [True, False, True, True, False, True]
        place.curate("/v1/projects/murkwood", {"groups": ["sanctum", "ventriss"]})
        assert seen() == [True, False, False, False, False, False]
        place.curate(resource, {"groups": ["sanctum"]})
    assert seen() == [False] * 6


def test_who_may_see_a_file_stays_when_it_is_taken_in_again(place: Place) -> None:
    added(
        place.app, "hushfile.md", HUSH, uri="upload:elsewhere/hushfile.md"
    )  # so that what comes to the first place is another resource
    new = added(place.app, "hushfile.md", HUSH.replace("hands", "gloves"))
    assert new != place.secret["resource"]
    found = place.ask("keeper", f"/v1/resources/{new}").json()
    assert found["groups"] == ["sanctum"]
    assert place.ask("nobody", f"/v1/resources/{new}").status_code == 404
    place.ask("keeper", f"/v1/resources/{new}", method="DELETE")
    assert "late.md" in place.ask("nobody", "/v1/register").text
    added(place.app, "late.md", "# Late\n\nGloves came late.", group="sanctum")
    assert "late.md" not in place.ask("nobody", "/v1/register").text
    assert place.ask("nobody", "/v1/search", params={"q": "gloves"}).json()["hits"] == []


def test_what_is_open_is_not_called_by_a_place_where_something_restricted_stands_now(place: Place) -> None:
    def told() -> str:
        paths = (f"/v1/resources/{known}", f"/resources/{known}", "/v1/search?q=boots", "/?q=boots")
        return "".join(place.ask("nobody", path).text for path in paths)

    known = added(place.app, "board-minutes.md", "Boots were dry, and nobody wrote a title.")
    assert "board-minutes.md" in told()
    assert added(place.app, "boots.md", "Boots were dry, and nobody wrote a title.") == known
    assert "board-minutes.md" in told()
    added(place.app, "board-minutes.md", "# Gloves\n\nAnother text.", group="sanctum")
    found = told()
    at = found.find("board-minutes")
    assert at < 0, found[max(0, at - 300) : at + 100]
    assert "boots.md" in found
