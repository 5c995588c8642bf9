"""Years as bars: each says what choosing it gives, and they stay few however far apart the years lie."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from searchsvc.filters import Span
from searchsvc.web.search.years import BARS_SHOWN, bars
from tests.web.conftest import Browser

COUNTS = st.dictionaries(st.integers(0, 9999), st.integers(0, 500), max_size=30)
ENDS = st.none() | st.integers(0, 9999)


@given(COUNTS, st.builds(Span, ENDS, ENDS))
def test_every_year_with_results_is_in_one_bar_and_every_bar_leads_where_it_says(
    counts: dict[int, int], asked: Span
) -> None:
    shown = bars(counts, asked, lambda span: f"{span.first}:{span.last}")
    assert len(shown) <= BARS_SHOWN + 2
    for year, count in counts.items():
        inside = [one for one in shown if year in one.span]
        assert len(inside) == 1 if count else not any(one.href for one in inside if one.count is not None)
        assert all(one.count in (None, count) for one in inside)
    for one in shown:
        chosen = f"{one.span.first}:{one.span.last}"
        assert one.href == ("" if one.count == 0 else "None:None" if one.chosen else chosen)
        assert (one.share > 0) == bool(one.href)


def test_years_far_apart_are_told_as_earlier_and_later() -> None:
    shown = bars({1899: 1, 2019: 2, 2021: 4, 9999: 1}, Span(), lambda _: "/")
    assert [one.label for one in shown] == ["…–2018", "2019", "2020", "2021", "2022–…"]
    assert [(one.label, one.share) for one in shown if one.share > 4] == [("2019", 50), ("2021", 100)]


def test_what_lies_in_the_years_asked_for_is_marked() -> None:
    shown = bars({2019: 1, 2020: 1, 2021: 1}, Span(2020, None), lambda _: "/")
    assert [(one.label, one.within, one.chosen) for one in shown] == [
        ("2019", False, False), ("2020", True, False), ("2021", True, False),
    ]  # fmt: skip


def test_a_bar_is_a_link_and_its_count_is_what_choosing_it_gives(site: Browser) -> None:
    text = site.page("/").partition('id="facet-year"')[2].partition("</section>")[0]
    found = re.findall(r'<a href="([^"]+)".*?<rect y="\d+%" width="100%" height="(\d+)%".*?class="count">(\d+)<', text)
    assert len(found) > 1 and max(int(share) for _, share, _ in found) == 100
    for href, _, count in found:
        page = site.page(html.unescape(href))
        assert f"{count} result" in page and 'aria-current="true"' in page
