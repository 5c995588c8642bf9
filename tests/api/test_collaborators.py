"""Suggested collaborators: who comes up, who does not, and that every reason can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Client, running

REGISTER = """
people:
  - {id: ann, name: Ann Okello, organization: lab, interests: [vaginal rings], needs: [sequencing of vaginal swabs]}
  - {id: col, name: Cole Baptiste, organization: lab, interests: [vaginal rings]}
  - {id: ines, name: Ines Prado, organization: swabs, offers: [sequencing of vaginal swabs], needs: [stored swabs]}
  - {id: ida, name: Ida Prado, organization: swabs, interests: [swabs of any kind]}
  - {id: max, name: Max Ferro, organization: steel, interests: [steel bridges], offers: [welding]}
  - {id: hid, name: Hidden One, organization: swabs, offers: [sequencing of vaginal swabs], hidden: true}
organizations:
  - {id: lab, name: Ring Lab, about: A laboratory for vaginal rings}
  - {id: swabs, name: Swab House}
  - {id: steel, name: Steel Works}
projects:
  - {id: ring, name: The ring, goal: A vaginal ring for ninety days, people: [ann], organizations: [lab],
     needs: [sequencing of vaginal swabs]}
resources:
  - {file: ring.md, authors: [ann, col]}
  - {file: swabs.md, authors: [ines]}
  - {file: steel.md, authors: [max]}
"""
FILES = [
    (
        "ring.md",
        b"# The ring\n\nWomen kept the vaginal ring for ninety days, and vaginal swabs were stored at every visit.\n",
    ),
    (
        "swabs.md",
        b"# Swabs\n\nSequencing of vaginal swabs shows how a vaginal ring changes the flora within ninety days.\n",
    ),
    ("steel.md", b"# Steel\n\nBridges of steel rust where water stands, and welding makes it worse.\n"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("collaborators") / "home") as client:
        client("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER.encode())})
        client.added(FILES)
        yield client


def asked(client: Client, **params: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/collaborators", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["collaborators"])


def test_whose_offer_meets_a_need_comes_first_with_reasons_that_can_be_checked(client: Client) -> None:
    first = asked(client, person="ann")[0]
    assert (first["id"], first["partner"]) == ("ines", None)
    assert first["met"][0] == {
        "need": "sequencing of vaginal swabs",
        "offer": "sequencing of vaginal swabs",
        "whose": "asker",
        "clear": True,
    }
    why = first["why"][0]
    for place in (why["here"], why["there"]):
        text = client.get(f"/v1/resources/{place['resource']['id']}", params={"passages": True}).json()["text_passages"]
        assert place["passage"]["text"] in [one["text"] for one in text]


def test_an_organization_of_which_nothing_is_known_but_its_people_is_not_suggested_beside_them(client: Client) -> None:
    ids = [one["id"] for one in asked(client, person="ann")]
    assert "ines" in ids and "swabs" not in ids


@pytest.mark.parametrize(
    "params", [{"person": "ann"}, {"project": "ring"}, {"q": "vaginal rings"}, {"about": "Ann Okello"}]
)
def test_nobody_is_suggested_to_themselves_and_nobody_who_is_hidden_to_anybody(
    client: Client, params: dict[str, str]
) -> None:
    ids = [one["id"] for one in asked(client, **params, partners=True)]
    assert "hid" not in ids and ("ann" not in ids or "q" in params)


def test_present_partners_are_left_out_unless_they_are_asked_for(client: Client) -> None:
    assert "col" not in [one["id"] for one in asked(client, person="ann")]
    partners = {one["id"]: one["partner"] for one in asked(client, person="ann", partners=True)}
    assert partners["col"] == "has written with Ann Okello" and partners["lab"]


def test_who_knows_nothing_of_it_does_not_come_before_who_does(client: Client) -> None:
    ids = [one["id"] for one in asked(client, q="vaginal swabs of a ring")]
    assert ids[0] in ("ines", "ann", "col") and ("max" not in ids or ids.index("max") > ids.index("ines"))


def test_a_resources_authors_are_partners_of_each_other_and_meet_others(client: Client) -> None:
    resource = client.get("/v1/search", params={"q": "ring"}).json()["hits"]
    ring = next(hit["resource"]["id"] for hit in resource if hit["resource"]["title"] == "The ring")
    assert asked(client, resource=ring)[0]["id"] == "ines" and asked(client, about=ring)[0]["id"] == "ines"


@pytest.mark.parametrize(
    ("params", "status", "said"),
    [
        ({"person": "anm"}, 404, "Ann Okello"),
        ({"project": "rings"}, 404, "The ring"),
        ({"resource": "nothing"}, 404, "no resource"),
        ({}, 422, "name one of"),
        ({"person": "ann", "q": "ring"}, 422, "name one of"),
        ({"q": " "}, 422, "say what"),
        ({"q": "ring", "limit": 101}, 422, "limit"),
    ],
)
def test_what_is_not_there_or_not_clear_gets_one_line(
    client: Client, params: dict[str, Any], status: int, said: str
) -> None:
    answer = client.get("/v1/collaborators", params=params)
    assert answer.status_code == status and said in answer.json()["detail"]


def test_what_is_deleted_is_no_reason_any_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("deleted") / "home") as client:
        client("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER.encode())})
        jobs = {job["name"]: job["resource_id"] for job in client.added(FILES)}
        assert asked(client, person="ann")[0]["why"]
        client("DELETE", f"/v1/resources/{jobs['swabs.md']}")
        after = asked(client, person="ann")
        assert jobs["swabs.md"] not in str(after)
        ines = next(one for one in after if one["id"] == "ines")
        assert ines["why"] == [] and "no work of theirs is in the archive" in ines["against"]
