"""Lines with letters that are written from right to left, from where each letter stands to how they are read.

A file may hold such letters in either order, and pdfium turns some words round and others not; where a letter stands is
sure. From left to right as drawn they are brought into the order of reading by the Unicode bidirectional algorithm,
which is its own inverse but for brackets: those are drawn mirrored. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.extract.pdf.directions import SPLIT_EM, Line

__all__ = ["Letter", "is_right_to_left", "lines_of_letters", "may_turn"]

_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_ANY = re.compile(f"[{_LETTERS}]")
_FORMS = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]+")  # letters as they look within a word
_ALEF_LAM = re.compile("([اأإآٱ])(ل)")
_ROWS_BACK = 8  # rows that a sign may go to, of those on one line of pdfium's
_NEAR = 4  # letters to either side that a mark may belong to
_SPACE_EM = 0.2  # a wider gap between words without a space in the file
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_BRACKET = re.compile(r"[()\[\]{}<>«»‹›]")
_ARABIC = re.compile("[\u0600-\u07ff\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_DIGITS = re.compile("[0-9\u06f0-\u06f9]+")
# Digits as signs of the class that they have after Arabic letters, which no text has: those of Rumi.
_TO_ARABIC = {
    ord(digit): 0x10E60 + at
    for at, digit in enumerate("0123456789\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9")
}
_FROM_ARABIC = {rumi: digit for digit, rumi in _TO_ARABIC.items()}
_OPENING, _CLOSING = "([{<«‹", ")]}>»›"


@dataclass(slots=True)
class Letter:
    """One sign with its box, in axes that run with the text, and where it was set."""

    text: str
    x0: float
    x1: float
    origin: float
    base: float
    size: float
    bold: bool
    turn: int
    slope: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def may_turn(text: str) -> bool:
    """Whether any of it is written from right to left."""
    return not text.isascii() and bool(_ANY.search(text))


def is_right_to_left(text: str) -> bool:
    """Whether most of it is."""
    return not text.isascii() and 2 * len(_ANY.findall(text)) > sum(map(str.isalpha, text))


def lines_of_letters(segments: Iterable[Sequence[Letter]], text: str) -> list[Line]:
    """The letters of a page, or of lines of it, as lines in the order of reading. text: all that the page has."""
    page, arabic = is_right_to_left(text), bool(_ARABIC.search(text))
    runs: list[list[Letter]] = []
    turned: list[bool] = []  # by pdfium, which mirrors the brackets of lines that have such letters
    for letters in segments:
        here = any(may_turn(letter.text) for letter in letters)
        made = [run for row in _rows(letters) for run in _runs(row)]
        runs += made
        turned += [here] * len(made)
    read = [_read(run, page, arabic) for run in runs]
    mirrored = [_with_mirrored(one) for one in read]
    gain = sum(_pairs(new) - _pairs(old) for new, old, here in zip(mirrored, read, turned, strict=True) if here)
    # What the file has is as it is read, and pdfium turned it; or as it is drawn, and pdfium turned it back.
    read = [new if here == (gain >= 0) else old for new, old, here in zip(mirrored, read, turned, strict=True)]
    return [
        Line(
            run[0].turn, text.split(), run[0].x0, max(one.x1 for one in run), run[0].base,
            max(one.size for one in run), all(one.bold for one in run), run[0].slope,
        )
        for run, text in zip(runs, read, strict=True) if text
    ]  # fmt: skip


def _rows(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Signs of one size on one line, from left to right; ligatures and marks with the letter they belong to."""
    rows: list[list[Letter]] = []
    for letter in _clusters(letters):
        for row in rows[: -_ROWS_BACK - 1 : -1]:
            one = row[0]
            if (
                letter.turn == one.turn
                and abs(letter.base - one.base) <= 0.1 * one.size
                and 0.85 * one.size < letter.size < 1.18 * one.size
            ):
                row.append(letter)
                break
        else:
            rows.append([letter])
    return [sorted(row, key=_middle) for row in rows]


