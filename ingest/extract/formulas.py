"""Formulas as a line of text: of Office (OMML) and MathML, whose elements are told by their local names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["formula_text"]

_WORDS = frozenset(("t", "mn", "mi", "mo", "mtext", "ms"))
_LEFT_OUT = frozenset(("annotation", "annotation-xml"))
_PLAIN = re.compile(r"[-+−]?[\w.]*")


def formula_text(root: _Element) -> str:
    """`10^5`, `a/(b+c)`, `√x`: powers and fractions keep their sense."""
    tag = root.tag.rpartition("}")[2] if isinstance(root.tag, str) else ""
    if tag in _LEFT_OUT or tag.endswith("Pr") or not tag:
        return ""
    if tag in _WORDS:
        return "".join(root.itertext())
    parts = [text for child in root if (text := formula_text(child)) or _is_box(child)]
    match tag:
        case "sSup" | "msup" if len(parts) == 2:
            return f"{parts[0]}^{_together(parts[1])}"
        case "sSubSup" | "msubsup" if len(parts) == 3:
            return f"{parts[0]}{parts[1]}^{_together(parts[2])}"
        case "f" | "mfrac" if len(parts) == 2:
            return f"{_together(parts[0])}/{_together(parts[1])}"
        case "rad" | "msqrt" if parts:
            return f"√{_together(parts[-1])}"
    return "".join(parts)


def _is_box(element: _Element) -> bool:
    """Whether an empty part keeps its place: the degree of a root, the base of a power."""
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] in ("e", "sup", "sub", "num", "den")


def _together(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else f"({text})"
