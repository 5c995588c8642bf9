"""What the landscape says is what stands behind it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.catalogue.test_catalogue import put
from tests.conftest import until_finished
from tests.web.conftest import Browser, browser_of


def counts(body: Any) -> Iterator[tuple[int, str]]:
    """Every number of the answer with the address of what it counts."""
    if isinstance(body, dict):
        if body.keys() == {"n", "href"}:
            yield body["n"], body["href"]
        for one in body.values():
            yield from counts(one)
    elif isinstance(body, list):
        for one in body:
            yield from counts(one)


def listed(sample: Browser, href: str) -> int:
    """How many entries a list has, over all its pages."""
    total, page = 0, href
    seen = set()
    while page and page not in seen:
        seen.add(page)
        elements = sample.elements(page)
        text = sample.page(page)
        total += len(re.findall(r'<article class="hit|<ul class="products">|<li>\s*<p><a href="/projects/', text))
        total -= text.count('<ul class="products">')
        page = next((one["href"] for one in elements.all("a") if one.get("rel") == "next"), "")
    return total


def test_every_number_is_as_many_as_its_link_lists(sample: Browser) -> None:
    body = sample("/v1/landscape").json()
    found = {href: n for n, href in counts(body)}
    assert len(found) > 30
    for topic in body["topics"]:
        detail = sample(f"/v1/landscape/topics/{topic['id']}?limit=200").json()
        assert detail["total"] == len(detail["found"]) == topic["works"]["n"]
        found.update((href, n) for n, href in counts(detail))
    for href, n in found.items():
        assert listed(sample, href) == n, href


def test_each_work_is_in_one_topic_and_copies_count_once(sample: Browser) -> None:
    body = sample("/v1/landscape").json()
    works = [
        one["id"]
        for topic in body["topics"]
        for one in sample(f"/v1/landscape/topics/{topic['id']}?limit=200").json()["found"]
    ]
    assert len(works) == len(set(works)) == body["works"] - body["untold"]
    for topic in body["topics"]:
        assert sum(one["n"] for one in topic["periods"]) + topic["undated"]["n"] == topic["works"]["n"]


def test_needs_are_listed_as_questions_with_the_nearest_offers(sample: Browser) -> None:
    gaps = sample("/v1/gaps").json()
    unmet = [one["need"] for one in gaps["unmet"] if one["kind"] == "need"]
    body = sample("/v1/landscape").json()
    assert body["needs"]["n"] == len(unmet) and [one["need"] for one in body["unmet"]] == unmet[: len(body["unmet"])]
    assert "is a question to somebody who knows the field" in sample.page("/landscape")


def test_the_page_has_a_row_for_each_topic_and_links_that_are_there(sample: Browser) -> None:
    body = sample("/v1/landscape").json()
    hrefs = {one["href"] for one in sample.elements("/landscape").all("a")}
    assert {topic["href"] for topic in body["topics"]} <= hrefs
    assert {stage["projects"]["href"] for stage in body["stages"]} <= hrefs


def test_csv_has_every_number_and_nothing_that_a_spreadsheet_computes(sample: Browser) -> None:
    answer = sample("/landscape.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="landscape.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    written = {(one["href"], one["value"]) for one in rows}
    for n, href in counts(sample("/v1/landscape").json()):
        assert (href, str(n)) in written, href
    assert not any(value.startswith(("=", "+", "@")) for one in rows for value in one.values())


def test_the_picture_stands_alone(sample: Browser) -> None:
    root = ElementTree.fromstring(sample("/landscape.svg").text)
    texts = {one.text for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {str(one["first"]) for one in sample("/v1/landscape").json()["periods"]} <= texts
    assert "href" not in sample("/landscape.svg").text


def test_a_topic_that_is_no_more_is_told_with_the_nearest(sample: Browser) -> None:
    first = sample("/v1/landscape").json()["topics"][0]["id"]
    answer = sample(f"/v1/landscape/topics/{first}x")
    assert answer.status_code == 404 and first in answer.json()["detail"]
    assert sample(f"/landscape/topics/{first}x").status_code == 404


def test_the_address_of_a_topic_is_that_of_any_of_its_works(sample: Browser) -> None:
    topics = sample("/v1/landscape").json()["topics"]
    for topic in topics[:3]:
        works = [one["id"] for one in sample(f"/v1/landscape/topics/{topic['id']}?limit=200").json()["found"]]
        assert topic["id"] in works
        for work in works[:3]:
            assert sample(f"/v1/landscape/topics/{work}").json()["id"] == topic["id"]
            assert f'<h1 dir="auto">{html.escape(topic["name"])}</h1>' in sample(f"/landscape/topics/{work}").text


def test_who_is_hidden_is_in_no_page_of_the_landscape(site: Browser) -> None:
    topics = [one["href"] for one in site("/v1/landscape").json()["topics"]]
    others = ("/landscape/projects", "/landscape/untold")
    for path in ("/landscape", "/landscape.csv", "/landscape.svg", "/v1/landscape", *others, *topics):
        text = site(path).text
        assert "Varga" not in text, path
        assert path.startswith("/v1/") or "<script>alert" not in text or path.endswith(".csv"), path


def test_an_empty_archive_has_an_empty_landscape(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", encoder="hashing", public_url="http://here")
    with Service(settings, work=False) as service:
        browser = browser_of(settings, service)
        assert browser("/v1/landscape").json()["topics"] == []
        for path in ("/landscape", "/landscape/projects", "/landscape/untold", "/landscape.csv", "/landscape.svg"):
            assert browser(path).status_code == 200, path


def test_works_in_no_topic_are_listed_behind_their_number(tmp_path: Path) -> None:
    """A page without any text is kept, and told apart."""
    settings = Settings(home=tmp_path / "home", encoder="hashing")
    with Service(settings) as service:
        browser = replace(browser_of(settings, service), base="http://localhost")
        put(service.catalogue, "blank")
        batch = browser(
            "/v1/resources", "POST", files={"file": ("told.md", b"# Marsh\n\nA marsh rises with the tide.")}
        )
        assert batch.status_code == 202, batch.text
        until_finished(lambda: browser("/v1/jobs").json()["jobs"])
        assert browser("/v1/landscape").json()["untold"] == 1
        assert browser.elements("/landscape").all("a", href="/landscape/untold")
        assert listed(browser, "/landscape/untold") == 1
