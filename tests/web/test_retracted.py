"""A work that was taken back is said to be so wherever it is shown or cited, and its licence is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.conftest import until_finished
from tests.web.conftest import Browser, browser_of

TEXT = "---\ntitle: Rings of Kisumu\nauthor: Ann Bo\ndate: 2024-01-02\ndoi: 10.5555/ring\n---\nThe ring was worn.\n"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    settings = Settings(home=tmp_path_factory.mktemp("retracted") / "home", encoder="hashing")
    with Service(settings) as service:
        yield replace(browser_of(settings, service), base="http://localhost")


def test_a_retracted_work_is_said_to_be_so(home: Browser) -> None:
    files, data = [("file", ("ring.md", TEXT.encode()))], {"uri": ["file:///archive/ring.md"]}
    assert home("/v1/resources", "POST", files=files, data=data).status_code == 202
    [job] = until_finished(lambda: home("/v1/jobs", params={"limit": 100}).json()["jobs"])
    key = job["resource_id"]
    assert "Retracted" not in home.page("/?q=rings") and "Retracted" not in home.page(f"/resources/{key}")
    said = {"retracted": "10.5555/notice", "licence": "https://creativecommons.org/licenses/by/4.0/", "volume": "12"}
    for field, value in said.items():
        body = {"action": "correct", "resource": key, "field": field, "value": value}
        assert home("/v1/curation", "POST", json=body).status_code == 200
    page = home.page(f"/resources/{key}")
    assert "Retracted" in home.page("/?q=rings") and "taken back by those who published it" in page
    assert 'href="https://doi.org/10.5555/notice"' in page and "CC BY 4.0" in page
    assert home.elements(f"/resources/{key}").wrong == []
    assert "Retracted (10.5555/notice)" in home(f"/resources/{key}.bib").text
    [item] = json.loads(home(f"/resources/{key}.json").text)
    assert (item["note"], item["volume"]) == ("Retracted (10.5555/notice)", "12")


def test_what_cannot_be_is_refused(home: Browser) -> None:
    files, data = [("file", ("ring.md", TEXT.encode()))], {"uri": ["file:///archive/ring.md"]}
    home("/v1/resources", "POST", files=files, data=data)
    [job] = until_finished(lambda: home("/v1/jobs", params={"limit": 100}).json()["jobs"])
    for field, value in (("doi", "ring"), ("type", "novel"), ("colour", "red")):
        body = {"action": "correct", "resource": job["resource_id"], "field": field, "value": value}
        assert home("/v1/curation", "POST", json=body).status_code == 422
