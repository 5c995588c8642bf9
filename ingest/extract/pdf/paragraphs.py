"""Rows to paragraphs, and paragraphs to text with hyphenated words joined. Pure functions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from ingest.extract.pdf.layout import Region, TextRow
from ingest.extract.pdf.pages import HYPHEN, RAISED, composed
from ingest.extract.pdf.tables import in_columns, wraps
from ingest.extract.pdf.vocabulary import is_compound, is_word

__all__ = ["Joiner", "Paragraph", "ends_sentence", "paragraphs_of"]

_BULLET = re.compile(r"^(?:[•‣▪▸►◦●○■□➢➤✓✔∙·\x01-\x08\x0b-\x1f\uf0a7\uf0b7]|[-–—*](?= ))")
_UNNAMED_BULLET = re.compile(r"^[\x01\x03-\x08\x0b-\x1f\uf0a7\uf0b7\uf076\uf0d8]+\s+")
_NUMERIC = re.compile(r"^[-−–+±(<>≤≥~]?\d[\d.,:/%()\[\]±–−-]*[*†‡%]*$")
_LABEL = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})[.)]|\[\w{1,12}\])(?= )")
_REFERENCE_LABEL = re.compile(r"^(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}[.)]?(?= ))")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[A-Z]\.\d|[IVX]+\.) ")
_LEADERS = re.compile(r"(?:\s*[.…_·]\s*){4,}")
_OPEN_ADDRESS = re.compile(r"(?:://|www\.)\S*[/._\-=&?~%]$")
_ENDS = re.compile(r"[.!?:;…。！？؟۔।][\"'”’»)\]」\d]{0,4}$")
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+|[^\W\d_]{4,}")
# A power: a raised number right after another, which would be one with it.
_POWER = re.compile(rf"(?<=\d){RAISED}(?=[-+−–]?\d+(?![\w/⁄]))")
# The sign of a note behind a word or year, which would be part of it.
_MARKS = re.compile(
    rf"((?!(?:min|sec|mol|rad){RAISED})[^\W\d_]{{3,}}[.,;:)”\"]?|(?<!\d)(?:1[5-9]|20)\d\d){RAISED}(?:\d{{1,3}}(?:[,–-]\d{{1,3}})*|[*†‡§¶]+)(?![\w/⁄])"
)
_MIXED = re.compile(rf"(?<=\d){RAISED}(?=\d{{1,2}}[/⁄]\d)")  # 48 1/2
# Letters between which a line may break without a space: Han, kana and their punctuation; Hangul has spaces.
_UNSPACED = re.compile("[\u2e80-\u2fdf\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACED = re.compile(f"{_UNSPACED.pattern} {_UNSPACED.pattern}")  # names below each other, `新山 祐介`
_GOES_ON = f",-–—{HYPHEN}"
_FLUSH_EM = 0.6  # how far from each other lines end that are set to one edge
# What may follow a hyphen that is meant: `pre- and postoperative`.
_HANGING = frozenset(("and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows that belong together. `place` counts the regions of a page; a table keeps its rows apart."""

    rows: tuple[TextRow, ...]
    page: int
    place: int
    right: float  # where its lines could reach to
    is_table: bool = False
    indented: bool = False

    @property
    def size(self) -> float:
        return max(self.rows, key=lambda row: row.x1 - row.x0).size

    @property
    def bold(self) -> bool:
        return all(row.bold for row in self.rows)

    @property
    def first(self) -> str:
        return self.rows[0].text

    @property
    def last_is_full(self) -> bool:
        row = self.rows[-1]
        return row.x1 > self.right - 2.5 * row.size


def ends_sentence(text: str) -> bool:
    return bool(_ENDS.search(text))


def paragraphs_of(region: Region, page: int, place: int, body: float, *, references: bool = False) -> list[Paragraph]:
    """The paragraphs and tables of one region. `references`: hanging entries rather than running text."""
    paragraphs: list[Paragraph] = []
    leading = _leading(region.rows)
    for is_table, rows in _tables_and_text(region):
        if is_table and (columns := _small_columns(rows)):
            paragraphs += [Paragraph(column, page, place, max(row.x1 for row in column)) for column in columns]
            continue
        if is_table:
            paragraphs.append(Paragraph(tuple(map(_without_leaders, rows)), page, place, region.right, is_table=True))
            continue
        for group in _groups(rows, leading):
            right = max(row.x1 for row in group) if len(group) >= 4 else region.right
            left = min(row.x0 for row in group) if len(group) >= 2 and not references else region.left
            if references:
                parts = _entries(group, left, right)
            else:
                parts = _split(group, left, right, body)
            for part in parts:
                indented = part[0].x0 > left + 0.6 * part[0].size
                paragraphs.append(Paragraph(tuple(part), page, place, right, indented=indented))
    return paragraphs


