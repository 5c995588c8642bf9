"""What stands on pages and is no part of the text: running heads, feet and page numbers. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.extract.pdf.layout import TextRow, grouped, row_of
from ingest.extract.pdf.pages import PageText, TextSpan

__all__ = ["without_running"]

_ZONE = 0.13  # of the page's height, at top and bottom, where running heads stand
_PAGE_NUMBER = re.compile(
    r"(?i)^[-–—|\s]*(?:page|seite|p\.?)?\s*(?:\d{1,5}|[ivxl]{1,7})(?:\s*(?:of|/|von|de|sur)\s*\d+)?[-–—|.\s]*$"
)


def without_running(pages: Sequence[PageText], body: float) -> list[PageText]:
    """`pages` with what is text alone: without lines that come back at the same place of several, and page numbers.

    In a document of up to three pages a line that comes back stays where it stands first: it may be said nowhere else.
    """
    running = iter(_running([sheet for page in pages for sheet in (page, *page.turned)], len(pages), body))
    left: list[PageText] = []
    for page in pages:
        away = next(running)
        # A page of which nothing would be left says this on purpose, unless it has a number only.
        if away >= set(page.spans) and not all(_PAGE_NUMBER.match(span.text) for span in page.spans):
            away = set()
        turned = tuple(_without(sheet, next(running)) for sheet in page.turned)
        page = _without(page, away)
        left.append(replace(page, turned=turned) if turned else page)
    return left


def _without(sheet: PageText, away: set[TextSpan]) -> PageText:
    return replace(sheet, spans=tuple(span for span in sheet.spans if span not in away)) if away else sheet


def _running(sheets: Sequence[PageText], pages: int, body: float) -> list[set[TextSpan]]:
    """What comes back, of each sheet. Several sheets may be one page, in as many directions of writing."""
    running: list[set[TextSpan]] = [set() for _ in sheets]
    places: dict[tuple[bool, str], list[tuple[int, TextRow, list[TextSpan]]]] = defaultdict(list)
    for at, sheet in enumerate(sheets):
        for at_top, row, spans, outermost in _zone_rows(sheet):
            if row.size <= 1.15 * body or _PAGE_NUMBER.match(row.text):
                places[at_top, _without_digits(row.text)].append((at, row, spans))
            if outermost and pages == 1 and re.match(r"^[-–\s]*\d{1,4}[-–\s]*$", row.text):
                running[at].update(spans)
    for (_, text), occurrences in places.items():
        middle = median(row.base for _, row, _ in occurrences)
        same = [one for one in occurrences if abs(one[1].base - middle) <= 8]
        on_pages = len({sheets[at].number for at, _, _ in same})
        is_number = bool(_PAGE_NUMBER.match(same[0][1].text)) if same else False
        if on_pages >= 3 or (on_pages == 2 and pages <= 4):
            first = 1 if pages <= 3 and not is_number else 0
            if is_number and text == "#" and not _counts_up([(sheets[at].number, row.text) for at, row, _ in same]):
                continue
            for at, _, spans in same[first:]:
                running[at].update(spans)
    return running


def _zone_rows(page: PageText) -> list[tuple[bool, TextRow, list[TextSpan], bool]]:
    """(at the top, row, its spans, no other row beyond it) for up to four rows at the top and the bottom."""
    edge = _ZONE * page.height
    zone_rows: list[tuple[bool, TextRow, list[TextSpan], bool]] = []
    if not page.spans:
        return zone_rows
    for at_top in (True, False):
        # The zone, and in any case the outermost row.
        if at_top:
            limit = max(edge, min(span.base for span in page.spans) + 2)
            near = [span for span in page.spans if span.base < limit]
        else:
            limit = min(page.height - edge, max(span.base for span in page.spans) - 2)
            near = [span for span in page.spans if span.base > limit]
        rows = grouped(near)
        outer = rows[:4] if at_top else rows[::-1][:4]
        zone_rows += [(at_top, row_of(group), group, position == 0) for position, group in enumerate(outer)]
    return zone_rows


def _without_digits(text: str) -> str:
    text = re.sub(r"\d+", "#", " ".join(text.casefold().split()))
    return re.sub(r"(?<!\S)[ivxl]{1,7}$", "#", text)


def _counts_up(numbers: list[tuple[int, str]]) -> bool:
    """Whether most of these (page, text) have the same distance between number and page, as page numbers do."""
    distances: Counter[int] = Counter()
    for page, text in numbers:
        digits = re.search(r"\d+", text)
        distances[int(digits[0]) - page if digits else 0] += 1
    return distances.most_common(1)[0][1] >= min(3, len(numbers)) or len(numbers) < 3
