"""What programs find in a page about what it shows: schema.org, Highwire tags, and COinS for lists of results."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from searchsvc.model import DateKind, Kind, Resource, WorkType
from searchsvc.text.identifiers import doi_url, orcid_url
from searchsvc.web.resources.citations import MEDIUM, PARTS, Cited, line, name_of, work_type

__all__ = ["coins", "json_ld", "meta_tags", "schema_type"]

_SCHEMA = {
    WorkType.ARTICLE: "ScholarlyArticle", WorkType.CONFERENCE: "ScholarlyArticle", WorkType.REPORT: "Report",
    WorkType.PREPRINT: "ScholarlyArticle", WorkType.THESIS: "Thesis", WorkType.BOOK: "Book",
    WorkType.CHAPTER: "Chapter", WorkType.PRESENTATION: "PresentationDigitalDocument", WorkType.PAGE: "WebPage",
}  # fmt: skip
_SCHEMA_KINDS = {Kind.EVENT: "Event", Kind.FUNDING: "MonetaryGrant"}


def json_ld(cited: Cited) -> str:
    """https://schema.org, fit to stand in a script element: nothing in it can end the element."""
    resource = cited.resource
    event, grant = resource.kind is Kind.EVENT, resource.kind is Kind.FUNDING
    people = [
        {"@type": "Person", "name": author.name}
        | ({"affiliation": {"@type": "Organization", "name": author.affiliation}} if author.affiliation else {})
        | ({"sameAs": orcid_url(author.orcid)} if author.orcid else {})
        for author in resource.shown_authors
    ]
    doi = resource.identifiers.get("doi")
    work, publication = work_type(resource), resource.publication
    house = publication.publisher or (None if work in PARTS else resource.published_in)
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": schema_type(resource),
        "@id": cited.page,
        "name": resource.title,
        "headline": None if event or grant else resource.title[:110],
        "url": cited.url,
        ("organizer" if event else "sponsor" if grant else "author"): people or None,
        ("startDate" if event else "datePublished"): None if grant else resource.public_date,
        "dateModified": resource.date if resource.date_kind is DateKind.MODIFIED else None,
        "inLanguage": None if event or grant else resource.language,
        ("description" if event or grant else "abstract"): resource.summary,
        "identifier": doi_url(doi) if doi else None,
        "publisher": {"@type": "Organization", "name": house} if house and not (event or grant) else None,
        "isPartOf": _schema_part(resource) if work in PARTS else None,
        "license": publication.licence,
        "creativeWorkStatus": "Retracted" if publication.retracted else None,
        "pagination": publication.pages,
        "isbn": resource.identifiers.get("isbn"),
        "reportNumber": publication.number if work is WorkType.REPORT else None,
    }
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def schema_type(resource: Resource) -> str:
    """Of schema.org."""
    work = work_type(resource)
    return _SCHEMA[work] if work else _SCHEMA_KINDS.get(resource.kind, "ScholarlyArticle")


def _schema_part(resource: Resource) -> dict[str, Any] | None:
    """The journal with its volume and issue, the proceedings or the book."""
    publication = resource.publication
    if not resource.published_in:
        return None
    periodical = work_type(resource) is WorkType.ARTICLE
    part = {"@type": "Periodical" if periodical else "Book", "name": resource.published_in, "issn": publication.issn}
    whole: dict[str, Any] = {name: value for name, value in part.items() if value}
    for kind, name, value in (
        ("PublicationVolume", "volumeNumber", publication.volume),
        ("PublicationIssue", "issueNumber", publication.issue),
    ):
        whole = {"@type": kind, name: value, "isPartOf": whole} if value else whole
    return whole


_META_CONTAINER = {
    WorkType.ARTICLE: "citation_journal_title", WorkType.CONFERENCE: "citation_conference_title",
    WorkType.CHAPTER: "citation_inbook_title", WorkType.PREPRINT: "citation_journal_title",
}  # fmt: skip
_META_PUBLISHER = {
    WorkType.THESIS: "citation_dissertation_institution", WorkType.REPORT: "citation_technical_report_institution",
}  # fmt: skip


