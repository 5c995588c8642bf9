"""When and where an event is; until when one can apply, and for how much: what a file declares, then what it prints."""

from __future__ import annotations

import logging
from dataclasses import fields, replace

from ingest.extract.occasion.printed import printed_occasion
from searchsvc.model import Document, Kind, Occasion

__all__ = ["with_occasion"]

_READ = (Kind.EVENT, Kind.FUNDING, Kind.PAGE)


def with_occasion(document: Document) -> Document:
    """`document` with its occasion. Never raises: a file is read without it, too."""
    if document.kind not in _READ:
        return document
    try:
        printed = printed_occasion(document)
    except Exception:  # what only makes a calendar better is no reason to refuse a file
        logging.getLogger(__name__).warning("when %s is cannot be told", document.title, exc_info=True)
        return document
    declared = document.occasion
    known = {one.name: getattr(declared, one.name) or getattr(printed, one.name) for one in fields(Occasion)}
    if declared.starts and not declared.ends:  # what is declared of one is not ended by what is printed of another
        known["ends"] = printed.ends if printed.starts and printed.starts[:10] == declared.starts[:10] else None
    if declared.amount:
        known |= {name: getattr(declared, name) for name in ("currency", "least", "most")}
    return replace(document, occasion=Occasion(**known))
