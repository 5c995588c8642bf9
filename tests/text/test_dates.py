"""Dates are understood where nobody can take them for another day."""

from __future__ import annotations

import pytest

from searchsvc.text.dates import compact_date, is_date, iso_date, month_of


@pytest.mark.parametrize(
    ("text", "date"),
    [("3 May 2021", "2021-05-03"), ("May 3rd, 2021", "2021-05-03"), ("Sept. 2021", "2021-09"),
     ("on 2021-05-03T10:00", "2021-05-03"), ("3/5/2021", "2021"), ("soon", None)],
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
