"""What stands on pages and is no part of the text: running heads, feet and page numbers. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from ingest.extract.pdf.layout import TextRow, grouped, row_of
from ingest.extract.pdf.pages import PageText, TextSpan

__all__ = ["running_spans"]

_ZONE = 0.13  # of the page's height, at top and bottom, where running heads stand
_PAGE_NUMBER = re.compile(
    r"(?i)^[-–—|\s]*(?:page|seite|p\.?)?\s*(?:\d{1,5}|[ivxl]{1,7})(?:\s*(?:of|/|von|de|sur)\s*\d+)?[-–—|.\s]*$"
)


def running_spans(pages: Sequence[PageText], body: float) -> dict[int, set[TextSpan]]:
    """What is no part of the text, by page: lines that come back at the same place on several pages, and page numbers.

    In a document of up to three pages a line that comes back stays where it stands first: it may be said nowhere else.
    """
    running: dict[int, set[TextSpan]] = defaultdict(set)
    places: dict[tuple[bool, str], list[tuple[int, TextRow, list[TextSpan]]]] = defaultdict(list)
    for page in pages:
        for at_top, row, spans, outermost in _zone_rows(page):
            if row.size <= 1.15 * body or _PAGE_NUMBER.match(row.text):
                places[at_top, _without_digits(row.text)].append((page.number, row, spans))
            if outermost and len(pages) == 1 and re.match(r"^[-–\s]*\d{1,4}[-–\s]*$", row.text):
                running[page.number].update(spans)
    for (_, text), occurrences in places.items():
        middle = median(row.base for _, row, _ in occurrences)
        same = [one for one in occurrences if abs(one[1].base - middle) <= 8]
        on_pages = len({number for number, _, _ in same})
        is_number = bool(_PAGE_NUMBER.match(same[0][1].text)) if same else False
        if on_pages >= 3 or (on_pages == 2 and len(pages) <= 4):
            first = 1 if len(pages) <= 3 and not is_number else 0
            if is_number and text == "#" and not _counts_up([(number, row.text) for number, row, _ in same]):
                continue
            for number, _, spans in same[first:]:
                running[number].update(spans)
    for page in pages:
        # A page of which nothing would be left says this on purpose, unless it has a number only.
        if (
            page.spans
            and len(running.get(page.number, ())) >= len(set(page.spans))
            and any(not _PAGE_NUMBER.match(span.text) for span in page.spans)
        ):
            del running[page.number]
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
