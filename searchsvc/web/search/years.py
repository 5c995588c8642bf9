"""A filter of numbers as bars beside each other, one for each number, from the least to the largest. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from searchsvc.filters import Span

__all__ = ["BARS_SHOWN", "BarView", "bars"]

BARS_SHOWN = 40
_LEAST_SHARE = 4  # what is there can be seen, and hit


@dataclass(frozen=True, slots=True)
class BarView:
    """One number, or all that stand before or after those shown.

    count: what choosing it gives; None for all before or after, some of which may be copies of one another. share: of
    the largest count, in hundredths. within: of the span that is asked for. href: nothing where there is nothing.
    """

    span: Span
    label: str
    count: int | None
    share: int
    href: str
    chosen: bool
    within: bool


def bars(counts: Mapping[int, int], asked: Span, link: Callable[[Span], str]) -> tuple[BarView, ...]:
    """counts: number -> results. Of numbers that lie far apart, the `BARS_SHOWN` in a row that have most results."""
    known = {number: count for number, count in counts.items() if count}
    if not known:
        return ()
    first = max(known, key=lambda one: (sum(known.get(one + step, 0) for step in range(BARS_SHOWN)), one))
    last = max(one for one in known if one < first + BARS_SHOWN)
    largest = max(known[one] for one in known if first <= one <= last)

    def some() -> Iterable[tuple[Span, str, int | None, int]]:
        if min(known) < first:
            yield Span(None, first - 1), f"…–{first - 1}", None, _LEAST_SHARE
        for number in range(first, last + 1):
            count = known.get(number, 0)
            share = max(_LEAST_SHARE, round(100 * count / largest)) if count else 0
            yield Span(number, number), str(number), count, share
        if max(known) > last:
            yield Span(last + 1, None), f"{last + 1}–…", None, _LEAST_SHARE

    return tuple(
        BarView(
            span, label, count, share,
            href=link(Span() if span == asked else span) if count != 0 else "",
            chosen=span == asked,
            within=asked != Span() and _inside(span, asked),
        )
        for span, label, count, share in some()
    )  # fmt: skip


def _inside(span: Span, asked: Span) -> bool:
    """Whether all of `span` lies in what is asked for."""
    after = asked.first is None or (span.first is not None and span.first >= asked.first)
    before = asked.last is None or (span.last is not None and span.last <= asked.last)
    return after and before
