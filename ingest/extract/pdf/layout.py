"""Spans of a page to rows in reading order: columns one after the other. Pure functions.

region   what is read from top to bottom: a column between two things that go across, or one of those things
row      the spans on one baseline within a region, left to right (or right to left)
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.extract.pdf.pages import RAISED, PageText, TextSpan
from ingest.extract.pdf.right_to_left import is_right_to_left

__all__ = ["Region", "TextRow", "body_size", "grouped", "regions_of", "row_of", "rows_of"]

CELL_EM = 1.3  # a wider gap parts the cells of a table
_PROSE_EM = 8.0  # a wider span is running text rather than a label or cell
_MAX_IN_ROW = 60  # spans; more are a map or a plot, where looking for raised signs is slow and in vain
_MARK = 3  # characters
_ENOUGH_TO_PART = 20  # characters of a span in which a sign's place is told by its share of the width
_UNSURE = 6  # characters by which that may be wrong
_BULLETS = "•‣▪▸►◦●○■□➢➤✓✔∙·–-*"


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of text. `cells` are its parts between wide gaps; `bold` when all of it is."""

    cells: tuple[str, ...]
    edges: tuple[float, ...]  # where each cell starts
    x0: float
    x1: float
    base: float
    size: float
    bold: bool

    @property
    def text(self) -> str:
        return " ".join(self.cells)


@dataclass(frozen=True, slots=True)
class Region:
    """Rows from top to bottom between `left` and `right`; `across` when it goes over several columns."""

    rows: tuple[TextRow, ...]
    left: float
    right: float
    across: bool


def body_size(pages: Iterable[PageText]) -> float:
    """The size most characters of the document have, to half a point; 10 for a document without text."""
    characters: Counter[float] = Counter()
    for page in pages:
        for span in page.spans:
            characters[round(span.size * 2) / 2] += len(span.text)
    return characters.most_common(1)[0][0] if characters else 10.0


# columns


def regions_of(spans: Sequence[TextSpan]) -> list[Region]:
    """`spans` of one page as regions in reading order. Quadratic in nothing: n log n for n spans.

    Of a page that is written from right to left as seen in a mirror.
    """
    if not spans:
        return []
    mirrored = is_right_to_left("".join(span.text for span in spans))
    if mirrored:  # then the first column stands on the right, and lines begin there
        spans = [span._replace(x0=-span.x1, x1=-span.x0) for span in spans]
    return [_region(list(part), across, mirrored) for part, across in _split(list(spans), 0, False)]


def _region(spans: list[TextSpan], across: bool, mirrored: bool) -> Region:
    rows = rows_of(spans, mirrored=mirrored)
    return Region(tuple(rows), min(row.x0 for row in rows), max(row.x1 for row in rows), across)


def _split(spans: list[TextSpan], depth: int, across: bool) -> list[tuple[list[TextSpan], bool]]:
    gutter = _gutter(spans) if depth < 3 and len(spans) >= 6 else None
    if gutter is None:
        return [(spans, across)]
    pieces: list[_Piece] = []
    run: list[TextSpan] = []
    wide: list[TextSpan] = []

    def flush_run() -> None:
        nonlocal run, wide
        if not run:
            return
        left = [span for span in run if span.x1 <= gutter + 1]
        right = [span for span in run if span.x1 > gutter + 1]
        if not _are_columns(left, right):
            wide += run
        else:
            flush_wide()
            pieces.append(_Piece(left, right, False))
        run = []

    def flush_wide() -> None:
        nonlocal wide
        if wide:
            pieces.append(_Piece(wide, [], True))
            wide = []

    groups = grouped(spans)
    wide_rows = _wide_rows(groups, gutter)
    for at, group in enumerate(groups):
        if at in wide_rows:
            flush_run()
            wide += group
        else:
            run += group
    flush_run()
    flush_wide()
    parts: list[tuple[list[TextSpan], bool]] = []
    for sides in _in_order(pieces):
        for side, is_across in sides:
            parts.extend([(side, True)] if is_across else _split(side, depth + 1, False) if side else [])
    return parts


@dataclass(frozen=True, slots=True)
class _Piece:
    """Columns, or what goes across them (in `left`)."""

    left: list[TextSpan]
    right: list[TextSpan]
    across: bool


def _in_order(pieces: Sequence[_Piece]) -> list[list[tuple[list[TextSpan], bool]]]:
    """Pieces as they are read. Columns whose sentences go on below a box across them are read on, then the box."""
    ordered: list[list[tuple[list[TextSpan], bool]]] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.across:
            ordered.append([(piece.left, True)])
        elif at + 2 < len(pieces) and pieces[at + 1].across and _goes_through(piece, pieces[at + 2]):
            below = pieces[at + 2]
            ordered.append([(side, False) for side in (piece.left, below.left, piece.right, below.right)])
            ordered.append([(pieces[at + 1].left, True)])
            at += 2
        else:
            ordered.append([(piece.left, False), (piece.right, False)])
        at += 1
    return ordered