def _clusters(letters: Sequence[Letter]) -> list[Letter]:
    clusters: list[Letter] = []
    for letter in letters:
        last = clusters[-1] if clusters else None
        if (
            last is not None
            and not letter.text.isspace()
            and not last.text.isspace()
            and (letter.origin, letter.base) == (last.origin, last.base)
        ):
            # Of a ligature that is one sign pdfium gives the letters from left to right as well.
            turned = (letter.x0, letter.x1) == (last.x0, last.x1) and may_turn(letter.text)
            last.text = letter.text + last.text if turned else last.text + letter.text
            last.x0, last.x1 = min(last.x0, letter.x0), max(last.x1, letter.x1)
        else:
            clusters.append(letter)
    bases = sorted((one for one in clusters if not _is_mark(one) and not one.text.isspace()), key=_middle)
    if not bases or len(bases) == len(clusters):
        return clusters
    middles = [one.middle for one in bases]
    for mark in filter(_is_mark, clusters):
        at = bisect_left(middles, mark.middle)
        near = bases[max(0, at - _NEAR) : at + _NEAR]
        base = min(near, key=lambda one: (abs(one.base - mark.base) > one.size, abs(one.middle - mark.middle)))
        base.text += mark.text
    return [one for one in clusters if not _is_mark(one)]


def _is_mark(letter: Letter) -> bool:
    return all(map(unicodedata.combining, letter.text))


def _middle(letter: Letter) -> float:
    return letter.middle


def _runs(row: Sequence[Letter]) -> list[list[Letter]]:
    """Parted where a gap is wide; where it is as wide as a space, there is one."""
    runs: list[list[Letter]] = []
    right: float | None = None
    spaced = False
    for letter in row:
        if letter.text.isspace():
            spaced = bool(runs)
            continue
        if right is None or letter.x0 - right > SPLIT_EM * letter.size:
            runs.append([letter])
        else:
            if spaced or letter.x0 - right > _SPACE_EM * letter.size:
                letter.text = f" {letter.text}"
            runs[-1].append(letter)
        right, spaced = max(letter.x1, right or letter.x1), False
    return runs


def _read(run: Sequence[Letter], page: bool, arabic: bool) -> str:
    """page: whether most of its page is written from right to left. arabic: whether it has such letters."""
    from bidi import get_display

    parts: list[str] = []
    for letter in run:
        text = letter.text.lstrip()
        text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
        if may_turn(text):
            text = _ALEF_LAM.sub(r"\2\1", text)[::-1]
        parts.append(" " * (letter.text != letter.text.lstrip()) + text)
    drawn = "".join(parts)
    leftwards = _runs_leftwards(drawn, page)
    if leftwards and arabic:
        drawn = _DIGITS.sub(lambda match: _as_arabic(match, drawn), drawn)
    made = get_display(drawn, base_dir="R" if leftwards else "L")
    return (made if isinstance(made, str) else made.decode()).translate(_FROM_ARABIC)


def _as_arabic(match: re.Match[str], drawn: str) -> str:
    """Digits that are read after Arabic letters keep no signs such as % with them, unlike those after others."""
    before = next((one for one in drawn[match.end() :] if one.isalpha()), None)
    return match[0].translate(_TO_ARABIC) if before is None or _ARABIC.match(before) else match[0]


def _runs_leftwards(drawn: str, page: bool) -> bool:
    """By most of its letters; by the page where it begins with letters of one kind and ends with the other."""
    strong = [bool(_ANY.match(one)) for one in drawn if one.isalpha()]
    if not strong or strong[0] != strong[-1]:
        return page
    return 2 * sum(strong) > len(strong)


def _with_mirrored(text: str) -> str:
    """With the brackets turned that do not stand between letters from left to right."""
    if not _BRACKET.search(text):
        return text
    kinds = [bool(_ANY.match(one)) if one.isalpha() else None for one in text]
    before, after = _nearest(kinds), _nearest(kinds[::-1])[::-1]
    return "".join(
        one if False in (left, right) and True not in (left, right) else one.translate(_MIRRORED)
        for one, left, right in zip(text, before, after, strict=True)
    )


def _nearest(kinds: Iterable[bool | None]) -> list[bool | None]:
    """The last kind that is known, at each place."""
    last: bool | None = None
    return [last := last if kind is None else kind for kind in kinds]


def _pairs(text: str) -> int:
    """How many brackets are closed after they were opened, less those that are closed before."""
    opened, pairs = 0, 0
    for one in text:
        if one in _OPENING:
            opened += 1
        elif one in _CLOSING:
            pairs += 1 if opened else -1
            opened = max(0, opened - 1)
    return pairs
