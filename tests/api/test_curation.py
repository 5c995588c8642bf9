"""What is doubtful is listed; what somebody decides of it wins, is remembered with who and when, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Client, running
from tests.conftest import until_finished

TEXT = "The monthly ring was worn for ninety days by forty women in Kisumu, who said that it was easy to use. "
LONG = " ".join(f"Sentence number {n} tells of visit {n * 7} in the clinic." for n in range(60))
REGISTER = b"""
people:
  - {id: ann, name: Ann Bo, orcid: 0000-0002-8202-2478, offers: [reading of genes]}
  - {id: ann2, name: Ann Bo}
  - {id: cy, name: Cy Dee, needs: [sequencing of swabs]}
"""


def page(title: str = "", author: str = "", date: str = "", body: str = TEXT) -> bytes:
    fields = {"title": title, "author": author, "date": date}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{head}---\n{body}\n".encode()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "home") as client:
        yield client


def added(client: Client, **files: bytes) -> list[str]:
    """Ids, in the order of the names."""
    jobs = client.added(
        [(f"{name}.md", data) for name, data in files.items()], uri=[f"file:///{one}.md" for one in files]
    )
    assert {job["status"] for job in jobs} <= {"indexed", "unchanged"}, jobs
    by_name = {job["name"]: job["resource_id"] for job in jobs}
    return [by_name[f"{name}.md"] for name in files]


def settled(client: Client) -> None:
    until_finished(lambda: client.get("/v1/jobs", params={"limit": 1000}).json()["jobs"])


def tasks(client: Client, *kinds: str) -> list[dict[str, Any]]:
    return list(client.get("/v1/curation", params={"kind": list(kinds), "limit": 100}).json()["tasks"])


def task(client: Client, kind: str) -> dict[str, Any]:
    [one] = tasks(client, kind)
    return one


def decide(client: Client, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client("POST", "/v1/curation", json={"by": "Cara", **body})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def undo(client: Client, decision: str, status: int = 200) -> dict[str, Any]:
    answer = client("POST", f"/v1/curation/decisions/{decision}/undo")
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def resource(client: Client, key: str) -> dict[str, Any]:
    return dict(client.get(f"/v1/resources/{key}").json())


def found(client: Client, words: str) -> list[str]:
    return [hit["resource"]["id"] for hit in client.get("/v1/search", params={"q": words}).json()["hits"]]


def test_a_title_that_is_corrected_is_found_stays_over_the_file_and_comes_back_when_it_is_undone(
    archive: Client,
) -> None:
    [key] = added(archive, ring_v2=page("Untitled document", "Ann Bo", "2024-01-02"))
    one = task(archive, "title")
    assert one["resource"] == key and one["actions"] == ["correct", "accept", "hide", "later"] and one["suggestions"]
    made = decide(archive, task=one["id"], action="correct", value="Zebras of Kisumu")
    assert (made["by"], made["before"], made["stands"]) == ("Cara", "Untitled document", True)
    settled(archive)
    assert resource(archive, key)["title"] == "Zebras of Kisumu" and found(archive, "zebras") == [key]
    assert tasks(archive, "title") == []

    assert added(archive, ring_v2=page("Another title", "Ann Bo", "2024-01-02")) == [key]  # a new version of the file
    assert resource(archive, key)["title"] == "Zebras of Kisumu"

    undoing = undo(archive, made["id"])["decision"]
    settled(archive)
    assert resource(archive, key)["title"] == "Another title" and found(archive, "zebras") == []
    undo(archive, undoing["id"])
    settled(archive)
    assert resource(archive, key)["title"] == "Zebras of Kisumu" and found(archive, "zebras") == [key]


def test_the_last_of_several_corrections_holds_and_undoing_it_brings_the_one_before(archive: Client) -> None:
    [key] = added(archive, a=page("The ring", "Ann Bo", "2024-01-02"))
    first = decide(archive, resource=key, action="correct", field="date", value="2023-05")
    second = decide(archive, resource=key, action="correct", field="date", value="2022")
    settled(archive)
    assert resource(archive, key)["year"] == 2022
    assert archive.get("/v1/search", params={"q": "ring", "year_to": 2022}).json()["total"] == 1
    undo(archive, second["id"])
    assert resource(archive, key)["date"] == "2023-05"
    undo(archive, first["id"])
    assert (resource(archive, key)["date"], resource(archive, key)["year"]) == ("2024-01-02", 2024)


def test_decisions_are_there_after_a_start_and_can_be_undone_then(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        [key] = added(client, a=page("The ring", "Ann Bo", "2024-01-02"))
        made = decide(
            client, resource=key, action="correct", field="authors", value="Bo Dee; Eve Fox", note="asked her"
        )
    with running(tmp_path / "home") as client:
        assert [one["name"] for one in resource(client, key)["authors"]] == ["Bo Dee", "Eve Fox"]
        [told] = client.get("/v1/curation/decisions").json()["decisions"]
        assert (told["by"], told["note"], bool(told["at"]), told["value"]) == (
            "Cara",
            "asked her",
            True,
            ["Bo Dee", "Eve Fox"],
        )
        undo(client, made["id"])
        settled(client)  # also what the process before had not done
        assert [one["name"] for one in resource(client, key)["authors"]] == ["Ann Bo"]


def test_what_is_accepted_is_not_asked_again_until_it_is_another(archive: Client) -> None:
    added(
        archive,
        a=page("The ring", "", "2024-01-02", "\n".join([TEXT] * 3)),
        b=page("A gel", "Windows User", "2024-01-02", LONG),
    )
    strange = [one for one in tasks(archive, "authors") if one["facts"].get("is")]
    made = decide(archive, task=strange[0]["id"], action="accept")
    assert not [one for one in tasks(archive, "authors") if one["facts"].get("is")]
    assert decide(archive, 409, task=strange[0]["id"], action="accept")["detail"].startswith("Cara decided 'accept'")
    added(archive, b=page("A gel", "Linux User", "2024-01-02", LONG))
    assert [one["facts"]["is"] for one in tasks(archive, "authors") if one["facts"].get("is")] == ["Linux User"]
    undo(archive, made["id"])


def test_what_is_hidden_is_nowhere_and_comes_back_as_it_was(archive: Client) -> None:
    key, other = added(archive, a=page("Zebras", "Ann Bo", "2024-01-02"), b=page("A gel", "Cy Dee", "2024-01-02", LONG))
    passage = archive.get(f"/v1/resources/{key}", params={"passages": True}).json()["text_passages"][0]["id"]
    made = decide(archive, resource=key, action="hide")
    assert found(archive, "zebras") == [] and other in found(archive, "gel")
    for path in (
        f"/v1/resources/{key}",
        f"/v1/resources/{key}/file",
        f"/v1/resources/{key}/view",
        f"/v1/passages/{passage}",
    ):
        assert archive.get(path).status_code == 404, path
    assert "Zebras" not in archive.get("/v1/search", params={"q": ""}).text
    assert "Zebras" not in archive.get("/v1/suggest", params={"q": "zeb"}).text
    assert archive.get("/v1/status").json()["resources"] == 1
    assert decide(archive, 409, resource=key, action="hide")["status"] == 409
    added(archive, a=page("Zebras again", "Ann Bo", "2024-01-02"))  # it stays hidden when its file is another
    assert found(archive, "zebras") == []
    undo(archive, made["id"])
    assert found(archive, "zebras") == [key] and archive.get(f"/v1/resources/{key}").status_code == 200


def test_two_that_are_merged_are_shown_as_one_and_those_kept_apart_stay_so(archive: Client) -> None:
    a, b = added(archive, a=page("The ring study of Kisumu", "Ann Bo", "2024-01-02"),
                 b=page("The ring study of Kisumu", "Ann Bo", "2024-01-02", LONG))  # fmt: skip
    one = task(archive, "duplicate")
    made = decide(archive, task=one["id"], action="merge")
    [hit] = archive.get("/v1/search", params={"q": "ring study"}).json()["hits"]
    assert {hit["resource"]["id"], hit["copies"][0]["id"]} == {a, b}
    added(archive, a=page("The ring study of Kisumu", "Ann Bo", "2024-01-02", TEXT + "More."))
    assert len(found(archive, "ring study")) == 1
    undo(archive, made["id"])
    assert {*found(archive, "ring study")} == {a, b}
    assert task(archive, "duplicate")["id"] == one["id"]
    decide(archive, task=one["id"], action="accept")
    assert tasks(archive, "duplicate") == [] and {*found(archive, "ring study")} == {a, b}


def test_a_new_version_that_has_little_of_the_text_is_told(archive: Client) -> None:
    [key] = added(archive, a=page("The ring", "Ann Bo", "2024-01-02", LONG))
    assert added(archive, a=page("The gel", "Ann Bo", "2024-01-02", " ".join(f"word{n}" for n in range(200)))) == [key]
    one = task(archive, "changed")
    assert one["facts"]["was"] == "The ring" and one["sure"] > 0.9
    decide(archive, task=one["id"], action="accept")
    assert tasks(archive, "changed") == []


def test_who_an_author_is_and_who_is_entered_twice_is_decided_in_the_register_and_undone_there(archive: Client) -> None:
    [key] = added(archive, a=page("The ring", "Ann Bo", "2024-01-02"))
    taken = archive("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)})
    assert taken.status_code == 200
    one = next(it for it in tasks(archive, "identity") if "Ann Bo" in it["why"])
    made = decide(archive, task=one["id"], action="accept")
    assert [person["name"] for person in resource(archive, key)["people"]] == ["Ann Bo"]
    archive("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)})  # imported again
    assert len(resource(archive, key)["people"]) == 1
    undoing = undo(archive, made["id"])["decision"]
    assert resource(archive, key)["people"] == []
    undo(archive, undoing["id"])
    assert len(resource(archive, key)["people"]) == 1

    pair = task(archive, "person")
    merged = decide(archive, task=pair["id"], action="merge")
    assert archive.get("/v1/people").text.count("Ann Bo") == 1
    undo(archive, merged["id"])
    assert archive.get("/v1/people").text.count("Ann Bo") == 2


def test_a_suggestion_that_was_declined_can_be_suggested_again(archive: Client) -> None:
    archive("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)})
    said = {"kind": "meets", "a": "cy", "b": "ann", "need": "sequencing of swabs", "offer": "reading of genes"}
    archive("POST", "/v1/verdicts", json={**said, "verdict": "no", "by": "Dan", "note": "no freezer"})
    one = task(archive, "declined")
    assert (one["facts"]["by"], one["facts"]["note"]) == ("Dan", "no freezer")
    made = decide(archive, task=one["id"], action="reject")
    assert archive.get("/v1/verdicts").json()["verdicts"] == []
    undo(archive, made["id"])
    [verdict] = archive.get("/v1/verdicts").json()["verdicts"]
    assert (verdict["verdict"], verdict["by"]) == ("no", "Dan")


def test_what_several_people_searched_in_vain_is_told_until_somebody_has_seen_it(tmp_path: Path) -> None:
    with running(tmp_path / "home", insights=True) as client:
        added(client, a=page("The ring", "Ann Bo", "2024-01-02"))
        for words in ("zebra finches", "zebra finches", "once only"):
            assert client.get("/v1/search", params={"q": words}).json()["total"] == 0
        one = task(client, "search")
        assert (one["about"], one["facts"]) == ("zebra finches", {"searches": 2, "nothing": 2})
        decide(client, task=one["id"], action="accept")
        assert tasks(client, "search") == []
        for _ in range(2):
            client.get("/v1/search", params={"q": "zebra finches"})
        assert task(client, "search")["facts"]["nothing"] == 4, "twice as often"


def test_of_two_who_decide_the_same_the_second_is_told_of_the_first(archive: Client) -> None:
    added(archive, a=page("Untitled", "Ann Bo", "2024-01-02"))
    listed = archive.get("/v1/curation", params={"kind": "title"}).json()
    one, seen = listed["tasks"][0], listed["seen"]
    decide(archive, task=one["id"], action="later", seen=seen)
    told = decide(archive, 409, task=one["id"], action="accept", seen=seen, by="Dan")
    assert "Cara decided 'later'" in told["detail"]
    late = decide(archive, 409, task=one["id"], action="correct", value="Zebras", seen=seen, by="Dan")
    assert "Cara decided" in late["detail"] and "queued" not in archive.get("/v1/jobs").json()["counts"]
    made = archive.get("/v1/curation/decisions").json()["decisions"][0]
    undo(archive, made["id"])
    assert "undone already" in undo(archive, made["id"], 409)["detail"]


def test_of_a_resource_that_is_deleted_no_decision_is_left(archive: Client) -> None:
    [key] = added(archive, a=page("Untitled", "Ann Bo", "2024-01-02"))
    decide(archive, task=task(archive, "title")["id"], action="correct", value="Zebras of Kisumu")
    settled(archive)
    assert archive("DELETE", f"/v1/resources/{key}").status_code == 204
    assert archive.get("/v1/curation/decisions").json() == {"decisions": [], "total": 0}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"action": "accept"}, 422),
        ({"action": "accept", "task": "title-0"}, 404),
        ({"action": "hide", "resource": "nope"}, 404),
        ({"action": "correct", "resource": "KEY", "field": "language", "value": "fr"}, 422),
        ({"action": "correct", "resource": "KEY", "field": "date", "value": "yesterday"}, 422),
        ({"action": "correct", "resource": "KEY", "field": "title", "value": " "}, 422),
        ({"action": "correct", "resource": "KEY", "field": "title", "value": "x" * 2000}, 422),
        ({"action": "correct", "resource": "KEY", "field": "kind", "value": "poem"}, 422),
        ({"action": "correct", "resource": "KEY", "field": "url", "value": "javascript:alert(1)"}, 422),
        ({"action": "merge", "resource": "KEY", "other": "KEY"}, 422),
        ({"action": "merge", "resource": "KEY", "other": "nope"}, 404),
        ({"action": "erase", "resource": "KEY"}, 422),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_reason_and_changes_nothing(
    shared: tuple[Client, str], body: dict[str, Any], status: int
) -> None:
    client, key = shared
    given = {name: key if value == "KEY" else value for name, value in body.items()}
    answer = client("POST", "/v1/curation", json=given)
    assert answer.status_code == status and answer.json()["detail"]
    assert client.get("/v1/curation/decisions").json()["total"] == 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, str]]:
    with running(tmp_path_factory.mktemp("curation") / "home") as client:
        yield client, added(client, a=page("The ring", "Ann Bo", "2024-01-02"))[0]
