"""How a work was published: what its file declares first, then what its first pages print."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields, replace

from ingest.extract.publication.declared import Found, in_first_blocks, in_front_matter, in_html, in_jats, in_pdf
from ingest.extract.publication.printed import printed_on
from ingest.extract.types import DOCX, HTML, JATS, MARKDOWN, ODT, PDF, PLAIN, PUBMED, RTF
from searchsvc.model import Document, Kind, Publication, WorkType

__all__ = ["with_publication"]

_READERS: Mapping[str, Callable[[bytes, Document], Found]] = {
    HTML.media_type: in_html,
    JATS.media_type: in_jats,
    PUBMED.media_type: in_jats,
    PDF.media_type: in_pdf,
    DOCX.media_type: in_first_blocks,
    ODT.media_type: in_first_blocks,
    RTF.media_type: in_first_blocks,
    MARKDOWN.media_type: in_front_matter,
    PLAIN.media_type: in_front_matter,
}
_LONG = 24  # pages; what has an ISBN and fewer of them is part of a book


def with_publication(document: Document, data: bytes, media_type: str) -> Document:
    """`document` with its publication and the identifiers that stand beside it; one that has a publication keeps it.

    data, media_type: of the file that the document was read from. Never raises: a file is read without it, too.
    """
    if document.publication != Publication() or document.kind in (Kind.EVENT, Kind.FUNDING):
        return document
    reader = _READERS.get(media_type)
    try:
        found = reader(data, document) if reader else Found()
        declared, printed = found.publication, printed_on(found.lines, document.identifiers.get("doi", ""))
    except Exception:  # what only makes a reference better is no reason to refuse a file
        logging.getLogger(__name__).warning("how %s was published cannot be told", document.title, exc_info=True)
        return document
    publication = _joined(declared, printed.publication)
    identifiers = {**printed.identifiers, **found.identifiers, **document.identifiers}
    if publication.type is None:
        publication = replace(publication, type=_type(document, publication, "isbn" in identifiers))
    return replace(document, publication=publication, identifiers=identifiers)


def _joined(declared: Publication, printed: Publication) -> Publication:
    """Field by field; what is printed of another container is left out."""
    if declared.container and printed.container and not _same(declared.container, printed.container):
        printed = Publication(type=printed.type if printed.type is WorkType.PREPRINT else None)
    return Publication(
        **{one.name: getattr(declared, one.name) or getattr(printed, one.name) for one in fields(Publication)}
    )


def _same(one: str, other: str) -> bool:
    """Whether two names are of one journal: `PLOS ONE` and `PLoS ONE`, `J Foo` and `Journal of Foo`."""
    a, b = ([word.strip(".,:").casefold() for word in name.split()] for name in (one, other))
    a, b = ([word for word in words if word not in ("of", "the", "and", "&", "for", "in", "on")] for words in (a, b))
    return len(a) == len(b) and all(x.startswith(y) or y.startswith(x) for x, y in zip(a, b, strict=True))


def _type(document: Document, publication: Publication, has_isbn: bool) -> WorkType | None:
    if document.kind is Kind.PRESENTATION:
        return WorkType.PRESENTATION
    if publication.container and (publication.volume or publication.issue or publication.issn):
        return WorkType.ARTICLE
    if has_isbn and len(document.report.units) >= _LONG:
        return WorkType.BOOK
    return WorkType.PAGE if document.kind is Kind.PAGE else None
