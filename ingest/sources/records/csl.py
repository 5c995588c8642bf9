"""CSL-JSON, the form in which citation processors, Zotero and Crossref exchange references."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.sources.protocol import Stated
from ingest.sources.records.record import Record
from ingest.sources.records.saying import (
    date_of,
    identifiers_of,
    kind_of_work,
    language_of,
    links_in,
    plain,
    work_of,
)
from searchsvc.model import Author, Publication
from searchsvc.text.identifiers import orcid_in

__all__ = ["csl_records", "is_csl"]


def is_csl(text: str) -> bool:
    return text.removeprefix("\ufeff").lstrip()[:1] in ("[", "{") and '"title"' in text


def csl_records(text: str) -> Iterator[Record]:
    """Every item of a list, of an object with `items`, or the one that stands alone. Raises ValueError."""
    given = json.loads(text.removeprefix("\ufeff"))
    items = given.get("items", [given]) if isinstance(given, dict) else given
    if not isinstance(items, list):
        raise ValueError("it is no list of references")
    yield from (_record(item, number) for number, item in enumerate(items, 1) if isinstance(item, dict))


def _record(item: Mapping[str, Any], number: int) -> Record:
    def text(*names: str) -> str:
        return next((found for name in names if (found := plain(_first(item.get(name))))), "")

    work = work_of(text("type"))
    identifiers = identifiers_of(doi=text("DOI"), pmid=text("PMID"), pmcid=text("PMCID"), isbn=text("ISBN"))
    links = links_in(text("URL"))
    stated = Stated(
        title=text("title") or None,
        authors=tuple(_people(item.get("author") or item.get("editor") or ())),
        date=_date(item.get("issued")),
        url=next(iter(links), None),
        kind=kind_of_work(work),
        language=language_of(text("language")),
        summary=text("abstract") or None,
        identifiers=identifiers,
    )
    publication = Publication(
        type=work, container=text("container-title", "event-title") or None, volume=text("volume") or None,
        issue=text("issue") or None, pages=text("page") or None, number=text("number") or None,
        publisher=text("publisher") or None, issn=text("ISSN")[:9] or None,
    )  # fmt: skip
    subjects = [plain(one) for one in text("keyword").split(",")]
    key = text("id") or identifiers.get("doi") or next(iter(links), "") or text("title") or f"item {number}"
    return Record(key, stated, (), links, tuple(filter(None, subjects)), publication)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else "" if isinstance(value, (list, dict)) else value


def _people(given: object) -> Iterator[Author]:
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            parts = (
                one.get(key) for key in ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
            )
            name = plain(one.get("literal")) or " ".join(filter(None, map(plain, parts)))
            if name:
                yield Author(name, orcid=orcid_in(str(one.get("ORCID") or "")))


def _date(issued: object) -> str | None:
    if not isinstance(issued, dict):
        return date_of(issued)
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else ()
    if first and first[0]:
        return date_of("-".join(str(one) for one in first[:3]))
    return date_of(issued.get("raw") or issued.get("literal"))