def _goes_through(above: _Piece, below: _Piece) -> bool:
    """Whether the left column goes on below a box rather than in the right one: by where sentences begin and end."""
    if below.across or not below.left or min(len(above.left), len(above.right)) < 3:  # fewer are no columns
        return False
    last = max(above.left, key=lambda span: (span.base, span.x1)).text.rstrip()
    beside = min(above.right, key=lambda span: (span.base, span.x0)).text.lstrip()
    follows = min(below.left, key=lambda span: (span.base, span.x0)).text.lstrip()
    return last[-1:].isalnum() and beside[:1].isupper() and follows[:1].islower()


def _crosses(span: TextSpan, gutter: float) -> bool:
    return span.x0 < gutter - 1 and span.x1 > gutter + 1


def _is_prose(span: TextSpan) -> bool:
    return span.x1 - span.x0 >= _PROSE_EM * span.size


def _gutter(spans: list[TextSpan]) -> float | None:
    """Where the second column starts, or None when there is one column only. Of several columns any one's start."""
    left, right = min(span.x0 for span in spans), max(span.x1 for span in spans)
    width = right - left
    size = median(span.size for span in spans)
    if width < 22 * size:
        return None
    starts: Counter[int] = Counter()
    for span in spans:
        if left + 0.2 * width < span.x0 < right - 0.12 * width and _is_prose(span):
            starts[round(span.x0 / 2)] += 1
    best, best_score = None, 0
    for start, count in starts.most_common(6):
        if count + starts[start - 1] + starts[start + 1] < 3:
            continue
        gutter = min(span.x0 for span in spans if abs(span.x0 - start * 2) <= 2 and _is_prose(span)) - 0.5
        score = _score(spans, gutter)
        if score > best_score:
            best, best_score = gutter, score
    return best


def _score(spans: list[TextSpan], gutter: float) -> int:
    """How many rows of running text stand beside each other at this gutter, in stretches of three and more."""
    score = 0
    lefts: list[TextSpan] = []
    rights: list[TextSpan] = []
    for span in [*sorted(spans, key=lambda one: one.base), None]:
        if span is not None and not _crosses(span, gutter):
            if _is_prose(span):
                (lefts if span.x1 <= gutter + 1 else rights).append(span)
            continue
        if len(lefts) >= 3 and len(rights) >= 3:
            overlap = min(lefts[-1].base, rights[-1].base) - max(lefts[0].base, rights[0].base)
            if overlap > 2 * lefts[0].size:
                score += min(len(lefts), len(rights))
        lefts, rights = [], []
    return score


def _wide_rows(groups: list[list[TextSpan]], gutter: float) -> set[int]:
    """Rows that go over the gutter: a span crosses it, or they are part of a table over both columns."""
    wide = {at for at, group in enumerate(groups) if any(_crosses(span, gutter) for span in group)}
    stretch: list[int] = []
    for at in range(len(groups) + 1):
        group = groups[at] if at < len(groups) else []
        cells = [span.x1 <= gutter + 1 for span in group]
        if at not in wide and len(group) >= 3 and any(cells) and not all(cells) and not any(map(_is_prose, group)):
            stretch.append(at)
            continue
        if len(stretch) >= 3:
            wide.update(stretch)
        stretch = []
    return wide


def _are_columns(left: list[TextSpan], right: list[TextSpan]) -> bool:
    if not left or not right:
        return True
    return any(map(_is_prose, left)) and any(map(_is_prose, right))


# rows


def rows_of(spans: Sequence[TextSpan], *, mirrored: bool = False) -> list[TextRow]:
    """`spans` of one region as rows from top to bottom; raised and lowered ones stay with the words they belong to."""
    return [row_of(group, mirrored=mirrored) for group in grouped(spans)]


