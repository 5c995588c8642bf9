"""Dates are understood where nobody can take them for another day."""

from __future__ import annotations

import pytest

from searchsvc.text.dates import compact_date, is_date, iso_date, month_of


@pytest.mark.parametrize(
    ("text", "date"),
    [("3 May 2021", "2021-05-03"), ("May 3rd, 2021", "2021-05-03"), ("Sept. 2021", "2021-09"),
     ("on 2021-05-03T10:00", "2021-05-03"), ("3/5/2021", "2021"), ("soon", None),
     ("7-Mar-2017", "2017-03-07"), ("7.III.2017", "2017-03-07"), ("7. XII. 2017", "2017-12-07")],
)  # fmt: skip
def test_a_date_written_out(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_a_date_as_files_have_it() -> None:
    assert compact_date("D:20260531120000Z") == "2026-05-31"
    assert compact_date("2026-05") == "2026-05"
    assert compact_date("yesterday") is None


def test_a_date_is_kept_to_the_day_month_or_year() -> None:
    assert all(map(is_date, ("2026", "2026-05", "2026-05-31")))
    assert not any(map(is_date, ("26", "2026-13", "2026-05-31T10", "31.5.2026")))


def test_months_have_one_number_under_all_their_names() -> None:
    assert {month_of("September"), month_of("SEPT"), month_of("sep")} == {9}
    assert month_of("Septober") is None


@pytest.mark.parametrize(
    ("text", "date"),
    [("1er mars 2024", "2024-03-01"), ("3 de mayo de 2023", "2023-05-03"), ("mai 2023", "2023-05"),
     ("12 de fevereiro de 2020", "2020-02-12"), ("3. Mai 2023", "2023-05-03"), ("3 maggio 2023", "2023-05-03"),
     ("3 Mei 2023", "2023-05-03"), ("3 мая 2023 г.", "2023-05-03"), ("2023. május 3.", "2023-05-03"),
     ("2023年5月", "2023-05"), ("二〇二三年五月十二日", "2023-05-12"), ("令和5年5月", "2023-05"),
     ("2023년 5월 3일", "2023-05-03"), ("٣ مايو ٢٠٢٣", "2023-05-03"), ("3 พฤษภาคม 2566", "2023-05-03"),
     ("ngày 3 tháng 5 năm 2023", "2023-05-03")],
)  # fmt: skip
def test_a_date_is_read_in_the_languages_of_an_archive(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [("3/5/2021", "2021"), ("13/5/2021", "2021-05-13"), ("5/13/2021", "2021-05-13"), ("5/5/2021", "2021-05-05"),
     ("03.05.2021", "2021-05-03"), ("Spring 2021", "2021"), ("Q2 2021", "2021"), ("in 2010-11 they", "2010"),
     ("30 February 2021", "2021-02"), ("Heft 05/2021", "2021")],
)  # fmt: skip
def test_of_a_date_that_can_be_read_in_two_ways_what_is_sure_is_kept(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [("12-14 May 2023", "2023-05-12"), ("May 12–14, 2023", "2023-05-12"), ("30 May – 2 June 2023", "2023-05-30"),
     ("28 December - 3 January 2023", "2022-12-28"), ("del 3 al 5 de mayo de 2023", "2023-05-03"),
     ("May-June 2023", "2023-05")],
)  # fmt: skip
def test_a_range_begins_on_its_first_day(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize("text", ["Mars 2020 rover", "data set 2020", "log out 2020"])
def test_words_that_are_months_elsewhere_are_none_here(text: str) -> None:
    assert iso_date(text, year_alone=False) is None
