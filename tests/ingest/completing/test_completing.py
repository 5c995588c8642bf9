"""What is missing is completed from what services say, by decisions that can be undone, and nothing else is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchsvc.service import Service
from tests.api.conftest import Client, running
from tests.conftest import until_finished
from tests.ingest.completing.services import ATOM, JSON, RING, Services, crossref
from tests.ingest.sources.site import running as serving

TEXT = "The monthly ring was worn for ninety days by forty women in Kisumu, who said that it was easy to use. "
RING_TITLE = RING["title"][0]
REGISTER = b"""
people:
  - {id: ann, name: Ann Bo, orcid: 0000-0002-8202-2478}
  - {id: cy, name: Cy Dee, orcid: 0000-0001-5109-3700}
organizations:
  - {id: ior, name: Institute of Rings, ror: "https://ror.org/04tj63d06"}
  - {id: other, name: Society of Gels, ror: 04tj63d06}
  - {id: closed, name: Institut der Ringe, ror: 04tj63d06, groups: [board]}
"""


@pytest.fixture
def services() -> Iterator[Services]:
    with serving(Services()) as site:
        assert isinstance(site, Services)
        yield site


@pytest.fixture
def archive(tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Its pauses between two requests are short: here all services are one host, and arXiv wants three seconds."""
    wait = Service._sleep
    monkeypatch.setattr(Service, "_sleep", lambda self, seconds: wait(self, seconds / 50))
    with running(tmp_path / "home", **services.settings) as client:
        yield client


def added(client: Client, title: str, body: str = TEXT, **fields: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in {"title": title, **fields}.items())
    name = f"{abs(hash((title, body, *fields.items())))}.md"
    data: dict[str, Any] = {"uri": f"file:///{name}"}
    [job] = client.added([(name, f"---\n{head}---\n{body}\n".encode())], **data)
    return str(job["resource_id"])


