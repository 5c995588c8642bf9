"""Articles as publishers and PubMed give them: JATS or NLM XML, and PubMed's own XML."""

from __future__ import annotations

import html.entities
import re
import time
from calendar import monthrange
from typing import TYPE_CHECKING

from ingest.extract.clean import check_characters, one_line, report_of, title_from_name, unit_report
from ingest.extract.jats.body import Body
from ingest.extract.names import as_shown
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import JATS, PUBMED
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Author, Document, Kind
from searchsvc.text.dates import compact_date, iso_date, month_of
from searchsvc.text.identifiers import orcid_in
from searchsvc.text.names import is_han_name

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["JatsExtractor", "parse_xml"]

_XML_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
# Which of several dates is the article's: when it could first be read.
_DATE_ORDER = ("epub", "pub", "ppub", "collection", "epreprint", "preprint", "epub-ppub", "ecorrected", "pmc-release")


_OF_A_GROUP = frozenset(("contrib-group", "aff", "xref", "address", "email"))  # beside its name


class JatsExtractor:
    """`Extractor` for one article in XML; of a set of several the first is read and the report says so."""

    types: tuple[FileType, ...] = (JATS, PUBMED)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        from lxml import etree

        if len(data) > limits.max_unpacked_bytes:
            raise LimitError(f"has {len(data) / 1e6:,.0f} MB, more than {limits.max_unpacked_bytes / 1e6:,.0f} MB")
        root = parse_xml(data)
        articles = (
            [root] if local(root) in ("article", "PubmedArticle") else list(root.iter("{*}article", "{*}PubmedArticle"))
        )
        if not articles:
            raise DamagedError("the XML holds no article")
        many = len(articles)
        warnings = [Doubt("articles_unread", many - 1, what=str(many))] if many > 1 else []
        article = articles[0]
        body = Body()
        document = _pubmed(article, body, name) if local(article) == "PubmedArticle" else _jats(article, body, name)
        blocks = tuple(body.blocks)
        check_characters(blocks, limits)
        if not any(block.role == "text" for block in blocks):
            warnings.append(Doubt("no_text"))
        duration_ms = (time.perf_counter() - started) * 1000
        units = (unit_report("article", blocks),)
        report = report_of(f"lxml {etree.__version__}", units, warnings, duration_ms)
        return Document(kind=Kind.PAPER, blocks=blocks, report=report, **document)  # type: ignore[arg-type]


