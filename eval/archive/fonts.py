"""Fonts for papers: the standard ones of PDF, and Bitstream Vera with the accented letters it lacks.

Vera ships with reportlab and is the same on every machine, but it ends at Latin-1 and a little more. It has all marks
as glyphs of their own, so a letter such as ẹ or ś is added as a composite of the letter and its mark.
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["FAMILIES", "Family", "font_for", "register"]

_ABOVE = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c",
                  "`\u00b4\u02c6\u02dc\u00af\u02d8\u02d9\u00a8\u02da\u02dd\u02c7", strict=True))  # fmt: skip
_BELOW = {"\u0323": ".", "\u0326": ",", "\u0327": "\u00b8", "\u0328": "\u02db"}
_LETTERS = [*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)]
_GAP = 120  # units of 1/2048 em between a letter and the dot or comma below it


@dataclass(frozen=True, slots=True)
class Family:
    """Names of reportlab's fonts."""

    regular: str
    bold: str
    italic: str
    bold_italic: str


FAMILIES = {
    "times": Family("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"),
    "helvetica": Family("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
    "vera": Family("ArchiveVera", "ArchiveVeraBd", "ArchiveVeraIt", "ArchiveVeraBI"),
}


@cache
def register() -> None:
    """Makes the composed Vera known to reportlab, once a process."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    vera = FAMILIES["vera"]
    styles = ((vera.regular, 0, 0), (vera.bold, 1, 0), (vera.italic, 0, 1), (vera.bold_italic, 1, 1))
    for name, is_bold, is_italic in styles:
        font = TTFont(name, f"{name.removeprefix('Archive')}.ttf", shapable=False)
        _compose(font.face)
        registerFont(font)
        addMapping(vera.regular, is_bold, is_italic, name)


@cache
def font_for(character: str, family: str) -> str | None:
    """The font that has `character`: None for the family's own, else the regular font of another family.

    Raises LookupError when none has it. Standard fonts have WinAnsi and, through Symbol, Greek and some mathematics.
    """
    for one in (family, "vera", "times"):
        if (_vera_has if one == "vera" else _standard_has)(character):
            return None if one == family else FAMILIES[one].regular
    name = unicodedata.name(character, "a character without a name")
    raise LookupError(f"no font has {character!r} (U+{ord(character):04X}, {name})")


def _vera_has(character: str) -> bool:
    from reportlab.pdfbase.pdfmetrics import getFont

    return ord(character) in getFont(FAMILIES["vera"].regular).face.charToGlyph


def _standard_has(character: str) -> bool:
    """Reportlab draws what Times lacks with Symbol or Dingbats, or a black box from Dingbats when these lack it too."""
    from reportlab.pdfbase.pdfmetrics import getFont, unicode2T1

    font = getFont("Times-Roman")
    (used, code), *_ = unicode2T1(character, [font, *font.substitutionFonts])
    return not (used.fontName == "ZapfDingbats" and code == b"n" and character != "\u25a0")


def _compose(face: Any) -> None:
    """Adds a composite glyph for every Latin letter `face` lacks but has the parts of, and marks that take no room."""
    glyphs = bytearray(face.get_table("glyf"))
    known = face.charToGlyph
    for code in [code for code, glyph in known.items() if glyph == 0]:
        del known[code]  # Vera lists Đ, Ď and some others, with the box for what is missing

    def box(glyph: int) -> tuple[int, int, int, int]:
        """left, bottom, right, top"""
        at = face.glyphPos[glyph]
        if at == face.glyphPos[glyph + 1]:
            return 0, 0, 0, 0
        return struct.unpack(">4h", glyphs[at + 2 : at + 10])

    def add(code: int, width: int, parts: list[tuple[int, int, int]]) -> None:
        """`parts`: glyph, and how far it moves to the right and up."""
        boxes = [
            (left + x, bottom + y, right + x, top + y) for one, x, y in parts for left, bottom, right, top in [box(one)]
        ]
        left, bottom = min(one[0] for one in boxes), min(one[1] for one in boxes)
        right, top = max(one[2] for one in boxes), max(one[3] for one in boxes)
        data = struct.pack(">5h", -1, left, bottom, right, top)
        for number, (glyph, x, y) in enumerate(parts, start=1):
            more = 0x20 if number < len(parts) else 0
            data += struct.pack(">HHhh", 0x0001 | 0x0002 | more, glyph, x, y)
        glyphs.extend(data + b"\0" * (-len(data) % 4))
        face.glyphPos.append(len(glyphs))
        face.hmetrics.append((width, left & 0xFFFF))
        known[code] = len(face.glyphPos) - 2
        face.charWidths[code] = round(width * 1000 / face.unitsPerEm)

    del face.glyphPos[face.numGlyphs + 1 :]
    face.hmetrics = list(face.hmetrics)[: face.numGlyphs]
    x_height = box(known[ord("x")])[3]

    def placed(base: int, mark: str) -> tuple[int, int, int]:
        """The mark's glyph over or under the middle of the base; an ogonek under its right end."""
        glyph = known[ord({**_ABOVE, **_BELOW}[mark])]
        left, _, right, top = box(base)
        mark_left, _, mark_right, mark_top = box(glyph)
        if mark == "\u0328":
            return glyph, right - mark_right, 0
        x = (left + right - mark_left - mark_right) // 2
        if mark in _ABOVE:
            return glyph, x, max(0, top - x_height)
        return glyph, x, -mark_top - _GAP if mark in "\u0323\u0326" else 0

    letters = [code for code in _LETTERS if code not in known and unicodedata.decomposition(chr(code))]
    # What is made of parts comes first, then what is made of those: ê before ế.
    for code in sorted(letters, key=lambda one: len(unicodedata.normalize("NFD", chr(one)))):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) != 2 or parts[0].startswith("<"):
            continue
        base_code, mark = int(parts[0], 16), chr(int(parts[1], 16))
        if base_code not in known or (mark not in _ABOVE and mark not in _BELOW):
            continue
        is_plain_i = chr(base_code) == "i" and mark in _ABOVE
        base = known[0x131 if is_plain_i and 0x131 in known else base_code]
        add(code, face.hmetrics[known[base_code]][0], [(base, 0, 0), placed(base, mark)])
    if 0x110 not in known:
        known[0x110], face.charWidths[0x110] = known[0xD0], face.charWidths[0xD0]  # Đ looks as Ð does
    if 0x111 not in known:
        base, bar = known[ord("d")], known[ord("-")]
        x, y = box(base)[2] - box(bar)[2] + _GAP, (box(base)[3] + x_height) // 2 - (box(bar)[1] + box(bar)[3]) // 2
        add(0x111, face.hmetrics[base][0], [(base, 0, 0), (bar, x, y)])
    letter = known[ord("e")]
    for mark in (*_ABOVE, *_BELOW):
        glyph, x, y = placed(letter, mark)
        if ord(mark) not in known:
            add(ord(mark), 0, [(glyph, x - face.hmetrics[letter][0], y)])
    # get_table and its like find the table through its entry, so the new one goes to the end of the data.
    entry = face.table["glyf"]
    entry["offset"], entry["length"] = len(face._ttf_data), len(glyphs)
    face._ttf_data = bytes(face._ttf_data) + bytes(glyphs)
    face.numGlyphs = len(face.glyphPos) - 1
