"""Which titles, authors and dates are doubted, and what is offered instead."""

from __future__ import annotations

import pytest

from searchsvc.curation.metadata import authors_in, dates_of, titles_in, wrong_authors, wrong_date, wrong_title
from searchsvc.model import Author, DateKind, Kind, Resource

TODAY = "2026-05-31"


def resource(**given: object) -> Resource:
    whole = {"id": "r", "kind": Kind.PAPER, "title": "The ring in Kisumu", "file_name": "ring.pdf", **given}
    return Resource(**whole)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "file_name", "why"),
    [
        ("", "a.pdf", "title.missing"),
        ("---", "a.pdf", "title.missing"),
        ("ring_v2_final.pdf", "ring_v2_final.pdf", "title.file"),
        ("ring_v2_final", "ring_v2_final.pdf", "title.file"),
        ("Microsoft Word - Document1", "a.pdf", "title.program"),
        ("PowerPoint Presentation", "a.pptx", "title.program"),
        ("Diapositive 1", "a.pptx", "title.program"),
        ("404 Not Found", "a.html", "title.program"),
        ("RÃ©sultats de l'essai", "a.pdf", "title.signs"),
        ("The ring " * 40, "a.pdf", "title.long"),
        ("WP2", "a.pdf", "title.short"),
    ],
)
def test_titles_that_say_nothing_are_doubted(title: str, file_name: str, why: str) -> None:
    found = wrong_title(resource(title=title, file_name=file_name))
    assert found and found.why == f"curate.why.{why}"


@pytest.mark.parametrize(
    ("title", "file_name"),
    [
        ("The ring in Kisumu", "The ring in Kisumu.pdf"),  # a file may have the name of what is in it
        ("Index funds for pension schemes", "a.pdf"),
        ("Draft guidance on implants", "a.pdf"),
        ("الحلقة المهبلية", "a.pdf"),
        ("Contraception", "a.pdf"),
    ],
)
def test_titles_that_say_something_are_not_doubted(title: str, file_name: str) -> None:
    assert wrong_title(resource(title=title, file_name=file_name)) is None


def test_a_line_of_the_text_and_the_name_of_the_file_are_offered_as_titles() -> None:
    lines = ("https://x.org/a", "Abstract of all", "Acceptability of a three-month ring", "Amara Okonjo")
    text = "\n".join((*lines, "We asked 40 women in Kisumu."))
    offered = titles_in(text, resource(title="untitled", file_name="ring_in_Kisumu_2024.pdf"))
    assert offered == ["Acceptability of a three-month ring", "We asked 40 women in Kisumu", "Ring in Kisumu 2024"]


def test_authors_that_look_like_no_people_are_doubted() -> None:
    def why(*names: str, kind: Kind = Kind.PAPER) -> str | None:
        found = wrong_authors(resource(authors=tuple(map(Author, names)), kind=kind))
        return found.why.removeprefix("curate.why.authors.") if found else None

    assert why() == "missing" and why(kind=Kind.EVENT) is None
    assert why("Windows User") == why("admin") == why("a@b.org") == why("Arden Institute") == "strange"
    assert why("Amara Okonjo", "João da Silva", "李小龙") is None


def test_people_of_the_register_who_stand_at_the_beginning_are_offered_in_that_order() -> None:
    names = [("Bela Varga", "Béla Varga"), ("Amara Okonjo", "Amara Okonjo"), ("Cy Dee", "Cy Dee")]
    assert authors_in("A ring\nAmara Okonjo, Bela  Varga (Arden)\n", names) == ["Amara Okonjo", "Béla Varga"]


def test_dates_that_are_missing_or_cannot_be_are_doubted() -> None:
    def why(date: str | None, **given: object) -> str | None:
        found = wrong_date(resource(date=date, **given), TODAY)
        return found.why.removeprefix("curate.why.date.") if found else None

    assert (why(None), why("2027-01-01"), why("1899"), why("2024-01-02")) == ("missing", "future", "old", None)
    assert why("2026-06") == "future" and why("2026") is None and why("2026-05-31") is None
    assert why("2027-01-01", kind=Kind.EVENT) is None
    assert why("2024-01-02", date_kind=DateKind.MODIFIED) == "file"


def test_dates_of_text_and_name_that_are_not_to_come_are_offered() -> None:
    given = resource(file_name="minutes_2024-03-05.pdf")
    assert dates_of("Held on 4 March 2024, next on 1 July 2031.", given, TODAY) == ["2024-03-04", "2024-03-05"]