def parse_xml(data: bytes) -> _Element:
    """The root of `data`. No entity is expanded but the named characters of HTML, nothing is loaded from anywhere.

    Raises DamagedError for what is not XML, and for a file that declares entities made of entities.
    """
    from lxml import etree

    subset = re.search(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", data[:200_000], re.S)
    if subset and re.search(rb"<!ENTITY\s+(%|[\w.:-]+\s+[\"'][^\"']*[&%])", subset[1]):
        raise DamagedError("the XML declares entities made of entities, which are not expanded for safety")
    data = re.sub(rb"&([A-Za-z][A-Za-z0-9]{1,31});", _named_character, data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"the XML is damaged or truncated: {one_line(error.msg).split(', use ')[0]}") from error
    except ValueError as error:
        raise DamagedError(f"the XML cannot be read: {one_line(str(error))}") from error
    if root is None:
        raise DamagedError("the XML is empty")
    return root


def _named_character(match: re.Match[bytes]) -> bytes:
    """`&alpha;` needs a DTD that is not loaded; `&#945;` does not. Works in every encoding that contains ASCII."""
    if match[1] in _XML_OWN:
        return match[0]
    characters = html.entities.html5.get(match[1].decode("ascii") + ";")
    return "".join(f"&#{ord(one)};" for one in characters).encode("ascii") if characters else match[0]


def local(element: _Element) -> str:
    """The element's name without namespace; empty for entities and comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def words(element: _Element | None) -> str:
    """All words in `element` on one line, without notes and cross-reference numbers in superscript."""
    return one_line(Body.inline(element)) if element is not None else ""


def _jats(article: _Element, body: Body, name: str) -> dict[str, object]:
    meta = article.find("{*}front/{*}article-meta")
    meta = meta if meta is not None else article.find("{*}front-stub")
    meta = meta if meta is not None else article
    title, subtitle = (words(meta.find(f"{{*}}title-group/{{*}}{tag}")) for tag in ("article-title", "subtitle"))
    if subtitle:
        title = f"{title} {subtitle}" if title.endswith((":", "?", "!", ".")) else f"{title}: {subtitle}"
    summary = ""
    for abstract in meta.findall("{*}abstract"):
        kind = abstract.get("abstract-type") or ""
        if kind not in ("graphical", "toc", "teaser"):
            body.section(abstract, 1, "Abstract" if kind != "executive-summary" else "Summary")
            summary = summary or " ".join(block.text for block in body.blocks if block.role == "text")
    for translated in meta.findall("{*}trans-abstract"):
        body.section(translated, 1, "Abstract")
    for tag in ("body", "floats-group", "floats-wrap"):
        if (part := article.find(f"{{*}}{tag}")) is not None:
            body.unheaded(part, title)
            body.children(part, 0)
    if (back := article.find("{*}back")) is not None:
        body.back(back)
    return {
        "title": title or title_from_name(name),
        "authors": tuple(_jats_authors(meta)),
        "date": _jats_date(meta),
        "language": (article.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()[:2] or None,
        "identifiers": _jats_identifiers(meta),
        "summary": summary or None,
        "site": words(article.find("{*}front/{*}journal-meta//{*}journal-title")) or None,
    }


def _jats_authors(meta: _Element) -> list[Author]:
    places = {str(place.get("id")): _affiliation(place) for place in meta.iter("{*}aff")}
    authors = []
    for contributor in meta.findall("{*}contrib-group/{*}contrib"):
        of_group = contributor.getparent().get("content-type") or "author"
        if contributor.get("contrib-type", "author" if "author" in of_group else of_group) != "author":
            continue
        name = contributor.find("{*}name")
        name = name if name is not None else contributor.find("{*}name-alternatives/{*}name")
        full = _full_name(name) or words(_child(contributor, "string-name"))
        full = full or one_line(Body.inline(_child(contributor, "collab"), skip=_OF_A_GROUP))
        if not full:
            continue
        keys = [
            key for link in contributor.findall("{*}xref[@ref-type='aff']") for key in (link.get("rid") or "").split()
        ]
        own = [_affiliation(place) for place in contributor.findall("{*}aff")]
        affiliations = list(dict.fromkeys(own + [places[key] for key in keys if places.get(key)]))
        if not affiliations and len(places) == 1:
            affiliations = list(places.values())
        orcid = next(filter(None, (orcid_in(words(one)) for one in contributor.findall("{*}contrib-id"))), None)
        authors.append(Author(full, "; ".join(affiliations) or None, orcid))
    return authors


def _full_name(name: _Element | None) -> str:
    """In the order in which it is said: of one that is declared eastern the family name first."""
    eastern = name is not None and name.get("name-style") == "eastern"
    order = ("surname", "given-names", "suffix") if eastern else ("given-names", "surname", "suffix")
    parts = [part for tag in order if (part := words(_child(name, tag)))]
    joined = "".join(parts)
    if eastern and is_han_name(joined):
        return joined
    full = " ".join(parts)
    return as_shown(full) if full.isupper() and not eastern else full


def _child(element: _Element | None, tag: str) -> _Element | None:
    return element.find(f"{{*}}{tag}") if element is not None else None


def _affiliation(place: _Element) -> str:
    """Without its number or star."""
    parts = [place.text or ""]
    for child in place:
        if local(child) not in ("label", "sup", "institution-id", "email"):
            parts.append(Body.inline(child))
        parts.append(child.tail or "")
    return re.sub(r"^[\d*†‡§¶\s,]+(?=\w)|[\s;,]+$", "", one_line(" ".join(parts))).replace(" ,", ",")


def _jats_date(meta: _Element) -> str | None:
    dates: dict[str, str] = {}
    for one in meta.findall("{*}pub-date"):
        kind = one.get("pub-type") or one.get("date-type") or "pub"
        value = _date(words(_child(one, "year")), words(_child(one, "month")), words(_child(one, "day")))
        value = value or compact_date(one.get("iso-8601-date") or "") or iso_date(words(_child(one, "string-date")))
        if value:
            dates.setdefault(kind, value)
    return next((dates[kind] for kind in _DATE_ORDER if kind in dates), next(iter(dates.values()), None))


def _date(year: str, month: str, day: str) -> str | None:
    if not re.fullmatch(r"\d{4}", year):
        return None
    number = int(month) if month.isdecimal() else month_of(re.split(r"[^\w.]", month)[0]) or month_of(month[:3]) or 0
    if not 1 <= number <= 12:
        return year
    return f"{year}-{number:02}" + (
        f"-{int(day):02}" if day.isdecimal() and 1 <= int(day) <= monthrange(int(year), number)[1] else ""
    )


def _jats_identifiers(meta: _Element) -> dict[str, str]:
    schemes = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}
    identifiers: dict[str, str] = {}
    for element in meta.findall("{*}article-id"):
        scheme = schemes.get(element.get("pub-id-type") or "")
        if scheme and (value := words(element)):
            identifiers.setdefault(scheme, _normal(scheme, value))
    return identifiers


def _normal(scheme: str, value: str) -> str:
    if scheme == "pmcid":
        return f"PMC{value.upper().removeprefix('PMC')}"
    return value.lower() if scheme == "doi" else value


def _pubmed(article: _Element, body: Body, name: str) -> dict[str, object]:
    citation = article.find("{*}MedlineCitation/{*}Article")
    citation = citation if citation is not None else article
    paragraphs = []
    for part in citation.findall("{*}Abstract/{*}AbstractText"):
        label, text = one_line(part.get("Label")).capitalize(), words(part)
        paragraphs.append(f"{label}: {text}" if label and text else text)
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    if paragraphs:
        body.heading("Abstract", 1)
    for paragraph in paragraphs:
        body.add(paragraph)
    date = citation.find("{*}ArticleDate")
    date = date if date is not None else citation.find("{*}Journal/{*}JournalIssue/{*}PubDate")
    identifiers = {"pmid": words(article.find("{*}MedlineCitation/{*}PMID"))}
    for element in article.findall("{*}PubmedData/{*}ArticleIdList/{*}ArticleId"):
        scheme = {"doi": "doi", "pmc": "pmcid"}.get(element.get("IdType") or "")
        if scheme:
            identifiers.setdefault(scheme, _normal(scheme, words(element)))
    medline = words(_child(date, "MedlineDate"))
    language = words(citation.find("{*}Language")).lower()
    return {
        "title": _unbracketed(words(citation.find("{*}ArticleTitle")).rstrip(".")) or title_from_name(name),
        "authors": tuple(_pubmed_authors(citation)),
        "date": _date(words(_child(date, "Year")), words(_child(date, "Month")), words(_child(date, "Day")))
        or iso_date(medline)
        or _date(medline[:4], "", ""),
        "language": {"eng": "en", "fre": "fr", "ger": "de", "spa": "es", "por": "pt", "ita": "it"}.get(language),
        "identifiers": {scheme: value for scheme, value in identifiers.items() if value},
        "summary": " ".join(paragraphs) or None,
        "site": words(citation.find("{*}Journal/{*}Title")) or None,
    }


def _unbracketed(title: str) -> str:
    """PubMed puts what it translated into brackets."""
    inner = title[1:-1].rstrip(".") if title.startswith("[") and title.endswith("]") else ""
    return inner if inner and "[" not in inner else title


def _pubmed_authors(citation: _Element) -> list[Author]:
    authors = []
    for element in citation.findall("{*}AuthorList/{*}Author"):
        family, given = words(_child(element, "LastName")), words(_child(element, "ForeName"))
        given = given or " ".join(f"{letter}." for letter in words(_child(element, "Initials")))
        full = " ".join(part for part in (given, family, words(_child(element, "Suffix"))) if part and family)
        full = full or words(_child(element, "CollectiveName"))
        affiliations = list(
            dict.fromkeys(words(place) for place in element.findall("{*}AffiliationInfo/{*}Affiliation"))
        )
        orcid = next(filter(None, (orcid_in(words(key)) for key in element.findall("{*}Identifier"))), None)
        if full:
            authors.append(Author(full, "; ".join(affiliations) or None, orcid))
    return authors
