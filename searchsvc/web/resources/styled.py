"""References as people write them, by a style of the Citation Style Language: the one beside this, or another."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle

__all__ = ["Style", "references"]

OWN = Path(__file__).parent / "reference.csl"
_LEFT_OUT = ("abstract", "language", "PMID", "PMCID")  # no reference has them, and they are long
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_RENAMED = {"event-title": "event"}  # the processor knows CSL 1.0.1
_OTHERWISE = "en-US"  # where there are no words of a language


@dataclass(frozen=True, slots=True)
class Style:
    """path: of a file in CSL. locale: for its words, such as `fr-FR`."""

    path: Path | None = None
    locale: str = "en-GB"


def references(items: Sequence[dict[str, Any]], style: Style) -> list[str]:
    """A line for each entry of CSL-JSON, in their order. What another style cannot write is written by our own."""
    own = _read(OWN, style.locale)
    try:
        other = _read(style.path, style.locale) if style.path else None
    except Exception:
        _refused(style, "anything")
        other = None
    return [_written(item, style, own, other) for item in items]


def _read(path: Path, locale: str) -> CitationStylesStyle:
    """Read anew each time: a style keeps what it is writing."""
    from citeproc import CitationStylesStyle

    try:
        return CitationStylesStyle(str(path), locale=locale, validate=False)
    except ValueError:
        return CitationStylesStyle(str(path), locale=_OTHERWISE, validate=False)


def _written(item: dict[str, Any], style: Style, own: CitationStylesStyle, other: CitationStylesStyle | None) -> str:
    if other is not None:
        try:
            return _line(item, other)
        except Exception:  # styles are programs of others, and the processor does not know all that they may say
            _refused(style, item["id"])
    written = _line(item | {"author": [_whole(name) for name in item.get("author", ())]}, own)
    return re.sub(r"(?<=[?!.])(?<!\.\.)\.(?=\s)", "", written)


def _refused(style: Style, what: str) -> None:
    logging.getLogger(__name__).warning("%s cannot write %s", style.path, what, exc_info=True)


def _whole(name: Mapping[str, str]) -> Mapping[str, str]:
    """Names that are written without a space stay so."""
    family, given = name.get("family", ""), name.get("given", "")
    return {"literal": family + given} if _HAN.search(family) else name


def _line(item: Mapping[str, Any], style: CitationStylesStyle) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    known = {_RENAMED.get(name, name): value for name, value in item.items() if name not in _LEFT_OUT}
    bibliography = CitationStylesBibliography(style, CiteProcJSON([known]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    written = " ".join(str(one) for one in bibliography.bibliography())
    return re.sub(r"\s+", " ", written).strip()
