"""Other programs take the archive: by OAI-PMH, by the map of the site, and by what pages say of themselves."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
import uvicorn
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import IdDoesNotExist, NoRecordsMatch

from searchsvc.model import Kind, Resource
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.harvest import pages
from searchsvc.web.harvest.map import MOST, index, robots, urls
from searchsvc.web.resources.citations import Cited
from searchsvc.web.resources.signposts import signposts
from tests.conftest import until_finished
from tests.web.conftest import Browser, browser_of, filled

SCHEMAS = Path(__file__).with_name("schemas")
OAI = "{http://www.openarchives.org/OAI/2.0/}"
BASE = "https://archive.example.org"
CURED = """---
title: "Rings & <gels>"
author: Amara Okonjo
date: 2021-03-04
doi: 10.5555/RING(1)
---
# Results

Women kept the ring for ninety days.
"""
FILES = {"ring.md": CURED, **{f"cap-{n}.md": f"# Cap {n}\n\nA cap called {n} was worn at night." for n in range(6)}}


class Archive(Browser):
    """Open to everybody, with a key that may do everything."""

    service: Service

    def oai(self, verb: str, method: str = "GET", **given: str) -> Any:
        """The answer, which is as the protocol has it."""
        asked = {"verb": verb, **{name.rstrip("_"): value for name, value in given.items()}}
        answer = self("/oai", method, **{"params" if method == "GET" else "data": asked})
        return read(answer)

    def codes(self, query: str) -> list[str]:
        return [one.get("code") for one in read(self(f"/oai?{query}")).iter(f"{OAI}error")]

    def write(self, method: str, path: str, **more: Any) -> Any:
        owner = {"Authorization": f"Bearer {self.app.state.running.owner_key}"}
        answer = self(path, method, headers=owner, **more)
        assert answer.status_code < 300, answer.text
        return answer

    def add(self, name: str, text: str, **data: Any) -> str:
        files = [("file", (name, text.encode()))]
        place = {"uri": f"file:///archive/{name}", **data}
        batch = self.write("POST", "/v1/resources", files=files, data=place).json()["batch"]
        jobs = until_finished(lambda: self.write("GET", "/v1/jobs", params={"batch": batch}).json()["jobs"])
        return str(jobs[0]["resource_id"])


def read(answer: Any) -> Any:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "oai-pmh.xsd"))
    tree = etree.fromstring(answer.content)
    schema.assertValid(tree)
    return tree


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One for all: who changes something brings it along."""
    moments = iter(f"2026-11-{day:02}T{hour:02}:00:00.000+00:00" for day in range(1, 29) for hour in range(24))
    settings = Settings(
        home=tmp_path_factory.mktemp("harvest") / "home", encoder="hashing", site_name="Arch & Ive",
        public_url=BASE, api_key="k" * 40,
        open_scopes=("search", "people"), contact_email="library@example.org",
    )  # fmt: skip
    lock = threading.Lock()

    def clock() -> str:
        with lock:
            return next(moments)

    with pytest.MonkeyPatch.context() as patch, Service(settings, clock=clock) as service:
        patch.setattr(pages, "PART", 3)
        browser = Archive(browser_of(settings, service).app, base=BASE)
        browser.service = service
        browser.ids = filled(browser, {name: text.encode() for name, text in FILES.items()}, b"people: []")
        yield browser


def identifiers(tree: Any, *, deleted: bool = False) -> list[str]:
    status = "deleted" if deleted else None
    return [one.findtext(f"{OAI}identifier") for one in tree.iter(f"{OAI}header") if one.get("status") == status]


def all_parts(archive: Archive, verb: str = "ListIdentifiers", **given: str) -> list[Any]:
    parts = [archive.oai(verb, **given)]
    while token := parts[-1].findtext(f".//{OAI}resumptionToken"):
        parts.append(archive.oai(verb, resumptionToken=token))
    return parts


def listed(archive: Archive, *, deleted: bool = False, **given: str) -> list[str]:
    parts = all_parts(archive, metadataPrefix="oai_dc", **given)
    return [one for part in parts for one in identifiers(part, deleted=deleted)]


