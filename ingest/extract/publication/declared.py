"""What a file declares of how it was published: meta elements and JSON-LD, JATS and PubMed, XMP, front matter."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import decode, one_line
from ingest.extract.publication.printed import isbn_in, issn_in, pages_of, preprint_server, printed_on, reference_in
from searchsvc.model import Document, Publication, WorkType
from searchsvc.text.identifiers import doi_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Found", "in_first_blocks", "in_front_matter", "in_html", "in_jats", "in_pdf"]

_MAX_NODES = 5000
_MAX_VALUE = 500  # characters
_PAGES_READ = 2  # of a PDF
_BLOCKS_READ = 40  # of a document without pages


_NONE = Publication()


@dataclass(frozen=True, slots=True)
class Found:
    """lines: what the first pages print, with running heads, for each page; where no more is declared."""

    publication: Publication = _NONE
    identifiers: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, ...], ...] = ()


_TYPES = {  # what words for a type of work come to, in schema.org, Dublin Core, eprints, COAR, Crossref, BibTeX, CSL
    WorkType.ARTICLE: "article journalarticle articlejournal scholarlyarticle medicalscholarlyarticle researcharticle "
    "reviewarticle journalpaper",
    WorkType.CONFERENCE: "conferencepaper conferenceitem conferenceobject inproceedings paperconference "
    "proceedingsarticle conferencearticle conferencecontribution proceedings conferenceproceedings",
    WorkType.PREPRINT: "preprint postedcontent eprint",
    WorkType.REPORT: "report technicalreport techreport workingpaper researchreport policybrief internalreport "
    "reportdocument policyreport governmentreport",
    WorkType.THESIS: "thesis dissertation doctoralthesis masterthesis mastersthesis phdthesis bachelorthesis "
    "electronicthesisordissertation",
    WorkType.BOOK: "book monograph",
    WorkType.CHAPTER: "chapter bookchapter booksection bookpart inbook incollection",
    WorkType.PRESENTATION: "presentation presentationdigitaldocument lecture slides speech conferenceposter poster",
    WorkType.PAGE: "webpage website newsarticle blogposting blog post aboutpage faqpage",
}
_TYPE = {name: kind for kind, names in _TYPES.items() for name in names.split()}


def type_of_work(named: str) -> WorkType | None:
    """`Journal Article`, `info:eu-repo/semantics/article` or `conference_item`."""
    return _TYPE.get(re.sub(r"[^a-z]", "", re.split(r"[/#]", named)[-1].casefold()))


# -- meta elements and JSON-LD ----------------------------------------------------------------------------------------

_PREFIX = re.compile(r"^(?:(?:bepress|wkhealth)_)?citation_|^eprints\.|^prism[.:_]|^dc(?:terms)?[.:](?!type)")
_META = {  # field: names of meta elements without their prefix; the first that is there counts
    "container": (
        "journal_title", "publicationname", "publication", "conference_title", "conference", "inbook_title",
        "book_title", "series_title", "ispartof",
    ),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "number": ("technical_report_number", "arxiv_id"),
    "publisher": (
        "dissertation_institution", "technical_report_institution", "publisher", "institution",
    ),
    "issn": ("issn", "eissn"),
}  # fmt: skip
_META_TYPES = {
    "citation_dissertation_institution": WorkType.THESIS,
    "citation_dissertation_name": WorkType.THESIS,
    "citation_technical_report_institution": WorkType.REPORT,
    "citation_technical_report_number": WorkType.REPORT,
    "citation_arxiv_id": WorkType.PREPRINT,
    "citation_conference_title": WorkType.CONFERENCE,
    "citation_conference": WorkType.CONFERENCE,
    "citation_inbook_title": WorkType.CHAPTER,
    "citation_book_title": WorkType.CHAPTER,
    "citation_journal_title": WorkType.ARTICLE,
    "citation_journal_abbrev": WorkType.ARTICLE,
    "prism.publicationname": WorkType.ARTICLE,
}


def in_html(data: bytes, document: Document) -> Found:
    from ingest.extract.html.tree import decode_page, parsed

    root = parsed(decode_page(data))
    if root is None:
        return Found()
    named = _meta(root)
    meta = _of_meta(named)
    linked = _of_linked_data(root)
    joined = _filled(meta, linked)
    values = [value for values in named.values() for value in values]
    isbn = next((one for name in ("citation_isbn", "eprints.isbn", "book:isbn", "dc.identifier", "dcterms.identifier",
                                  "prism.isbn") for value in named.get(name, ()) if (one := isbn_in(value, bare=True))),
                None)  # fmt: skip
    isbn = isbn or _isbn_of_linked_data(root)
    dois = (
        "citation_doi",
        "prism.doi",
        "dc.identifier",
        "dc.identifier.doi",
        "dcterms.identifier",
        "bepress_citation_doi",
    )
    doi = next((one for name in dois for value in named.get(name, ()) if (one := doi_in(value))), None)
    identifiers = {scheme: value for scheme, value in (("isbn", isbn), ("doi", doi)) if value}
    return Found(
        _as_preprint(joined, doi or document.identifiers.get("doi", "")) if values or linked else joined, identifiers
    )


def _meta(root: _Element) -> dict[str, list[str]]:
    """Name of a meta element, in lower case -> what it says."""
    named: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        value = one_line(html.unescape(element.get("content") or ""))
        if name and value and len(value) <= _MAX_VALUE:
            named.setdefault(name, []).append(value)
    return named


def _of_meta(named: Mapping[str, list[str]]) -> Publication:
    bare: dict[str, str] = {}
    scholarly = False
    for name, values in named.items():
        if _PREFIX.match(name):
            scholarly |= not name.startswith("dc")
            bare.setdefault(_PREFIX.sub("", name), values[0])
    said = {one: next((bare[name] for name in names if name in bare), None) for one, names in _META.items()}
    if said["container"] and re.match(r"https?:|info:|urn:", said["container"]):
        said["container"] = None
    types = [_META_TYPES[name] for name in _META_TYPES if name in named]
    for name in (
        "citation_article_type",
        "eprints.type",
        "dc.type",
        "dcterms.type",
        "prism.aggregationtype",
        "citation_genre",
    ):
        types += [kind for value in named.get(name, ()) if (kind := type_of_work(value))]
    pages = (
        bare.get("pagerange")
        or bare.get("pages")
        or _between(bare.get("firstpage") or bare.get("startingpage"), bare.get("lastpage") or bare.get("endingpage"))
    )
    genre = bare.get("dissertation_name") or bare.get("thesis_type")
    kind = types[0] if types else None
    if kind is WorkType.PRESENTATION or (not scholarly and not kind):
        said = {**said, "container": said["container"] if scholarly else None}
    if not scholarly and kind in (None, WorkType.PAGE):
        return Publication(publisher=said["publisher"])
    return Publication(kind, pages=pages_of(pages or bare.get("article_number") or ""), genre=genre, **_clean(said))


def _clean(said: Mapping[str, str | None]) -> dict[str, Any]:
    issn = issn_in(said.get("issn") or "", bare=True)
    return {**{name: value or None for name, value in said.items()}, "issn": issn}


def _between(first: str | None, last: str | None) -> str | None:
    return f"{first}-{last}" if first and last and first != last else first


def _filled(one: Publication, other: Publication) -> Publication:
    return Publication(**{it.name: getattr(one, it.name) or getattr(other, it.name) for it in fields(Publication)})


def _nodes(root: _Element) -> Iterator[Mapping[str, Any]]:
    """What the page is about; not what it cites, nor its comments."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            queue = _many(json.loads(re.sub(r"^\s*<!--|-->\s*$", "", script.text or ""), strict=False))
        except (ValueError, RecursionError):
            continue
        for node in queue[:_MAX_NODES]:
            if isinstance(node, dict):
                yield node
                yield from (one for one in _many(node.get("@graph"))[:_MAX_NODES] if isinstance(one, dict))
                yield from (one for one in _many(node.get("mainEntity")) if isinstance(one, dict))


