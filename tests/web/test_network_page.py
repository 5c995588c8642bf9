"""What people may rely on when they look at the network, at ties and at whom to meet."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.web.conftest import Browser


def test_everybody_who_is_shown_is_in_the_network_and_nobody_else(site: Browser) -> None:
    rows = {one["id"] for one in site.elements("/network").all("tr") if "id" in one}
    drawn = {one["id"] for one in site("/network.json").json()["nodes"] if one["kind"] == "person"}
    assert rows == {f"person-{one}" for one in drawn} == {"person-amara", "person-mallory"}


def test_who_is_hidden_is_in_no_page_of_the_network(site: Browser) -> None:
    gel = site.ids["gel.md"]
    paths = (
        "/network", "/network.json", "/people/amara", "/people/amara/meet", "/projects/anelia", "/projects/anelia/meet",
        f"/resources/{gel}", f"/resources/{gel}/meet", "/opensearch.json?q=bela",
    )  # fmt: skip
    for path in paths:
        assert "Varga" not in site(path).text, path
    assert site("/network?person=bela").status_code == 404
    assert "Varga" not in site("/network?person=bela").text.replace("Bela Varga”", "")


def test_the_network_is_taken_to_other_programs_whole(sample: Browser) -> None:
    data = sample("/network.json").json()
    people = {one["id"] for one in data["nodes"] if one["kind"] == "person"}
    ties = sum(kind > 0 for kind in data["edges"][2::4])
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        answer = sample(f"/network.{form}")
        assert answer.headers["content-disposition"] == f'attachment; filename="network.{form}"'
        graph = read(io.BytesIO(answer.content))
        assert {*graph.nodes} == people and graph.number_of_edges() == ties, form
        some = graph.nodes[min(people)]
        assert some["label"] and "x" in some and "group" in some
    assert len(ElementTree.fromstring(sample("/network.svg").content).findall(".//{*}circle")) >= len(people)


def test_a_group_has_one_letter_and_colour_on_every_page(sample: Browser) -> None:
    """On the network's page, and those of its people, projects and topics."""
    legend = dict(re.findall(r'data-sign="(\w+)" data-colour="(\d)"', sample("/network").text))
    of = {one["id"]: one["group"] for one in sample("/network.json").json()["nodes"] if one["group"]}
    assert len(legend) > 3 and {*of.values()} == {*legend}
    shown: dict[str, list[str]] = {}
    topic = sample("/v1/landscape").json()["topics"][0]["href"]
    for path in (*(f"/people/{one}" for one in sorted(of)[:4]), "/projects/anelia-phase-2", topic):
        signs = re.findall(r'class="sign g(\d)"[^>]*>(\w+)<', sample(path).text)
        assert all(legend[sign] == colour for colour, sign in signs), path
        shown[path] = [sign for _, sign in signs]
    assert all(shown[f"/people/{one}"] == [of[one]] for one in sorted(of)[:4])
    assert shown["/projects/anelia-phase-2"] and shown[topic]
    led_to = {one["id"] for one in sample.elements("/network").all("li") if "id" in one}
    assert {f"group-{sign}" for sign in legend} <= led_to


def test_who_is_hidden_is_in_no_file_of_the_network(site: Browser) -> None:
    for form in ("graphml", "gexf", "svg"):
        assert "Varga" not in site(f"/network.{form}").text and "Okonjo" in site(f"/network.{form}").text


def test_the_table_has_pages_and_finds_by_a_part_of_the_name(sample: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchsvc.web.network.views.PEOPLE_LISTED", 7)
    monkeypatch.setattr("searchsvc.web.network.pages.PEOPLE_LISTED", 7)
    seen: list[str] = []
    path: str | None = "/network"
    while path:
        page = sample.elements(path)
        rows = [one["id"] for one in page.all("tr") if "id" in one]
        assert 0 < len(rows) <= 7
        seen += rows
        path = next((one["href"] for one in page.all("a") if one.get("rel") == "next"), None)
    people = [one["id"] for one in sample("/network.json").json()["nodes"] if one["kind"] == "person"]
    assert sorted(seen) == sorted(f"person-{one}" for one in people)
    assert [one["id"] for one in sample.elements("/network?find=caldEIRA").all("tr") if "id" in one] == [
        "person-ines-caldeira"
    ]


def test_one_person_is_found_by_name(site: Browser) -> None:
    text = site.page("/network?person=Amara+Okonjo")
    assert "Around Amara Okonjo" in text and 'id="person-mallory"' not in text


def test_each_facet_of_related_resources_has_an_address(site: Browser) -> None:
    ring = site.ids["ring.md"]
    for facet in ("background", "method", "result"):
        page = site.elements(f"/resources/{ring}?q=ring&facet={facet}")
        current = [
            one["href"]
            for one in page.all("a")
            if one.get("aria-current") == "true" and one["href"].endswith("#related")
        ]
        assert current == [f"/resources/{ring}?q=ring&facet={facet}#related"]
    assert "facet: " in site.page(f"/resources/{ring}?facet=colour", 422)


def test_other_names_of_a_person_lead_to_whom_to_meet(site: Browser) -> None:
    answer = site("/people/amara-old/meet?lang=fr")
    assert (answer.status_code, answer.headers["location"]) == (302, "/people/amara/meet?lang=fr")
    assert "Personnes à rencontrer" in site.page("/people/amara/meet?lang=fr")


def test_browsers_get_suggestions(site: Browser) -> None:
    answer = site("/opensearch.json?q=amara")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    assert json.loads(answer.text) == ["amara", ["Amara Okonjo"]]
    urls = ElementTree.fromstring(site("/opensearch.xml").content).findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert "http://here/opensearch.json?q={searchTerms}" in [one.attrib["template"] for one in urls]