def there(archive: Archive) -> set[str]:
    return {oai_id(one) for one in archive.service.archive.current().resources}


def oai_id(resource_id: str) -> str:
    return f"oai:archive.example.org:{resource_id}"


# -- OAI-PMH ----------------------------------------------------------------------------------------------------------


def test_a_repository_says_who_it_is(archive: Archive) -> None:
    told = archive.oai("Identify")[2]
    named = {one.tag.removeprefix(OAI): one.text for one in told}
    assert (named["repositoryName"], named["baseURL"]) == ("Arch & Ive", f"{BASE}/oai")
    assert (named["adminEmail"], named["deletedRecord"]) == ("library@example.org", "persistent")
    stamps = [one.text for one in archive.oai("ListRecords", metadataPrefix="oai_dc").iter(f"{OAI}datestamp")]
    assert named["earliestDatestamp"] == min(stamps)
    assert archive.oai("Identify", "POST").findtext(f".//{OAI}baseURL") == f"{BASE}/oai"
    assert [one.text for one in archive.oai("ListSets").iter(f"{OAI}setSpec")][:2] == ["paper", "presentation"]


def test_a_record_has_what_is_known_and_the_address_that_people_use(archive: Archive) -> None:
    ring = archive.ids["ring.md"]
    tree = archive.oai("GetRecord", identifier=oai_id(ring), metadataPrefix="oai_dc")
    found: dict[str, list[str]] = {}
    for one in tree.iterfind(".//{http://purl.org/dc/elements/1.1/}*"):
        found.setdefault(etree.QName(one).localname, []).append(one.text)
    assert found["title"] == ["Rings & <gels>"] and found["creator"] == ["Okonjo, Amara"]
    assert found["identifier"] == [f"{BASE}/resources/{ring}", "https://doi.org/10.5555/RING(1)"]
    assert found["date"] == ["2021-03-04"]
    assert "http://" not in re.sub(r"http://(www\.openarchives|purl|www\.w3)\.org", "", etree.tostring(tree).decode())


def test_a_list_comes_in_parts_and_each_record_once(archive: Archive) -> None:
    for verb in ("ListIdentifiers", "ListRecords"):
        parts = all_parts(archive, verb, metadataPrefix="oai_dc")
        tokens = [part.find(f".//{OAI}resumptionToken") for part in parts]
        assert [len(list(part.iter(f"{OAI}header"))) for part in parts] == [3, 3, 1]
        assert [(one.get("completeListSize"), one.get("cursor")) for one in tokens] == [
            ("7", "0"),
            ("7", "3"),
            ("7", "6"),
        ]
        assert tokens[-1].text is None
        found = [one for part in parts for one in identifiers(part)]
        assert len(found) == 7 and {*found} == there(archive)


def test_what_changes_while_a_list_is_taken_is_in_it_with_what_it_is_now(archive: Archive) -> None:
    """Nothing is kept of a list that somebody takes: a token of last year goes on where it ended."""
    first = archive.oai("ListIdentifiers", metadataPrefix="oai_dc")
    gone = archive.add("goes.md", "# Goes\n\nA thing that goes.")
    listed(archive)
    archive.write("DELETE", f"/v1/resources/{gone}")
    archive.add("new.md", "# New\n\nA new thing.")
    later = []
    token = first.findtext(f".//{OAI}resumptionToken")
    while token:
        part = archive.oai("ListIdentifiers", resumptionToken=token)
        later += [part]
        token = part.findtext(f".//{OAI}resumptionToken")
    assert there(archive) == {one for part in (first, *later) for one in identifiers(part)}
    assert oai_id(gone) in [one for part in later for one in identifiers(part, deleted=True)]


def test_what_is_deleted_is_told_to_whoever_had_it(archive: Archive) -> None:
    text = "# Once\n\nIt was there once."
    cap = archive.add("once.md", text)
    assert oai_id(cap) in listed(archive)
    archive.write("DELETE", f"/v1/resources/{cap}")
    assert oai_id(cap) in listed(archive, deleted=True)
    tree = archive.oai("GetRecord", identifier=oai_id(cap), metadataPrefix="oai_dc")
    assert identifiers(tree, deleted=True) == [oai_id(cap)] and tree.find(f".//{OAI}metadata") is None
    assert archive.add("once.md", text) == cap  # and it is there again
    assert oai_id(cap) not in listed(archive, deleted=True) and oai_id(cap) in listed(archive)