def _of_linked_data(root: _Element) -> Publication:
    """The first object that is a work, with the volume, issue and journal that it is part of."""
    for node in _nodes(root):
        kind = next((one for named in _many(node.get("@type")) if (one := type_of_work(str(named)))), None)
        if kind in (None, WorkType.PAGE):
            continue
        part = list(_parts(node))
        periodical = next((_text(one.get("name")) for one in part if _is(one, "periodical", "journal")), "")
        container = periodical or next((_text(one.get("name")) for one in part if not _is(one, "volume", "issue")), "")
        if kind is WorkType.ARTICLE and not container and _is(node, "article") and not _is(node, "scholarly"):
            continue  # an Article is any text on a page
        return Publication(
            kind,
            container=container or None,
            volume=_first([node, *part], "volumeNumber") or None,
            issue=_first([node, *part], "issueNumber") or None,
            pages=pages_of(
                _text(node.get("pagination"))
                or _between(_text(node.get("pageStart")), _text(node.get("pageEnd")))
                or ""
            ),
            number=_text(node.get("reportNumber")) or None,
            publisher=_first([node, *part], "publisher") or _text(node.get("sourceOrganization")) or None,
            issn=issn_in(_first([node, *part], "issn"), bare=True),
            genre=_text(node.get("inSupportOf")) or None,
        )
    return Publication()


