"""What the HTTP API promises of search, on a small archive with the encoder for tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from searchsvc.cli.connection import ApiError, Connection, connect
from searchsvc.errors import NotFoundError
from searchsvc.settings import Settings
from tests.conftest import hand_in

RING = """---
title: The monthly vaginal ring in Kisumu
author: Amara Okonjo
date: 2021-03-04
---
# Results

Women kept the dapivirine ring for ninety days. The ring released the drug slowly and evenly.

# Costs

A ring costs nine dollars when half a million are made in a year.
"""
GEL = """---
title: A contraceptive gel
author: Bela Varga
date: 2023-05-01
---
# Use

Couples used the gel before sex. Some of them found the gel too wet, others asked for an applicator.
"""
BIKES = "# Bicycles of Lyon\n\nThe city repairs two thousand bicycles every winter and paints their frames green.\n"
FILM = """# Films in Durban

The film dissolved within ten minutes in all of the women. Film users said that the film left no mess and no smell.
The study of the film had thirty visits in the clinic, one in each month, and every visit took an hour of the day.
"""
FILM_TALK = (
    "# A talk on films\n\nThe film dissolved within ten minutes in all of the women, and the film left no mess.\n"
)
NUMBERED = {f"cap-{n}.md": f"# Cap {n}\n\nA cervical cap called number {n} was worn at night.\n" for n in range(7)}
RING_TITLE = "The monthly vaginal ring in Kisumu"


@dataclass(frozen=True)
class Archive:
    api: Connection
    ids: dict[str, str]  # file -> resource


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    api = connect(Settings(home=folder / "home", encoder="hashing"))
    first = {
        "ring.md": RING,
        "ring-talk.md": "# Kisumu\n\nThe monthly ring, the vaginal ring, the ring in Kisumu, monthly.\n",
    }
    second = {
        "gel.md": GEL,
        "bikes.md": BIKES,
        "film.md": FILM,
        "film-copy.md": FILM + "One more.\n",
        "film-talk.md": FILM_TALK,
    }
    jobs = [*hand_in(api, folder, first, source="one"), *hand_in(api, folder, {**second, **NUMBERED}, source="two")]
    assert {job["status"] for job in jobs} == {"indexed"}
    yield Archive(api, {job["name"]: job["resource_id"] for job in jobs})
    api.close()


def search(archive: Archive, **params: object) -> dict[str, Any]:
    body: dict[str, Any] = archive.api.get("/v1/search", params)
    return body


def titles(body: dict[str, Any]) -> list[str]:
    return [hit["resource"]["title"] for hit in body["hits"]]


def test_the_resource_about_the_words_comes_first_with_its_passage_place_and_marked_words(archive: Archive) -> None:
    first = search(archive, q="dapivirine ring release")["hits"][0]
    assert (first["resource"]["title"], first["resource"]["year"]) == (RING_TITLE, 2021)
    assert [author["name"] for author in first["resource"]["authors"]] == ["Amara Okonjo"]
    assert first["band"] in ("strong", "fair", "weak")
    passage = first["passages"][0]
    marked = {passage["text"][start:end] for start, end in passage["highlights"]}
    assert {"dapivirine", "ring", "released"} <= marked
    assert passage["locator"]["label"] == 'section "Results"'
    assert passage["href"].startswith(f"/v1/resources/{first['resource']['id']}/")


def test_offsets_of_a_passage_point_into_the_extracted_text(archive: Archive) -> None:
    detail = archive.api.get(f"/v1/resources/{archive.ids['ring.md']}", {"passages": True})
    assert len(detail["text_passages"]) == 2
    assert all(one["end"] - one["start"] == len(one["text"]) for one in detail["text_passages"])


def test_a_search_about_nothing_in_the_archive_says_so(archive: Archive) -> None:
    body = search(archive, q="zzyzx qwfpgj", mode="keyword")
    assert (body["hits"], body["total"], body["nothing_relevant"]) == ([], 0, True)


def test_without_words_everything_is_listed_newest_first(archive: Archive) -> None:
    body = search(archive)
    assert titles(body)[:2] == ["A contraceptive gel", RING_TITLE]
    assert (body["total"], body["nothing_relevant"]) == (13, False)  # the copy is folded
    assert {hit["band"] for hit in body["hits"]} == {None}


def test_a_quoted_phrase_must_stand_there_and_a_minus_word_must_not(archive: Archive) -> None:
    assert titles(search(archive, q='"released the drug"')) == [RING_TITLE]
    assert titles(search(archive, q='"drug the released"')) == []
    found = titles(search(archive, q="ring gel -dapivirine", mode="keyword"))
    assert RING_TITLE not in found and "A contraceptive gel" in found


@pytest.mark.parametrize("words", [RING_TITLE, "the MONTHLY vaginal ring, in Kisumu?"])
def test_an_exact_title_wins(archive: Archive, words: str) -> None:
    first = search(archive, q=words)["hits"][0]
    assert (first["resource"]["title"], first["band"]) == (RING_TITLE, "strong")


def test_an_author_s_name_and_an_id_find_what_is_theirs(archive: Archive) -> None:
    assert titles(search(archive, q="bela varga"))[0] == "A contraceptive gel"
    assert titles(search(archive, q=archive.ids["bikes.md"]))[0] == "Bicycles of Lyon"


def test_filters_take_any_value_within_one_and_all_across(archive: Archive) -> None:
    assert titles(search(archive, year_from=2020, year_to=2022)) == [RING_TITLE]
    assert search(archive, kind=["page", "paper", "event"])["total"] == 13
    assert search(archive, kind="event")["total"] == 0
    assert search(archive, source=["one", "two"])["total"] == 13
    assert search(archive, source=["one", "two"], year_from=2022)["total"] == 1
    assert titles(search(archive, q="gel", source="elsewhere")) == []


def test_a_facet_counts_resources_as_if_its_own_choice_were_not_made(archive: Archive) -> None:
    facets = search(archive, source="one")["facets"]
    assert {value["value"]: value["count"] for value in facets["source"]} == {"one": 2, "two": 11}
    assert search(archive, source="two")["total"] == 11
    assert {value["value"]: value["count"] for value in facets["year"]} == {"2021": 1}


def test_pages_of_results_do_not_overlap(archive: Archive) -> None:
    pages = [titles(search(archive, q="cervical cap", mode="keyword", limit=3, offset=offset)) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({title for page in pages for title in page}) == 7


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"mode": "psychic"}, "mode"),
        ({"limit": 0}, "limit"),
        ({"limit": 1000}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 5000}, "offset"),
        ({"year_from": "soon"}, "year_from"),
        ({"year_from": 2022, "year_to": 2020}, "year_from"),
        ({"kind": "novel"}, "kind"),
        ({"q": "x" * 12000}, "12000 characters"),
    ],
)
def test_a_malformed_search_is_told_what_is_wrong(archive: Archive, params: dict[str, object], says: str) -> None:
    with pytest.raises(ApiError, match=says):
        search(archive, **params)


@pytest.mark.parametrize(
    "words", ["", "   ", '"', "-", "--", '""', "?!", "a" * 1999, "\x00", "😀", "' OR 1=1 --", "%%%", "\\"]
)
@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_odd_queries_are_answered(archive: Archive, words: str, mode: str) -> None:
    assert search(archive, q=words, mode=mode)["query"] == words


def test_an_unknown_resource_is_not_found(archive: Archive) -> None:
    for path in ("", "/related", "/report", "/file", "/view"):
        with pytest.raises(NotFoundError, match="nowhere"):
            archive.api.get(f"/v1/resources/nowhere{path}")


def test_related_resources_meet_in_passages_and_leave_copies_out(archive: Archive) -> None:
    ids = archive.ids
    body = archive.api.get(f"/v1/resources/{ids['film.md']}/related")
    related = {one["resource"]["id"]: one for one in body["related"]}
    assert ids["film-talk.md"] in related
    assert ids["film.md"] not in related and ids["film-copy.md"] not in related
    meeting = related[ids["film-talk.md"]]["meetings"][0]
    assert "dissolved" in meeting["here"]["text"] and "dissolved" in meeting["there"]["text"]


def test_copies_are_shown_once_with_the_others_listed(archive: Archive) -> None:
    body = search(archive, q="film study visits month", mode="keyword")
    films = [hit for hit in body["hits"] if hit["resource"]["title"] == "Films in Durban"]
    assert [len(hit["copies"]) for hit in films] == [1]
    shown = films[0]["resource"]["id"]
    [other] = archive.api.get(f"/v1/resources/{shown}")["copies"]
    assert {shown, other["id"]} == {archive.ids["film.md"], archive.ids["film-copy.md"]}


def test_sorted_by_date_the_same_resources_come_newest_first(archive: Archive) -> None:
    by_relevance = archive.api.get("/v1/search", {"q": "ring film gel", "limit": 50})
    by_date = archive.api.get("/v1/search", {"q": "ring film gel", "limit": 50, "sort": "date"})
    assert by_date["total"] == by_relevance["total"]
    ids = [[hit["resource"]["id"] for hit in body["hits"]] for body in (by_relevance, by_date)]
    assert sorted(ids[0]) == sorted(ids[1])
    dates = [hit["resource"]["date"] or "" for hit in by_date["hits"]]
    assert len(dates) > 1
    assert dates == sorted(dates, reverse=True)


def test_an_unknown_order_is_refused(archive: Archive) -> None:
    with pytest.raises(ApiError, match="sort"):
        archive.api.get("/v1/search", {"q": "ring", "sort": "colour"})
