"""A work as somebody else's list describes it, and the page that stands for it where its text is not to be had."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.sources.protocol import Stated
from searchsvc.model import Publication, WorkType
from searchsvc.text.identifiers import doi_url

__all__ = ["Attachment", "Record", "page_of"]

_CONTAINERS = {
    WorkType.CONFERENCE: "citation_conference_title",
    WorkType.CHAPTER: "citation_inbook_title",
    WorkType.THESIS: "citation_dissertation_institution",
    WorkType.REPORT: "citation_technical_report_institution",
}
_FIELDS = (
    ("volume", "citation_volume"), ("issue", "citation_issue"), ("issn", "citation_issn"),
    ("publisher", "citation_publisher"), ("number", "citation_technical_report_number"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a work. path: as the list writes it, or a name. media_type: as it says; may be empty."""

    path: str
    media_type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """key: what it is called in its list, the same whenever the list is read. links: addresses where its text may be,
    the best first. subjects: as the list has them."""

    key: str
    stated: Stated
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    publication: Publication = field(default_factory=Publication)

    @property
    def said(self) -> Stated:
        """All that its list says of the work; of one without an address, where its DOI leads."""
        doi = self.stated.identifiers.get("doi")
        url = self.stated.url or (doi_url(doi) if doi else None)
        return replace(self.stated, url=url, publication=self.publication)

    @property
    def digest(self) -> str:
        """Another one when something else is said of it."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def page_of(record: Record) -> bytes:
    """What is known of the work as a web page, with meta elements as Google Scholar and Zotero read them."""
    stated = record.stated
    lines = ["<!doctype html>", f'<html lang="{_safe(stated.language or "")}">' if stated.language else "<html>"]
    lines += ["<head>", '<meta charset="utf-8">', f"<title>{_safe(stated.title or record.key)}</title>"]
    lines += [f'<meta name="{name}" content="{_safe(value)}">' for name, value in _meta(record)]
    lines += ["</head>", "<body><article>", f"<h1>{_safe(stated.title or record.key)}</h1>"]
    if stated.summary:
        lines += ["<h2>Abstract</h2>", *(f"<p>{_safe(one)}</p>" for one in stated.summary.split("\n") if one.strip())]
    if record.subjects:
        lines.append(f"<p>Subjects: {_safe('; '.join(record.subjects))}</p>")
    if stated.url:
        lines.append(f'<p><a href="{_safe(stated.url)}">{_safe(stated.url)}</a></p>')
    return "\n".join([*lines, "</article></body>", "</html>", ""]).encode("utf-8", "replace")


def _meta(record: Record) -> Iterator[tuple[str, str]]:
    stated, publication = record.stated, record.publication
    if stated.title:
        yield "citation_title", stated.title
    for author in stated.authors:
        yield "citation_author", author.name
        if author.affiliation:
            yield "citation_author_institution", author.affiliation
    if stated.date:
        yield "citation_publication_date", stated.date.replace("-", "/")
    if stated.language:
        yield "citation_language", stated.language
    for scheme, value in stated.identifiers.items():
        yield f"citation_{scheme}", value
    kind = publication.type or WorkType.ARTICLE
    if publication.container:
        yield _CONTAINERS.get(kind, "citation_journal_title"), publication.container
    for name, tag in _FIELDS:
        if value := getattr(publication, name):
            yield tag, value
    if publication.pages:
        first, _, last = publication.pages.partition("-")
        yield "citation_firstpage", first
        if last:
            yield "citation_lastpage", last


def _safe(text: str) -> str:
    return html.escape(" ".join(text.split()))
