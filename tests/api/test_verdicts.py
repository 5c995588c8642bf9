"""What somebody decided of projects, needs and offers wins, stays after an import, and can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from searchsvc.access.callers import Scope
from searchsvc.api.scopes import needed
from tests.api.conftest import Client

REGISTER = b"""
people: [{id: ann, name: Ann, needs: [sequencing of swabs]}, {id: bo, name: Bo, offers: [reading of genes]}]
projects:
  - {id: ring, name: The ring, goal: to prevent infections with a ring, approach: a trial}
  - {id: gel, name: The gel, goal: to prevent infections with a gel, approach: a trial}
"""


def taken_in(client: Client) -> None:
    files = {"file": ("register.yaml", REGISTER)}
    assert client("PUT", "/v1/register", files=files, params={"forget_edits": True}).status_code == 200


@pytest.fixture
def network(client: Client) -> Client:
    taken_in(client)
    return client


def decide(client: Client, **body: Any) -> Any:
    return client("POST", "/v1/verdicts", json={"by": "Cara", **body})


def pairs(client: Client) -> list[tuple[str, str, bool]]:
    found = client.get("/v1/duplicates").json()["duplicates"]
    return [(one["projects"][0]["id"], one["projects"][1]["id"], one["sure"]) for one in found]


def test_two_projects_that_somebody_called_alike_or_not_are_so_until_it_is_undone(network: Client) -> None:
    one = decide(network, kind="same work", a="The ring", b="gel", verdict="yes").json()
    assert pairs(network) == [("gel", "ring", True)]
    taken_in(network)
    assert pairs(network) == [("gel", "ring", True)]
    assert decide(network, kind="same work", a="gel", b="ring", verdict="no").json()["id"] == one["id"]
    assert pairs(network) == []
    [told] = network.get("/v1/verdicts").json()["verdicts"]
    assert (told["verdict"], told["by"], bool(told["at"])) == ("no", "Cara", True)
    assert network("DELETE", f"/v1/verdicts/{one['id']}").status_code == 204
    assert network.get("/v1/verdicts").json()["verdicts"] == []


def test_an_offer_that_somebody_said_meets_a_need_is_met_by_it_and_one_that_does_not_is_not_shown(
    network: Client,
) -> None:
    said = {"kind": "meets", "a": "ann", "b": "bo", "need": "sequencing of swabs", "offer": "reading of genes"}
    decide(network, **said, verdict="yes")
    assert [one["offer"] for one in network.get("/v1/gaps").json()["met"]] == ["reading of genes"]
    decide(network, **said, verdict="no")
    body = network.get("/v1/gaps").json()
    assert (body["met"], body["unmet"][0]["offers"]) == ([], [])


def test_a_yes_wins_over_nearer_offers_and_a_no_takes_the_offer_away_wherever_it_is_told(client: Client) -> None:
    near = "".join(
        f"  - {{id: b{one}, name: B {one}, offers: [sequencing of swabs {one} times]}}\n" for one in range(5)
    )
    people = f"  - {{id: ann, name: Ann, needs: [sequencing of swabs]}}\n{near}"
    last = "  - {id: cy, name: Cy, offers: [sequencing of swabs at sea, a boat for charter]}\n"
    register = f"people:\n{people}{last}".encode()
    client("PUT", "/v1/register", files={"file": ("register.yaml", register)}, params={"forget_edits": True})
    boat = {"kind": "meets", "a": "ann", "b": "cy", "need": "Sequencing of  swabs", "offer": "a boat for charter"}
    assert decide(client, **boat, verdict="yes").status_code == 200
    wanted = client.get("/v1/gaps").json()["met"]
    assert [one["offer"] for one in wanted if one["by"]["id"] == "cy"] == ["a boat for charter"]
    assert ("cy", "a boat for charter", True) in met(client)

    swabs = {**boat, "b": "b3", "offer": "sequencing of swabs 3 times"}
    assert told(client).keys() >= {"b3"}
    for verdict in ("no", "later"):
        decide(client, **swabs, verdict=verdict)
        assert "b3" not in told(client)
        assert "b3" not in {by for by, _, _ in met(client)}
        assert "3 times" not in client.get("/v1/gaps").text


def met(client: Client) -> list[tuple[str, str, bool]]:
    """By whom Ann's need is met, as `collaborators` says, by what, and whether that is plain."""
    found = client.get("/v1/collaborators", params={"person": "ann", "limit": 20}).json()["collaborators"]
    return [(one["id"], it["offer"], it["clear"]) for one in found for it in one["met"]]


def told(client: Client) -> dict[str, str]:
    """Whom introductions have Ann meet, and what for."""
    found = client.get("/v1/introductions", params={"for": "ann", "limit": 50, "again": True}).json()["introductions"]
    return {
        other["id"]: ann["finds"][0]["theirs"]["text"]
        for ann, other in (sorted(one["people"], key=lambda it: it["id"] != "ann") for one in found)
        if ann["finds"]
    }


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/abc")])
def test_verdicts_are_for_those_who_may_correct_the_register(method: str, path: str) -> None:
    assert needed(method, f"/v1/verdicts{path}") is Scope.CURATE


def test_what_nobody_says_and_a_wrong_id_are_refused_with_what_is_there(network: Client) -> None:
    wrong = decide(network, kind="same work", a="rign", b="gel", verdict="yes")
    assert wrong.status_code == 404
    assert "ring" in wrong.json()["detail"]
    unsaid = decide(network, kind="meets", a="ann", b="bo", need="money", offer="reading of genes", verdict="yes")
    assert unsaid.status_code == 422
    assert "sequencing of swabs" in unsaid.json()["detail"]


def test_what_was_decided_of_somebody_who_is_hidden_or_gone_is_not_listed_until_they_are_there_again(
    network: Client,
) -> None:
    said = {"kind": "meets", "a": "ann", "b": "bo", "need": "sequencing of swabs", "offer": "reading of genes"}
    decide(network, **said, verdict="no")
    decide(network, kind="same work", a="gel", b="ring", verdict="no")
    assert network("POST", "/v1/people/ann/hide").status_code < 300
    listed = network.get("/v1/verdicts")
    assert [one["kind"] for one in listed.json()["verdicts"]] == ["same work"]
    assert "swabs" not in listed.text
    assert network("POST", "/v1/people/ann/unhide").status_code < 300
    assert len(network.get("/v1/verdicts").json()["verdicts"]) == 2
    gel = b"  - {id: gel, name: The gel, goal: to prevent infections with a gel, approach: a trial}\n"
    files = {"file": ("register.yaml", REGISTER.replace(gel, b""))}
    assert network("PUT", "/v1/register", files=files, params={"forget_edits": True}).status_code == 200
    assert [one["kind"] for one in network.get("/v1/verdicts").json()["verdicts"]] == ["meets"]
    taken_in(network)
    assert len(network.get("/v1/verdicts").json()["verdicts"]) == 2
