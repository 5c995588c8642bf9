"""A date in a query is found however a text writes it."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.search.dates import dates_in
from searchsvc.text.terms import phrase_of


def written(day: date, language: str) -> list[str]:
    name = get_month_names("wide", locale=language)[day.month]
    forms = [day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y}", f"{day.day} {name} {day.year}"]
    return [*forms, f"{day.day} de {name} de {day.year}"] if language in ("es", "pt") else forms


@given(st.dates(date(1000, 1, 1), date(2100, 12, 31)), st.sampled_from(["en", "fr", "es", "pt", "de", "it", "nl"]))
def test_every_form_finds_every_other(day: date, language: str) -> None:
    forms = written(day, language)
    for one in forms:
        words = ["since", *one.split(), "rings"]
        [(start, end, phrases)] = dates_in(words, [language])
        assert (start, end) == (1, len(words) - 1)
        assert {phrase_of(other) for other in forms} <= set(phrases)


@pytest.mark.parametrize(
    "query", ["March 1998", "31.2.2020", "12 rings 2020", "ring of 2020", "1.2.3", "de 3 de mayo", "2020-13-01"]
)
def test_what_is_no_date(query: str) -> None:
    assert dates_in(query.split(), ["es"]) == []


def test_a_day_and_a_month_that_may_be_either_are_both() -> None:
    [(_, _, phrases)] = dates_in(["3/4/2020"], [])
    assert {"2020 03 04", "2020 04 03"} <= set(phrases)
