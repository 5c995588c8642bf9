"""Paragraphs of Office drawings with the style that they inherit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.extract.formulas import formula_text
from ingest.extract.pptx.shapes import unescaped
from ingest.facsimile.colours import A, Palette
from ingest.facsimile.values import Run, SlideLine

__all__ = ["EMU", "Styled", "lines_of", "number"]

EMU = 12_700.0  # a point
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,40}")
_ALIGN: Mapping[str | None, Any] = {"ctr": "center", "r": "right", "just": "justify", "dist": "justify"}
_LEVELS = 9
_ROMAN = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SYMBOLS = {
    "§": "▪",
    "Ø": "➢",
    "ü": "✓",
    "q": "❑",
    "v": "❖",
    "à": "→",
    "n": "■",
    "l": "●",
    "o": "○",
    "u": "◆",
    "w": "▸",
}


@dataclass(frozen=True, slots=True)
class Styled:
    """Where the style of a text comes from. above: elements with `lvl1pPr` and so on, the nearest first.

    faces: `+mj-lt` and the like -> name of a font. colour, bold: of whoever says none. scale: of letters, shrink: of
    space between lines, where the program made a text fit.
    """

    palette: Palette
    above: Sequence[Any] = ()
    faces: Mapping[str, str] = field(default_factory=dict)
    colour: str = ""
    bold: bool = False
    scale: float = 1.0
    shrink: float = 0.0


def number(value: str | None, otherwise: float = 0.0) -> float:
    """Of an attribute; what is no number or no sensible one is `otherwise`."""
    try:
        found = float((value or "").rstrip("%"))
    except ValueError:
        return otherwise
    return found if abs(found) < 1e9 else otherwise


def lines_of(body: Any, style: Styled) -> tuple[SlideLine, ...]:
    """The paragraphs of a text body, empty ones too; without those at its end."""
    counts: dict[int, int] = {}
    lines = [_line(one, style, counts) for one in body.findall(f"{A}p")]
    while lines and not lines[-1].text.strip():
        lines.pop()
    return tuple(lines)


def _line(paragraph: Any, style: Styled, counts: dict[int, int]) -> SlideLine:
    own = paragraph.find(f"{A}pPr")
    level = min(_LEVELS - 1, max(0, int(number(own.get("lvl") if own is not None else None))))
    chain = [one for one in (own, *_at_level(style.above, level)) if one is not None]
    runs = tuple(_runs(paragraph, chain, style))
    text = "".join(run.text for run in runs)
    size = max((run.size for run in runs), default=18.0)
    bullet = _bullet(chain, level, counts, style) if text.strip() else ""
    indent, first = number(_said(chain, "marL")) / EMU, number(_said(chain, "indent")) / EMU
    return SlideLine(
        runs=runs,
        align=_ALIGN.get(_said(chain, "algn"), "left"),
        bullet=bullet,
        indent=max(0.0, min(600.0, indent)),
        hang=max(-600.0, min(600.0, first)),
        before=_space(chain, size) * (1 - style.shrink),
        leading=_leading(chain, size) * (1 - style.shrink),
        right_to_left=_said(chain, "rtl") in ("1", "true"),
    )


def _at_level(above: Iterable[Any], level: int) -> Iterator[Any]:
    for one in above:
        if one is not None:
            yield one.find(f"{A}lvl{level + 1}pPr")


def _said(chain: Sequence[Any], name: str) -> str | None:
    return next((value for one in chain if (value := one.get(name)) is not None), None)


def _child(chain: Sequence[Any], name: str) -> Any:
    return next((found for one in chain if (found := one.find(f"{A}{name}")) is not None), None)


def _space(chain: Sequence[Any], size: float) -> float:
    before = _child(chain, "spcBef")
    for one in before if before is not None else ():
        value = number(one.get("val"))
        return min(200.0, max(0.0, value / 100 if one.tag == f"{A}spcPts" else size * value / 100_000))
    return 0.0


def _leading(chain: Sequence[Any], size: float) -> float:
    spacing = _child(chain, "lnSpc")
    for one in spacing if spacing is not None else ():
        value = number(one.get("val"), 100_000)
        made = value / 100 / (1.2 * size) if one.tag == f"{A}spcPts" else value / 100_000
        return min(4.0, max(0.5, made))
    return 1.0


def _bullet(chain: Sequence[Any], level: int, counts: dict[int, int], style: Styled) -> str:
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    for one in chain:
        if one.find(f"{A}buNone") is not None:
            counts.pop(level, None)
            return ""
        if (sign := one.find(f"{A}buChar")) is not None:
            font = one.find(f"{A}buFont")
            char = (sign.get("char") or "•")[:1]
            is_symbol = font is not None and re.search(r"(?i)wingdings|symbol|webdings", font.get("typeface") or "")
            if is_symbol or "\ue000" <= char <= "\uf8ff":
                return _SYMBOLS.get(chr(ord(char) & 0xFF) if char >= "\ue000" else char, "•")
            return char
        if one.find(f"{A}buBlip") is not None:
            return "•"
        if (counted := one.find(f"{A}buAutoNum")) is not None:
            counts[level] = counts.get(level, int(number(counted.get("startAt"), 1)) - 1) + 1
            return _numbered(counts[level], counted.get("type") or "arabicPeriod")
    return ""


def _numbered(count: int, kind: str) -> str:
    """`3.`, `c)`, `(C)`, `iii.`"""
    if kind.startswith("alpha"):
        sign = chr(ord("a") + (count - 1) % 26)
    elif kind.startswith("roman"):
        sign, left = "", count % 1000
        for value, letters in _ROMAN:
            sign, left = sign + letters * (left // value), left % value
    else:
        sign = str(count)
    sign = sign.upper() if "Uc" in kind else sign
    end = ")" if "Paren" in kind else "" if kind.endswith("Plain") else "."
    return f"({sign})" if kind.endswith("ParenBoth") else sign + end


def _runs(paragraph: Any, chain: Sequence[Any], style: Styled) -> Iterator[Run]:
    defaults = [found for one in chain if (found := one.find(f"{A}defRPr")) is not None]
    for element in paragraph:
        if element.tag == f"{A}br":
            yield _run("\n", [element.find(f"{A}rPr"), *defaults], style)
        elif element.tag in (f"{A}r", f"{A}fld"):
            text = unescaped(element.findtext(f"{A}t") or "").replace("\v", "\n")
            if text:
                yield _run(text, [element.find(f"{A}rPr"), *defaults], style)
        elif isinstance(element.tag, str) and (formula := next(element.iter(_FORMULA), None)) is not None:
            yield _run(formula_text(formula), [None, *defaults], style)
    if (end := paragraph.find(f"{A}endParaRPr")) is not None and paragraph.find(f"{A}r") is None:
        yield _run("", [end, *defaults], style)  # an empty line is as high as this says


def _run(text: str, chain: Sequence[Any], style: Styled) -> Run:
    known = [one for one in chain if one is not None]
    size = number(_said(known, "sz"), 1800) / 100 * style.scale
    link = next((one for one in known if one.find(f"{A}hlinkClick") is not None), None)
    fill = next((found for one in known if (found := style.palette.filling(one)) is not None), None)
    said = chain[0] is not None and bool(style.palette.filling(chain[0]))
    if link is not None and not said:
        fill = style.palette.named("hlink")
    elif style.colour and not said:
        fill = style.colour
    bold = _said(known, "b")
    baseline = number(_said(known, "baseline"))
    return Run(
        text=text,
        size=min(400.0, max(1.0, size)),
        colour=fill or style.palette.named("tx1"),
        face=_face(_child(known, "latin"), style),
        bold=bold in ("1", "true") if bold is not None else style.bold,
        italic=_said(known, "i") in ("1", "true"),
        underlined=(_said(known, "u") or "none") != "none" or link is not None,
        raised=(baseline > 0) - (baseline < 0),
    )


def _face(latin: Any, style: Styled) -> str:
    named = latin.get("typeface") or "" if latin is not None else "+mn-lt"
    named = style.faces.get(named, named)
    return named if _FACE.fullmatch(named) else ""
