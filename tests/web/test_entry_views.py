"""Works by year, and the picture of those around a person."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from searchsvc.web.people.around import HEIGHT, WIDTH, around
from searchsvc.web.people.views import TiedView, TieView
from searchsvc.web.register.timeline import timeline
from searchsvc.web.search.views import HitView, LinkView

WORK = HitView(
    id="", href="", title=(), kind="paper", kind_label="Paper", authors=(), more_authors=0, date="", iso_date=None,
    site=None, language=None, band=None, best=None, note="", others=(), summary="", picture=None, copies=(), coins="",
    link="", cite="", reference="", retracted=False, over="",
)  # fmt: skip
DATES = some.one_of(some.none(), some.dates().map(str), some.integers(1900, 2100).map(str))


@given(some.lists(DATES, max_size=40))
def test_every_work_stands_under_its_year_once_the_latest_first(dates: list[str | None]) -> None:
    works = [replace(WORK, id=str(number), iso_date=date) for number, date in enumerate(dates)]
    years = timeline(works)
    assert sorted(work.id for year in years for work in year.works) == sorted(work.id for work in works)
    assert all((work.iso_date or "")[:4] == year.year for year in years for work in year.works)
    assert all(one.year > other.year for one, other in pairwise(years))
    assert not works or max(year.share for year in years) == 100


def tied(number: int) -> list[TiedView]:
    tie = TieView("wrote together", LinkView("a paper", ""))
    return [TiedView(str(one), LinkView(f"Somebody Number {one}", f"/people/{one}"), (tie,) * (one % 4 + 1))
            for one in range(number)]  # fmt: skip


@pytest.mark.parametrize("number", [1, 2, 3, 7, 12, 13, 400])
def test_everybody_in_the_picture_is_inside_it_and_the_rest_is_counted(number: int) -> None:
    picture = around(tied(number), {"1": 3})
    assert picture is not None
    assert len(picture.dots) + picture.left_out == number
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT and 0 < dot.label_y < HEIGHT for dot in picture.dots)
    assert [dot.colour for dot in picture.dots[:2]] == [None, 3][:number]
    places = {(dot.x, dot.y) for dot in picture.dots}
    assert len(places) == len(picture.dots)


def test_there_is_no_picture_of_nobody() -> None:
    assert around([], {}) is None
