"""What of a file may not have been read as it stands there: codes with a count and a place, each declared once.

An extractor puts doubts into its report; commands, pages and the API list them. The sentences that people read, what it
is and what to do about it, stand in the texts of every language as `doubt.CODE` and `doubt_do.CODE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["DOUBTS", "Doubt"]

DOUBTS: Final = {
    # code: how the report of one file says it, in short
    "picture_without_text": "{n} picture{s} without alternative text",
    "embedded_object": "{n} embedded object{s} not read",
    "embedded_document": "{n} embedded document{s} not read",
    "part_damaged": "{what} could not be read",
    "part_missing": "{n} chapter{s} missing from the file",
    "sheet_too_wide": "cells too far apart to be read",
    "values_missing": "{n} formula{s} without a stored value",
    "no_text": "no text found",
    "no_text_pictures": "no text but {n} picture{s}: needs OCR",
}
"""Every code, with the phrase for one file's report. {n}: the count. {s}: the plural's. {what}: a name or reason."""


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
        phrase: str = DOUBTS[self.code]
        return phrase.format(n=self.count, s="" if self.count == 1 else "s", what=self.what)
