"""A scan that was handed in before there was OCR is read when it is there, and said to be read by OCR."""

from __future__ import annotations

from pathlib import Path

from tests.api.conftest import running
from tests.conftest import finished
from tests.ingest.scans import FIRST, SECOND, needs_ocr, scanned


def test_without_ocr_reading_again_says_how_to_install_it(tmp_path: Path) -> None:
    with running(tmp_path / "home", ocr="off") as client:
        answer = client("POST", "/v1/jobs/again")
        assert answer.status_code == 422
        assert "pip install 'searchsvc[ocr]'" in answer.json()["detail"]
        unknown = client("POST", "/v1/jobs/again", params={"doubt": "nonsense"})
        assert unknown.status_code == 422 and "ocr_failed" in unknown.json()["detail"]
        assert client("POST", "/v1/jobs/again", params={"resource": "nobody"}).status_code == 404


def test_what_is_read_again_stays_the_same_resource_in_all_its_places(tmp_path: Path) -> None:
    with running(tmp_path / "home", ocr="off") as client:
        data = b"# Wells\n\nThe wells of Tamale dry up in March."
        [job] = client.added([("wells.md", data)], uri="file:///a/wells.md")
        client.added([("wells.md", data)], uri="file:///b/wells.md")
        before = client.get(f"/v1/resources/{job['resource_id']}").json()
        answer = client("POST", "/v1/jobs/again", params={"resource": job["resource_id"]}).json()
        [done] = finished(client.connection, answer["jobs"][0]["batch"])
        assert (done["status"], done["resource_id"]) == ("indexed", job["resource_id"])
        after = client.get(f"/v1/resources/{job['resource_id']}").json()
        assert len(after["locations"]) == 2
        assert {**after, "updated_at": ""} == {**before, "updated_at": ""}
        assert client.get("/v1/status").json()["resources"] == 1


@needs_ocr
def test_a_scan_is_found_by_a_sentence_of_its_second_page_once_it_was_read_again(tmp_path: Path) -> None:
    with running(tmp_path / "home", ocr="off") as client:
        [job] = client.added([("scan.pdf", scanned(FIRST, SECOND))])
        [doubt] = [one for one in client.get("/v1/doubts").json()["resources"][0]["doubts"] if one["lost"]]
        assert doubt["code"] == "unit_without_text" and "searchsvc[ocr]" in doubt["advice"]
    with running(tmp_path / "home") as client:
        answer = client("POST", "/v1/jobs/again").json()
        [done] = finished(client.connection, answer["jobs"][0]["batch"])
        assert (done["status"], done["reason"], done["resource_id"]) == ("indexed", None, job["resource_id"])
        [hit] = client.get("/v1/search", params={"q": "a pump that runs without diesel"}).json()["hits"]
        assert hit["resource"]["title"] == FIRST[0]
        assert hit["passages"][0]["locator"]["label"] == "page 2"
        doubts = client.get(f"/v1/resources/{job['resource_id']}").json()["doubts"]
        assert [(one["code"], one["places"], one["lost"]) for one in doubts] == [
            ("ocr_read", ["page 1", "page 2"], False)
        ]
        seen = client.get(f"/v1/resources/{job['resource_id']}/seen", params={"place": "page 2"}).json()
        assert [line["text"] for line in seen["lines"]] == list(SECOND)
        assert seen["sure"] > 0.9
        assert client("POST", "/v1/jobs/again").json()["jobs"] == []
        assert client("DELETE", f"/v1/resources/{job['resource_id']}").status_code == 204
