"""Items as Zotero's own interfaces give them, on the web and of the program on this machine. Version 3 of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.sources.protocol import Stated
from ingest.sources.records.record import Attachment, Record
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

__all__ = ["zotero_item_records"]

_NO_WORKS = frozenset(("attachment", "note", "annotation"))
_OTHERS = frozenset(("editor", "seriesEditor", "translator", "reviewedAuthor", "bookAuthor", "contributor"))
_CONTAINERS = (
    "publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "meetingName", "blogTitle", "websiteTitle",
    "repository", "university", "institution",
)  # fmt: skip


def zotero_item_records(items: Sequence[Mapping[str, Any]]) -> Iterator[Record]:
    """Works with their attachments, whose path is the key of the item that is the file. items: of all pages."""
    known = [data for item in items if isinstance(data := item.get("data", item), dict) and data.get("key")]
    records = {str(data["key"]): _record(data) for data in known if data.get("itemType") not in _NO_WORKS}
    for data in known:
        if data.get("itemType") != "attachment" or not str(data.get("linkMode", "")).startswith("imported"):
            continue
        file = Attachment(
            path=str(data["key"]),
            media_type=plain(data.get("contentType")),
            title=plain(data.get("filename") or data.get("title")),
        )
        parent = str(data.get("parentItem") or "")
        if parent in records:
            of = records[parent]
            records[parent] = replace(of, attachments=(*of.attachments, file))
        elif not parent:  # a file without an item above it
            records[str(data["key"])] = Record(str(data["key"]), Stated(), (file,))
    yield from records.values()


def _record(data: Mapping[str, Any]) -> Record:
    def text(*names: str) -> str:
        return next((found for name in names if (found := plain(data.get(name)))), "")

    work = work_of(text("itemType"))
    extra = _extra(str(data.get("extra") or ""))
    links = links_in(text("url"))
    stated = Stated(
        title=text("title", "caseName", "subject") or None,
        authors=tuple(_people(data.get("creators"))),
        date=date_of(text("date")),
        url=next(iter(links), None),
        kind=kind_of_work(work),
        language=language_of(text("language")),
        summary=text("abstractNote") or None,
        identifiers=identifiers_of(
            doi=text("DOI") or extra.get("doi"), isbn=text("ISBN"), pmid=extra.get("pmid"), pmcid=extra.get("pmcid")
        ),
    )
    publication = Publication(
        type=work, container=text(*_CONTAINERS) or None, volume=text("volume") or None, issue=text("issue") or None,
        pages=text("pages") or None, number=text("reportNumber") or None, publisher=text("publisher") or None,
        issn=text("ISSN")[:9] or None,
    )  # fmt: skip
    tags = [plain(tag.get("tag")) for tag in data.get("tags") or () if isinstance(tag, dict)]
    return Record(str(data["key"]), stated, (), links, tuple(filter(None, tags)), publication)


def _extra(written: str) -> dict[str, str]:
    """`PMID: 123` and the like, a line each, where items have no field of their own."""
    lines = (line.partition(":") for line in written.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def _people(creators: object) -> Iterator[Author]:
    """Authors, speakers and presenters; editors only of what has nobody else."""
    given = [one for one in creators if isinstance(one, dict)] if isinstance(creators, list) else []
    writers = [one for one in given if one.get("creatorType") not in _OTHERS] or given
    for one in writers:
        name = plain(one.get("name")) or " ".join(
            filter(None, (plain(one.get("firstName")), plain(one.get("lastName"))))
        )
        if name:
            yield Author(name)