def grouped(spans: Sequence[TextSpan]) -> list[list[TextSpan]]:
    """Spans of the same row, rows from top to bottom."""
    if not spans:
        return []
    usual = median(span.size for span in spans)
    large = sorted((span for span in spans if span.size >= 0.8 * usual), key=lambda span: (span.base, span.x0))
    small = [span for span in spans if span.size < 0.8 * usual]
    groups: list[list[TextSpan]] = []
    bases: list[float] = []
    for span in large:
        if groups and abs(span.base - bases[-1]) <= 0.3 * min(span.size, groups[-1][0].size):
            groups[-1].append(span)
        else:
            groups.append([span])
            bases.append(span.base)
    # Marks of notes and institutions that stand alone: not always much smaller than the text of the page.
    alone = [len(group) == 1 and len(group[0].text) <= _MARK and group[0].size < 0.95 * usual for group in groups]
    if any(alone):
        small = [group[0] for group, one in zip(groups, alone, strict=True) if one] + small
        groups = [group for group, one in zip(groups, alone, strict=True) if not one]
        bases = [group[0].base for group in groups]
    loose: list[TextSpan] = []
    for span in small:
        home = _home(span, groups, bases)
        if home is None:
            loose.append(span)
        else:
            groups[home].append(span)
    for span in sorted(loose, key=lambda one: (one.base, one.x0)):
        if groups and groups[-1][0].size < 0.8 * usual and abs(span.base - groups[-1][0].base) <= 0.4 * span.size:
            groups[-1].append(span)
        else:
            groups.append([span])
    return sorted(groups, key=lambda group: group[0].base) if loose else groups


def _home(span: TextSpan, groups: list[list[TextSpan]], bases: list[float]) -> int | None:
    """The row that a small span is raised above or lowered below: it overlaps it and touches one of its spans."""
    best, best_overlap = None, 0.3
    first = bisect_left(bases, span.base - 1.5 * span.size)
    for at in range(first, min(first + 8, len(groups))):
        if len(groups[at]) > _MAX_IN_ROW:
            continue
        for other in groups[at]:
            reach = (2.5 if span.text in _BULLETS else 0.6) * other.size
            if span.x0 - other.x1 >= reach or other.x0 - span.x1 >= reach:
                continue
            overlap = (min(span.bottom, other.bottom) - max(span.top, other.top)) / (span.bottom - span.top)
            if overlap > best_overlap:
                best, best_overlap = at, overlap
    return best


def _with_room(group: list[TextSpan]) -> list[TextSpan]:
    """`group` with a span parted where a small sign is raised in it: a note's number may be drawn after the line."""
    usual = max(span.size for span in group)
    large = [span for span in group if span.size >= 0.8 * usual]
    small = [span for span in group if span.size < 0.8 * usual]
    for sign in small if len(group) <= _MAX_IN_ROW else ():
        for at, span in enumerate(large):
            inside = span.x0 < sign.x0 - 1 and sign.x1 + 1 < span.x1 and sign.base < span.base - 0.15 * span.size
            if inside and len(span.text) >= _ENOUGH_TO_PART and (end := _word_end(span, sign.x0)):
                before = span._replace(text=span.text[:end], x1=sign.x0)
                after = span._replace(text=span.text[end + 1 :], x0=sign.x1 + 0.25 * span.size)
                large[at : at + 1] = [before, after]
                break
    return [*large, *small]


def _word_end(span: TextSpan, x: float) -> int:
    """The end of the word at `x`, for letters of about one width; 0 when none is near."""
    guess = round((x - span.x0) / (span.x1 - span.x0) * len(span.text))
    ends = [end for end in range(max(1, guess - _UNSURE), guess + _UNSURE + 1) if span.text[end : end + 1] == " "]
    return min(ends, key=lambda end: abs(end - guess), default=0)


def row_of(group: list[TextSpan], *, mirrored: bool = False) -> TextRow:
    """mirrored: where x grows is the left."""
    if len(group) > 1:
        group = _with_room(group)
    if len(group) == 1:
        [one] = group
        return TextRow((one.text,), (one.x0,), one.x0, one.x1, one.base, one.size, one.bold)
    text = "".join(span.text for span in group)
    backwards = any(map(str.isalpha, text)) and is_right_to_left(text) != mirrored
    ordered = sorted(group, key=(lambda span: -span.x1) if backwards else (lambda span: span.x0))
    main = max(group, key=lambda span: len(span.text) * span.size)
    cells = [ordered[0].text]
    edges = [ordered[0].x0]
    for before, span in itertools.pairwise(ordered):
        gap = before.x0 - span.x1 if backwards else span.x0 - before.x1
        if gap > CELL_EM * main.size:
            cells.append(span.text)
            edges.append(span.x0)
        else:
            raised = RAISED if span.size < 0.85 * main.size and span.base < main.base - 0.1 * main.size else ""
            cells[-1] += ("" if gap < 0.12 * main.size else " ") + raised + span.text
    bold = sum(len(span.text) for span in group if not span.bold) <= 0.1 * sum(len(span.text) for span in group)
    x0, x1 = min(span.x0 for span in group), max(span.x1 for span in group)
    return TextRow(tuple(cells), tuple(edges), x0, x1, main.base, main.size, bold)
