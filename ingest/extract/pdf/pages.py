"""What stands on the pages of a PDF, read with pdfium: runs of words with their place, size and weight.

pdfium gives the text of a page in one call and boxes one character a call. A call costs 0.7 µs, so two boxes a word and
four more calls a line: 2 ms for a page of 900 words, where a box for every character takes 4 ms and its font another 6.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.extract.pdf.attached import remarks_on
from ingest.extract.pdf.directions import Line, along, by_direction, is_near, levelled
from ingest.extract.pdf.layers import hidden_signs
from ingest.extract.pdf.right_to_left import Letter, is_right_to_left, lines_of_letters, may_turn
from searchsvc.doubts import Doubt

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

__all__ = ["HYPHEN", "LIGATURES", "RAISED", "PageText", "TextSpan", "composed", "read_page"]

HYPHEN = "\x02"  # stands for a hyphen at the end of a line
RAISED = "\u2060"  # stands between a word and smaller signs at its start or end, such as marks of affiliations
_HYPHENS = "\x02\ufffe"  # how pdfium gives it, depending on the call
_WORD = re.compile(rf"[^\s{_HYPHENS}]+[{_HYPHENS}]?|[{_HYPHENS}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SEGMENT = re.compile(r"[^\r\n]+")
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x01\x03-\x08\x0b\x0c\x0e-\x1f]")
_BOLD = re.compile(r"(?i)bold|black|heavy|demi|medi(?![a-z])|cmbx|cmssbx|[-,.]b(?:d|$)|\bbf")
_FORCE_BOLD = 1 << 18
LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_ACCENTED = re.compile(r"([¨´`ˆ˜ˇ˚¸¯˘˝])([A-Za-zı])")
_COMBINING = dict(zip("¨´`ˆ˜ˇ˚¸¯˘˝", "\u0308\u0301\u0300\u0302\u0303\u030c\u030a\u0327\u0304\u0306\u030b", strict=True))
_HARDLY_ANY = 40  # characters of a page, such as a page number and a stamp on a scan
_TILTED = 0.09  # radians; from there on the height of a word's box says little of its letters
_MARGIN = 20.0  # points beyond the edge of the page where text still counts
_GAP = re.compile(r"[^\W\d_]{2}\ufffd|\ufffd[^\W\d_]{2}")
_SIGNS_OF_FORMULAS = 2.0  # times more signs of a page than words may be lost before it counts as much
_GAPS = 0.01  # of a page's words: with more of them that lack a letter the text is not to be trusted
_UNREADABLE_SHARE = 0.3  # of the characters of a page
_SIGNS = re.compile(r"[!\"#$%&'()*+,/:;<=>?@\\\[\]^`{}~]")
_DAILY = ("gb2312", "big5", "euc_jp", "euc_kr")
_ENOUGH = 60  # characters to tell a language's letters from signs


class TextSpan(NamedTuple):
    """Words side by side on one line, in points; `base` is the baseline, and y grows downwards from the top edge."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool

    @property
    def top(self) -> float:
        return self.base - 0.75 * self.size

    @property
    def bottom(self) -> float:
        return self.base + 0.22 * self.size


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: `spans` in the direction that most of it is written in.

    turned: what is written in others, each as a page on which it is level. asides: lines that slant.
    """

    number: int
    width: float
    height: float
    spans: tuple[TextSpan, ...]
    asides: tuple[str, ...] = ()
    turned: tuple[PageText, ...] = ()
    notes: tuple[str | Doubt, ...] = ()
    pictures: bool = False  # only looked for where there is hardly any text
    remarks: tuple[str, ...] = ()  # notes that were put on the page, and values of form fields
    has_fields: bool = False


def composed(text: str) -> str:
    """Old fonts have accents as letters of their own, set before the letter they stand on."""
    return text if text.isascii() else _ACCENTED.sub(_composed, text)


def _composed(match: re.Match[str]) -> str:
    letter = "i" if match[2] == "ı" else match[2]
    whole = unicodedata.normalize("NFC", letter + _COMBINING[match[1]])
    return whole if len(whole) == 1 else match[0]


def read_page(document: PdfDocument, number: int, hidden: frozenset[str] = frozenset()) -> PageText:
    """Page `number`, from 1, without what is on layers called `hidden`. Raises pypdfium2's PdfiumError when it cannot
    be loaded."""
    page = document[number - 1]
    try:
        textpage = page.get_textpage()
        try:
            reader = _Reader(textpage)
            if hidden:
                reader.leave_out(hidden)
            lines, unreadable = reader.lines()
        finally:
            textpage.close()
        made = _page(page, number, lines, unreadable)
        remarks, has_fields = remarks_on(page)
        notes = made.notes
        if reader.lost and lines and unreadable <= _UNREADABLE_SHARE:
            notes = (*notes, Doubt("letters_unknown" if reader.gaps() > _GAPS else "signs_unknown", reader.lost))
        if remarks or has_fields or notes != made.notes:
            made = replace(made, remarks=remarks, has_fields=has_fields, notes=notes)
        return made
    finally:
        page.close()


def _page(page: PdfPage, number: int, lines: list[Line], unreadable: float) -> PageText:
    from pypdfium2 import raw

    left, bottom, right, top = page.get_cropbox()
    notes: list[str | Doubt] = []
    directions, slanting = by_direction(lines)
    printed = sum(line.characters for _, same in directions for line in same)
    kinds = {one.type for one in page.get_objects(max_depth=4)} if printed < _HARDLY_ANY else set()
    pictures = raw.FPDF_PAGEOBJ_IMAGE in kinds
    if unreadable > _UNREADABLE_SHARE:
        notes.append(Doubt("text_unreadable"))
        directions, slanting = [], []
    elif not lines:
        notes.append(Doubt("unit_without_text") if pictures else Doubt("unit_drawn") if kinds else "empty page")
    sheets = [
        _sheet(number, of_turn, (*along(left, bottom, turn), *along(right, top, turn))) for turn, of_turn in directions
    ] or [_sheet(number, [], (left, bottom, right, top))]
    asides = tuple(" ".join(line.words) for line in slanting)
    turned = tuple(sheet for sheet in sheets[1:] if sheet.spans)
    return replace(sheets[0], asides=asides, turned=turned, notes=tuple(notes), pictures=pictures)


def _sheet(number: int, lines: list[Line], corners: tuple[float, float, float, float]) -> PageText:
    """Lines of one direction. corners: two opposite ones of the page, in the axes of the lines."""
    x_from, x_to = sorted(corners[::2])
    y_from, y_to = sorted(corners[1::2])
    spans = [
        TextSpan(" ".join(line.words), line.x0 - x_from, line.x1 - x_from, y_to - line.base, line.size, line.bold)
        for line in levelled(lines, (x_from + x_to) / 2, (y_from + y_to) / 2)
    ]
    inside = (
        span
        for span in spans
        if span.x1 > -_MARGIN
        and span.x0 < x_to - x_from + _MARGIN
        and span.bottom > -_MARGIN
        and span.top < y_to - y_from + _MARGIN
    )
    return PageText(number, x_to - x_from, y_to - y_from, tuple(inside))


class _Reader:
    """Buffers and calls for one text page."""

    def __init__(self, textpage: PdfTextPage) -> None:
        from pypdfium2 import raw

        self.raw: Any = raw
        self.handle: Any = textpage.raw
        self.rect = raw.FS_RECTF()
        self.matrix = raw.FS_MATRIX()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.flags = ctypes.c_int()
        self.buffer = ctypes.create_string_buffer(128)
        self.bold_fonts: dict[bytes, bool] = {}
        count = raw.FPDFText_CountChars(textpage)
        self.text: str = textpage.get_text_range() if count > 0 else ""
        self.lost = self._mark_lost() if "\ufffe" in self.text or "\x02" in self.text else 0
        # pdfium leaves characters without a meaning out of the text, and counts one beyond the BMP twice.
        if len(self.text) < count and max(self.text, default="") <= "\uffff":
            self.text = "".join(chr(raw.FPDFText_GetUnicode(self.handle, at)) for at in range(count))
            self.lost += self._mark_unmapped()
        elif len(self.text) == count and _CONTROL.search(self.text):
            self.lost += self._mark_unmapped()
        self.shifted = len(self.text) != count
        self.offsets = _utf16_offsets(self.text) if self.shifted else None

    def leave_out(self, layers: frozenset[str]) -> None:
        signs = list(self.text)
        index_of = {self._index(at): at for at, sign in enumerate(signs) if not sign.isspace()}
        for index in hidden_signs(self.handle, index_of, layers):
            signs[index_of[index]] = " "
        self.text = "".join(signs)

    def lines(self) -> tuple[list[Line], float]:
        """The lines, split where a gap is wide, and which share of the characters has no meaning."""
        lines: list[Line] = []
        text, end, mark = self.text, 0, False
        if not text:
            return [], 0.0
        printed = sum(map(len, text.split())) or 1
        unreadable = len(_UNREADABLE.findall(text)) / printed
        if unreadable <= _UNREADABLE_SHARE and self._is_signs():
            unreadable = 1.0
        if unreadable <= _UNREADABLE_SHARE and self._unmapped() > 0.5:
            unreadable = max(unreadable, self._nonsense())
        turning = self._turning()
        if turning:
            lines += lines_of_letters((self._letters(*segment) for segment in turning), text)
            rest = list(text)
            for start, stop in turning:
                rest[start:stop] = " " * (stop - start)
            text = "".join(rest)
        line: Line | None = None
        box, rect, handle, at_rect = self._box, self.rect, self.handle, ctypes.byref(self.rect)
        get_box, shifted = self.raw.FPDFText_GetLooseCharBox, self.shifted
        height = level = tilt = slope = 0.0
        for match in _WORD.finditer(text):
            start, stop = match.span()
            word = match[0]
            broken = mark or "\n" in text[end:start]
            mark = word[-1] in _HYPHENS
            end = stop
            last = stop - 2 if mark and stop - start > 1 else stop - 1
            if shifted:
                left, low, right, high = box(start)
                left2, low2, right2, high2 = box(last)
            else:
                get_box(handle, start, at_rect)
                left, low, right, high = rect.left, rect.bottom, rect.right, rect.top
                if last > start:
                    get_box(handle, last, at_rect)
                    left2, low2, right2, high2 = rect.left, rect.bottom, rect.right, rect.top
                else:
                    left2, low2, right2, high2 = left, low, right, high
            tall = high - low
            if mark:
                word = word[:-1] + HYPHEN
            elif last > start and not 0.9 * (high2 - low2) < tall < 1.11 * (high2 - low2):
                raised = low2 - low if tall > high2 - low2 else low - low2
                if raised > 0.12 * max(tall, high2 - low2):
                    word = self._parted(word, start, tall, high2 - low2)
            if not word.isascii():
                word = composed(word.translate(LIGATURES))
            # pdfium does not break every line: a new height or place means another font or another line.
            if line is None or broken or tilt or abs(tall - height) > 0.02 * height or abs(low - level) > 0.02 * height:
                size, turn, base, bold, tilt, slope = self._style(start, tall)
                height, level = tall, low
                if tilt:  # heights of boxes are widths then, and say nothing of raised signs
                    word = word.replace(RAISED, "")
            else:
                size, turn, base = line.size, line.turn, line.base
                bold = line.bold and self._is_bold(self._index(start))
            if tilt:
                corners = [
                    along(x, y, turn)[0] for x, y in ((left, low), (right, high), (left2, low2), (right2, high2))
                ]
                x0, x1 = min(corners), max(corners)
            else:
                x0, x1 = (left, right2) if left <= right2 else (left2, right)
            if line is not None and not broken and turn == line.turn and is_near(line, x0, x1, base, size):
                line.words.append(word)
                line.x0, line.x1 = min(line.x0, x0), max(line.x1, x1)
                line.bold = bold and line.bold
            else:
                # Size and place are known from the words before it, its weight is not.
                line = Line(turn, [word], x0, x1, base, size, bold or self._is_bold(self._index(start)), slope)
                lines.append(line)
        return lines, unreadable

    def gaps(self) -> float:
        """The share of words that lack a letter, where signs of formulas stand apart; of all signs where it is more."""
        words = self.text.split()
        signs = self.lost / max(1, sum(map(len, words)))
        return max(sum(bool(_GAP.search(word)) for word in words) / max(1, len(words)), signs / _SIGNS_OF_FORMULAS)

    def _turning(self) -> list[tuple[int, int]]:
        """Start and end of the lines that are to be read letter by letter: some of it runs from right to left."""
        if not may_turn(self.text):
            return []
        page = is_right_to_left(self.text)
        segments: list[tuple[int, int]] = []
        for match in _SEGMENT.finditer(self.text):
            line = match[0]
            if may_turn(line) or (page and not line.isspace() and not any(map(str.isalpha, line))):
                segments.append(match.span())
        return segments

    def _letters(self, start: int, stop: int) -> list[Letter]:
        letters: list[Letter] = []
        for at in range(start, stop):
            index = self._index(at)
            if self.raw.FPDFText_IsGenerated(self.handle, index) == 1:
                continue
            left, low, right, high = self._box(at)
            size, turn, base, bold, tilt, slope = self._style(at, high - low)
            x0, x1 = left, right
            if tilt:
                x0, x1 = sorted((along(left, low, turn)[0], along(right, high, turn)[0]))
            origin = along(self.x.value, self.y.value, turn)[0]
            letters.append(Letter(self.text[at], x0, x1, origin, base, size, bold, turn, slope))
        return letters

    def _mark_lost(self) -> int:
        """Signs that the file maps to nothing look like hyphens at line ends in the text: marks and counts them."""
        count = self.raw.FPDFText_CountChars(self.handle)
        if len(self.text) != count:
            return 0
        signs = [at for at, one in enumerate(self.text) if one in _HYPHENS]
        lost = [at for at in signs if self.raw.FPDFText_GetUnicode(self.handle, at) == 0]
        if lost:
            text = list(self.text)
            for at in lost:
                text[at] = "\ufffd"
            self.text = "".join(text)
        return len(lost)

    def _mark_unmapped(self) -> int:
        """Marks signs of which the file says nothing, and counts them.

        The first of a line is a bullet, and one that stands apart at its end an ornament, such as at that of a proof.
        """
        text, lost = list(self.text), 0
        for match in _CONTROL.finditer(self.text):
            at = match.start()
            if text[at] == "\x02" and self.raw.FPDFText_IsHyphen(self.handle, at) == 1:
                continue
            before, after = self.text[max(0, at - 1) : at], self.text[at + 1 : at + 2]
            apart = before in ("", "\n") or (before.isspace() and after in ("", "\r", "\n"))
            if apart:
                text[at] = "\x01"
            elif self.raw.FPDFText_HasUnicodeMapError(self.handle, at) == 1:
                text[at] = "\ufffd"
                lost += 1
        self.text = "".join(text)
        return lost

    def _parted(self, word: str, start: int, first: float, last: float) -> str:
        """`word` with RAISED where characters of the height `first` change to those of the height `last`."""
        middle = (first + last) / 2
        for at in range(1, len(word)):
            _, low, _, high = self._box(start + at)
            if (high - low > middle) == (last > first):
                return f"{word[:at]}{RAISED}{word[at:]}"
        return word

    def _index(self, at: int) -> int:
        if not self.shifted:
            return at
        found: int = self.raw.FPDFText_GetCharIndexFromTextIndex(self.handle, self.offsets[at] if self.offsets else at)
        return max(found, 0)

    def _box(self, at: int) -> tuple[float, float, float, float]:
        rect = self.rect
        self.raw.FPDFText_GetLooseCharBox(self.handle, self._index(at) if self.shifted else at, ctypes.byref(rect))
        return rect.left, rect.bottom, rect.right, rect.top

    def _style(self, at: int, height: float) -> tuple[float, int, float, bool, float, float]:
        """Size in points, quarter turns, baseline in turned axes, bold, whether it is turned (not 0), and its slope."""
        at = self._index(at)
        raw, handle, matrix = self.raw, self.handle, self.matrix
        raw.FPDFText_GetMatrix(handle, at, ctypes.byref(matrix))
        raw.FPDFText_GetCharOrigin(handle, at, ctypes.byref(self.x), ctypes.byref(self.y))
        size = raw.FPDFText_GetFontSize(handle, at) * math.hypot(matrix.c, matrix.d) or 0.8 * height
        angle = math.atan2(matrix.b, matrix.a) if matrix.a or matrix.b else 0.0
        quarter = round(angle / (math.pi / 2))
        slope = angle - quarter * math.pi / 2
        turn = quarter % 4
        base = along(self.x.value, self.y.value, turn)[1]
        return max(size, 0.1), turn, base, self._is_bold(at), float(turn or abs(slope) > _TILTED), slope

    def _is_bold(self, at: int) -> bool:
        length = self.raw.FPDFText_GetFontInfo(self.handle, at, self.buffer, 128, ctypes.byref(self.flags))
        name = self.buffer.value if 0 < length <= 128 else b""
        if name not in self.bold_fonts:
            force = bool(self.flags.value & _FORCE_BOLD)
            self.bold_fonts[name] = force or bool(_BOLD.search(name.decode("utf-8", "replace")))
        return self.bold_fonts[name]

    def _unmapped(self) -> float:
        """The share of characters, of some forty looked at, whose font does not say what they mean."""
        looked_at = [at for at in range(0, len(self.text), max(1, len(self.text) // 40)) if not self.text[at].isspace()]
        wrong = sum(self.raw.FPDFText_HasUnicodeMapError(self.handle, self._index(at)) == 1 for at in looked_at)
        return float(wrong / max(1, len(looked_at)))

    def _is_signs(self) -> bool:
        """Whether signs stand where letters should: a font whose letters have other codes, and no table that says so.

        In text, code and formulas at most a fourth are signs, dots and dashes aside.
        """
        printed = sum(map(len, self.text.split()))
        return printed >= _ENOUGH and len(_SIGNS.findall(self.text)) > 0.4 * printed and self._kinds_of_signs() >= 8

    def _kinds_of_signs(self) -> int:
        return len(set(_SIGNS.findall(self.text)))

    def _nonsense(self) -> float:
        """1 when characters from an unmapped font do not look like words, else 0: most such fonts use usual codes."""
        letters = [one for one in self.text if one.isalpha()]
        if len(letters) > 4 and _are_usual(letters):
            return 0.0
        odd = sum(not one.isascii() or one.isupper() for one in letters) + self.text.count("\\")
        return 1.0 if odd > 0.8 * max(1, len(letters)) and len(letters) > 10 else 0.0


def _are_usual(letters: Sequence[str]) -> bool:
    """Whether nearly all are Chinese, Japanese or Korean signs in daily use: numbers of glyphs would be rare ones."""
    return any(sum(_is_in(one, coding) for one in letters) > 0.9 * len(letters) for coding in _DAILY)


def _is_in(letter: str, coding: str) -> bool:
    try:
        return letter >= "\u3040" and len(letter.encode(coding)) > 1
    except UnicodeEncodeError:
        return False


def _utf16_offsets(text: str) -> list[int] | None:
    if not text or max(text) <= "\uffff":
        return None
    offsets, at = [], 0
    for one in text:
        offsets.append(at)
        at += 2 if one > "\uffff" else 1
    return offsets
