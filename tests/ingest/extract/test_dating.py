"""The date of a work is the one that is said of it, of the kind that is said."""

from __future__ import annotations

import pytest

from ingest.extract.dating import date_fields, printed_dates, stored_date
from ingest.extract.registry import extract
from searchsvc.model import Dated, DateKind, Document, Kind, Report

TODAY = "2026-11-30"


def document(*dates: Dated, kind: Kind = Kind.PAPER) -> Document:
    return Document(kind, "Soil", (), Report("none"), **date_fields(dates))


def test_what_is_published_goes_before_what_is_received_accepted_or_updated() -> None:
    line = "Received 3 May 2020; accepted 4 June 2020; published 10 July 2020; updated 1 August 2021"
    assert printed_dates([line]) == [
        Dated("2020-07-10"), Dated("2020-06-04"), Dated("2021-08-01", DateKind.MODIFIED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "dated"),
    [
        ("Publié le 1er mars 2024", Dated("2024-03-01")),
        ("Última actualización: 3 de mayo de 2023", Dated("2023-05-03", DateKind.MODIFIED)),
        ("Abgerufen am 3. Mai 2023", Dated("2023-05-03", DateKind.RETRIEVED)),
        ("Presented at the annual meeting, 12-14 May 2023", Dated("2023-05-12", DateKind.PRESENTED)),
        ("© 2019-2021 The network", Dated("2021")),
        ("Version 2.1, 4 March 2021", Dated("2021-03-04")),
        ("Annals of Wells 3 (2017) 211–219", Dated("2017")),
        ("Proceedings of the third workshop on soil and water, Accra, Ghana, June 2-4, 2021, held at the university "
         "with many guests", Dated("2021-06-02")),
    ],
)  # fmt: skip
def test_a_label_says_of_what_kind_a_date_is(line: str, dated: Dated) -> None:
    assert printed_dates([line])[0] == dated


@pytest.mark.parametrize(
    "line",
    [
        "Expiration date: 31 January 2009", "Forthcoming, May 2027", "Deadline: 3 May 2023",
        "We asked all households of the district between the third week of May 2019 and the rains how they store water",
        "Transfer | 14 May 2016 | 1,406", "14 May 2016 Transfer 1,406.20",
    ],
)  # fmt: skip
def test_a_date_of_something_else_is_not_the_works(line: str) -> None:
    assert printed_dates([line]) == []


def test_many_dates_that_nothing_is_said_of_are_what_a_text_is_about() -> None:
    assert printed_dates(["3 May 2020, Accra", "4 June 2021, Lomé", "5 July 2022, Dakar"]) == []


def test_a_label_may_stand_in_the_line_above() -> None:
    assert printed_dates(["Last updated:", "3 May 2021"]) == [Dated("2021-05-03", DateKind.MODIFIED)]


def test_a_date_to_come_gives_way_to_the_stored_one() -> None:
    stored = Dated("2026-05-31", DateKind.MODIFIED)
    assert document(Dated("2027"), stored).dated(TODAY) == stored
    assert document(Dated("2027-01")).dated(TODAY) is None


def test_of_an_issue_later_this_year_the_year_is_sure() -> None:
    assert document(Dated("2026-12")).dated(TODAY) == Dated("2026")


def test_an_event_may_be_to_come() -> None:
    held = Dated("2027-03-04", DateKind.HELD)
    assert document(held, kind=Kind.EVENT).dated(TODAY) == held


def test_front_matter_names_its_dates() -> None:
    read = extract(b"---\ntitle: Soil\nlastmod: 2024-05-31\n---\nText of it.", "soil.md")
    assert (read.date, read.date_kind) == ("2024-05-31", DateKind.MODIFIED)
    read = extract(b"---\ntitle: Soil\ndate: 2023-01-02\nlastmod: 2024-05-31\n---\nText of it.", "soil.md")
    assert (read.date, read.date_kind, read.other_dates[-1].kind) == (
        "2023-01-02", DateKind.PUBLISHED, DateKind.MODIFIED,
    )  # fmt: skip


PAGE = (
    "<!-- Mirrored from soil.example by HTTrack Website Copier, Thu, 17 Aug 2017 10:00:00 GMT -->"
    "<html><head>{}</head><body><article><h1>Soil and water</h1>{}<p>"
    + "Wells are dug where water is near. " * 12
    + "</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("head", "body", "dated"),
    [
        ("<meta property='article:modified_time' content='2021-05-03T10:00:00+02:00'>", "",
         ("2021-05-03", DateKind.MODIFIED)),
        ("<meta name='citation_publication_date' content='2020/11/02'>"
         "<meta property='article:modified_time' content='2021-05-03'>", "", ("2020-11-02", DateKind.PUBLISHED)),
        ("", "<p>Publié le 1er mars 2024</p>", ("2024-03-01", DateKind.PUBLISHED)),
        ("<meta property='article:published_time' content='2019-11-19T03:05:00Z'>", "<p><span>Nov. 18, 2019</span></p>",
         ("2019-11-18", DateKind.PUBLISHED)),
        ("", "", ("2017-08-17", DateKind.RETRIEVED)),
    ],
)  # fmt: skip
def test_a_page_is_dated_by_what_it_declares_then_prints_then_by_when_it_was_saved(
    head: str, body: str, dated: tuple[str, DateKind]
) -> None:
    read = extract(PAGE.format(head, body).encode(), "soil.html")
    assert (read.date, read.date_kind) == dated


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ("2021-05-04T10:00:00Z", "2021-05-04"), ("2021-13-45T00:00:00Z", "2021"), ("2021-02-30", "2021-02"),
        ("1601-01-01T00:00:00Z", None), ("1980-01-01", None), ("", None), ("May 2021", None),
    ],
)  # fmt: skip
def test_what_a_program_stored_is_a_date_as_far_as_the_calendar_has_it(stored: str, day: str | None) -> None:
    assert stored_date("", stored) == day
