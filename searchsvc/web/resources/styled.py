"""References as people write them, by a style of the Citation Style Language: the one beside this, or another."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    return [_written(item, style) for item in items]


def _written(item: dict[str, Any], style: Style) -> str:
    if style.path:
        try:
            return _line(item, style.path, style.locale)
        except Exception:  # styles are programs of others, and the processor does not know all that they may say
            logging.getLogger(__name__).warning("%s cannot write %s", style.path, item.get("id"), exc_info=True)
    written = _line(item | {"author": [_whole(name) for name in item.get("author", ())]}, OWN, style.locale)
    return re.sub(r"(?<=[?!.])(?<!\.\.)\.(?=\s)", "", written)


def _whole(name: Mapping[str, str]) -> Mapping[str, str]:
    """Names that are written without a space stay so."""
    family, given = name.get("family", ""), name.get("given", "")
    return {"literal": family + given} if _HAN.search(family) else name


def _line(item: Mapping[str, Any], path: Path, locale: str) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    known = {_RENAMED.get(name, name): value for name, value in item.items() if name not in _LEFT_OUT}
    source = CiteProcJSON([known])
    try:
        chosen = CitationStylesStyle(str(path), locale=locale, validate=False)
    except ValueError:
        chosen = CitationStylesStyle(str(path), locale=_OTHERWISE, validate=False)
    bibliography = CitationStylesBibliography(chosen, source, formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    written = " ".join(str(one) for one in bibliography.bibliography())
    return re.sub(r"\s+", " ", written).strip()
