"""What the archive's own words do for a person: corrections, acronyms, and suggestions while typing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Client, running

RING = (
    b"# Dapivirine rings in Kisumu\n\n"
    b"Adolescent girls and young women (AGYW) kept the dapivirine ring for ninety days.\n"
)
FILM = b"# Dapivirine films in Durban\n\nThe dapivirine film dissolved within ten minutes, as those who wore it said.\n"
YOUTH = b"# A clinic for the young\n\nAGYW came to the clinic after school, and the nurse saw them at once.\n"
REGISTER = """
people:
  - {id: amara, name: Amara Okonjo}
  - {id: elin, name: Elin Hjortsberg, aliases: [Elina Berg]}
  - {id: gone, name: Amadou Quone, hidden: true}
organizations:
  - {id: sante, name: Réseau Santé Plurielle, acronym: RSP}
projects:
  - {id: zama, name: Zama on your phone}
""".encode()


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("words") / "home") as client:
        client("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER)})
        client.added([("ring.md", RING), ("film.md", FILM), ("youth.md", YOUTH)])
        yield client


def search(client: Client, q: str, **params: Any) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/v1/search", params={"q": q, **params}).json()
    return body


def suggested(client: Client, q: str, **params: Any) -> list[tuple[str, str]]:
    body = client.get("/v1/suggest", params={"q": q, **params}).json()
    assert body["query"] == q
    return [(one["kind"], one["text"]) for one in body["suggestions"]]


def titles(body: dict[str, Any]) -> list[str]:
    return [hit["resource"]["title"] for hit in body["hits"]]


def test_a_typing_error_is_corrected_and_the_answer_says_so(words: Client) -> None:
    body = search(words, "dapivrine", mode="keyword")
    assert (body["query"], body["did_you_mean"], body["corrected"]) == ("dapivrine", "dapivirine", True)
    assert len(body["hits"]) == 2
    assert body["hits"][0]["passages"][0]["highlights"]


def test_as_typed_searches_what_was_typed_and_still_says_what_was_meant(words: Client) -> None:
    body = search(words, "dapivrine", mode="keyword", as_typed=True)
    assert (body["did_you_mean"], body["corrected"], body["hits"]) == ("dapivirine", False, [])


@pytest.mark.parametrize("query", ["dapivirine", '"dapivrine"', "ring -dapivrine", "", "DAPIVRINE", "jabs"])
def test_without_a_typing_error_nothing_is_corrected(words: Client, query: str) -> None:
    body = search(words, query)
    assert (body["did_you_mean"], body["corrected"]) == (None, False)


def test_an_acronym_finds_what_it_stands_for_and_marks_that_too(words: Client) -> None:
    by_short = search(words, "AGYW", mode="keyword")
    assert {"A clinic for the young", "Dapivirine rings in Kisumu"} == set(titles(by_short))
    marked = [
        passage["text"][start:end]
        for hit in by_short["hits"]
        for passage in hit["passages"]
        for start, end in passage["highlights"]
    ]
    assert {"AGYW", "girls"} <= set(marked)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dapi", ("term", "dapivirine")),
        ("films in", ("title", "Dapivirine films in Durban")),
        ("durb", ("title", "Dapivirine films in Durban")),
        ("okon", ("person", "Amara Okonjo")),
        ("okonjo am", ("person", "Amara Okonjo")),
        ("elina", ("person", "Elin Hjortsberg")),
        ("reseau sante", ("organization", "Réseau Santé Plurielle")),
        ("SANTÉ", ("organization", "Réseau Santé Plurielle")),
        ("rsp", ("organization", "Réseau Santé Plurielle")),
        ("pho", ("project", "Zama on your phone")),
    ],
)
def test_what_is_typed_is_continued_from_any_word(words: Client, typed: str, found: tuple[str, str]) -> None:
    assert found in suggested(words, typed)


def test_titles_and_names_come_with_their_ids(words: Client) -> None:
    found = words.get("/v1/suggest", params={"q": "okon"}).json()["suggestions"]
    assert [one["id"] for one in found if one["kind"] == "person"] == ["amara"]
    [film] = [
        one for one in words.get("/v1/suggest", params={"q": "durb"}).json()["suggestions"] if one["kind"] == "title"
    ]
    assert words.get(f"/v1/resources/{film['id']}").json()["title"] == film["text"]


@pytest.mark.parametrize("typed", ["", "d", " ", "é", '"', "zzzz", "x" * 5000, "a\x00"])
def test_nothing_is_suggested_where_there_is_nothing_to_continue(words: Client, typed: str) -> None:
    assert suggested(words, typed) == []


def test_a_limit_holds_and_a_wrong_one_is_refused(words: Client) -> None:
    assert len(suggested(words, "da", limit=1)) == 1
    assert words.get("/v1/suggest", params={"q": "da", "limit": 0}).status_code == 422


def test_hidden_people_are_not_suggested(words: Client) -> None:
    assert ("person", "Amara Okonjo") in suggested(words, "ama")
    assert all("Quone" not in text for typed in ("ama", "quo", "amadou") for _, text in suggested(words, typed))


def test_a_deleted_resource_is_gone_from_suggestions_corrections_and_acronyms(words: Client) -> None:
    text = b"# Zirconium lozenges\n\nThe fizzing zirconium lozenge. The quick fizz index (QFI) was high.\n"
    jobs = words.added([("one.md", text), ("two.md", text + b"Again.\n")])
    assert ("term", "zirconium") in suggested(words, "zirc")
    assert search(words, "zircomium")["did_you_mean"] == "zirconium"
    for job in jobs:
        words("DELETE", f"/v1/resources/{job['resource_id']}")
    assert suggested(words, "zirc") == suggested(words, "quick f") == []
    assert search(words, "zircomium")["did_you_mean"] is None