def _first(nodes: Iterable[Mapping[str, Any]], name: str) -> str:
    return next((text for one in nodes if (text := _text(one.get(name)))), "")


def _isbn_of_linked_data(root: _Element) -> str | None:
    for node in _nodes(root):
        if type_of_work(str(next(iter(_many(node.get("@type"))), ""))) and (
            isbn := isbn_in(_text(node.get("isbn")), bare=True)
        ):
            return isbn
    return None


def _parts(node: Mapping[str, Any], depth: int = 5) -> Iterator[Mapping[str, Any]]:
    for part in _many(node.get("isPartOf")):
        if isinstance(part, dict) and depth:
            yield part
            yield from _parts(part, depth - 1)


def _is(node: Mapping[str, Any], *parts: str) -> bool:
    named = " ".join(str(one) for one in _many(node.get("@type"))).casefold()
    return any(part in named for part in parts)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """Words and numbers, the name of an object, the first of several."""
    value = next(iter(_many(value)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return one_line(str(value))[:_MAX_VALUE] if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _as_preprint(publication: Publication, doi: str) -> Publication:
    """A journal that is a server for preprints makes what is in it one."""
    server = preprint_server(publication.container or "", doi) or preprint_server(publication.publisher or "", "")
    if not server or publication.type not in (None, WorkType.ARTICLE, WorkType.PREPRINT):
        return publication
    return replace(publication, type=WorkType.PREPRINT, container=publication.container or server)


# -- JATS and PubMed --------------------------------------------------------------------------------------------------


def in_jats(data: bytes, document: Document) -> Found:
    from ingest.extract.jats.extractor import parse_xml, words

    root = parse_xml(data)
    article = root
    if not str(root.tag).endswith(("article", "PubmedArticle")):
        article = next(root.iter("{*}article", "{*}PubmedArticle"), root)

    def first(*paths: str) -> str:
        return next((text for path in paths if (text := words(article.find(path)))), "")

    if str(article.tag).endswith("PubmedArticle"):
        citation = "{*}MedlineCitation/{*}Article/"
        journal = citation + "{*}Journal/"
        types = [words(one) for one in article.iterfind(citation + "{*}PublicationTypeList/{*}PublicationType")]
        return Found(_as_preprint(Publication(
            WorkType.PREPRINT if "Preprint" in types else WorkType.ARTICLE,
            container=first(journal + "{*}Title", journal + "{*}ISOAbbreviation") or None,
            volume=first(journal + "{*}JournalIssue/{*}Volume") or None,
            issue=first(journal + "{*}JournalIssue/{*}Issue") or None,
            pages=pages_of(_whole_range(first(citation + "{*}Pagination/{*}MedlinePgn")) or _between(
                first(citation + "{*}Pagination/{*}StartPage"), first(citation + "{*}Pagination/{*}EndPage")) or ""),
            issn=issn_in(first(journal + "{*}ISSN"), bare=True),
        ), document.identifiers.get("doi", "")))  # fmt: skip
    front, meta = "{*}front/{*}journal-meta/", "{*}front/{*}article-meta/"
    conference = first(meta + "{*}conference/{*}conf-name")
    declared = (article.get("article-type") or "").casefold()
    journal_title = first(front + ".//{*}journal-title", front + "{*}journal-id")
    kind = WorkType.PREPRINT if "preprint" in declared else WorkType.ARTICLE if journal_title else None
    publication = Publication(
        WorkType.CONFERENCE if conference and not first(meta + "{*}volume") else kind,
        container=journal_title or conference or None,
        volume=first(meta + "{*}volume") or None,
        issue=first(meta + "{*}issue") or None,
        pages=pages_of(_between(first(meta + "{*}fpage"), first(meta + "{*}lpage"))
                       or first(meta + "{*}elocation-id", meta + "{*}page-range")),
        publisher=first(front + "{*}publisher/{*}publisher-name") or None,
        issn=issn_in(first(front + "{*}issn"), bare=True),
    )  # fmt: skip
    isbn = isbn_in(first(meta + "{*}isbn", front + "{*}isbn"), bare=True)
    return Found(_as_preprint(publication, document.identifiers.get("doi", "")), {"isbn": isbn} if isbn else {})


def _whole_range(pages: str) -> str:
    """`1123-34` as `1123-1134`, as PubMed shortens it."""
    match = re.fullmatch(r"([A-Za-z]*)(\d+)-(\d+)", pages.replace(" ", ""))
    if not match or len(match[3]) >= len(match[2]):
        return pages
    return f"{match[1]}{match[2]}-{match[1]}{match[2][: -len(match[3])]}{match[3]}"


# -- PDF --------------------------------------------------------------------------------------------------------------

_XMP = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.S)
_AGGREGATES = {"journal": WorkType.ARTICLE, "magazine": WorkType.ARTICLE, "book": WorkType.CHAPTER,
               "conference": WorkType.CONFERENCE, "proceedings": WorkType.CONFERENCE}  # fmt: skip


def in_pdf(data: bytes, document: Document) -> Found:
    packets = (match[0] for match in _XMP.finditer(data))
    xmp = next((one for one in packets if b"prism" in one), b"").decode("utf-8", "replace")

    def said(*names: str) -> str:
        for name in names:
            element = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", xmp, re.S) or re.search(
                rf"\b{name}=[\"'](.*?)[\"']", xmp
            )
            if element and (text := one_line(html.unescape(re.sub(r"<[^>]*>", " ", element[1])))):
                return text[:_MAX_VALUE]
        return ""

    container = said("prism:publicationName")
    aggregate = _AGGREGATES.get(said("prism:aggregationType").casefold())
    publication = Publication(
        aggregate or (WorkType.ARTICLE if container else None),
        container=container or None,
        volume=said("prism:volume") or None,
        issue=said("prism:number", "prism:issueIdentifier") or None,
        pages=pages_of(said("prism:pageRange") or _between(said("prism:startingPage"), said("prism:endingPage")) or ""),
        publisher=said("dc:publisher") or None,
        issn=issn_in(said("prism:issn", "prism:eIssn"), bare=True),
    ) if xmp else Publication()  # fmt: skip
    found = {"isbn": isbn_in(said("prism:isbn"), bare=True), "doi": doi_in(said("prism:doi"))}
    identifiers = {scheme: value for scheme, value in found.items() if value}
    return Found(publication, identifiers, _printed(data))


