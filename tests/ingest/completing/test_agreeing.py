"""An answer is used when its title is that of the work here, and not when it is that of a work that is cited."""

from __future__ import annotations

import pytest

from ingest.completing.agreeing import agree, plain_title, stands_in


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Women and the monthly ring in Kisumu", "Women and the monthly ring in Kisumu."),
        ("WOMEN AND THE MONTHLY RING IN KISUMU", "Women and the Monthly Ring in Kisumu"),
        ("Women and the month- ly ring in Kisumu", "Women and the monthly ring in Kisumu"),
        ("Ef cacy of the monthly ring in Kisumu", "Efficacy of the monthly ring in Kisumu"),
        ("Etude de l'anneau mensuel a Kisumu", "Étude de l’anneau mensuel à Kisumu"),
        ("The monthly ring in western Kenya", "The monthly ring in western Kenya: a study of forty women"),
        ("The monthly ring in western Kenya", "RETRACTED: The monthly ring in western Kenya"),
        ("The <i>monthly</i> ring in western Kenya", "The monthly ring in western Kenya [retracted]"),
    ],
)
def test_two_spellings_of_one_title_agree(here: str, there: str) -> None:
    assert agree(here, there) and agree(there, here)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Women and the monthly ring in Kisumu", "Men and the vaginal film in Lagos"),
        ("Women and the monthly ring in Kisumu", "Women and the monthly ring in Nairobi"),
        ("A phase II trial of the monthly ring for women", "A phase III trial of the monthly ring for women"),
        ("Rings and gels in four clinics, part 1", "Rings and gels in four clinics, part 2"),
        ("Rings and gels in four clinics, 2019", "Rings and gels in four clinics, 2020"),
        ("The monthly ring in western Kenya today", "Correction to: The monthly ring in western Kenya today"),
        ("The monthly ring in western Kenya", "The monthly ring in western Kenya: study protocol"),
        ("The monthly ring in western Kenya today", "Retraction: The monthly ring in western Kenya today"),
        ("The ring", "The ring: what forty women say"),
        ("", "Women and the monthly ring"),
        ("...", "..."),
    ],
)  # fmt: skip
def test_two_titles_do_not(here: str, there: str) -> None:
    assert not agree(here, there) and not agree(there, here)


def test_a_title_is_looked_for_where_the_work_here_has_none() -> None:
    text = "JOURNAL OF RINGS 12\n\nWomen and the monthly\nring in Kisumu\n\nAnn Bo"
    assert stands_in("Women and the monthly ring in Kisumu", text)
    assert not stands_in("Men and the monthly ring in Kisumu", text)
    assert not stands_in("Journal of", text)


def test_that_it_was_retracted_is_no_part_of_a_title() -> None:
    for written in (
        "RETRACTED: The ring",
        "Retracted Article: The ring",
        "[Retracted] The ring",
        "The ring (retracted 2020)",
    ):
        assert plain_title(written) == "The ring"
    assert plain_title("Retracted rings of Kisumu") == "Retracted rings of Kisumu"
