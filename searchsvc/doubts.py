"""What of a file may not have been read as it stands there: codes with a count and a place, each declared once.

An extractor puts doubts into its report; the API, commands and pages list them. The sentences that people read, what it
is and what to do about it, stand in the texts of every language as `doubt.CODE` and `doubt_do.CODE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

__all__ = ["DOUBTS", "Declared", "Doubt", "Told", "doubts_in", "told", "weight"]


class Declared(NamedTuple):
    """phrase: how the report of one file says it, with the count as {n}, the plural's {s}, a name or reason as {what}.

    weight: what one of these costs beside others, where the files that lost most are listed. lost: text is missing or
    not to be trusted; otherwise it is only less than it could be. ocr: it may be gone once OCR has looked at the file.
    """

    phrase: str
    weight: float
    lost: bool = True
    ocr: bool = False


DOUBTS: Final[Mapping[str, Declared]] = {
    # nothing, or not what it is
    "no_text": Declared("no text found", 100, ocr=True),
    "no_text_pictures": Declared("no text but {n} picture{s}: needs OCR", 20),
    "article_not_found": Declared("no article found: all visible text was read", 5, lost=False),
    "article_too_large": Declared("too large to find the article: all visible text was read", 5, lost=False),
    "articles_unread": Declared("the file holds {what} articles, only the first was read", 10),
    "cut_off": Declared("ends in the middle", 20),
    "read_roughly": Declared("{what}; read with pypdf, without columns and headings", 20),
    # a page, slide, sheet or chapter
    "unit_without_text": Declared("no text: needs OCR", 10, ocr=True),
    "slide_without_text": Declared("no text: needs OCR", 10),
    "unit_drawn": Declared("no text: drawings only", 5, ocr=True),
    "unit_damaged": Declared("damaged", 10),
    "part_damaged": Declared("{what} could not be read", 10),
    "part_missing": Declared("{n} chapter{s} missing from the file", 10),
    "part_unread": Declared("{what}", 10),
    "form_unread": Declared("form not read: XFA", 20),
    "sheet_too_wide": Declared("cells too far apart to be read", 10),
    # in it
    "letters_unknown": Declared("text has gaps: {n} signs without a letter, marked \ufffd", 0.02, ocr=True),
    "signs_unknown": Declared("{n} sign{s} without a letter, marked \ufffd", 0.02, lost=False),
    "text_unreadable": Declared("text cannot be read: fonts without Unicode", 10, ocr=True),
    "ocr_read": Declared("read by OCR, {what} sure", 0.2, lost=False),
    "ocr_unsure": Declared("read by OCR, only {what} sure", 3),
    "ocr_nothing": Declared("a picture in which OCR found no text", 0.1, lost=False),
    "ocr_failed": Declared("OCR failed: {what}", 10, ocr=True),
    "embedded_object": Declared("{n} embedded object{s} not read", 3),
    "embedded_document": Declared("{n} embedded document{s} not read", 5),
    "group_too_deep": Declared("{n} deeply nested group{s} not read", 3),
    "ink_unread": Declared("{n} ink drawing{s} not read", 3),
    "media_unread": Declared("{n} film or sound{s} not read", 3),
    "object_unknown": Declared("{n} unknown object{s} not read", 3),
    "values_missing": Declared("{n} formula{s} without a stored value", 0.1),
    "picture_without_text": Declared("{n} picture{s} without alternative text", 0.1, lost=False),
    "properties_unread": Declared("document information was read in part: {what}", 1, lost=False),
    # of extractors that know no codes
    "other": Declared("{what}", 3),
}
"""Every code. With another one, its texts are to be written in every language, and nothing else."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """place: as people read it, such as `page 4`; empty for the whole file. what: the name or reason, where one is."""

    code: str
    count: int = 1
    place: str = ""
    what: str = ""

    def __post_init__(self) -> None:
        if self.code not in DOUBTS:
            raise ValueError(f"{self.code} is no code of a doubt: see searchsvc.doubts")

    def __str__(self) -> str:
        return DOUBTS[self.code].phrase.format(n=self.count, s="" if self.count == 1 else "s", what=self.what)


@dataclass(frozen=True, slots=True)
class Told:
    """All doubts of one code in one file. places: in the order of the file, none for the whole of it."""

    code: str
    count: int
    places: tuple[str, ...]
    whats: tuple[str, ...]

    @property
    def weight(self) -> float:
        return DOUBTS[self.code].weight * self.count

    @property
    def lost(self) -> bool:
        return DOUBTS[self.code].lost


def told(doubts: Iterable[Doubt]) -> tuple[Told, ...]:
    """By code, the heaviest first."""
    by_code: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        by_code.setdefault(doubt.code, []).append(doubt)
    made = [
        Told(
            code,
            sum(one.count for one in same),
            tuple(dict.fromkeys(one.place for one in same if one.place)),
            tuple(dict.fromkeys(one.what for one in same if one.what)),
        )
        for code, same in by_code.items()
    ]
    order = list(DOUBTS)
    return tuple(sorted(made, key=lambda one: (-one.weight, order.index(one.code))))


def weight(doubts: Iterable[Told]) -> float:
    return sum(one.weight for one in doubts)


def doubts_in(kept: Iterable[Mapping[str, Any]] | None) -> list[Doubt]:
    """Those of a report as the catalogue keeps it; of a code that is no longer declared, `other`."""
    made = []
    for one in kept or ():
        code, what = str(one.get("code")), str(one.get("what") or "")
        known = code in DOUBTS
        made.append(
            Doubt(
                code if known else "other",
                int(one.get("count") or 1),
                str(one.get("place") or ""),
                what or code * (not known),
            )
        )
    return made
