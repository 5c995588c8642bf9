"""What the HTTP API promises of related resources by facet, on a small archive with the encoder for tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Client

SMS = """# Messages for ring users

## Abstract

Background: Many women stop using the vaginal ring early. We tested whether messages help. Methods: We randomised 180
women at six clinics to weekly text messages or usual care. Ring use was measured at month six. Results: Ring use was
72% with messages and 56% without.
"""
CALLS = """# Calls for ring users

## What we did

We randomised 96 women at three clinics to weekly text messages about the vaginal ring or to a phone call. Ring use was
measured at month three.

## What we found

Ring use was 81% after a call. Women who were called forgot the ring less often than women with weekly text messages.
"""
LEAFLET = (
    "# The vaginal ring\n\nThe vaginal ring is soft. "
    "Many women do not feel the ring. Ring users keep the ring at night.\n"
)


@pytest.fixture(scope="module")
def ids(client: Client) -> dict[str, str]:
    files = {"sms.md": SMS, "calls.md": CALLS, "leaflet.md": LEAFLET}
    jobs = client.added([(name, text.encode()) for name, text in files.items()])
    return {job["name"]: job["resource_id"] for job in jobs}


def related(client: Client, resource_id: str, **params: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/resources/{resource_id}/related", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def marked(passage: dict[str, Any]) -> str:
    [(start, end)] = passage["highlights"]
    text: str = passage["text"][start:end]
    return text


@pytest.mark.parametrize(
    ("facet", "mine", "theirs"), [("method", "was measured", "was measured"), ("result", "72%", "81%")]
)
def test_the_sentences_in_which_two_resources_meet_are_marked_with_their_place(
    client: Client, ids: dict[str, str], facet: str, mine: str, theirs: str
) -> None:
    body = related(client, ids["sms.md"], facet=facet)
    assert body["facet"] == facet
    first = body["related"][0]
    assert first["resource"]["id"] == ids["calls.md"] and first["band"] in ("strong", "fair", "weak")
    meeting = first["meetings"][0]
    assert mine in marked(meeting["here"]) and theirs in marked(meeting["there"])
    assert meeting["there"]["locator"]["label"].startswith("section")


def test_without_a_facet_whole_passages_meet(client: Client, ids: dict[str, str]) -> None:
    body = related(client, ids["sms.md"])
    assert body["facet"] is None
    assert all(meeting["here"]["highlights"] == [] for one in body["related"] for meeting in one["meetings"])


def test_the_limit_holds(client: Client, ids: dict[str, str]) -> None:
    assert len(related(client, ids["sms.md"], facet="background", limit=1)["related"]) <= 1


def test_an_unknown_facet_is_told_what_there_is(client: Client, ids: dict[str, str]) -> None:
    answer = client.get(f"/v1/resources/{ids['sms.md']}/related", params={"facet": "colour"})
    assert answer.status_code == 422
    assert "facet" in answer.json()["detail"] and "method" in answer.json()["detail"]


def test_an_unknown_resource_is_not_found(client: Client) -> None:
    assert client.get("/v1/resources/nowhere/related", params={"facet": "method"}).status_code == 404


def test_a_deleted_resource_is_gone_from_related_by_facet(client: Client, ids: dict[str, str]) -> None:
    [job] = client.added(
        [("more.md", SMS.replace("180", "181").replace("Messages", "Letters").encode() + CALLS.encode())]
    )
    more = job["resource_id"]
    assert more in {one["resource"]["id"] for one in related(client, ids["calls.md"], facet="method")["related"]}
    assert client("DELETE", f"/v1/resources/{more}").status_code == 204
    assert more not in {one["resource"]["id"] for one in related(client, ids["calls.md"], facet="method")["related"]}
    assert client.get(f"/v1/resources/{more}/related", params={"facet": "method"}).status_code == 404
