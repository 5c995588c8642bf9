"""Complementary projects, work done twice and gaps over HTTP, on a small register."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Client

REGISTER = """
people:
  - {id: ann, name: Ann Okello, organization: lab}
  - {id: bo, name: Bo Lindqvist}
  - {id: cy, name: Cy Marchetti, needs: [a pilot plant for gels]}
  - {id: di, name: Di Vasquez, hidden: true, needs: [secret swabs], offers: [objective measures of ring use]}
organizations:
  - {id: lab, name: The Lab, type: university}
  - {id: fund, name: Fund, type: funder, covers: [implementation, no laboratory work, quixotic zygote jukebox]}
projects:
  - {id: texts, name: Texts, goal: young women keep the vaginal ring in between visits,
     approach: weekly text messages on the phone, population: young women aged 18 to 24, stage: implementation,
     people: [ann], needs: [objective measures of ring use]}
  - {id: chat, name: Chat, goal: young women keep the vaginal ring in between visits,
     approach: weekly chat messages on the phone, population: young women aged 17 to 24, stage: implementation,
     people: [bo]}
  - {id: assay, name: Assay, goal: know whether women keep the vaginal ring in between visits,
     approach: drug assay of returned devices, population: women in trials, stage: phase 2, people: [cy, di],
     offers: [objective measures of ring use], funders: [fund]}
  - {id: twin, name: Twin, goal: young women keep the vaginal ring in between visits, approach: theatre in markets,
     population: couples, stage: pilot, people: [ann]}
  - {id: wheat, name: Wheat, goal: drought proof seed for small farms, approach: field trials, population: farmers,
     stage: trial}
  - {id: bees, name: Bees, goal: healthy honey bees in orchards, approach: survey of hives, population: beekeepers,
     stage: survey}
