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

from searchsvc.model import Kind, Resource
from searchsvc.text.identifiers import doi_url, orcid_url
from searchsvc.text.names import PersonName, read_name

__all__ = ["FORMATS", "Cited", "bibtex", "coins", "csl_json", "csv_table", "json_ld", "meta_tags", "ris"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
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


# -- BibTeX -----------------------------------------------------------------------------------------------------------


def bibtex(cited: Sequence[Cited]) -> str:
    """Entries in UTF-8 with keys that are unique among them: `caldeira2024ring`."""
    return "\n".join(_entry(one, key) for one, key in zip(cited, _keys(cited), strict=True))


def _entry(cited: Cited, key: str) -> str:
    resource = cited.resource
    journal = resource.site if resource.kind is Kind.PAPER else None
    fields = {
        "title": "{" + _tex(resource.title) + "}",
        "author": " and ".join(_tex_name(author.name) for author in resource.shown_authors),
        "year": str(resource.year) if resource.year else "",
        "date": _tex(resource.date or ""),
        "journal": _tex(journal or ""),
        "howpublished": "" if journal else _tex(_MEDIUM[resource.kind]),
        "organization": "" if journal else _tex(resource.site or ""),
        "doi": _tex(resource.identifiers.get("doi", "")),
        "url": _bare(cited.url),
        "language": _tex(resource.language or ""),
        "abstract": _tex(resource.summary or ""),
    }
    kind = "article" if journal else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
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
    return "".join(_SPECIAL.get(sign, sign) for sign in _line(text))


def _tex_name(written: str) -> str:
    """`von Last, Jr, First`; braces keep a name of one part whole."""
    name = name_of(written)
    if not name.given:
        return "{" + _tex(name.inverted) + "}"
    return _tex(", ".join(part for part in (name.full_family, name.suffix, name.given) if part))


def _bare(url: str) -> str:
    """BibTeX takes an address as it is; braces would end the field."""
    return _line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")


# -- RIS --------------------------------------------------------------------------------------------------------------

_RIS = {Kind.PAPER: "JOUR", Kind.PRESENTATION: "SLIDE", Kind.PAGE: "ELEC", Kind.EVENT: "CONF", Kind.FUNDING: "GRANT"}


def ris(cited: Sequence[Cited]) -> str:
    """Records with the line ends that the format asks for."""
    lines: list[str] = []
    for work in cited:
        resource = work.resource
        kind = "GEN" if resource.kind is Kind.PAPER and not resource.site else _RIS[resource.kind]
        date = (resource.date or "").replace("-", "/")
        pairs = [
            ("TY", kind),
            ("TI", resource.title),
            *(("AU", name_of(author.name).inverted) for author in resource.shown_authors),
            ("PY", str(resource.year or "")),
            ("DA", date),
            ("T2" if resource.kind is Kind.PAPER else "PB", resource.site or ""),
            ("DO", resource.identifiers.get("doi", "")),
            ("UR", work.url),
            ("LA", resource.language or ""),
            ("AB", resource.summary or ""),
            ("ID", resource.id),
        ]
        lines += [f"{tag}  - {_line(value)}" for tag, value in pairs if value]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines)


# -- CSL-JSON ---------------------------------------------------------------------------------------------------------

_CSL = {
    Kind.PAPER: "article-journal", Kind.PRESENTATION: "speech", Kind.PAGE: "webpage", Kind.EVENT: "event",
    Kind.FUNDING: "webpage",
}  # fmt: skip


def csl_json(cited: Sequence[Cited]) -> str:
    """https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html"""
    return json.dumps([_csl(one) for one in cited], ensure_ascii=False, indent=2) + "\n"


