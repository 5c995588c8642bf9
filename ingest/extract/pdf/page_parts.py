"""Pages as read, without what is laid over or beside their text: watermarks, numbers of lines, large first letters,
labels that are turned.

Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.extract.pdf.layout import rows_of
from ingest.extract.pdf.pages import PageText, TextSpan
from ingest.extract.pdf.vocabulary import is_word

__all__ = ["with_labels_aside", "with_text_alone"]

_WATERMARK_SIZE = 2.2  # times the size of the text that it lies behind
_DROP_CAP_SIZE = 1.6  # times the size of the text that it begins
_MOST_LINES = 5  # that a large first letter stands beside
_FEWEST_NUMBERS = 4  # a margin with fewer is no numbering of lines
_FEWEST_OF_EVERY_FIFTH = 3  # beside every fifth or tenth line
_STEPS = (1, 2, 5, 10)
_FEWEST_LINES = 3  # below each other that are read as text in a direction of their own
_LEADING = 2.5  # ems from one of them to the next at most


def with_text_alone(page: PageText, body: float) -> PageText:
    """`page` without line numbers, its watermarks among the asides, and large first letters with their words."""
    spans = [*page.spans]
    marks = _watermarks(spans, body)
    numbers = _line_numbers(spans)
    away = {*marks, *numbers}
    if away:
        spans = [span for span in spans if span not in away]
    spans, changed = _with_drop_caps(spans, body)
    if not away and not changed:
        return page
    asides = (*page.asides, *dict.fromkeys(span.text for span in marks))
    return replace(page, spans=tuple(spans), asides=asides)


def with_labels_aside(page: PageText) -> PageText:
    """`page` with what is turned among the asides where it is stamps and labels, and no text of several lines."""
    if not page.turned:
        return page
    turned = tuple(sheet for sheet in page.turned if _has_lines(sheet))
    labels = (span.text for sheet in page.turned if not _has_lines(sheet) for span in sheet.spans)
    return replace(page, turned=turned, asides=(*page.asides, *labels))


def _has_lines(sheet: PageText) -> bool:
    """Whether lines stand below each other, as in a text or a table."""
    run = 1
    for above, row in pairwise(rows_of(sheet.spans)):
        below = row.base - above.base <= _LEADING * row.size and min(above.x1, row.x1) > max(above.x0, row.x0)
        run = run + 1 if below else 1
        if run >= _FEWEST_LINES:
            return True
    return False


def _watermarks(spans: Sequence[TextSpan], body: float) -> list[TextSpan]:
    """Large letters that lie over lines of text: two at least, which no heading does."""
    return [
        span
        for span in spans
        if span.size >= _WATERMARK_SIZE * body
        and len(span.text) >= 3
        and sum(_lies_over(span, other) for other in spans if other.size < 0.6 * span.size) >= 2
    ]


def _lies_over(mark: TextSpan, text: TextSpan) -> bool:
    middle = text.base - 0.3 * text.size
    wide = min(mark.x1, text.x1) - max(mark.x0, text.x0)
    return wide > 2 * mark.size and mark.base - 0.7 * mark.size < middle < mark.base


def _line_numbers(spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Numbers that count evenly down one margin, with nothing but them in it."""
    numbers = [span for span in spans if span.text.isdecimal() and len(span.text) <= 4]
    if len(numbers) < _FEWEST_OF_EVERY_FIFTH:
        return []
    words = [span for span in spans if not span.text.isdecimal() and span.x1 - span.x0 > 8 * span.size]
    if len(words) < _FEWEST_NUMBERS:
        return []
    left, right = min(span.x0 for span in words), max(span.x1 for span in words)
    for side in (
        [span for span in numbers if span.x1 <= left - 0.3 * span.size],
        [span for span in numbers if span.x0 >= right + 0.3 * span.size],
    ):
        # A page number stands apart from them, at the head or the foot.
        side = sorted(side, key=lambda span: span.base)
        while side and not _counts(side):
            side = side[1:] if _counts(side[1:]) else side[:-1] if _counts(side[:-1]) else []
        beside = [any(abs(span.base - word.base) < 0.5 * word.size for word in words) for span in side]
        if side and sum(beside) >= 0.8 * len(side):
            return side
    return []


def _counts(numbers: Sequence[TextSpan]) -> bool:
    values = [int(span.text) for span in numbers]
    steps = {after - before for before, after in pairwise(values)}
    fifth = all(value % 5 == 0 for value in values)
    if len(values) < (_FEWEST_OF_EVERY_FIFTH if fifth else _FEWEST_NUMBERS):
        return False
    return len(steps) == 1 and steps.pop() in _STEPS


def _with_drop_caps(spans: list[TextSpan], body: float) -> tuple[list[TextSpan], bool]:
    """A large letter beside the first lines of a paragraph goes to the word that it begins."""
    changed = False
    for cap in [
        one for one in spans if len(one.text) == 1 and one.text.isupper() and one.size >= _DROP_CAP_SIZE * body
    ]:
        beside = sorted(
            (
                span
                for span in spans
                if span is not cap
                and abs(span.size - body) < 0.25 * body
                and -0.2 * body < span.x0 - cap.x1 < body
                and cap.base - 0.9 * cap.size < span.base <= cap.base + 0.3 * body
            ),
            key=lambda span: span.base,
        )
        if not beside or len(beside) > _MOST_LINES or not beside[0].text[0].isalpha():
            continue
        first = beside[0]
        word = first.text.split()[0].strip(".,;:!?’'\"")
        alone = cap.text in "AIO" and is_word(word) and not is_word(cap.text + word)
        moved = {span: span._replace(x0=cap.x0) for span in beside}
        moved[first] = first._replace(text=f"{cap.text}{' ' if alone else ''}{first.text}", x0=cap.x0)
        spans = [moved.get(span, span) for span in spans if span is not cap]
        changed = True
    return spans, changed