def _leading(rows: Sequence[TextRow]) -> float:
    """The usual distance of baselines in ems."""
    ratios = [
        (below.base - row.base) / row.size
        for row, below in itertools.pairwise(rows)
        if 0.9 * row.size < below.base - row.base < 2.4 * row.size and abs(row.size - below.size) < 0.1 * row.size
    ]
    return median(ratios) if len(ratios) >= 4 else min((*ratios, 1.35))


# tables


def _tables_and_text(region: Region) -> list[tuple[bool, list[TextRow]]]:
    """Runs of rows: tables are two rows and more with three cells, or three and more with two aligned ones."""
    rows = region.rows
    cells = [3 if _is_tabular(row) else len(row.cells) for row in rows]
    is_table = [False] * len(rows)
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and (cells[end] >= 2 or _continues_table(region, cells, at, end)):
            end += 1
        run = rows[at:end]
        many = sum(count >= 3 for count in cells[at:end])
        if (many >= 2 and many * 3 >= len(run)) or (len(run) >= 3 and _aligned(run)):
            is_table[at:end] = [True] * len(run)
        at = max(end, at + 1)
    parts: list[tuple[bool, list[TextRow]]] = []
    for flag, row in zip(is_table, rows, strict=True):
        if parts and parts[-1][0] == flag:
            parts[-1][1].append(row)
        else:
            parts.append((flag, [row]))
    return parts


def _small_columns(rows: Sequence[TextRow]) -> list[tuple[TextRow, ...]]:
    """Two columns of running text that stand beside each other within one, in which most lines go on with a word."""
    if len(rows) < 3 or any(len(row.cells) != 2 for row in rows):
        return []
    if any(sum(len(row.cells[side]) for row in rows) < 8 * len(rows) for side in (0, 1)):
        return []  # numbers, or pieces of a formula
    columns = [
        tuple(
            replace(row, cells=(row.cells[side],), edges=(row.edges[side],), x0=row.edges[side], x1=row.x1)
            for row in rows
        )
        for side in (0, 1)
    ]
    goes_on = [sum(row.text[:1].islower() for row in column[1:]) for column in columns]
    return columns if all(count * 3 >= 2 * (len(rows) - 1) for count in goes_on) else []


def _is_tabular(row: TextRow) -> bool:
    """A line of a table of contents, or a row whose cells stand too close to be told apart but are numbers."""
    text = row.text
    if _LEADERS.search(text):
        return True
    words = text.split()
    return 3 <= len(words) <= 30 and sum(bool(_NUMERIC.match(word)) for word in words) >= 0.55 * len(words)


def _continues_table(region: Region, cells: list[int], start: int, at: int) -> bool:
    """One short row with a single cell between rows with several: the rest of a cell that is two lines high."""
    row = region.rows[at]
    if wraps(region.rows[at - 1] if at > start else None, region.rows[start:at], row):
        return True
    return (
        at > start
        and at + 1 < len(cells)
        and cells[at + 1] >= 3
        and cells[at - 1] >= 2
        and row.x1 - row.x0 < 0.5 * (region.right - region.left)
    )


def _aligned(run: Sequence[TextRow]) -> bool:
    """Whether second cells start at the same place. A bullet or number before an item is no cell."""
    seconds = [row.edges[1] for row in run if len(row.edges) == 2]
    if len(seconds) * 3 < len(run) * 2 or all(len(row.cells[0]) <= 3 for row in run if len(row.cells) == 2):
        return False
    middle = median(seconds)
    return sum(abs(one - middle) < 4 for one in seconds) * 3 >= len(run) * 2