def meta_tags(cited: Cited, file: str) -> list[tuple[str, str]]:
    """(name, content) as Zotero and Google Scholar read them. file: the address of the original."""
    resource, publication = cited.resource, cited.resource.publication
    work = work_type(resource)
    contained = _META_CONTAINER.get(work) if work else None
    house = publication.publisher or ("" if contained else resource.published_in or "")
    first, _, last = (publication.pages or "").partition("-")
    pairs = [
        ("citation_title", resource.title),
        *(
            pair
            for author in resource.shown_authors
            for pair in (
                ("citation_author", name_of(author.name).inverted),
                ("citation_author_institution", author.affiliation or ""),
                ("citation_author_orcid", author.orcid or ""),
            )
        ),
        ("citation_publication_date", (resource.public_date or "").replace("-", "/")),
        (contained or "", (resource.published_in or "") if contained else ""),
        ("citation_volume", publication.volume or ""),
        ("citation_issue", publication.issue or ""),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_technical_report_number", (publication.number or "") if work is WorkType.REPORT else ""),
        (_META_PUBLISHER.get(work, "citation_publisher") if work else "citation_publisher", house),
        ("citation_issn", publication.issn or ""),
        ("citation_isbn", resource.identifiers.get("isbn", "")),
        ("citation_doi", resource.identifiers.get("doi", "")),
        ("citation_pmid", resource.identifiers.get("pmid", "")),
        ("citation_language", resource.language or ""),
        ("citation_abstract", resource.summary or ""),
        ("citation_public_url", cited.url),
        ("citation_pdf_url", file if resource.media_type == "application/pdf" else ""),
    ]
    return [(name, text) for name, content in pairs if name and (text := line(content))]


_COINS = {  # form and genre
    WorkType.ARTICLE: ("journal", "article"), WorkType.PREPRINT: ("journal", "preprint"),
    WorkType.CONFERENCE: ("book", "proceeding"), WorkType.CHAPTER: ("book", "bookitem"),
    WorkType.BOOK: ("book", "book"),
    WorkType.REPORT: ("book", "report"), WorkType.THESIS: ("dissertation", "dissertation"),
}  # fmt: skip


def coins(resource: Resource, page: str) -> str:
    """OpenURL context object for the title of an empty element, by which Zotero finds the results of a search."""
    work, publication = work_type(resource), resource.publication
    form, genre = (
        _COINS.get(work, ("dc", "")) if work else ("journal", "article") if resource.kind is Kind.PAPER else ("dc", "")
    )
    doi = resource.identifiers.get("doi")
    first, _, last = (publication.pages or "").partition("-")
    within = {"journal": "rft.jtitle", "book": "rft.btitle", "dissertation": "rft.inst"}.get(form, "rft.source")
    own = {"journal": "rft.atitle", "book": "rft.atitle" if genre in ("proceeding", "bookitem") else "rft.btitle"}.get(
        form, "rft.title"
    )
    plain = form == "dc"
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"),
        ("rft.type" if plain else "rft.genre", MEDIUM[resource.kind] if plain else genre),
        (own, resource.title),
        *(
            ("rft.creator" if plain else "rft.au", name_of(author.name).inverted)
            for author in resource.shown_authors[:10]
        ),
        (
            within if within != own else "",
            (publication.publisher if form == "dissertation" else resource.published_in) or "",
        ),
        ("rft.volume", publication.volume or ""),
        ("rft.issue", publication.issue or ""),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.pub", (publication.publisher or "") if form == "book" else ""),
        ("rft.isbn", resource.identifiers.get("isbn", "")),
        ("rft.issn", publication.issn or ""),
        ("rft.date", resource.public_date or ""),
        ("rft_id", f"info:doi/{doi}" if doi else Cited(resource, page).url),
    ]
    return urlencode([(name, value) for name, value in pairs if name and value])