def _csl(cited: Cited) -> dict[str, Any]:
    resource = cited.resource
    kind = "article" if resource.kind is Kind.PAPER and not resource.site else _CSL[resource.kind]
    values: dict[str, Any] = {
        "id": resource.id,
        "type": kind,
        "title": resource.title,
        "author": [_csl_name(author.name) for author in resource.shown_authors],
        "issued": {"date-parts": [_date_parts(resource.date)]} if _date_parts(resource.date) else None,
        "container-title": resource.site,
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
    parts = (date or "").split("-")
    return [int(part) for part in parts] if date and all(part.isdigit() for part in parts) else []


# -- CSV --------------------------------------------------------------------------------------------------------------


def csv_table(cited: Sequence[Cited]) -> str:
    """With a byte order mark, so that spreadsheets read UTF-8, and without anything that they would compute."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(
        ("id", "kind", "title", "authors", "date", "year", "site", "language", "doi", "url", "page", "summary")
    )
    for work in cited:
        resource = work.resource
        row = (
            resource.id, str(resource.kind), resource.title,
            "; ".join(name_of(author.name).inverted for author in resource.shown_authors),
            resource.date, resource.year, resource.site, resource.language, resource.identifiers.get("doi"), work.url,
            work.page, resource.summary,
        )  # fmt: skip
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + table.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else _line(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


# -- inside pages -----------------------------------------------------------------------------------------------------

_SCHEMA = {
    Kind.PAPER: "ScholarlyArticle", Kind.PRESENTATION: "PresentationDigitalDocument", Kind.PAGE: "WebPage",
    Kind.EVENT: "Event", Kind.FUNDING: "MonetaryGrant",
}  # fmt: skip


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
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA[resource.kind],
        "@id": cited.page,
        "name": resource.title,
        "headline": None if event or grant else resource.title[:110],
        "url": cited.url,
        ("organizer" if event else "sponsor" if grant else "author"): people or None,
        ("startDate" if event else "datePublished"): None if grant else resource.date,
        "inLanguage": None if event or grant else resource.language,
        ("description" if event or grant else "abstract"): resource.summary,
        "identifier": doi_url(doi) if doi else None,
        "publisher": {"@type": "Organization", "name": resource.site}
        if resource.site and not (event or grant)
        else None,
    }
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def meta_tags(cited: Cited, file: str) -> list[tuple[str, str]]:
    """(name, content) as Zotero and Google Scholar read them. file: the address of the original."""
    resource = cited.resource
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
        ("citation_journal_title" if resource.kind is Kind.PAPER else "citation_publisher", resource.site or ""),
        ("citation_doi", resource.identifiers.get("doi", "")),
        ("citation_pmid", resource.identifiers.get("pmid", "")),
        ("citation_language", resource.language or ""),
        ("citation_abstract", resource.summary or ""),
        ("citation_public_url", cited.url),
        ("citation_pdf_url", file if resource.media_type == "application/pdf" else ""),
    ]
    return [(name, _line(content)) for name, content in pairs if content]


def coins(resource: Resource, page: str) -> str:
    """OpenURL context object for the title of an empty element, by which Zotero finds the results of a search."""
    paper = resource.kind is Kind.PAPER
    doi = resource.identifiers.get("doi")
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:" + ("journal" if paper else "dc")),
        ("rft.genre" if paper else "rft.type", "article" if paper else _MEDIUM[resource.kind]),
        ("rft.atitle" if paper else "rft.title", resource.title),
        *(
            ("rft.au" if paper else "rft.creator", name_of(author.name).inverted)
            for author in resource.shown_authors[:10]
        ),
        ("rft.jtitle" if paper else "rft.source", resource.site or ""),
        ("rft.date", resource.date or ""),
        ("rft_id", f"info:doi/{doi}" if doi else Cited(resource, page).url),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def _line(text: str) -> str:
    """On one line, without control characters."""
    return " ".join(_BREAKS.sub(" ", text).split())


@dataclass(frozen=True, slots=True)
class Format:
    """How a list of resources is written. suffix: of the address and the file, in letters and digits.

    One more in `FORMATS` is on every page that offers references, and has its addresses; docs/search-page.md lists it.
    """

    suffix: str
    label: str
    media_type: str
    write: Callable[[Sequence[Cited]], str]


FORMATS = {
    one.suffix: one
    for one in (
        Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
        Format("ris", "RIS", "application/x-research-info-systems; charset=utf-8", ris),
        Format("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
        Format("csv", "CSV", "text/csv; charset=utf-8", csv_table),
    )
}
