"""The register over HTTP: from files and to files, read, corrected, and what of it is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Client, running

REGISTER = """
people:
  - {id: ann, name: Ann Okello, organization: lab, since: 2024-01-01}
  - {id: anne, name: Anne Okello-Bell, aliases: [A. Okello]}
  - {id: bo, name: Bo Lindqvist}
organizations: [{id: lab, name: The Lab of Kisumu, type: university}, {id: fund, name: Fund, type: funder}]
projects: [{id: ring, name: The ring, people: [ann, bo], organizations: [lab]}]
investments: [{id: i, funder: fund, project: ring, amount: 10}]
events: [{id: meeting, name: Meeting, date: 2026-05-31, people: [ann]}]
resources: [{file: talk.md, authors: [bo]}]
"""
TALK = b"""---
authors:
  - {name: Bo Lindqvist}
  - {name: Ann Okello, affiliation: The Lab of Kisumu}
  - {name: Okello A}
---
# The talk

Women kept the ring for ninety days.
"""


def put(client: Client, text: str | bytes = REGISTER, name: str = "register.yaml", **params: Any) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client("PUT", "/v1/register", files={"file": (name, data)}, params=params)


def talk(client: Client) -> str:
    [job] = client.added([("talk.md", TALK)])
    return str(job["resource_id"])


@pytest.fixture
def register(client: Client) -> Client:
    assert put(client, forget_edits=True).status_code == 200
    return client


def people(client: Client, resource_id: str) -> list[str]:
    return [one["id"] for one in client.get(f"/v1/resources/{resource_id}").json()["people"]]


# -- files ------------------------------------------------------------------------------------------------------------


def test_a_register_links_what_is_in_the_archive_and_replaces_the_one_before(client: Client) -> None:
    resource = talk(client)
    put(client, "people: []")
    answer = put(client)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["people"], body["organizations"], body["projects"], body["relinked"], body["faults"]) == (
        3,
        2,
        1,
        1,
        [],
    )
    assert people(client, resource) == ["ann", "bo"]
    put(client, "people: []")
    assert people(client, resource) == []


def test_what_was_exported_is_imported_again(register: Client) -> None:
    for export, name in (("yaml", "a.yaml"), ("json", "a.json")):
        text = register.get("/v1/register", params={"format": export}).content
        assert put(register, text, name).json()["relinked"] == 0
        assert register.get("/v1/register", params={"format": export}).content == text
    assert register.get("/v1/register").json()["people"][0]["since"] == "2024-01-01"


@pytest.mark.parametrize("name", ["..", "/", "x" * 300, "nul\x00", "register.yaml"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "cannot be read"),
        (b"people: [", "cannot be read"),
        (b"[" * 5000, "cannot be read"),
        (b"a: &a [1]\npeople: [*a]", "aliases are not read"),
        (b"nothing: here", "has none of the lists"),
        (b"people: 5", "people is not a list"),
        (b"people: [5,\n{id: x}]", "line 1: a person needs an id and a name; "),
        (b"people: [{id: x, name: y, aliases: Bob}]", "aliases is not a list"),
        (b"people: [{id: x, name: y}, {id: x, name: z}]", "the id x stands twice"),
    ],
)
def test_a_register_with_faults_is_refused_with_all_of_them(
    client: Client, name: str, content: bytes, says: str
) -> None:
    answer = put(client, content, name)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert "/tmp" not in answer.json()["detail"]


def test_a_dry_run_lists_every_fault_with_its_line_and_changes_nothing(register: Client) -> None:
    before = register.get("/v1/register").json()
    text = "people:\n" + "".join(f"- {{id: p{n}}}\n" for n in range(15))
    body = put(register, text, dry_run=True).json()
    assert [one["line"] for one in body["faults"]] == list(range(2, 17))
    assert put(register, "people: []", dry_run=True).json()["faults"] == []
    assert register.get("/v1/register").json() == before


def test_tables_replace_their_kinds(register: Client) -> None:
    files = [
        ("file", ("people.csv", b"id;name\nann;Ann\nbo;Bo\n")),
        ("file", ("projects.csv", b"id;name\nring;Ring\n")),
    ]
    body = register("PUT", "/v1/register", files=files).json()
    assert (body["people"], body["projects"], body["organizations"]) == (2, 1, 0)
    assert register.get("/v1/organizations/lab").status_code == 200
    assert put(register, b"id,name\nann,Ann\nbo,Bo", "list.csv", kind="people").status_code == 200
    assert "not named after" in put(register, b"id,name\n", "list.csv").json()["detail"]


# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_person_is_shown_with_works_projects_and_events(register: Client) -> None:
    resource = talk(register)
    body = register.get("/v1/people/Ann Okello").json()
    assert (body["id"], body["organizations"]) == ("ann", [{"id": "lab", "name": "The Lab of Kisumu"}])
    assert (body["projects"], body["events"]) == (
        [{"id": "ring", "name": "The ring"}],
        [{"id": "meeting", "name": "Meeting"}],
    )
    assert [(one["id"], one["reason"]) for one in body["works"]] == [(resource, "the same name and affiliation")]
    assert body["extra"] == {"since": "2024-01-01"}


def test_lists_and_single_entries_name_each_other(register: Client) -> None:
    assert [one["id"] for one in register.get("/v1/people").json()["people"]] == ["ann", "anne", "bo"]
    assert [one["id"] for one in register.get("/v1/organizations").json()["organizations"]] == ["lab", "fund"]
    assert [one["id"] for one in register.get("/v1/projects").json()["projects"]] == ["ring"]
    [money] = register.get("/v1/investments").json()["investments"]
    assert (money["funder"]["name"], money["amount"]) == ("Fund", 10)
    project = register.get("/v1/projects/ring").json()
    assert [one["id"] for one in project["funders"]] == ["fund"]
    assert register.get("/v1/organizations/fund").json()["funds"] == [{"id": "ring", "name": "The ring"}]
    assert [one["id"] for one in register.get("/v1/organizations/lab").json()["people"]] == ["ann"]
    assert register.get("/v1/events/meeting").json()["people"] == [{"id": "ann", "name": "Ann Okello"}]
    assert [one["id"] for one in register.get("/v1/events").json()["events"]] == ["meeting"]


@pytest.mark.parametrize(
    "path", ["people/an", "projects/rin", "organizations/la", "events/meetin", "people/%ff", "people/..x"]
)
def test_what_is_unknown_gets_the_nearest(register: Client, path: str) -> None:
    answer = register.get(f"/v1/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("no ")
    if path == "people/an":
        assert "the nearest are ann (Ann Okello)" in answer.json()["detail"]


# -- correcting -------------------------------------------------------------------------------------------------------


def test_likely_authors_are_listed_until_somebody_decides(register: Client) -> None:
    resource = talk(register)
    body = register.get("/v1/identities").json()
    assert body["counts"]["likely"] == 1
    [likely] = body["likely"]
    assert (likely["author"]["name"], likely["resource"]["id"]) == ("Okello A", resource)
    assert [one["id"] for one in likely["candidates"]] == ["ann", "anne"]
    assert register("POST", "/v1/people/anne/confirm", json={"resource": resource}).json() == {
        "id": "anne",
        "relinked": 1,
    }
    assert people(register, resource) == ["ann", "anne", "bo"]
    assert register.get("/v1/identities").json()["likely"] == []
    assert put(register).json()["edits"] == 1
    assert people(register, resource) == ["ann", "anne", "bo"]
    register("POST", "/v1/people/anne/reject", json={"resource": resource})
    assert people(register, resource) == ["ann", "bo"]
    assert [c["id"] for one in register.get("/v1/identities").json()["likely"] for c in one["candidates"]] == ["ann"]


def test_works_are_given_to_another_person(register: Client) -> None:
    resource = talk(register)
    body = {"into": "ann-2", "name": "Ann Okello", "works": [resource]}
    assert register("POST", "/v1/people/ann/split", json=body).json() == {"id": "ann-2", "relinked": 1}
    assert people(register, resource) == ["ann-2", "bo"]
    again = register("POST", "/v1/people/ann/split", json=body)
    assert (again.status_code, "is not known as a work of ann" in again.json()["detail"]) == (422, True)


def test_a_merge_takes_works_along_and_filters_by_the_old_id_still_find_them(register: Client) -> None:
    resource = talk(register)
    assert register("POST", "/v1/people/ann/merge", json={"into": "anne"}).json()["id"] == "anne"
    assert people(register, resource) == ["anne", "bo"]
    for key in ("ann", "anne", "Anne Okello-Bell"):
        found = register.get("/v1/search", params={"person": key}).json()
        assert [hit["resource"]["id"] for hit in found["hits"]] == [resource]
    register("POST", "/v1/people/ann/split", json={})
    assert people(register, resource) == ["ann", "bo"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "/v1/people/ann", {"rol": "x"}, 422),
        ("PATCH", "/v1/people/ann", {"role": 5.5, "x": 1}, 422),
        ("PATCH", "/v1/people/ann", [], 422),
        ("PATCH", "/v1/people/nobody", {"role": "x"}, 404),
        ("PATCH", "/v1/projects/ring", {"people": ["nobody"]}, 422),
        ("POST", "/v1/people/ann/merge", {"into": "nobody"}, 404),
        ("POST", "/v1/people/ann/merge", {}, 422),
        ("POST", "/v1/people/ann/confirm", {}, 422),
        ("POST", "/v1/people/ann/confirm", {"resource": "nothing"}, 404),
        ("POST", "/v1/people/ann/confirm", {"resource": "x", "other": "bo"}, 422),
        ("POST", "/v1/people/ann/split", {}, 422),
        ("POST", "/v1/people/ann/split", {"into": "newer"}, 404),
    ],
)
def test_a_correction_that_is_wrong_is_refused(
    register: Client, method: str, path: str, body: Any, status: int
) -> None:
    before = register.get("/v1/register").json()
    answer = register(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert register.get("/v1/register").json() == before


def test_every_kind_is_corrected_in_the_same_way(register: Client) -> None:
    for section, key in (("people", "bo"), ("organizations", "lab"), ("projects", "ring"), ("events", "meeting")):
        answer = register("PATCH", f"/v1/{section}/{key}", json={"name": "Another name"})
        assert (answer.status_code, answer.json()["id"]) == (200, key)
        assert register.get(f"/v1/{section}/{key}").json()["name"] == "Another name"
    assert register("PATCH", "/v1/investments/i", json={"amount": 11}).status_code == 200
    assert register.get("/v1/investments").json()["investments"][0]["amount"] == 11
    assert register("PATCH", "/v1/people/cy", params={"new": True}, json={"name": "Cy"}).status_code == 200
    assert register.get("/v1/people/cy").json()["name"] == "Cy"


NEARLY = "a person has no field 'hiden'; did you mean hidden?"


def test_a_field_that_is_nearly_hidden_publishes_nobody_by_any_door(register: Client) -> None:
    before = register.get("/v1/register").json()
    for name, text in (
        ("r.yaml", "people: [{id: ann, name: Ann, hiden: true}]"),
        ("r.json", '{"people": [{"id": "ann", "name": "Ann", "hiden": true}]}'),
        ("people.csv", "id,name,hiden\nann,Ann,yes\n"),
    ):
        refused = put(register, text, name)
        assert refused.status_code == 422 and NEARLY in refused.json()["detail"], name
        assert NEARLY in [one["says"] for one in put(register, text, name, dry_run=True).json()["faults"]]
    for fields, new in (({"hiden": True}, False), ({"name": "Cy", "hiden": True}, True)):
        refused = register("PATCH", "/v1/people/cy" if new else "/v1/people/ann", json=fields, params={"new": new})
        assert refused.status_code == 422 and NEARLY in refused.json()["detail"]
    assert register.get("/v1/register").json() == before


# -- hidden -----------------------------------------------------------------------------------------------------------


def test_a_hidden_person_appears_nowhere(register: Client) -> None:
    resource = talk(register)
    assert register("POST", "/v1/people/ann/hide").json() == {"id": "ann", "relinked": 1}
    search = register.get("/v1/search", params={"q": "ring"}).json()
    places = ["/v1/people", "/v1/people/bo", "/v1/projects/ring", "/v1/events/meeting", "/v1/organizations/lab",
              "/v1/identities", f"/v1/resources/{resource}", f"/v1/resources/{resource}/related"]  # fmt: skip
    for path in places:
        assert "Ann Okello" not in register.get(path).text.replace("Anne", ""), path
    assert "Ann Okello" not in str(search["facets"]) + str([hit["resource"] for hit in search["hits"]])
    assert register.get("/v1/search", params={"person": "ann"}).status_code == 404
    assert register.get("/v1/people/ann").status_code == 404
    assert [one["id"] for one in register.get("/v1/people", params={"hidden": True}).json()["people"]] == ["ann"]
    assert put(register).status_code == 200
    assert register.get("/v1/people/ann").status_code == 404  # it survives an import
    assert register("POST", "/v1/people/ann/unhide").json() == {"id": "ann", "relinked": 1}
    assert [one["name"] for one in register.get(f"/v1/resources/{resource}").json()["authors"]] == [
        "Bo Lindqvist", "Ann Okello", "Okello A",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("guarded") / "home", api_key="key") as one:
        yield one


def test_without_the_key_hidden_people_are_in_no_export(guarded: Client) -> None:
    put(guarded)
    guarded("POST", "/v1/people/ann/hide")
    assert "Ann Okello" in guarded.get("/v1/register").text
    wrong = {"Authorization": "Bearer wrong"}
    assert "Ann Okello" not in guarded.get("/v1/register", headers=wrong).text
    assert guarded.get("/v1/people", params={"hidden": True}, headers=wrong).status_code == 401