resources: [{file: texts.md, authors: [ann]}]
"""
TEXTS = b"# Texts\n\nYoung women who got weekly text messages kept the vaginal ring in between visits to the clinic.\n"
ASSAY = b"# Assay\n\nBy drug in returned devices, women kept the vaginal ring in between visits to the clinic.\n"


@pytest.fixture(scope="module")
def network(client: Client) -> Client:
    with_files = REGISTER.replace(
        "stage: implementation, people: [ann]", "stage: implementation, resources: [texts.md], people: [ann]"
    )
    with_files = with_files.replace("people: [cy, di]", "resources: [assay.md], people: [cy, di]")
    client.added([("texts.md", TEXTS), ("assay.md", ASSAY)])
    answer = client("PUT", "/v1/register", files={"file": ("register.yaml", with_files.encode())})
    assert answer.status_code == 200, answer.text
    return client


def body(client: Client, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(answer: Any) -> list[str]:
    return [one["project"]["id"] for one in answer["suggestions"]]


def test_a_project_gets_others_with_the_evidence_and_whom_to_talk_to(network: Client) -> None:
    answer = body(network, "/v1/projects/Texts/complementary")
    assert answer["project"] == {"id": "texts", "name": "Texts"}
    suggestion = next(one for one in answer["suggestions"] if one["project"]["id"] == "assay")
    assert suggestion["goals"]["there"] == "know whether women keep the vaginal ring in between visits"
    assert [each["aspect"] for each in suggestion["differs"]] == ["approach", "population", "stage"]
    [met] = suggestion["met"]
    assert (met["need"], met["of"]["id"], met["by"]["name"]) == ("objective measures of ring use", "texts", "Assay")
    quote = suggestion["meetings"][0]["there"]
    assert (quote["resource"]["name"], quote["text"].split(",")[0]) == ("assay", "By drug in returned devices")
    assert network.get(quote["href"].partition("#")[0]).status_code == 200
    assert suggestion["people"] == [{"id": "cy", "name": "Cy Marchetti"}]
    assert suggestion["band"] in ("strong", "fair", "weak")


def test_the_same_work_stands_apart_and_in_a_list_of_its_own(network: Client) -> None:
    same = body(network, "/v1/projects/texts/complementary")["duplicates"][0]
    assert same["project"]["id"] == "chat"
    assert [one["aspect"] for one in same["same"]] == ["goal", "approach", "population", "stage"]
    pair = body(network, "/v1/duplicates")["duplicates"][0]
    assert {one["id"] for one in pair["projects"]} == {"texts", "chat"}
    assert {one["id"] for one in pair["people"]} == {"ann", "bo"}


def test_those_who_share_a_person_are_shown_when_asked_for_and_marked(network: Client) -> None:
    assert "twin" not in found(body(network, "/v1/projects/texts/complementary"))
    everyone = body(network, "/v1/projects/texts/complementary", all=True)["suggestions"]
    assert {one["project"]["id"]: one["known"] for one in everyone}["twin"] == [{"id": "ann", "name": "Ann Okello"}]


def test_words_and_drafts_are_asked_like_projects(network: Client) -> None:
    words = body(network, "/v1/complementary", q="women keep the vaginal ring in between visits")
    assert words["project"] is None
    assert "assay" in found(words)
    draft = body(
        network, "/v1/complementary", goal="women keep the vaginal ring in between visits",
        approach="home calls of nurses",
        need=["objective measures of ring use", "nurses"], limit=1,
    )  # fmt: skip
    assert found(draft) == ["assay"]
    assert draft["suggestions"][0]["met"][0]["of"] == {"id": "", "name": "what was asked"}
    assert found(body(network, "/v1/complementary", q="mountain railways")) == []


def test_gaps_are_needs_goals_without_money_and_covers(network: Client) -> None:
    answer = body(network, "/v1/gaps")
    assert [(one["need"], one["of"]["name"]) for one in answer["unmet"]] == [("a pilot plant for gels", "Cy Marchetti")]
    assert (answer["unmet"][0]["nearest"], answer["unmet"][0]["offers"]) == (
        None,
        [],
    )  # what their project offers is no news
    assert [one["offer"] for one in answer["met"]] == ["objective measures of ring use"]
    assert {one["id"] for goal in answer["unfunded"] for one in goal["projects"]} >= {"texts", "chat"}
    [fund] = answer["funders"]
    assert [one["id"] for one in fund["funds"]] == ["assay"]
    pays, excludes, dance = fund["covers"]
    assert {one["project"]["id"] for one in pays["fitting"]} == {"texts", "chat"}
    assert (excludes["kind"], dance["asked"]) == ("does not pay for", False)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/projects/text/complementary", 404, "the nearest are texts (Texts)"),
        ("/v1/projects/%ff/complementary", 404, "no project has"),
        ("/v1/projects/texts/complementary?limit=0", 422, "limit"),
        ("/v1/complementary", 422, "give words (q), or a draft"),
        ("/v1/complementary?q=", 422, "give some words"),
        ("/v1/complementary?q=ring&goal=ring", 422, "not both"),
        ("/v1/complementary?stage=pilot", 422, "a draft says at least one of"),
        ("/v1/complementary?goal=" + "x" * 3000, 422, "goal has 3000 characters"),
    ],
)
def test_what_cannot_be_answered_gets_one_line(network: Client, path: str, status: int, says: str) -> None:
    answer = network.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


def test_a_hidden_person_appears_nowhere_and_gives_no_evidence(network: Client) -> None:
    for path in (
        "/v1/projects/texts/complementary?all=true",
        "/v1/duplicates?all=true",
        "/v1/gaps",
        "/v1/complementary?q=ring use",
    ):
        text = network.get(path).text
        assert "Di Vasquez" not in text and '"di"' not in text and "secret swabs" not in text, path


def test_a_resource_that_is_deleted_is_quoted_no_more(network: Client) -> None:
    def quoted() -> set[str]:
        every = body(network, "/v1/projects/texts/complementary")["suggestions"]
        one = next(it for it in every if it["project"]["id"] == "assay")
        return {side["resource"]["id"] for both in one["meetings"] for side in both.values() if side}

    [gone] = network.added(
        [("more.md", TEXTS + b"\nThe ring stayed in between visits, by drug in returned devices.\n")]
    )
    network("PATCH", "/v1/projects/assay", json={"resources": ["more.md"]})
    assert gone["resource_id"] in quoted()
    assert network("DELETE", f"/v1/resources/{gone['resource_id']}").status_code == 204
    assert gone["resource_id"] not in quoted()


def test_where_the_register_is_silent_a_resource_says_it_and_is_named(network: Client) -> None:
    text = (
        b"# Rings\n\nThe aim of this study was to find out whether "
        b"young women keep the vaginal ring in between visits.\n"
    )
    [job] = network.added([("aim.md", text)])
    network("PATCH", "/v1/projects/assay", json={"goal": None, "resources": ["aim.md"]})
    every = body(network, "/v1/projects/texts/complementary")["suggestions"]
    suggestion = next(one for one in every if one["project"]["id"] == "assay")
    assert suggestion["goals"]["there"].startswith("The aim of this study was")
    assert suggestion["goals"]["there_source"]["resource"]["id"] == job["resource_id"]
    assert suggestion["goals"]["here_source"] is None


def test_an_empty_register_has_nothing_to_say(network: Client) -> None:
    before = network.get("/v1/register", params={"format": "yaml"}).content
    network("PUT", "/v1/register", files={"file": ("register.yaml", b"people: []")}, params={"forget_edits": True})
    assert body(network, "/v1/duplicates") == {"duplicates": []}
    assert body(network, "/v1/gaps") == {"needs": 0, "met": [], "unmet": [], "unfunded": [], "funders": []}
    assert found(body(network, "/v1/complementary", q="ring")) == []
    network("PUT", "/v1/register", files={"file": ("register.yaml", before)})
