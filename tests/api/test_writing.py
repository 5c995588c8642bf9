"""What comes in over HTTP: uploads and their jobs, removal, and the key that writing may need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Client, running
from tests.conftest import finished

RING = b"# The ring in Kisumu\n\nWomen kept the ring for ninety days.\n"


def text(about: str) -> bytes:
    return f"# About {about}\n\nA text about {about}, and about nothing else.\n".encode()


def test_a_file_is_kept_before_it_is_answered_and_can_be_found_afterwards(client: Client) -> None:
    answer = client.post([("ring.md", RING)], uri="https://example.org/ring.md", source="site")
    assert answer.status_code == 202
    [job] = answer.json()["jobs"]
    assert (job["status"], job["name"], job["source"]) == ("queued", "ring.md", "site")
    [job] = finished(client.connection, answer.json()["batch"])
    assert job["status"] == "indexed"
    resource = client.get(f"/v1/resources/{job['resource_id']}").json()
    assert (resource["title"], resource["url"]) == ("The ring in Kisumu", "https://example.org/ring.md")
    assert [place["uri"] for place in resource["locations"]] == ["https://example.org/ring.md"]


def test_several_files_in_one_upload_are_one_batch_in_their_order(client: Client) -> None:
    names = [f"{word}.md" for word in ("cap", "film", "gel", "pill")]
    jobs = client.added([(name, text(name)) for name in names], uri=[f"https://example.org/{name}" for name in names])
    assert [(job["name"], job["status"]) for job in jobs] == [(name, "indexed") for name in names]
    assert {job["batch"] for job in jobs} == {jobs[0]["batch"]}
    assert client.get("/v1/jobs", params={"batch": jobs[0]["batch"]}).json()["counts"] == {"indexed": 4}


def test_the_same_place_is_a_new_version_and_the_same_bytes_are_a_second_place(client: Client) -> None:
    [first] = client.added([("version.md", text("patches"))])
    [second] = client.added([("version.md", text("implants"))])
    assert second["resource_id"] == first["resource_id"]
    assert client.get(f"/v1/resources/{first['resource_id']}").json()["title"] == "About implants"
    [again] = client.added([("version.md", text("implants"))])
    [elsewhere] = client.added([("copy.md", text("implants"))])
    assert (again["status"], elsewhere["status"]) == ("unchanged", "duplicate")
    locations = client.get(f"/v1/resources/{first['resource_id']}").json()["locations"]
    assert [place["uri"] for place in locations] == ["upload:copy.md", "upload:version.md"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("/etc/passwd2.md", "passwd2.md"),
        ("C:\\fakepath\\talk.md", "talk.md"),
        ("..", "unnamed"),
        ('a"b\r\nX-Evil: 1.md', 'a"b__X-Evil: 1.md'),
        ("<script>alert(1)</script>.md", "script>.md"),
        ("x" * 500 + ".md", "x" * 197 + ".md"),
        ("\u202egnp.md", "\u202egnp.md"),
    ],
)
def test_a_file_keeps_the_last_part_of_its_name_without_what_does_harm(client: Client, name: str, kept: str) -> None:
    answer = client.post([(name, text(name))])
    assert answer.status_code == 202
    assert answer.json()["jobs"][0]["name"] == kept


@pytest.mark.parametrize(
    ("files", "data", "says"),
    [
        ([], {}, "file"),
        ([("a.md", RING)], {"uri": ["one", "two"]}, "1 files and 2 values of uri"),
        ([("a.md", RING), ("a.md", text("a"))], {}, "the same name"),
        ([("a.md", RING)], {"uri": "a\nb"}, "control characters"),
        ([("a.md", RING)], {"uri": "x" * 20_000}, "16000 characters"),
        ([("a.md", RING)], {"source": "x" * 300}, "source"),
        ([("a.md", RING)], {"batch": "../x"}, "batch"),
    ],
)
def test_an_upload_that_is_not_whole_is_told_what_is_wrong(
    client: Client, files: list[tuple[str, bytes]], data: dict[str, Any], says: str
) -> None:
    before = sum(client.get("/v1/status").json()["jobs"].values())
    answer = client.post(files, **data)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert sum(client.get("/v1/status").json()["jobs"].values()) == before


def test_an_empty_file_fails_with_a_reason_and_can_be_tried_again(client: Client) -> None:
    [job] = client.added([("empty.md", b"")])
    assert (job["status"], job["reason"], job["resource_id"]) == ("failed", "the file is empty", None)
    again = client("POST", "/v1/jobs/retry", params={"job": job["id"]})
    assert again.status_code == 202
    assert [(one["id"], one["status"], one["attempt"]) for one in again.json()["jobs"]] == [(job["id"], "queued", 2)]


def test_a_removed_resource_is_gone_from_everywhere(client: Client) -> None:
    [job] = client.added([("umbrella.md", text("umbrellas"))])
    path = f"/v1/resources/{job['resource_id']}"
    assert client("DELETE", path).status_code == 204
    assert {client.get(path + rest).status_code for rest in ("", "/file", "/view", "/report", "/related")} == {404}
    assert client.get("/v1/search", params={"q": "umbrellas", "mode": "keyword"}).json()["total"] == 0
    assert client("DELETE", path).status_code == 404


# -- who may write, and how much --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service with a key, which takes files of a megabyte."""
    with running(tmp_path_factory.mktemp("guarded") / "home", api_key="sésame", max_upload_mb=1) as one:
        one.connection._transport._headers.clear()  # type: ignore[attr-defined]
        yield one


