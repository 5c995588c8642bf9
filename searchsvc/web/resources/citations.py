"""References to resources as programs read them: BibTeX, RIS, CSL-JSON, CSV, and what Zotero finds in a page."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from searchsvc.model import Kind, Resource, WorkType
from searchsvc.text.identifiers import doi_url, orcid_url
from searchsvc.text.names import PersonName, read_name
from searchsvc.web.resources.styled import Style, references

__all__ = [
    "FORMATS",
    "Cited",
    "bibtex",
    "coins",
    "csl_item",
    "csl_json",
    "csv_table",
    "json_ld",
    "meta_tags",
    "plain_text",
    "ris",
    "work_type",
]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_LONELY = {"{": r"\lbrace{}", "}": r"\rbrace{}"}
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[?!])(?=`)")  # two signs of which TeX makes another
_PARTING = re.compile(r"(?i),|(?:^|\s)and(?:\s|$)")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute it
_SHORT = {"a", "an", "the", "of", "on", "in", "le", "la", "les", "un", "une", "des", "o", "os", "as"}


@dataclass(frozen=True, slots=True)
class Cited:
    """A resource and the address of its page here."""

    resource: Resource
    page: str

    @property
    def url(self) -> str:
        """Where it was published, else its page here."""
        return (
            self.resource.url
            if self.resource.url and self.resource.url.startswith(("http://", "https://"))
            else self.page
        )


def name_of(written: str) -> PersonName:
    """Of a name on one line, without control characters."""
    return read_name(_line(written))


def work_type(resource: Resource) -> WorkType | None:
    """As what it is cited: what its file says, else what its kind is. None: of a file of which no more is known."""
    if resource.publication.type or resource.kind in (Kind.EVENT, Kind.FUNDING):
        return resource.publication.type
    if resource.kind is Kind.PAPER:
        return WorkType.ARTICLE if resource.published_in else None
    return WorkType.PRESENTATION if resource.kind is Kind.PRESENTATION else WorkType.PAGE


def _named(resource: Resource) -> list[str]:
    """The authors who have a name."""
    return [author.name for author in resource.shown_authors if name_of(author.name).inverted]


# -- BibTeX -----------------------------------------------------------------------------------------------------------


def bibtex(cited: Sequence[Cited]) -> str:
    """Entries in UTF-8 with keys that are unique among them: `caldeira2024ring`."""
    return "\n".join(_entry(one, key) for one, key in zip(cited, _keys(cited), strict=True))


_BIBTEX = {
    WorkType.ARTICLE: "article", WorkType.CONFERENCE: "inproceedings", WorkType.REPORT: "techreport",
    WorkType.THESIS: "phdthesis", WorkType.BOOK: "book", WorkType.CHAPTER: "incollection",
}  # fmt: skip
_BIBTEX_CONTAINER = {
    WorkType.ARTICLE: "journal", WorkType.CONFERENCE: "booktitle", WorkType.CHAPTER: "booktitle",
    WorkType.BOOK: "series",
}  # fmt: skip
_BIBTEX_PUBLISHER = {WorkType.REPORT: "institution", WorkType.THESIS: "school"}
_LOWER_THESIS = re.compile(
    r"(?i)\b(?:master|m\.?\s?sc|m\.?\s?phil|m\.?a\b|mph|maestr|mestrado|m[ée]moire|bachelor|b\.?\s?sc)"
)


def _entry(cited: Cited, key: str) -> str:
    resource, publication = cited.resource, cited.resource.publication
    work = work_type(resource)
    kind = _BIBTEX.get(work, "misc") if work else "misc"
    if work is WorkType.THESIS and _LOWER_THESIS.search(publication.genre or ""):
        kind = "mastersthesis"
    container = resource.published_in if work in _BIBTEX_CONTAINER else None
    publisher = publication.publisher or (resource.published_in if work is WorkType.REPORT else None)
    preprint, arxiv = work is WorkType.PREPRINT, (publication.number or "").startswith("arXiv:")
    fields = {
        "title": "{" + _tex(resource.title) + "}",
        "author": " and ".join(_tex_name(name) for name in _named(resource)),
        "year": str(resource.year) if resource.year else "",
        "date": _tex(resource.date or ""),
        _BIBTEX_CONTAINER.get(work, "container") if work else "container": _tex(container or ""),
        "volume": _tex(publication.volume or ""),
        "number": _tex((publication.issue or "") if work is not WorkType.REPORT else (publication.number or "")),
        "pages": _tex(publication.pages or "").replace("-", "--"),
        _BIBTEX_PUBLISHER.get(work, "publisher") if work else "publisher": _tex(publisher or ""),
        "type": _tex(publication.genre or "") if work in _BIBTEX_PUBLISHER else "",
        "eprint": _tex((publication.number or "").removeprefix("arXiv:")) if preprint or arxiv else "",
        "archiveprefix": _tex("arXiv" if arxiv else resource.published_in or "") if preprint or arxiv else "",
        "howpublished": _tex("Preprint" if preprint else _MEDIUM[resource.kind]) if kind == "misc" else "",
        "organization": _tex(resource.published_in or "") if kind == "misc" else "",
        "isbn": _tex(resource.identifiers.get("isbn", "")),
        "issn": _tex(publication.issn or ""),
        "doi": _tex(resource.identifiers.get("doi", "")),
        "url": _bare(cited.url),
        "language": _tex(resource.language or ""),
        "abstract": _tex(resource.summary or ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value and value != "{}"]
    return f"@{kind}{{{key},\n" + "\n".join(lines) + "\n}\n"


_MEDIUM = {
    Kind.PAPER: "Paper", Kind.PRESENTATION: "Presentation", Kind.PAGE: "Web page", Kind.EVENT: "Event",
    Kind.FUNDING: "Funding opportunity",
}  # fmt: skip


def _keys(cited: Sequence[Cited]) -> list[str]:
    taken: dict[str, int] = {}
    keys = []
    for one in cited:
        resource = one.resource
        first = name_of(resource.shown_authors[0].name).full_family if resource.shown_authors else "anon"
        word = next((word for word in re.findall(r"\w+", resource.title.lower()) if word not in _SHORT), "")
        key = _ascii(first) + str(resource.year or "") + _ascii(word) or resource.id
        taken[key] = taken.get(key, 0) + 1
        keys.append(key if taken[key] == 1 else f"{key}-{taken[key]}")
    return keys


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _tex(text: str) -> str:
    """Programs count braces, escaped or not: those without a partner are words of TeX instead."""
    text = _line(text)
    lonely, open_ = set(), []
    for at, sign in enumerate(text):
        if sign == "{":
            open_.append(at)
        elif sign == "}" and open_:
            open_.pop()
        elif sign == "}":
            lonely.add(at)
    lonely.update(open_)
    signs = (_LONELY[sign] if at in lonely else _SPECIAL.get(sign, sign) for at, sign in enumerate(text))
    return _LIGATURE.sub("{}", "".join(signs))


def _tex_name(written: str) -> str:
    """`von Last, Jr, First`; braces keep a name of one part whole, and a part with a comma or an `and` in it."""
    name = name_of(written)
    if not name.given:
        return "{" + _tex(name.inverted) + "}"
    parts = (part for part in (name.full_family, name.suffix, name.given) if part)
    return ", ".join("{" + _tex(one) + "}" if _PARTING.search(one) else _tex(one) for one in parts)


def _bare(url: str) -> str:
    """BibTeX takes an address as it is; braces would end the field."""
    return _line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")


# -- RIS --------------------------------------------------------------------------------------------------------------

_RIS = {
    WorkType.ARTICLE: "JOUR", WorkType.CONFERENCE: "CPAPER", WorkType.PREPRINT: "UNPB", WorkType.REPORT: "RPRT",
    WorkType.THESIS: "THES", WorkType.BOOK: "BOOK", WorkType.CHAPTER: "CHAP", WorkType.PRESENTATION: "SLIDE",
    WorkType.PAGE: "ELEC",
}  # fmt: skip
_PARTS = (WorkType.ARTICLE, WorkType.CONFERENCE, WorkType.CHAPTER)  # of something larger


def ris(cited: Sequence[Cited]) -> str:
    """Records with the line ends that the format asks for."""
    lines: list[str] = []
    for one in cited:
        resource, publication = one.resource, one.resource.publication
        work = work_type(resource)
        kind = _RIS[work] if work else {Kind.EVENT: "CONF", Kind.FUNDING: "GRANT"}.get(resource.kind, "GEN")
        first, _, last = (publication.pages or "").partition("-")
        pairs = [
            ("TY", kind),
            ("TI", resource.title),
            *(("AU", name_of(name).inverted) for name in _named(resource)),
            ("PY", str(resource.year or "")),
            ("DA", (resource.date or "").replace("-", "/")),
            ("T2", resource.published_in if work in _PARTS else ""),
            ("VL", publication.volume),
            ("IS", publication.issue),
            ("SP", first),
            ("EP", last),
            ("M1", publication.number),
            ("M3", publication.genre),
            ("PB", publication.publisher or (resource.published_in if work not in _PARTS else "")),
            ("SN", resource.identifiers.get("isbn") or publication.issn),
            ("DO", resource.identifiers.get("doi", "")),
            ("UR", one.url),
            ("LA", resource.language),
            ("AB", resource.summary),
            ("ID", resource.id),
        ]
        lines += [f"{tag}  - {text}" for tag, value in pairs if value and (text := _line(value))]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines)


# -- CSL-JSON ---------------------------------------------------------------------------------------------------------

_CSL = {
    WorkType.ARTICLE: "article-journal", WorkType.CONFERENCE: "paper-conference", WorkType.PREPRINT: "article",
    WorkType.REPORT: "report", WorkType.THESIS: "thesis", WorkType.BOOK: "book", WorkType.CHAPTER: "chapter",
    WorkType.PRESENTATION: "speech", WorkType.PAGE: "webpage",
}  # fmt: skip


def csl_json(cited: Sequence[Cited]) -> str:
    """https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html"""
    return json.dumps([csl_item(one) for one in cited], ensure_ascii=False, indent=2) + "\n"


def csl_item(cited: Cited) -> dict[str, Any]:
    """One entry of CSL-JSON."""
    resource, publication = cited.resource, cited.resource.publication
    work = work_type(resource)
    preprint, where = work is WorkType.PREPRINT, resource.published_in
    parts = _date_parts(resource.date) or ([resource.year] if resource.year else [])
    values: dict[str, Any] = {
        "id": resource.id,
        "type": _CSL[work] if work else {Kind.EVENT: "event", Kind.FUNDING: "webpage"}.get(resource.kind, "document"),
        "title": _line(resource.title),
        "author": [_csl_name(name) for name in _named(resource)],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": None if preprint or work is WorkType.PRESENTATION else where,
        "event-title": where if work is WorkType.PRESENTATION else None,
        "genre": publication.genre or ("preprint" if preprint else None),
        "volume": publication.volume,
        "issue": publication.issue,
        "page": publication.pages,
        "number": (publication.number or "").removeprefix("arXiv:"),
        "publisher": where if preprint else publication.publisher,
        "ISSN": publication.issn,
        "DOI": resource.identifiers.get("doi"),
        "PMID": resource.identifiers.get("pmid"),
        "PMCID": resource.identifiers.get("pmcid"),
        "ISBN": resource.identifiers.get("isbn"),
        "URL": cited.url,
        "language": resource.language,
        "abstract": resource.summary,
    }
    return {name: value for name, value in values.items() if value}


def _csl_name(written: str) -> dict[str, str]:
    name = name_of(written)
    if not name.given:
        return {"literal": name.inverted}
    parts = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _date_parts(date: str | None) -> list[int]:
    """Year, month and day, as far as they are numbers of a calendar."""
    match = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?", date or "")
    return [int(part) for part in match.groups() if part] if match else []


# -- CSV --------------------------------------------------------------------------------------------------------------


def csv_table(cited: Sequence[Cited]) -> str:
    """With a byte order mark, so that spreadsheets read UTF-8, and without anything that they would compute."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(
        (
            "id",
            "kind",
            "title",
            "authors",
            "date",
            "year",
            "site",
            "language",
            "doi",
            "url",
            "page",
            "summary",
            "type",
            "published in",
            "volume",
            "issue",
            "pages",
            "number",
            "publisher",
            "isbn",
            "issn",
        )
    )
    for work in cited:
        resource = work.resource
        row = (
            resource.id, str(resource.kind), resource.title,
            "; ".join(name_of(author.name).inverted for author in resource.shown_authors),
            resource.date, resource.year, resource.site, resource.language, resource.identifiers.get("doi"), work.url,
            work.page, resource.summary, work_type(resource), resource.published_in, *(
                getattr(resource.publication, name) for name in ("volume", "issue", "pages", "number", "publisher")
            ), resource.identifiers.get("isbn"), resource.publication.issn,
        )  # fmt: skip
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + table.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else _line(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


# -- inside pages -----------------------------------------------------------------------------------------------------

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
    house = publication.publisher or (None if work in _PARTS else resource.published_in)
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA[work] if work else _SCHEMA_KINDS.get(resource.kind, "ScholarlyArticle"),
        "@id": cited.page,
        "name": resource.title,
        "headline": None if event or grant else resource.title[:110],
        "url": cited.url,
        ("organizer" if event else "sponsor" if grant else "author"): people or None,
        ("startDate" if event else "datePublished"): None if grant else resource.date,
        "inLanguage": None if event or grant else resource.language,
        ("description" if event or grant else "abstract"): resource.summary,
        "identifier": doi_url(doi) if doi else None,
        "publisher": {"@type": "Organization", "name": house} if house and not (event or grant) else None,
        "isPartOf": _schema_part(resource) if work in _PARTS else None,
        "pagination": publication.pages,
        "isbn": resource.identifiers.get("isbn"),
        "reportNumber": publication.number if work is WorkType.REPORT else None,
    }
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


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
        ("citation_publication_date", (resource.date or "").replace("-", "/")),
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
    return [(name, text) for name, content in pairs if name and (text := _line(content))]


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
        ("rft.type" if plain else "rft.genre", _MEDIUM[resource.kind] if plain else genre),
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
        ("rft.date", resource.date or ""),
        ("rft_id", f"info:doi/{doi}" if doi else Cited(resource, page).url),
    ]
    return urlencode([(name, value) for name, value in pairs if name and value])


def _line(text: str) -> str:
    """On one line, without control characters."""
    return " ".join(_BREAKS.sub(" ", text).split())


def _unstyled(write: Callable[[Sequence[Cited]], str]) -> Callable[[Sequence[Cited], Style], str]:
    return lambda cited, _: write(cited)


def plain_text(cited: Sequence[Cited], style: Style) -> str:
    """A reference a line."""
    return "".join(f"{one}\n" for one in references(list(map(csl_item, cited)), style))


@dataclass(frozen=True, slots=True)
class Format:
    """How a list of resources is written. suffix: of the address and the file, in letters and digits.

    One more in `FORMATS` is on every page that offers references, and has its addresses; docs/search-page.md lists it.
    """

    suffix: str
    label: str
    media_type: str
    write: Callable[[Sequence[Cited], Style], str]


FORMATS = {
    one.suffix: one
    for one in (
        Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", _unstyled(bibtex)),
        Format("ris", "RIS", "application/x-research-info-systems; charset=utf-8", _unstyled(ris)),
        Format("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", _unstyled(csl_json)),
        Format("csv", "CSV", "text/csv; charset=utf-8", _unstyled(csv_table)),
        Format("txt", "TXT", "text/plain; charset=utf-8", plain_text),
    )
}
