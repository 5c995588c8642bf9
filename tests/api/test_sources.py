"""Sources over HTTP, and on the command line, which asks the same: who may do what, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Client, running
from tests.conftest import until_finished
from tests.ingest.sources.site import Site, page
from tests.ingest.sources.site import running as a_site

KEY = "a-key-of-the-keeper"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with a_site() as one:
        one.pages |= {"/a": page("Page number one"), "/b": page("Page number two")}
        one.pages["/sitemap.xml"] = "".join(
            ["<urlset>", *(f"<url><loc>{one.url}/{name}</loc></url>" for name in "ab"), "</urlset>"]
        ).encode()
        yield one


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home: Path = tmp_path_factory.mktemp("sources") / "home"
    with running(home, api_key=KEY, open_scopes=(), source_hosts=("127.0.0.1",), source_delay_s=0) as one:
        yield one


def visited(client: Client, name: str, **how: Any) -> dict[str, Any]:
    """The source after a visit that is asked for."""
    assert client("POST", f"/v1/sources/{name}/sync", params=how).status_code == 202
    return ended(client, name)


def ended(client: Client, name: str) -> dict[str, Any]:
    """The source when no visit of it is asked for, and all that it handed in is done."""

    def jobs() -> list[dict[str, Any]]:
        body = client.get(f"/v1/sources/{name}").json()
        waiting = [{"status": "queued"}] if body["asked"] or not body["ended_at"] else []
        found: list[dict[str, Any]] = client.get("/v1/jobs").json()["jobs"]
        return waiting + found or [{"status": "none"}]

    until_finished(jobs)
    body: dict[str, Any] = client.get(f"/v1/sources/{name}").json()
    return body


def test_a_source_is_set_up_visited_and_taken_out(client: Client, site: Site) -> None:
    made = client("POST", "/v1/sources", json={"kind": "sitemap", "location": site.url, "name": "Institute"})
    assert made.status_code == 201, made.text
    assert (made.json()["every"], made.json()["status"] in ("new", "running")) == ("1d", True)
    body = visited(client, "Institute")
    assert (body["status"], body["there"], body["failing_why"], body["troubles"]) == ("good", 2, None, [])
    hits = client.get("/v1/search?q=page+number&source=Institute").json()["hits"]
    assert {hit["resource"]["url"] for hit in hits} <= {f"{site.url}/a", f"{site.url}/b"}
    assert hits

    dry = visited(client, body["id"], dry=True)
    assert dry["visit"]["dry"] and dry["visit"]["to_ask"] == 2

    assert client("POST", "/v1/sources/Institute/pause").json()["status"] == "paused"
    assert client("POST", "/v1/sources/Institute/sync").status_code == 422
    assert client("POST", "/v1/sources/Institute/resume").json()["status"] == "good"
    assert client("POST", "/v1/sources/Institute/confirm").status_code == 422

    assert client("DELETE", "/v1/sources/Institute").status_code == 202
    _until(lambda: client.get("/v1/sources/Institute").status_code == 404)
    assert client.get("/v1/status").json()["resources"] == 0
    what = [line["what"] for line in client.get("/v1/audit").json()["done"]]
    assert {"POST /v1/sources", "DELETE /v1/sources/{source_id}", "POST /v1/sources/{source_id}/pause"} <= {*what}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"kind": "nothing", "location": "x"}, "no kind of source"),
        ({"kind": "feed", "location": "www.example.org"}, "http://"),
        ({"kind": "feed", "location": "https://example.org/f", "every": "often"}, "no interval"),
        ({"kind": "feed", "location": "https://example.org/f", "every": "1m"}, "5 minutes"),
        ({"kind": "feed", "location": "https://example.org/f", "into": ["a b"]}, "group"),
        ({"kind": "feed", "location": "https://me:word@example.org/f"}, "password"),
        ({"kind": "feed", "location": "https://example.org/f", "name": "\x00"}, "name"),
        ({"kind": "feed", "location": "https://example.org/" + "x" * 3000}, "2000"),
    ],
)
def test_what_cannot_be_set_up_is_said(client: Client, body: dict[str, Any], said: str) -> None:
    answer = client("POST", "/v1/sources", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert client.get("/v1/sources").json()["sources"] == []


def test_who_may_not_take_files_in_sees_no_source(client: Client, tmp_path: Path) -> None:
    def bearer(*scopes: str) -> dict[str, str]:
        made = client("POST", "/v1/keys", json={"name": "-".join(scopes), "scopes": scopes})
        return {"Authorization": f"Bearer {made.json()['key']}"}

    reads, takes_in = bearer("search", "people", "curate"), bearer("search", "ingest")
    assert client.get("/v1/sources", headers=reads).status_code == 403
    assert client.get("/v1/sources", headers=takes_in).status_code == 200
    (tmp_path / "secret.md").write_text("# A secret of this machine")
    for kind, location in (("folder", str(tmp_path)), ("links", str(tmp_path / "x.csv")), ("addresses", "/etc/hosts")):
        answer = client("POST", "/v1/sources", json={"kind": kind, "location": location}, headers=takes_in)
        assert answer.status_code == 403, answer.text
        assert "admin" in answer.json()["detail"]
    given = {"kind": "addresses", "location": "https://www.example.org/list.txt", "every": "never"}
    assert client("POST", "/v1/sources", json=given, headers=takes_in).status_code == 201
    assert client("DELETE", "/v1/sources/example.org", headers=reads).status_code == 403
    client("DELETE", "/v1/sources/example.org")
    _until(lambda: client.get("/v1/sources").json()["sources"] == [])


def test_what_comes_in_is_for_the_groups_that_a_source_is_for(client: Client, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("# A plan for members\n\nIt says what members plan.")
    given = {"kind": "folder", "location": str(tmp_path), "name": "Members", "into": ["members"]}
    assert client("POST", "/v1/sources", json=given).status_code == 201
    assert visited(client, "Members")["there"] == 1
    key = client("POST", "/v1/keys", json={"name": "reader", "scopes": ["search"]}).json()["key"]
    strange = {"Authorization": f"Bearer {key}"}
    assert client.get("/v1/search?q=plan", headers=strange).json()["hits"] == []
    assert len(client.get("/v1/search?q=plan").json()["hits"]) == 1
    client("DELETE", "/v1/sources/Members")
    _until(lambda: client.get("/v1/sources").json()["sources"] == [])


def test_a_source_that_is_broken_says_since_when_and_what_to_do(client: Client, site: Site) -> None:
    client("POST", "/v1/sources", json={"kind": "sitemap", "location": f"{site.url}/nowhere.xml", "name": "Broken"})
    body = visited(client, "Broken")
    assert body["status"] == "broken"
    assert "404" in body["failing_why"]
    assert body["failing_since"] and "tried again" in body["advice"]
    client("DELETE", "/v1/sources/Broken")
    _until(lambda: client.get("/v1/sources").json()["sources"] == [])


def _until(holds: Callable[[], bool]) -> None:
    until_finished(lambda: [{"status": "done" if holds() else "queued"}])