WRITES = [
    ("POST", "/v1/resources"), ("POST", "/v1/jobs/retry"), ("PUT", "/v1/register"), ("DELETE", "/v1/resources/x"),
    ("PATCH", "/v1/people/x"), ("POST", "/v1/people/x/hide"), ("PATCH", "/v1/projects/x"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic sésame", "Bearer", "Bearer sésam", ""])
def test_no_write_without_the_key(guarded: Client, method: str, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = guarded(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer KEY" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_the_key_opens_every_write(guarded: Client, method: str, path: str) -> None:
    answer = guarded(method, path, headers={"Authorization": "Bearer sésame".encode()})
    assert answer.status_code in (202, 404, 422)


def test_every_route_that_writes_asks_for_the_key_in_its_documentation(guarded: Client) -> None:
    for methods in guarded.get("/openapi.json").json()["paths"].values():
        for method, operation in methods.items():
            assert "security" in operation or method == "get"  # some things that are read need it, too


def test_reading_needs_no_key(guarded: Client) -> None:
    for path in ("/healthz", "/readyz", "/v1/search?q=ring", "/v1/jobs", "/v1/status", "/openapi.json"):
        assert guarded.get(path).status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 202), ("none", 202)]
)
def test_a_page_of_another_site_cannot_make_a_browser_write(client: Client, site: str, status: int) -> None:
    assert client("POST", "/v1/jobs/retry", headers={"Sec-Fetch-Site": site}).status_code == status


def test_a_file_over_the_limit_is_a_failed_job_and_far_over_it_is_not_read(guarded: Client, tmp_path: Path) -> None:
    headers = {"Authorization": "Bearer sésame".encode()}
    [job] = guarded("POST", "/v1/resources", files=[("file", ("a.txt", b"a" * 1_500_000))], headers=headers).json()[
        "jobs"
    ]
    assert (job["status"], job["resource_id"]) == ("failed", None)
    assert "max_upload_mb" in job["reason"]
    answer = guarded("POST", "/v1/resources", files=[("file", ("a.txt", b"a" * 2_500_000))], headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (413, "Request Entity Too Large")
    assert guarded("POST", "/v1/jobs/retry", headers=headers).json()["jobs"] == []  # it was not kept


def test_a_body_without_its_length_is_cut_off_at_the_limit(guarded: Client) -> None:
    async def long() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(50):
            yield b"a" * 100_000

    headers = {"Authorization": "Bearer sésame".encode(), "Content-Type": "multipart/form-data; boundary=x"}
    answer = guarded("POST", "/v1/resources", content=long(), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
