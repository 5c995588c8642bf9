"""The landscape as CSV: a row for each number, with the address of what it counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from searchsvc.api.landscape.schemas import LandscapeBody

__all__ = ["csv_of"]

_COLUMNS = ("part", "id", "name", "what", "value", "href")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute

Row = tuple[str, str, str, str, str | int | float, str]


def csv_of(body: LandscapeBody) -> str:
    """UTF-8 with the mark that spreadsheets look for, lines ended as RFC 4180 has them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in _rows(body):
        writer.writerow([f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA) else one for one in row])
    return "\ufeff" + out.getvalue()


def _rows(body: LandscapeBody) -> Iterator[Row]:
    for topic in body.topics:
        yield "topic", topic.id, topic.name, "works", topic.works.n, topic.works.href
        for period, count in zip(body.periods, topic.periods, strict=True):
            years = str(period.first) if period.first == period.last else f"{period.first}-{period.last}"
            yield "topic", topic.id, topic.name, f"works {years}", count.n, count.href
        yield "topic", topic.id, topic.name, "works without a year", topic.undated.n, topic.undated.href
        yield "topic", topic.id, topic.name, "people", topic.people, topic.href
    for stage in body.stages:
        yield "stage", stage.stage or "", stage.stage or "", "projects", stage.projects.n, stage.projects.href
    for one in body.projects:
        for what, value in (("stage", one.stage), ("approach", one.approach), ("unknown", ", ".join(one.unknown))):
            yield "project", one.project.id, one.project.name, what, value or "", one.href
    for funding in body.funding:
        funder = funding.funder
        yield "funder", funder.id, funder.name, "projects", funding.projects.n, funding.projects.href
        for currency, amount in funding.sums.items():
            yield "funder", funder.id, funder.name, f"sum {currency}".strip(), amount, funding.projects.href
        for topic_count in funding.topics:
            works = topic_count.works
            yield "funder", funder.id, funder.name, f"works on {topic_count.name}", works.n, works.href
    yield "needs", "", "", "that no offer plainly meets", body.needs.n, body.needs.href