def _printed(data: bytes) -> tuple[tuple[str, ...], ...]:
    """The subject that the file gives itself as a page of its own, then lines of the first pages, head and foot too."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError:
        return ()
    try:
        subject = one_line(document.get_metadata_dict(skip_empty=True).get("Subject", ""))
        pages: list[tuple[str, ...]] = [(subject,)] if subject else [()]
        for number in range(min(_PAGES_READ, len(document))):
            text = document[number].get_textpage().get_text_bounded()
            text = re.sub("\u0002|\ufffe", "-", text)
            pages.append(tuple(line for one in text.splitlines() if (line := one_line(one))))
    finally:
        document.close()
    return tuple(pages)


# -- front matter -----------------------------------------------------------------------------------------------------

_FIELDS = {
    "container": ("container-title", "container", "journal", "booktitle", "conference", "proceedings", "publication"),
    "volume": ("volume",),
    "issue": ("issue",),
    "number": ("number", "report-number", "report_number"),
    "publisher": ("publisher", "institution", "school", "university"),
    "issn": ("issn",),
}


def in_first_blocks(data: bytes, document: Document) -> Found:
    """Of a document without pages: the lines that can stand on its first one."""
    lines: list[str] = []
    for block in document.blocks[:_BLOCKS_READ]:
        lines += [line for one in block.text.split("\n") if (line := one_line(one))]
    return Found(lines=(tuple(lines),))


def in_front_matter(data: bytes, document: Document) -> Found:
    from ingest.extract.text.extractor import front_matter

    facts, _ = front_matter(decode(data))
    known = {str(name).casefold(): _text(value) for name, value in facts.items()}
    said = {one: next((known[name] for name in names if known.get(name)), None) for one, names in _FIELDS.items()}
    kind = next(
        (one for name in ("type", "kind", "genre", "category") if (one := type_of_work(known.get(name, "")))), None
    )
    if kind is None and said["container"]:
        kind = (
            WorkType.ARTICLE if known.get("journal") else WorkType.CONFERENCE if not known.get("publication") else None
        )
    if kind is WorkType.ARTICLE and said["number"] and not said["issue"]:
        said = {**said, "issue": said["number"], "number": None}
    isbn = isbn_in(known.get("isbn", ""), bare=True)
    publication = Publication(kind, pages=pages_of(known.get("pages", "")), **_clean(said))
    whole = reference_in(publication.container or "", first=True)
    if whole and not publication.volume:  # `journal: J Foo 12(3), 45-67`
        publication = _filled(replace(publication, container=whole.container), whole)
    elif known.get("journal") and not publication.volume:  # `journal: Technical report 12, the institute`
        said_there = printed_on(((known["journal"],),), "").publication
        publication = said_there if said_there.type else publication
    return Found(publication, {"isbn": isbn} if isbn else {})