def _without_leaders(row: TextRow) -> TextRow:
    """Dots from a title to its page number out of a table of contents."""
    if not _LEADERS.search(row.text):
        return row
    cells = tuple(part for cell in row.cells for part in _LEADERS.sub("\t", cell).split("\t") if part.strip())
    return replace(row, cells=cells or row.cells[:1])


# paragraphs


def _groups(rows: Sequence[TextRow], leading: float) -> list[list[TextRow]]:
    """Rows of one size and weight with nothing but the usual space between them."""
    groups: list[list[TextRow]] = []
    for row in rows:
        if groups:
            above = groups[-1][-1]
            distance = row.base - above.base
            same = abs(row.size - above.size) <= 0.07 * max(row.size, above.size) and row.bold == above.bold
            if same and distance <= 1.3 * leading * max(row.size, above.size):
                groups[-1].append(row)
                continue
        groups.append([row])
    return groups


def _split(group: list[TextRow], left: float, right: float, body: float) -> list[list[TextRow]]:
    parts = [[group[0]]]
    is_heading = group[0].bold or group[0].size > 1.1 * body
    widest = right
    for at, row in enumerate(group[1:], start=1):
        above = parts[-1][-1]
        right = widest if is_heading else _edge(group, at - 1, widest)
        if is_heading and not _BULLET.match(row.text):
            new = bool(_NUMBERED.match(row.text)) or (ends_sentence(above.text) and not _is_full(above, row, right))
        else:
            new = _starts_new(parts[-1], row, left, right)
        if new:
            parts.append([row])
        else:
            parts[-1].append(row)
    return parts


def _edge(group: Sequence[TextRow], at: int, right: float) -> float:
    """Where row `at` could reach to: beside a picture, or in a quotation, as far as three lines that end at one place.

    Lines of one text: most begin within a sentence, which rows of a form and labels do not.
    """
    em = group[at].size
    for first in range(max(0, at - 2), at + 1):
        three = group[first : first + 3]
        ends = [row.x1 for row in three]
        if len(three) == 3 and max(ends) - min(ends) < _FLUSH_EM * em:
            goes_on = sum(row.text[:1].islower() for row in group[first + 1 : first + 4])
            if goes_on >= 2:
                return min(right, max(ends))
    return right


def _is_full(above: TextRow, row: TextRow, right: float) -> bool:
    """Whether the first word of `row` would not have fitted on the line above it."""
    word = row.text.split(" ", 1)[0]
    per_character = (row.x1 - row.x0) / max(1, len(row.text))
    slack = 0.3 if ends_sentence(above.text) else 1.5
    return right - above.x1 <= len(word) * per_character + slack * row.size


def _starts_new(part: list[TextRow], row: TextRow, left: float, right: float) -> bool:
    above, em = part[-1], row.size
    if _OPEN_ADDRESS.search(above.text) and " " not in row.text.strip() and "://" not in row.text:
        return False
    if _BULLET.match(row.text):
        return True
    shift = row.x0 - above.x0
    hangs = len(above.edges) > 1 and len(above.cells[0]) <= 4 and abs(row.x0 - above.edges[1]) < 0.5 * em
    is_item = hangs or bool(_BULLET.match(part[0].text) or _LABEL.match(part[0].text))
    next_item = _LABEL.match(part[0].text) and row.x0 > left + 0.5 * em and abs(row.x0 - part[0].x0) < 0.3 * em
    if _LABEL.match(row.text) and (next_item or ends_sentence(above.text) or not _is_full(above, row, right)):
        return True
    if abs(shift) > 0.8 * em and _is_centred(above, left, right) and _is_centred(row, left, right):
        return False
    if (
        len(part) == 1
        and _is_centred(above, left, right)
        and (above.x0 - left > 2.5 * em or shift < 0 < row.x0 - left - 0.7 * em)
    ):
        return True  # a centred heading above a paragraph
    if is_item and len(part) == 1 and shift > 0.3 * em:
        return not _is_full(above, row, right)
    if shift > 0.7 * em:
        return row.x0 > left + 0.7 * em
    if shift < -0.7 * em and is_item and len(part) == 1 and abs(row.x0 - left) < 0.5 * em and " " in above.text:
        # Set like a paragraph, its first line in.
        return not (above.text[-1].isalpha() or above.text[-1] in _GOES_ON) or not _is_full(above, row, right)
    if shift < -0.7 * em and (len(part) > 1 or is_item):
        return True
    return not _is_full(above, row, right)


