"""Zotero RDF, the export that keeps attachments with their items. Entities are not expanded and nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ingest.extract.jats.extractor import local, parse_xml
from ingest.sources.protocol import Stated
from ingest.sources.records.record import Attachment, Record
from ingest.sources.records.saying import (
    authors_of,
    date_of,
    identifiers_of,
    kind_of_work,
    language_of,
    links_in,
    plain,
    work_of,
)
from searchsvc.model import Author, Publication

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["is_zotero_rdf", "zotero_rdf_records"]

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_LINK = "{http://purl.org/rss/1.0/modules/link/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_BIB = "{http://purl.org/net/biblio#}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_PRISM = "{http://prismstandard.org/namespaces/1.2/basic/}"
_NO_WORKS = frozenset(("attachment", "note", "annotation"))
_WRITERS = ("authors", "presenters", "contributors", "editors", "directors", "podcasters", "interviewees")


def is_zotero_rdf(text: str) -> bool:
    return "<rdf:RDF" in text[:5000] and "http://www.zotero.org/namespaces/export#" in text[:5000]


def zotero_rdf_records(data: bytes) -> Iterator[Record]:
    """Every item that is a work, with its attachments. Raises DamagedError."""
    root = parse_xml(data)
    about = {element.get(f"{_RDF}about"): element for element in root if element.get(f"{_RDF}about")}
    linked = {one.get(f"{_RDF}resource") for one in root.iter(f"{_LINK}link")}
    for number, element in enumerate(root, 1):
        kind = plain(element.findtext(f"{_Z}itemType"))
        if kind and kind not in _NO_WORKS:
            yield _record(element, kind, about, number)
        elif kind == "attachment" and (where := element.get(f"{_RDF}about")) not in linked and _path(element):
            yield Record(where or f"item {number}", Stated(), (_attachment(element),))  # without a work above it


def _record(element: _Element, kind: str, about: Mapping[str, _Element], number: int) -> Record:
    container = _container(element, about)
    named = [*_identifiers(element), *(_identifiers(container) if container is not None else ())]
    told: dict[str, str] = {}
    for text in named:  # `DOI 10.1234/5`; what the item says itself goes first
        scheme, _, value = text.partition(" ")
        told.setdefault(scheme, value)
    links = links_in(*(one.text for one in element.findall(f"{_DC}identifier/{_TERMS}URI/{_RDF}value")))
    where = element.get(f"{_RDF}about") or ""
    work = work_of(kind)
    stated = Stated(
        title=plain(element.findtext(f"{_DC}title")) or None,
        authors=tuple(_people(element)),
        date=date_of(element.findtext(f"{_DC}date")),
        url=next(iter(links), None),
        kind=kind_of_work(work),
        language=language_of(element.findtext(f"{_Z}language")),
        summary=plain(element.findtext(f"{_TERMS}abstract")) or None,
        identifiers=identifiers_of(doi=told.get("DOI") or where, isbn=told.get("ISBN")),
    )

    def published(tag: str) -> str | None:
        places = [one for one in (element, container) if one is not None]
        return next((found for one in places if (found := plain(one.findtext(tag)))), None)

    publication = Publication(
        type=work,
        container=plain(container.findtext(f"{_DC}title")) or None if container is not None else None,
        volume=published(f"{_PRISM}volume"),
        issue=published(f"{_PRISM}number"),
        pages=published(f"{_BIB}pages"),
        publisher=plain(element.findtext(f"{_DC}publisher/{_FOAF}Organization/{_FOAF}name")) or None,
        issn=(told.get("ISSN") or "")[:9] or None,
    )
    attached = (about.get(one.get(f"{_RDF}resource") or "") for one in element.findall(f"{_LINK}link"))
    subjects = [plain(one.text or one.findtext(f".//{_RDF}value")) for one in element.findall(f"{_DC}subject")]
    return Record(
        key=where or f"item {number}",
        stated=stated,
        attachments=tuple(_attachment(one) for one in attached if one is not None and _path(one)),
        links=links,
        subjects=tuple(filter(None, subjects)),
        publication=publication,
    )


def _container(element: _Element, about: Mapping[str, _Element]) -> _Element | None:
    part = element.find(f"{_TERMS}isPartOf")
    if part is None:
        return None
    return about.get(part.get(f"{_RDF}resource") or "", part[0] if len(part) else None)


def _identifiers(element: _Element) -> list[str]:
    return [text for one in element.findall(f"{_DC}identifier") if (text := plain(one.text))]


def _people(element: _Element) -> Iterator[Author]:
    """Of the first group of people that there is: editors only where there are no authors."""
    for group in _WRITERS:
        found = element.find(f"{_BIB}{group}")
        found = found if found is not None else element.find(f"{_Z}{group}")
        people = list(found.iter(f"{_FOAF}Person")) if found is not None else []
        if people:
            for one in people:
                given = plain(one.findtext(f"{_FOAF}givenName") or one.findtext(f"{_FOAF}givenname"))
                yield from authors_of([" ".join(filter(None, (given, plain(one.findtext(f"{_FOAF}surname")))))])
            return


def _attachment(element: _Element) -> Attachment:
    return Attachment(_path(element), plain(element.findtext(f"{_LINK}type")), plain(element.findtext(f"{_DC}title")))


def _path(element: _Element) -> str:
    """Of an attachment that is a file, as Zotero before 7 and since writes it; of a link to the web nothing."""
    inside = next((one for one in element if local(one) in ("path", "resource")), None)
    return inside.get(f"{_RDF}resource") or plain(inside.text) if inside is not None else ""
