"""All that is known about one person, and taking it out; who is hidden is quoted nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchsvc.model import Seen, SeenLine
from tests.api.conftest import Client, running
from tests.api.test_people import put

NAME = "Zora Quillfeather"
REGISTER = f"""
people:
  - {{id: zora-q, name: {NAME}, needs: [a freezer for swabs], interests: [swabs], mobile: "0777123"}}
  - {{id: bo, name: Bo Lindqvist, offers: [a freezer for swabs], interests: [swabs]}}
projects: [{{id: ring, name: The ring, people: [zora-q, bo]}}]
resources: [{{file: swabs.md, authors: [zora-q, bo]}}]
"""
BYLINE = f"""---
authors:
  - {{name: {NAME}, affiliation: The Lab of Kisumu}}
  - {{name: Bo Lindqvist}}
---
# Swabs

By {NAME.upper()} and Bo Lindqvist, who kept swabs in a freezer for ninety days and looked at them then.
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "home", insights=True) as one:
        assert put(one, REGISTER).status_code == 200
        [job] = one.added([("swabs.md", BYLINE.encode())])
        one.resource = str(job["resource_id"])  # type: ignore[attr-defined]
        catalogue = one.connection._transport._running.service().catalogue  # type: ignore[attr-defined]
        lines = [
            SeenLine(text, (0, 1, 1, 0), (0, 0, 1, 1), 0.9) for text in ("By Zora", "Quillfeather and Bo Lindqvist")
        ]
        catalogue.sights.put(catalogue.resource(one.resource).content_hash, "page 1", "eyes", Seen(tuple(lines)))  # type: ignore[attr-defined]
        yield one


def shown(client: Client) -> dict[str, str]:
    """Everything that shows works, people or evidence -> what it answers."""
    work = client.resource  # type: ignore[attr-defined]
    paths = [
        "/v1/search?q=swabs", "/v1/search?q=", f"/v1/search?q={NAME}", "/v1/suggest?q=quill", "/v1/people",
        f"/v1/resources/{work}?passages=true", f"/v1/resources/{work}/view", f"/v1/resources/{work}/related",
        f"/v1/resources/{work}/seen?place=page 1",
        "/v1/projects/ring", "/v1/people/bo", "/v1/collaborators?q=swabs", "/v1/collaborators?person=bo&partners=true",
        "/v1/gaps", "/v1/network", "/v1/identities", "/v1/introductions", "/v1/complementary?q=swabs",
    ]  # fmt: skip
    found = {path: client.get(path).text for path in paths}
    search = client.get("/v1/search?q=swabs").json()
    for passage in search["hits"][0]["passages"]:
        found[f"/v1/passages/{passage['id']}"] = client.get(f"/v1/passages/{passage['id']}").text
    found.pop("/v1/search?q=" + NAME)  # says again what was searched
    return found


def naming(client: Client) -> list[str]:
    return [path for path, text in shown(client).items() if "quillfeather" in text.casefold() or "zora-q" in text]


def test_a_byline_with_somebody_hidden_is_quoted_nowhere(client: Client) -> None:
    assert len(naming(client)) > 10
    client("POST", "/v1/people/zora-q/hide")
    assert naming(client) == []
    put(client, "people: [{id: bo, name: Bo Lindqvist}]")  # whoever is hidden and is taken out of the files stays so
    assert naming(client) == []
    found = client.get("/v1/search?q=freezer").json()["hits"][0]["passages"][0]
    assert all(found["text"][start:end].casefold() == "freezer" for start, end in found["highlights"])


def test_all_that_is_known_about_somebody_is_told(client: Client) -> None:
    client.get("/v1/search", params={"q": f"{NAME} swabs"})
    client("POST", "/v1/users", json={"login": "zora", "name": NAME, "scopes": ["search"], "person": "zora-q"})
    client("POST", "/v1/people/zora-q/hide")
    client("POST", "/v1/keys", json={"name": NAME, "scopes": ["search"]})
    known: dict[str, Any] = client.get("/v1/people/zora-q/data").json()
    assert known["hidden"] is True and known["entries"][0]["mobile"] == "0777123"
    [work] = known["works"]
    assert work["byline"]["affiliation"] == "The Lab of Kisumu" and NAME.upper() in work["passages"][0]["text"]
    assert {one["id"] for one in known["named_in"]} == {"ring", "swabs.md"}
    assert known["searches"][0]["query"] == f"{NAME.lower()} swabs"
    assert [one["what"] for one in known["audit"]] == ["POST /v1/people/{person_id}/hide"]
    assert [one["name"] for one in known["keys"]] == [NAME] and "digest" not in known["keys"][0]
    assert [one["login"] for one in known["accounts"]] == ["zora"] and "password" not in known["accounts"][0]
    assert [one["data"] if "data" in one else one["hidden"] for one in known["edits"]] == [True]
    assert client.get("/v1/people/nobody/data").status_code == 404


def test_whoever_is_erased_is_shown_nowhere_and_does_not_come_back(client: Client) -> None:
    client("PATCH", "/v1/people/zora-q", json={"role": "Nurse"})
    client("POST", "/v1/users", json={"login": "zora", "name": NAME, "scopes": ["search"], "person": "zora-q"})
    erased = client("POST", "/v1/people/zora-q/erase", json={"names": True})
    assert erased.json() == {
        "entries": 1, "references": 2, "introductions": 0, "verdicts": 0, "searches": 0, "audit": 1, "accounts": 1,
        "works": 1, "unnamed": True,
    }  # fmt: skip
    assert naming(client) == []
    assert put(client, REGISTER).json()["left_out"] == 1
    assert naming(client) == []
    told = client.get("/v1/audit").text
    assert "zora-q" not in told and "(erased)" in told
    assert client.get("/v1/users").json()["users"] == []
    found = client.post([("later.md", BYLINE.replace("# Swabs", "# Swabs again").encode())])
    assert found.status_code == 202


def test_without_being_asked_the_name_stays_where_works_have_it(client: Client) -> None:
    client("POST", "/v1/people/zora-q/erase", json={})
    work = client.get(f"/v1/resources/{client.resource}").json()  # type: ignore[attr-defined]
    assert [one["name"] for one in work["authors"]] == [NAME, "Bo Lindqvist"]
    assert [one["id"] for one in work["people"]] == ["bo"]
    assert "zora-q" not in str(shown(client))


def test_only_who_may_do_everything_reads_or_erases_it(client: Client) -> None:
    key = client("POST", "/v1/keys", json={"name": "curator", "scopes": ["search", "people", "curate"]}).json()["key"]
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/v1/people/zora-q/data", headers=headers).status_code == 403
    assert client("POST", "/v1/people/zora-q/erase", json={}, headers=headers).status_code == 403