def complete(client: Client, *ids: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client("POST", "/v1/curation/completions", json={"ids": list(ids), **body})
    assert answer.status_code == status, answer.text
    until_finished(lambda: client.get("/v1/jobs", params={"limit": 1000}).json()["jobs"])
    return dict(answer.json())


def fields(done: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {one["field"]: (one["why"], one["service"]) for one in done["proposals"]}


def resource(client: Client, key: str) -> dict[str, Any]:
    return dict(client.get(f"/v1/resources/{key}").json())


def decisions(client: Client) -> list[dict[str, Any]]:
    return list(client.get("/v1/curation/decisions").json()["decisions"])


def test_what_is_missing_is_shown_first_changed_when_asked_and_taken_back(archive: Client, services: Services) -> None:
    key = added(archive, RING_TITLE, author="Ann Bo; Cy Dee", date="2021", doi="10.5555/ring.1")
    before = resource(archive, key)
    shown = complete(archive)
    assert resource(archive, key) == before and decisions(archive) == []
    said = fields(shown)
    assert {
        "authors",
        "container",
        "volume",
        "issue",
        "pages",
        "issn",
        "publisher",
        "licence",
        "summary",
    } <= said.keys()
    assert said["retracted"] == ("retracted", "Crossref") and "date" not in said and "title" not in said

    done = complete(archive, apply=True)
    assert done["asked"] == 0 and len(services.asked) == 1  # it was answered a moment ago
    now = resource(archive, key)
    published = now["publication"]
    assert (published["container"], published["volume"], published["issue"]) == ("Journal of Rings", "12", "3")
    assert published["retracted"] == "10.5555/retraction.9"
    assert published["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert now["summary"] == "Forty women wore the ring for ninety days."
    assert [one["orcid"] for one in now["authors"]] == ["0000-0002-8202-2478", None]
    assert (now["date"], now["title"]) == ("2021", RING_TITLE)

    log = decisions(archive)
    assert {one["by"] for one in log} == {"Crossref"} and all("doi:10.5555/ring.1" in one["note"] for one in log)
    assert complete(archive, apply=True)["proposals"] == []  # once is enough
    [volume] = [one for one in log if one["kind"] == "volume"]
    assert archive("POST", f"/v1/curation/decisions/{volume['id']}/undo").status_code == 200
    assert resource(archive, key)["publication"]["volume"] is None
    assert resource(archive, key)["publication"]["issue"] == "3"
    assert complete(archive, apply=True)["proposals"] == []  # somebody does not want it


def test_it_stays_over_a_later_version_of_the_file(archive: Client) -> None:
    head = f"---\ntitle: {RING_TITLE}\ndoi: 10.5555/ring.1\n---\n".encode()
    [first] = archive.added([("ring.md", head + TEXT.encode())], uri="file:///ring.md")
    complete(archive, apply=True)
    [second] = archive.added([("ring.md", head + TEXT.encode() + b"It went on.")], uri="file:///ring.md")
    key = str(second["resource_id"])
    assert key == first["resource_id"]
    assert resource(archive, key)["publication"]["volume"] == "12"


def test_what_a_person_decided_is_never_overwritten(archive: Client) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1")
    decided = {"action": "correct", "resource": key, "by": "Cara"}
    for name, value in (("volume", "99"), ("summary", "Mine."), ("date", "1999"), ("authors", "Somebody Else")):
        answer = archive("POST", "/v1/curation", json={**decided, "field": name, "value": value})
        assert answer.status_code == 200, answer.text
    answer = archive("POST", "/v1/curation", json={**decided, "field": "issue", "value": ""})
    done = complete(archive, apply=True)
    assert not {"volume", "summary", "date", "authors"} & fields(done).keys()
    now = resource(archive, key)
    assert (now["publication"]["volume"], now["summary"], now["date"]) == ("99", "Mine.", "1999")


def test_a_doi_of_a_work_that_is_only_cited_is_never_taken_for_its_own(archive: Client, services: Services) -> None:
    key = added(archive, "What forty women of Kisumu say of a ring", doi="10.5555/ring.1")
    before = resource(archive, key)
    done = complete(archive, apply=True)
    assert done["proposals"] == [] and resource(archive, key) == before
    [line] = done["problems"]
    assert "is of another work" in line and RING_TITLE in line and "\n" not in line


def test_a_title_that_is_none_is_completed_where_the_text_begins_with_it(archive: Client, services: Services) -> None:
    body = f"{RING_TITLE}\n\nAnn Bo and Cy Dee\n\n{TEXT}"
    key = added(archive, "Microsoft Word - paper.docx", body, doi="10.5555/ring.1")
    other = added(archive, "Microsoft Word - gel.docx", body + "Once more.", doi="10.5555/other")
    done = complete(archive, apply=True)
    assert [one["id"] for one in done["proposals"] if one["field"] == "title"] == [key]
    assert resource(archive, key)["title"] == RING_TITLE
    assert [other in line for line in done["problems"]] == [True]
    hits = archive.get("/v1/search", params={"q": f'"{RING_TITLE}"'}).json()["hits"]
    assert key in {hit["resource"]["id"] for hit in hits}


def test_what_contradicts_is_said_and_dates_of_print_and_online_do_not(archive: Client, services: Services) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1", volume="11", pages="45–67", date="2022-06-01")
    said = fields(complete(archive, key))
    assert said["volume"] == ("contradicts", "Crossref")
    assert "pages" not in said and "date" not in said
    services.works["10.5555/old"] = crossref(
        "10.5555/old", "Visits of the old clinic in Gulu", issued={"date-parts": [[1999]]}
    )
    old = added(archive, "Visits of the old clinic in Gulu", doi="10.5555/old", date="2015-01-02")
    assert fields(complete(archive, old))["date"] == ("contradicts", "Crossref")


def test_each_service_is_asked_for_what_it_knows(archive: Client, services: Services) -> None:
    data = added(archive, "Visits to three clinics in one table", doi="10.5555/data")
    words = added(archive, "How words of one archive are weighed together", doi="10.48550/arXiv.2101.00001")
    done = complete(archive, apply=True)
    assert {one["service"] for one in done["proposals"]} == {"DataCite", "arXiv"}
    assert resource(archive, data)["authors"][0]["orcid"] == "0000-0001-5109-3700"
    assert resource(archive, data)["publication"]["publisher"] == "Example Repository"
    assert resource(archive, words)["publication"]["retracted"] == "yes"
    assert resource(archive, words)["date"] == "2021-01-05"
    assert not [path for path in services.asked if path.startswith("/pubmed")]
    many = [path for path in services.asked if path.startswith("/crossref")]
    assert len(many) == 1 and "mailto=mail%40archive.example.org" in many[0]  # two identifiers, one request


def test_pubmed_says_what_was_retracted_and_brings_the_doi(archive: Client) -> None:
    xml = (
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12345</PMID><Article><ArticleTitle>The gel study of "
        b"Nairobi and its women</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    [job] = archive.added([("gel.xml", xml)], uri="file:///gel.xml")
    key = str(job["resource_id"])
    complete(archive, apply=True)
    now = resource(archive, key)
    assert now["identifiers"]["doi"] == "10.5555/gel"
    assert now["publication"]["retracted"] == "https://pubmed.ncbi.nlm.nih.gov/999/"
    assert (now["publication"]["volume"], now["publication"]["container"]) == ("7", "Journal of Gels")
    assert now["summary"] == "The gel was used by sixty women."


def test_nobody_is_asked_about_what_is_restricted(archive: Client, services: Services) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1")
    assert archive("PATCH", f"/v1/resources/{key}", json={"groups": ["board"]}).status_code == 200
    done = complete(archive, apply=True)
    assert (done["kept_back"], done["total"], services.asked) == (1, 0, [])
    assert complete(archive, key, restricted=True)["proposals"] and len(services.asked) == 1


def test_the_register_is_completed_where_it_says_nothing(archive: Client, services: Services) -> None:
    answer = archive("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)})
    assert answer.status_code == 200, answer.text
    done = complete(archive, apply=True)
    said = {(one["id"], one["field"]) for one in done["proposals"]}
    assert said == {
        ("ann", "aliases"), ("ann", "role"), ("ann", "organization"), ("ior", "acronym"), ("ior", "country"),
        ("ior", "city"), ("ior", "aliases"),
    }  # fmt: skip
    assert done["kept_back"] == 1 and any("Society of Gels" in line for line in done["problems"])
    person = archive.get("/v1/people/ann").json()
    assert (person["role"], person["organizations"][0]["id"]) == ("Statistician", "ior")
    assert archive.get("/v1/organizations/ior").json()["city"] == "Kisumu"

    assert (
        archive("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)}).status_code == 200
    )  # imported again
    assert archive.get("/v1/people/ann").json()["role"] == "Statistician"
    [decision] = [one for one in decisions(archive) if one["by"] == "ORCID"]
    assert decision["value"]["role"] == "Statistician" and "kept" not in decision["value"]
    assert archive("POST", f"/v1/curation/decisions/{decision['id']}/undo").status_code == 200
    assert archive.get("/v1/people/ann").json()["role"] is None
    assert {one["id"] for one in complete(archive)["proposals"]} == set()  # what was taken back is not asked again


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ((500, {}, b""), "answers 500"),
        ((429, {"Retry-After": "90000"}, b""), "answers 429"),
        ((200, JSON, b"{"), "no JSON that can be read"),
        ((200, JSON, b"[1]"), "another JSON"),
        ((200, {"Content-Type": "text/html"}, b"<html>please sign in</html>"), "not what is looked for"),
        ((200, {**JSON, "Content-Length": "99999999"}, b"{}"), "more than 20 MB"),
        ((403, {}, b""), "not given to everybody"),
    ],
)
def test_what_a_service_cannot_answer_is_one_line_and_nothing_is_lost(
    archive: Client, services: Services, answer: Any, line: str
) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1")
    words = added(archive, "How words of one archive are weighed together", doi="10.48550/arXiv.2101.00001")
    services.instead["crossref"] = answer
    done = complete(archive, apply=True)
    [problem] = [one for one in done["problems"] if one.startswith("Crossref")]
    assert line in problem and "2 not asked for" in problem and "\n" not in problem
    others = {one["id"] for one in done["proposals"]}  # they are asked all the same, but where they are one host
    assert others == ({words} if answer[0] != 429 else set())
    del services.instead["crossref"]
    if answer[0] in (200, 403):  # one that is down is left alone for a while
        assert key in {one["id"] for one in complete(archive, apply=True)["proposals"]}


@pytest.mark.parametrize("data", [b"", b"<feed", b"<html/>", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"])
def test_xml_that_is_none_is_a_line_too(archive: Client, services: Services, data: bytes) -> None:
    added(archive, "How words of one archive are weighed together", doi="10.48550/arXiv.2101.00001")
    services.instead["arxiv"] = (200, ATOM, data)
    done = complete(archive, services=["arxiv"])
    assert done["proposals"] == [] and len(done["problems"]) == (not data.startswith(b"<feed xmlns"))


def test_answers_of_strange_shapes_are_lived_with(archive: Client, services: Services) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1", date="2021")
    strange = {**RING, "author": "Ann", "issued": {"date-parts": [[None]]}, "license": 3, "updated-by": {}, "ISSN": {}}
    services.works["10.5555/ring.1"] = strange
    assert fields(complete(archive, key))["volume"] == ("missing", "Crossref")
    services.instead["crossref"] = (200, JSON, json.dumps({"message": {"items": [None, 3, {"DOI": []}]}}).encode())
    other = added(archive, "The gel and the film: what men say in Lagos", doi="10.5555/other")
    assert complete(archive, other)["problems"] == []


def test_nothing_is_asked_unless_a_setting_says_whom(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        added(client, RING_TITLE, doi="10.5555/ring.1")
        assert "complete_from" in str(complete(client, status=422))


def test_what_nobody_knows_is_said(archive: Client) -> None:
    assert "no resource, person or organization" in str(complete(archive, "nothing", status=404))
    assert "is no service" in str(complete(archive, services=["scopus"], status=422))


def test_a_retracted_work_is_said_to_be_so(archive: Client) -> None:
    key = added(archive, RING_TITLE, doi="10.5555/ring.1")
    complete(archive, apply=True)
    [hit] = archive.get("/v1/search", params={"q": "monthly ring"}).json()["hits"]
    assert hit["resource"]["publication"]["retracted"] == "10.5555/retraction.9"
    assert key == hit["resource"]["id"]
