"""The network and its introductions over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Client, running

REGISTER = b"""
people:
  - {id: ann, name: Ann Okello, organization: lab, needs: [sequencing of vaginal swabs]}
  - {id: mid, name: Mid Way}
  - {id: bo, name: Bo Lindqvist, offers: [sequencing of vaginal swabs]}
  - {id: alone, name: Al One}
  - {id: hid, name: Hid Den, hidden: true, offers: [sequencing of vaginal swabs]}
organizations: [{id: lab, name: The Lab}]
projects:
  - {id: ring, name: The ring, people: [ann, mid, hid], start: 2024-03}
  - {id: gel, name: The gel, people: [bo, mid]}
"""
TALK = (
    b"---\nauthors:\n  - {name: Mid Way}\n  - {name: Bo Lindqvist}\n---\n# The talk\n"
    b"\nWomen kept the ring for ninety days.\n"
)


@pytest.fixture
def network(client: Client) -> Client:
    files = {"file": ("register.yaml", REGISTER)}
    assert client("PUT", "/v1/register", files=files, params={"forget_edits": True}).status_code == 200
    return client


def introductions(client: Client, **params: Any) -> dict[tuple[str, str], Any]:
    body = client.get("/v1/introductions", params=params).json()
    return {(one["people"][0]["id"], one["people"][1]["id"]): one for one in body["introductions"]}


def mark(client: Client, one: str, status: str, **more: Any) -> Any:
    return client("POST", f"/v1/introductions/{one}", json={"status": status, **more})


def test_the_network_can_be_drawn_and_every_tie_has_its_evidence(network: Client) -> None:
    body = network.get("/v1/network").json()
    assert {one["id"] for one in body["nodes"]} == {"ann", "mid", "bo", "alone"}
    [edge] = [one for one in body["edges"] if (one["a"], one["b"]) == ("ann", "mid")]
    assert edge["kinds"] == ["project"]
    assert edge["ties"] == [{"kind": "project", "evidence": {"id": "ring", "name": "The ring"}, "date": "2024-03"}]
    assert [one["id"] for one in body["shape"]["alone"]] == ["alone"]
    assert body["shape"]["hubs"][0]["person"]["id"] == "mid"
    assert "Hid Den" not in network.get("/v1/network").text


def test_the_way_between_two_people(network: Client) -> None:
    body = network.get("/v1/network/path", params={"from": "Ann Okello", "to": "bo"}).json()
    assert body["found"]
    assert [(step["person"]["id"], step["to"]["id"]) for step in body["steps"]] == [("ann", "mid"), ("mid", "bo")]
    none = network.get("/v1/network/path", params={"from": "ann", "to": "alone"}).json()
    assert (none["found"], none["steps"]) == (False, [])
    unknown = network.get("/v1/network/path", params={"from": "Ann Okelo", "to": "bo"})
    assert unknown.status_code == 404
    assert "the nearest are ann (Ann Okello)" in unknown.json()["detail"]
    assert network.get("/v1/network/path", params={"from": "ann", "to": "ann"}).status_code == 422


def test_a_work_in_the_archive_is_a_tie(network: Client) -> None:
    [job] = network.added([("talk.md", TALK)])
    for author in ("mid", "bo"):
        path = f"/v1/people/{author}/confirm"
        assert network("POST", path, json={"resource": job["resource_id"]}).status_code == 200
    steps = network.get("/v1/network/path", params={"from": "mid", "to": "bo"}).json()["steps"]
    assert {"id": job["resource_id"], "name": "The talk"} in [tie["evidence"] for tie in steps[0]["ties"]]


def test_an_introduction_lives_through_its_states(network: Client) -> None:
    introduction = introductions(network)["ann", "bo"]
    assert introduction["people"][0]["finds"][0]["theirs"]["text"] == "sequencing of vaginal swabs"
    assert introduction["go_betweens"][0]["person"]["id"] == "mid"
    assert introduction["text"].startswith("Dear Ann Okello, dear Bo Lindqvist,")
    assert mark(network, introduction["id"], "sent", note="wrote").json()["note"] == "wrote"
    assert ("ann", "bo") not in introductions(network)
    again = introductions(network, again=True)["ann", "bo"]
    assert again["status"] == "sent"
    assert network.get(f"/v1/introductions/{introduction['id']}").json()["text"] == introduction["text"]
    mark(network, introduction["id"], "accepted")
    [step] = network.get("/v1/network/path", params={"from": "ann", "to": "bo"}).json()["steps"]
    assert [tie["kind"] for tie in step["ties"]] == ["introduced"]
    listed = network.get("/v1/introductions/remembered", params={"status": "accepted"}).json()["introductions"]
    assert [(it["id"], it["note"]) for it in listed] == [(introduction["id"], "wrote")]
    mark(network, introduction["id"], "suggested")


def test_what_is_wrong_with_a_mark_is_said(network: Client) -> None:
    assert mark(network, "nonsense", "sent").status_code == 404
    wrong = mark(network, "nonsense", "done")
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("status: Input should be 'suggested', 'sent', 'accepted' or 'declined'")
    assert network.get("/v1/introductions/remembered", params={"status": "done"}).status_code == 422


def test_taken_ones_are_remembered_and_reading_changes_nothing(network: Client) -> None:
    before = introductions(network, **{"for": "ann"})
    assert introductions(network, **{"for": "ann"}) == before
    taken = network("POST", "/v1/introductions").json()["introductions"]
    assert all(one["status"] == "suggested" for one in taken)
    assert not introductions(network)


def test_introductions_are_for_those_with_the_key(tmp_path: Path) -> None:
    with running(tmp_path / "home", api_key="secret") as client:
        for path in ("/v1/introductions", "/v1/introductions/remembered", "/v1/introductions/x"):
            assert client.get(path, headers={"Authorization": "none"}).status_code == 401
        assert client.get("/v1/network", headers={"Authorization": "none"}).status_code == 200
        assert client.get("/v1/introductions").json() == {"introductions": []}


def test_a_large_network_comes_in_parts_and_says_what_is_not_listed(network: Client) -> None:
    body = network.get("/v1/network", params={"limit": 2}).json()
    assert [one["id"] for one in body["nodes"]] == ["mid", "ann"]
    assert body["left_out"] == 2
    assert {(one["a"], one["b"]) for one in body["edges"]} == {("ann", "mid")}
    assert len(body["shape"]["periphery"]) <= 2
    assert body["shape"]["sizes"]["alone"] == 1
    assert body["shape"]["sizes"]["components"] == [3]
    assert all(len(one["people"]) <= 2 <= one["size"] for one in body["clusters"])


def test_pages_have_everybody_and_every_tie_once(network: Client) -> None:
    whole = network.get("/v1/network").json()
    assert whole["next"] is None
    nodes: list[Any] = []
    edges: list[Any] = []
    at: int | None = 0
    while at is not None:
        page = network.get("/v1/network", params={"limit": 1, "offset": at, "evidence": "false"}).json()
        assert bool(page["clusters"]) == (at == 0) and page["shape"]["people"] == 4
        nodes += page["nodes"]
        edges += page["edges"]
        at = page["next"]
    assert nodes == whole["nodes"]
    assert sorted((one["a"], one["b"]) for one in edges) == sorted((one["a"], one["b"]) for one in whole["edges"])
    assert all(one["kinds"] and not one["ties"] for one in edges)
    assert network.get("/v1/network", params={"offset": 99}).json()["next"] is None


def test_a_large_answer_is_compressed_for_whom_takes_it(network: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchsvc.api.packing._WORTH_ZIPPING_BYTES", 100)
    packed = network.get("/v1/network", headers={"Accept-Encoding": "gzip"})
    plain = network.get("/v1/network", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain.headers and packed.json() == plain.json()


def test_one_person_and_whom_they_know_can_be_asked_for(network: Client) -> None:
    body = network.get("/v1/network", params={"for": "Bo Lindqvist"}).json()
    assert {one["id"] for one in body["nodes"]} == {"bo", "mid"}
    assert network.get("/v1/network", params={"for": "nobody at all"}).status_code == 404