def test_only_what_is_new_is_taken_the_next_time(archive: Archive) -> None:
    stamps = [one.text for one in archive.oai("ListIdentifiers", metadataPrefix="oai_dc").iter(f"{OAI}datestamp")]
    assert {*listed(archive, from_=stamps[0])} == there(archive)
    latest = max(
        one.text for part in all_parts(archive, metadataPrefix="oai_dc") for one in part.iter(f"{OAI}datestamp")
    )
    new = archive.add("newer.md", "# Newer\n\nA newer thing.")
    after = listed(archive, from_=latest)
    assert oai_id(new) in after and len(after) < 3
    assert oai_id(new) not in listed(archive, until=latest)
    assert archive.codes("verb=ListRecords&metadataPrefix=oai_dc&from=2030-01-01") == ["noRecordsMatch"]
    assert archive.codes("verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01T00:00:00Z") == ["noRecordsMatch"]
    assert listed(archive, set="paper", from_="2000-01-01") + listed(archive, set="page") != []


def test_what_is_restricted_was_never_there_and_what_was_open_is_gone(archive: Archive) -> None:
    hush = archive.add("hush.md", "# Quibble\n\nQuibbles were hushed.", group="sanctum")
    assert oai_id(hush) not in listed(archive) + listed(archive, deleted=True)
    asked = f"verb=GetRecord&metadataPrefix=oai_dc&identifier={oai_id(hush)}"
    assert archive.codes(asked) == ["idDoesNotExist"]
    key = {"Authorization": f"Bearer {archive.app.state.running.owner_key}"}
    assert oai_id(hush) not in archive("/oai?verb=ListRecords&metadataPrefix=oai_dc", headers=key).text
    assert hush not in archive("/sitemap.xml", headers=key).text
    archive.write("DELETE", f"/v1/resources/{hush}")
    assert oai_id(hush) not in listed(archive) + listed(archive, deleted=True)
    cap = archive.ids["cap-2.md"]
    archive.write("PATCH", f"/v1/resources/{cap}", json={"groups": ["sanctum"]})
    assert oai_id(cap) in listed(archive, deleted=True)
    assert "Cap 2" not in archive(f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={oai_id(cap)}").text
    archive.write("PATCH", f"/v1/resources/{cap}", json={"groups": []})
    assert oai_id(cap) in listed(archive)


def test_a_person_who_is_hidden_is_taken_out_of_records_and_these_are_new(archive: Archive) -> None:
    register = "people: [{id: amara, name: Amara Okonjo, works: [ring.md]}]"
    archive.write("PUT", "/v1/register", files={"file": ("r.yaml", register.encode())})
    listed(archive)
    before = archive.oai("GetRecord", identifier=oai_id(archive.ids["ring.md"]), metadataPrefix="oai_dc")
    archive.write("POST", "/v1/people/amara/hide")
    after = archive.oai("GetRecord", identifier=oai_id(archive.ids["ring.md"]), metadataPrefix="oai_dc")
    assert b"Okonjo" in etree.tostring(before) and b"Okonjo" not in etree.tostring(after)
    assert before.findtext(f".//{OAI}datestamp") < after.findtext(f".//{OAI}datestamp")


def test_a_backup_that_takes_the_place_of_what_was_told_is_told(archive: Archive, tmp_path: Path) -> None:
    with (tmp_path / "dump").open("wb") as out:
        archive.service.catalogue.whole.dump(out)
    new = archive.add("newest.md", "# Newest\n\nThe newest thing.")
    archive.write("DELETE", f"/v1/resources/{archive.ids['cap-3.md']}")
    assert oai_id(new) in listed(archive)
    with (tmp_path / "dump").open("rb") as dumped:
        archive.service.catalogue.whole.replace(dumped)
    assert oai_id(new) in listed(archive, deleted=True)
    assert oai_id(archive.ids["cap-3.md"]) in listed(archive)


WRONG = {
    "": "badVerb", "verb=": "badVerb", "verb=identify": "badVerb", "verb=Identify&verb=Identify": "badVerb",
    "verb=Identify&from=2020-01-01": "badArgument", "verb=ListRecords": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc&set=a b": "badArgument",
    "verb=ListRecords&metadataPrefix=marc21": "cannotDisseminateFormat",
    "verb=ListIdentifiers&metadataPrefix=oai_dc&set=nothing": "noRecordsMatch",
    "verb=ListRecords&metadataPrefix=oai_dc&from=2020-13-45": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2021-01-01T00:00:00Z": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc&from=2021-01-01&until=2020-01-01": "badArgument",
    "verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc": "badArgument",
    "verb=ListRecords&resumptionToken=x": "badResumptionToken", "verb=ListSets&resumptionToken=x": "badResumptionToken",
    "verb=GetRecord&metadataPrefix=oai_dc": "badArgument", "verb=Identify&%00=%00": "badArgument",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere:1": "idDoesNotExist",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:archive.example.org:%00": "idDoesNotExist",
    "verb=ListMetadataFormats&identifier=oai:archive.example.org:none": "idDoesNotExist",
}  # fmt: skip


def test_whatever_is_wrong_has_the_code_of_the_protocol(archive: Archive) -> None:
    assert {query: archive.codes(query) for query in WRONG} == {query: [code] for query, code in WRONG.items()}
    known = oai_id(archive.ids["ring.md"])
    assert archive.codes(f"verb=GetRecord&metadataPrefix=x&identifier={known}") == ["cannotDisseminateFormat"]
    assert archive.codes(f"verb=ListMetadataFormats&identifier={known}") == []


def test_a_token_that_somebody_made_opens_nothing(archive: Archive) -> None:
    real = archive.oai("ListRecords", metadataPrefix="oai_dc").findtext(f".//{OAI}resumptionToken")
    values = json.loads(base64.urlsafe_b64decode(real + "=="))
    for name, value in (
        ("set", "x"), ("set", ["paper"]), ("since", "1"), ("after", ["2020", "x"]), ("after", None), ("given", -1),
        ("given", True), ("more", 1), ("until", "2026-11-01T00:00:00.000+00:00' OR 1"),
    ):  # fmt: skip
        made = base64.urlsafe_b64encode(json.dumps({**values, name: value}).encode()).decode().rstrip("=")
        assert archive.codes(f"verb=ListRecords&resumptionToken={made}") == ["badResumptionToken"], (name, value)


@contextmanager
def served(archive: Archive) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(archive.app, log_level="error", lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/oai"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def test_another_program_harvests_it(archive: Archive) -> None:
    gone = archive.ids["cap-5.md"]
    archive.write("DELETE", f"/v1/resources/{gone}")
    everything = {*listed(archive), *listed(archive, deleted=True)}
    with served(archive) as address:
        for method in ("GET", "POST"):
            client = Sickle(address, http_method=method)
            assert client.Identify().repositoryName == "Arch & Ive"
            assert [one.metadataPrefix for one in client.ListMetadataFormats()] == ["oai_dc"]
            records = {one.header.identifier: one for one in client.ListRecords(metadataPrefix="oai_dc")}
            assert records.keys() == everything and records[oai_id(gone)].deleted
            ring = records[oai_id(archive.ids["ring.md"])]
            assert ring.metadata["title"] == ["Rings & <gels>"]
            left = client.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True)
            assert {one.header.identifier for one in left} == there(archive)
            with pytest.raises(NoRecordsMatch):
                client.ListRecords(**{"metadataPrefix": "oai_dc", "from": "2030-01-01"})
            with pytest.raises(IdDoesNotExist):
                client.GetRecord(metadataPrefix="oai_dc", identifier="oai:archive.example.org:none")


# -- map of the site, robots ------------------------------------------------------------------------------------------


def locations(text: str) -> list[str]:
    found = [one.text or "" for one in ElementTree.fromstring(text).iter() if one.tag.endswith("}loc")]
    assert all(one.startswith(BASE) for one in found)
    return found


def test_the_map_has_every_page_of_a_resource(archive: Archive) -> None:
    found = locations(archive("/sitemap.xml").text)
    assert found[0] == f"{BASE}/"
    assert sorted(found[1:]) == sorted(f"{BASE}/resources/{one.rpartition(':')[2]}" for one in there(archive))
    assert locations(archive("/sitemap-1.xml").text) == found
    assert [archive(f"/sitemap-{n}.xml").status_code for n in ("0", "2", "-1", "x")] == [404, 404, 404, 422]


def test_a_large_map_comes_in_parts_that_robots_take() -> None:
    many = [Resource(f"r{n}", Kind.PAGE, "x", updated_at="2026-11-02") for n in range(2 * MOST + 5)]
    assert locations(index(many, BASE)) == [f"{BASE}/sitemap-{n}.xml" for n in (1, 2, 3)]
    assert len(locations(urls(many[:MOST], BASE, home=True))) == 50_000
    assert len(urls(many[:MOST], BASE, home=True)) < 50_000_000


def test_robots_see_resources_and_not_searches(archive: Archive) -> None:
    told = RobotFileParser()
    told.parse(archive("/robots.txt").text.splitlines())
    assert told.site_maps() == [f"{BASE}/sitemap.xml"]
    seen = {path: told.can_fetch("x", BASE + path) for path in ("/", "/resources/1", "/v1/search", "/search.bib")}
    assert seen == {"/": True, "/resources/1": True, "/v1/search": False, "/search.bib": False}
    assert "Disallow: /?*" in archive("/robots.txt").text  # not `/?`, which some programs read as all
    assert "Allow: /v1/resources/*/file" in archive("/robots.txt").text
    assert robots(BASE, everybody=False) == "User-agent: *\nDisallow: /\n"


def test_an_archive_that_is_closed_gives_nothing(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", encoder="hashing", public_url=BASE, api_key="k" * 40, open_scopes=("people",)
    )  # fmt: skip
    with Service(settings, work=False) as service:
        closed = Browser(browser_of(settings, service).app, base=BASE)
        assert closed("/robots.txt").text == "User-agent: *\nDisallow: /\n"
        assert [closed(path).status_code for path in ("/oai?verb=Identify", "/sitemap.xml")] == [401, 401]
        assert closed("/oai", "POST", data={"verb": "Identify"}).status_code == 401


# -- signposts --------------------------------------------------------------------------------------------------------


def links(header: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, relation in re.findall(r'<([^>]*)>; rel="([^"]+)"', header):
        found.setdefault(relation, []).append(address)
    return found


def test_a_page_shows_programs_the_way(archive: Archive) -> None:
    ring = archive.ids["ring.md"]
    page = archive(f"/resources/{ring}", headers={"Accept": "text/html"})
    found = links(page.headers["link"])
    assert found["cite-as"] == ["https://doi.org/10.5555/RING(1)"]
    assert found["type"][0] == "https://schema.org/AboutPage" and found["item"] == [f"{BASE}/v1/resources/{ring}/file"]
    for address in (*found["describedby"], *found["item"]):
        answer = archive(address.removeprefix(BASE))
        back = links(answer.headers["link"])
        assert {*back.get("describes", ()), *back.get("collection", ())} & {
            f"{BASE}/resources/{ring}",
            f"/resources/{ring}",
        }
    assert (
        archive(f"/resources/{ring}", "HEAD", headers={"Accept": "text/html"}).headers["link"] == page.headers["link"]
    )


def test_nothing_in_an_identifier_ends_a_link() -> None:
    odd = Resource("r1", Kind.PAPER, "x", identifiers={"doi": '10.1/a>; rel="x", <é\r\nX: y'})
    told = signposts(Cited(odd, f"{BASE}/resources/r1"), file=f"{BASE}/f", descriptions=[])
    assert told.isascii() and "\n" not in told and len(links(told)["cite-as"]) == 1


def test_moments_of_a_list_never_go_back(archive: Archive) -> None:
    for number in range(3):
        archive.add("again.md", f"# Again {number}\n\nIt was changed {number} times.")
        stamps = [
            one.text for part in all_parts(archive, metadataPrefix="oai_dc") for one in part.iter(f"{OAI}datestamp")
        ]
        assert all(one <= other for one, other in pairwise(stamps))
