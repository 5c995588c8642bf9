"""References to resources as programs read them: BibTeX, RIS, CSL-JSON, CSV. `metadata` has what stands in pages."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from searchsvc.model import DateKind, Kind, Resource, WorkType
from searchsvc.text.cells import harmless
from searchsvc.text.names import PersonName, read_name
from searchsvc.web.resources.styled import Style, references

__all__ = [
    "FORMATS",
    "MEDIUM",
    "PARTS",
    "Cited",
    "as_of",
    "bibtex",
    "csl_item",
    "csl_json",
    "csv_table",
    "line",
    "name_of",
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
    return read_name(line(written))


def work_type(resource: Resource) -> WorkType | None:
    """As what it is cited: what its file says, else what its kind is. None: of a file of which no more is known."""
    if resource.publication.type or resource.kind in (Kind.EVENT, Kind.FUNDING):
        return resource.publication.type
    if resource.kind is Kind.PAPER:
        return WorkType.ARTICLE if resource.published_in else None
    return WorkType.PRESENTATION if resource.kind is Kind.PRESENTATION else WorkType.PAGE


def as_of(resource: Resource) -> str:
    """`As of 2024-05-31 (file modified)`, where only the date of the file is known: it is none of publication."""
    if resource.date is None or resource.public_date:
        return ""
    return f"As of {resource.date} ({'file modified' if resource.date_kind is DateKind.MODIFIED else 'retrieved'})"


def note_of(resource: Resource) -> str:
    """That the work was retracted, and of when it is."""
    notice = resource.publication.retracted
    by = f" ({notice})" if notice and notice != "yes" else ""
    return ". ".join(part for part in (f"Retracted{by}" if notice else "", as_of(resource)) if part)


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
        "year": str(resource.public_year or ""),
        "date": _tex(resource.public_date or ""),
        _BIBTEX_CONTAINER.get(work, "container") if work else "container": _tex(container or ""),
        "volume": _tex(publication.volume or ""),
        "number": _tex((publication.issue or "") if work is not WorkType.REPORT else (publication.number or "")),
        "pages": _tex(publication.pages or "").replace("-", "--"),
        _BIBTEX_PUBLISHER.get(work, "publisher") if work else "publisher": _tex(publisher or ""),
        "type": _tex(publication.genre or "") if work in _BIBTEX_PUBLISHER else "",
        "eprint": _tex((publication.number or "").removeprefix("arXiv:")) if preprint or arxiv else "",
        "archiveprefix": _tex("arXiv" if arxiv else resource.published_in or "") if preprint or arxiv else "",
        "howpublished": _tex("Preprint" if preprint else MEDIUM[resource.kind]) if kind == "misc" else "",
        "organization": _tex(resource.published_in or "") if kind == "misc" else "",
        "isbn": _tex(resource.identifiers.get("isbn", "")),
        "issn": _tex(publication.issn or ""),
        "doi": _tex(resource.identifiers.get("doi", "")),
        "url": _bare(cited.url),
        "language": _tex(resource.language or ""),
        "note": _tex(note_of(resource)),
        "abstract": _tex(resource.summary or ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value and value != "{}"]
    return f"@{kind}{{{key},\n" + "\n".join(lines) + "\n}\n"


MEDIUM = {
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
        key = _ascii(first) + str(resource.public_year or "") + _ascii(word) or resource.id
        taken[key] = taken.get(key, 0) + 1
        keys.append(key if taken[key] == 1 else f"{key}-{taken[key]}")
    return keys


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _tex(text: str) -> str:
    """Programs count braces, escaped or not: those without a partner are words of TeX instead."""
    text = line(text)
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
    return line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")


# -- RIS --------------------------------------------------------------------------------------------------------------

_RIS = {
    WorkType.ARTICLE: "JOUR", WorkType.CONFERENCE: "CPAPER", WorkType.PREPRINT: "UNPB", WorkType.REPORT: "RPRT",
    WorkType.THESIS: "THES", WorkType.BOOK: "BOOK", WorkType.CHAPTER: "CHAP", WorkType.PRESENTATION: "SLIDE",
    WorkType.PAGE: "ELEC",
}  # fmt: skip
PARTS = (WorkType.ARTICLE, WorkType.CONFERENCE, WorkType.CHAPTER)  # of something larger


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
            ("PY", str(resource.public_year or "")),
            ("DA", (resource.public_date or "").replace("-", "/")),
            ("T2", resource.published_in if work in PARTS else ""),
            ("VL", publication.volume),
            ("IS", publication.issue),
            ("SP", first),
            ("EP", last),
            ("M1", publication.number),
            ("M3", publication.genre),
            ("PB", publication.publisher or (resource.published_in if work not in PARTS else "")),
            ("SN", resource.identifiers.get("isbn") or publication.issn),
            ("DO", resource.identifiers.get("doi", "")),
            ("UR", one.url),
            ("N1", as_of(resource)),
            ("LA", resource.language),
            ("AB", resource.summary),
            ("ID", resource.id),
        ]
        lines += [f"{tag}  - {text}" for tag, value in pairs if value and (text := line(value))]
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
    parts = _date_parts(resource.public_date) or ([resource.public_year] if resource.public_year else [])
    seen = _date_parts(resource.date) if resource.date_kind is DateKind.RETRIEVED else []
    values: dict[str, Any] = {
        "id": resource.id,
        "type": _CSL[work] if work else {Kind.EVENT: "event", Kind.FUNDING: "webpage"}.get(resource.kind, "document"),
        "title": line(resource.title),
        "author": [_csl_name(name) for name in _named(resource)],
        "issued": {"date-parts": [parts]} if parts else None,
        "accessed": {"date-parts": [seen]} if seen else None,
        "note": note_of(resource),
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
            "date kind",
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
            resource.date_kind if resource.date else None,
        )  # fmt: skip
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + table.getvalue()


def _cell(value: object) -> str:
    return "" if value is None else harmless(line(str(value)))


def line(text: str) -> str:
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
