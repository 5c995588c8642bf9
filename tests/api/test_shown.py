"""What search shows of a resource: prose, with the sentence that answers, and who is asked for by name above it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Client

PAPER = """---
title: Removal of implants in Kisumu
author: Amara Okonjo
---
# Abstract

Most rods came out within ten minutes. Women with scars waited longer than others. Nurses asked for a second day.

# Training

The nurses trained for two days. A lidocaine injection numbs the arm. They practised on models of gelatine and foam.

# References

1. Duarte M, Kline H. Models for minor surgery: gelatine and foam. Skills and Simulation 2022;14:90-101.

2. Halvorsen B, Tumwine R. Counting what goes in: zygomatic indicators. Health Practice 2020;9(2):33-40.
"""
OTHER = "# Minor surgery in clinics\n\nMinor surgery needs a clean room, and a nurse who has seen it done before.\n"
REGISTER = """
people:
  - {id: amara, name: Amara Okonjo, role: physician, organizations: [arden], aliases: ["A. C. Okonjo"]}
  - {id: secret, name: Wilma Quillfeather, hidden: true}
organizations:
  - {id: arden, name: Arden Institute for Prevention Research, type: institute,
     city: Cape Town, country: South Africa}
projects:
  - {id: cuff, name: Cuff training, goal: Teach nurses with a cuff, organizations: [arden]}
resources:
  - {file: paper.md, authors: [amara]}
"""


@pytest.fixture(scope="module")
def archive(client: Client) -> Client:
    client("PUT", "/v1/register", files={"file": ("register.yaml", REGISTER.encode())})
    client.added([("paper.md", PAPER.encode()), ("other.md", OTHER.encode())])
    return client


def found(archive: Client, q: str, **params: Any) -> Any:
    return archive.get("/v1/search", params={"q": q, **params}).json()


@pytest.mark.parametrize("query", ["zygomatic", '"zygomatic indicators"', "Halvorsen zygomatic"])
def test_a_list_of_references_finds_and_is_not_shown(archive: Client, query: str) -> None:
    [hit, *_] = [one for one in found(archive, query, mode="keyword")["hits"] if "implants" in one["resource"]["title"]]
    assert hit["words_in"] == "references" and hit["only_words"]
    assert hit["passages"] and all("Halvorsen" not in one["text"] for one in hit["passages"])


def test_what_stands_in_prose_is_before_what_stands_in_a_list(archive: Client) -> None:
    hits = found(archive, "surgery", mode="keyword")["hits"]
    assert [one["resource"]["title"] for one in hits] == ["Minor surgery in clinics", "Removal of implants in Kisumu"]
    assert [one["words_in"] for one in hits] == [None, "references"]


def test_the_sentence_that_answers_is_marked(archive: Client) -> None:
    [hit, *_] = found(archive, "lidocaine injection arm")["hits"]
    passage = hit["passages"][0]
    start, end = passage["answer"]
    assert passage["text"][start:end] == "A lidocaine injection numbs the arm."


def test_an_abstract_is_the_summary_where_the_file_has_none(archive: Client) -> None:
    [hit, *_] = found(archive, "lidocaine injection")["hits"]
    assert hit["resource"]["summary"].startswith("Most rods came out within ten minutes.")


def test_who_is_asked_for_by_name_stands_above_the_resources(archive: Client) -> None:
    for query in ("Amara Okonjo", "okonjo", "a. c. okonjo", "okonyo", "implants by Amara Okonjo"):
        [card] = found(archive, query)["named"]
        assert (card["kind"], card["id"], card["note"], card["works"]) == ("person", "amara", "physician", 1)
        assert [one["id"] for one in card["organizations"]] == ["arden"] and card["href"] == "/people/amara"
    [card] = found(archive, "arden institute")["named"]
    assert (card["kind"], card["place"], card["href"]) == (
        "organization",
        "Cape Town, South Africa",
        "/organizations/arden",
    )
    [card] = found(archive, "the cuff training of nurses")["named"]
    assert (card["kind"], card["id"], card["works"]) == ("project", "cuff", 0)


@pytest.mark.parametrize("query", ["surgery", "prevention", "training", "Wilma Quillfeather", "quillfeather", ""])
def test_words_and_hidden_people_bring_no_card(archive: Client, query: str) -> None:
    assert found(archive, query)["named"] == []


def test_cards_stand_on_the_first_page_only(archive: Client) -> None:
    assert found(archive, "okonjo", offset=1)["named"] == []