def _is_centred(row: TextRow, left: float, right: float) -> bool:
    before, after = row.x0 - left, right - row.x1
    return min(before, after) > 0.5 * row.size and abs(before - after) < 0.6 * row.size


def _entries(group: list[TextRow], left: float, right: float) -> list[list[TextRow]]:
    """Entries of a list of references: by their labels, by hanging indents, or as paragraphs."""
    em = group[0].size
    at_left = [abs(row.x0 - left) < 0.5 * em for row in group]
    labels = [bool(_REFERENCE_LABEL.match(row.text)) for row in group]
    if sum(labels) >= 2 and sum(labels) * 8 >= len(group):
        starts = labels
    elif sum(at_left) < len(group):
        starts = at_left
    else:
        starts = [not at or not _is_full(group[at - 1], row, right) for at, row in enumerate(group)]
    parts: list[list[TextRow]] = []
    for start, row in zip(starts, group, strict=True):
        if start or not parts:
            parts.append([row])
        else:
            parts[-1].append(row)
    return parts


# text


class Joiner:
    """Lines to text. Knows the words of the whole document, to tell a broken word from a broken compound."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._words: set[str] = set()
        for text in rows:
            self._words.update(_WORD.findall(text.casefold()))

    def text(self, paragraph: Paragraph) -> str:
        if paragraph.is_table:
            rows = [" | ".join(row.cells) for row in in_columns(paragraph.rows)]
            return _powers("\n".join(rows).replace(HYPHEN, "-"))
        return _UNNAMED_BULLET.sub("• ", self.join([row.text for row in paragraph.rows]))

    def join(self, lines: Sequence[str]) -> str:
        """`lines` as one, a space between two unless a word goes on."""
        joined = ""
        for line in lines:
            # pdfium runs lines together after a hyphen, so that the mark may stand inside a row too.
            for part in re.split(f"(?<={HYPHEN})", line):
                joined = self._appended(joined, part) if joined else part
        joined = _powers(joined.replace(HYPHEN, "-"))
        return composed(joined)

    def _appended(self, text: str, line: str) -> str:
        line = line.lstrip()
        if not line:
            return text
        if _OPEN_ADDRESS.search(text[-200:]) and not line[0].isupper() and "://" not in line.split(" ", 1)[0]:
            return f"{text.replace(HYPHEN, '-')}{line}"
        if _UNSPACED.match(text[-1]) and _UNSPACED.match(line) and not _SPACED.search(f"{text[-200:]}\n{line}"):
            return text + line
        if text[-1] == "–" and text[-2:-1].isdigit() and line[0].isdigit():
            return text + line  # 12–19
        if not text.endswith((HYPHEN, "-", "\u2010")):
            return f"{text} {line}"
        stem, follows = text[:-1], line.split(" ", 1)[0]
        before, after = re.search(r"[\w\-]*$", stem), re.match(r"[\w\-]+", follows)
        if not before or not before[0] or not after:
            return f"{stem}- {line}" if stem.endswith(" ") or not stem else f"{stem}-{line}"
        if after[0].casefold() in _HANGING:
            return f"{stem}- {line}"
        keep = len(before[0]) == 1 or before[0][-1].isdigit() or self._is_compound(before[0], after[0])
        return f"{stem}-{line}" if keep else f"{stem}{line}"

    def _is_compound(self, before: str, after: str) -> bool:
        head, tail = before.casefold().split("-")[-1], after.casefold().split("-")[0]
        if head + tail in self._words and not tail[0].isdigit():
            return False
        if not after[0].islower():
            return True
        if f"{head}-{tail}" in self._words or f"{before}-{after}".casefold() in self._words:
            return True
        return self._is_english and is_compound(head, tail)

    @cached_property
    def _is_english(self) -> bool:
        """Whether most words of the document are English."""
        return sum(map(is_word, self._words)) * 2 > len(self._words)


def _powers(text: str) -> str:
    """Without signs of notes; raised numbers as 10^5 where they would make another, `48 1/2` for half a fraction."""
    if RAISED not in text:
        return text
    return _POWER.sub("^", _MIXED.sub(" ", _MARKS.sub(r"\1", text))).replace(RAISED, "")
