"""Pages that are pictures: which they are, what OCR looks at, and what it saw as a page like any other.

What OCR saw has no sizes of letters but heights of lines, which differ by what letters are in them: about the same is
taken for the same. A page that lies askew is set straight.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from ingest.extract.pdf.pages import PageText, TextSpan
from searchsvc.doubts import Doubt
from searchsvc.model import Seen, SeenLine

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

__all__ = ["UNSURE", "page_picture", "unseen_pages", "with_seen"]

_SURE_WORD = 0.5  # of one line with a word or number: without any, OCR took shapes for single signs
UNSURE = 0.8  # less, over all letters of a page: much of it is read wrongly
_DOTS_PER_INCH = 150  # read as well as 200 (docs/decisions/ocr.md); a small page is drawn larger
_MOST_DOTS_PER_INCH = 300
_MOST_PIXELS = 4_000_000
_FEWEST_PIXELS = 1_000_000
_SAME_SIZE = 1.3  # times higher or lower than the middle of all lines a line is still of that size
_OF_A_LINE = 0.75  # of the height of a line as OCR sees it, for the size of its letters
_LOOKED_AT = ("unit_without_text", "unit_drawn", "text_unreadable")
_GAPS = ("letters_unknown", "signs_unknown")  # with many OCR is righter than the text


def unseen_pages(pages: Sequence[PageText]) -> tuple[str, ...]:
    """The pages that are to be looked at: without text, with text that cannot be trusted, or with too many gaps."""
    return tuple(place_of(page) for page in pages if _is_unseen(page))


def place_of(page: PageText) -> str:
    return f"page {page.number}"


def _is_unseen(page: PageText) -> bool:
    codes = {one.code for one in page.notes if isinstance(one, Doubt)}
    looked_at = (*_LOOKED_AT, "letters_unknown")
    return bool(codes.intersection(looked_at) or (page.pictures and not page.has_fields))


def page_picture(document: PdfDocument, number: int) -> Image:
    """Page `number`, from 1, in grey. Raises pypdfium2's PdfiumError when it cannot be loaded."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        inches = max(1.0, width * height) / 72**2
        dots = min(max(_DOTS_PER_INCH, math.sqrt(_FEWEST_PIXELS / inches)), _MOST_DOTS_PER_INCH)
        dots = min(dots, math.sqrt(_MOST_PIXELS / inches))
        image: Image = page.render(scale=dots / 72, grayscale=True).to_pil()
        return image
    finally:
        page.close()


def with_seen(page: PageText, size: tuple[float, float], seen: Seen) -> PageText:
    """`page` as OCR saw it. size: of the page as it is shown, in points."""
    if seen.failed:
        return replace(page, notes=(*_without(page, _LOOKED_AT), Doubt("ocr_failed", what=seen.failed)))
    notes = _without(page, (*_LOOKED_AT, *_GAPS))
    own = sum(len(span.text) for sheet in (page, *page.turned) for span in sheet.spans)
    if own and sum(len(line.text) for line in seen.lines) <= own and notes == page.notes:
        return replace(page, pictures=False)  # its few words are all there is
    if not any(line.sure >= _SURE_WORD and re.search(r"\w{2}", line.text) for line in seen.lines):
        return replace(page, notes=(*notes, Doubt("ocr_nothing")), pictures=False)
    told = Doubt("ocr_unsure" if seen.sure < UNSURE else "ocr_read", what=f"{round(100 * seen.sure)}%")
    return replace(
        page, width=size[0], height=size[1], spans=tuple(spans_of(seen.lines, size)), asides=(), turned=(),
        notes=(*notes, told), pictures=False,
    )  # fmt: skip


def _without(page: PageText, codes: Sequence[str]) -> tuple[str | Doubt, ...]:
    return tuple(one for one in page.notes if not (isinstance(one, Doubt) and one.code in codes))


def spans_of(lines: Sequence[SeenLine], size: tuple[float, float]) -> list[TextSpan]:
    """Lines as the layout wants them, from top to bottom."""
    placed = [[(x * size[0], y * size[1]) for x, y in zip(line.x, line.y, strict=True)] for line in lines]
    tilt = _tilt(placed)
    middle = (size[0] / 2, size[1] / 2)
    straight = [[_around(point, middle, -tilt) for point in corners] for corners in placed]
    heights = [_OF_A_LINE * _height(corners) for corners in placed]
    usual = median(heights)
    spans = []
    for line, corners, height in zip(lines, straight, heights, strict=True):
        xs, ys = zip(*corners, strict=True)
        letters = usual if usual / _SAME_SIZE < height < usual * _SAME_SIZE else height
        base = sum(ys) / 4 + 0.3 * letters
        spans.append(TextSpan(line.text, max(0.0, min(xs)), max(xs), base, max(letters, 1.0), False))
    return sorted(_levelled(spans), key=lambda span: (span.base, span.x0))


def _levelled(spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Side by side on one line, they have one baseline."""
    level: list[TextSpan] = []
    for span in sorted(spans, key=lambda one: one.base):
        before = level[-1] if level else None
        same = before is not None and abs(span.base - before.base) < 0.3 * min(span.size, before.size)
        level.append(span._replace(base=before.base) if same and before is not None else span)
    return level


def _height(corners: Sequence[tuple[float, float]]) -> float:
    return (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2


def _tilt(placed: Sequence[Sequence[tuple[float, float]]]) -> float:
    """How far the page is turned, in radians: the angle of most of the length of its lines."""
    angles = []
    for corners in placed:
        (x0, y0), (x1, y1) = corners[0], corners[1]
        angles += [(math.atan2(y1 - y0, x1 - x0), math.dist(corners[0], corners[1]))]
    half, passed = sum(length for _, length in angles) / 2, 0.0
    for angle, length in sorted(angles):
        passed += length
        if passed >= half:
            return angle
    return 0.0


def _around(point: tuple[float, float], middle: tuple[float, float], angle: float) -> tuple[float, float]:
    x, y = point[0] - middle[0], point[1] - middle[1]
    cosine, sine = math.cos(angle), math.sin(angle)
    return middle[0] + cosine * x - sine * y, middle[1] + sine * x + cosine * y
