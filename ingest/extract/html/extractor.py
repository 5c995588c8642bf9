"""Web pages with trafilatura: the article without the page around it, and what the page says about itself.

Three tries, each only when the one before found too little: trafilatura for precision, trafilatura for recall, all
visible text. On the 181 pages of the article extraction benchmark (token F1): trafilatura as it comes .959, for
precision .965, this .972, of which .004 come from `rescued`; what precision loses entirely, the comparisons catch.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingest.extract.clean import (
    check_characters,
    one_line,
    report_of,
    sensible_title,
    title_from_name,
    unit_report,
)
from ingest.extract.dating import date_fields
from ingest.extract.html.article import completed
from ingest.extract.html.blocks import blocks_of, is_boilerplate, without_repeats
from ingest.extract.html.byline import printed_authors
from ingest.extract.html.dates import dates_of_page
from ingest.extract.html.facts import Facts, facts_of, is_about, is_declared, linked_data, meta_values
from ingest.extract.html.rescue import rescued
from ingest.extract.html.tree import decode_page, page_tree
from ingest.extract.names import as_shown, looks_like_a_name, names_at_head, names_in
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import HTML
from searchsvc.doubts import Doubt
from searchsvc.errors import LimitError
from searchsvc.model import Author, Block, Document, Kind, Locator, Report
from searchsvc.text.identifiers import doi_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["HtmlExtractor"]

# Precision is kept while it finds this share of what the balanced mode finds; on the benchmark any value from .2 to .6
# gives the same to .003.
_ENOUGH_OF_BALANCED = 0.4
# Below this many characters and this share of the visible text the article was not found.
_SHORT_TEXT = 250
_ENOUGH_OF_VISIBLE = 0.3
# Trafilatura takes about 0.1 ms for an element, and many seconds from here on; all visible text is read instead.
_TOO_LARGE = 4_000_000  # bytes
_TOO_MANY = 60_000  # elements
_HEADING = 10  # characters of a heading that tells something


class HtmlExtractor:
    """`Extractor` for HTML and XHTML pages."""

    types: tuple[FileType, ...] = (HTML,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        import trafilatura

        if len(data) > limits.max_unpacked_bytes:
            raise LimitError(f"has {len(data) / 1e6:,.0f} MB, more than {limits.max_unpacked_bytes / 1e6:,.0f} MB")
        source = decode_page(data)
        root = page_tree(source)
        url = name if re.match(r"https?://", name) else None
        warnings: list[str | Doubt] = []
        facts = facts_of(root) if root is not None else Facts(Kind.PAGE)
        article = without_repeats(body_blocks(root, len(data), warnings)) if root is not None else []
        if facts.text:
            article.insert(0, Block(facts.text, Locator("heading", heading=None)))
        blocks = tuple(article)
        if not blocks:
            warnings.append(Doubt("no_text"))
        check_characters(blocks, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        units = (unit_report("page", blocks, () if blocks else ("no text",)),)
        report = report_of(f"trafilatura {trafilatura.__version__}", units, warnings, duration_ms)
        return _document(root, facts, blocks, report, name, url, source)


def body_blocks(root: _Element, size: int, warnings: list[str | Doubt]) -> list[Block]:
    """The blocks of the article, or of all visible text; says in `warnings` when it is the latter."""
    body = root.find("body")
    body = body if body is not None else root
    if size > _TOO_LARGE or sum(1 for _ in root.iter()) > _TOO_MANY:
        warnings.append(Doubt("article_too_large"))
        return blocks_of(body)
    precise, balanced = _trafilatura(root, favor_precision=True), _trafilatura(root)
    best = precise if _length(precise) >= _ENOUGH_OF_BALANCED * _length(balanced) else balanced
    if _length(best) >= _SHORT_TEXT and best is precise:
        return completed(body, rescued(body, best))
    visible = blocks_of(body)
    if _length(best) < _ENOUGH_OF_VISIBLE * _length(visible):
        best = max(best, balanced, _trafilatura(root, favor_recall=True), key=_length)
    if _length(best) < _SHORT_TEXT and _length(best) < _ENOUGH_OF_VISIBLE * _length(visible):
        warnings.append(Doubt("article_not_found"))
        return visible
    return completed(body, best)


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _trafilatura(root: _Element, **mode: Any) -> list[Block]:
    from copy import deepcopy

    from trafilatura import bare_extraction

    try:
        extracted = bare_extraction(deepcopy(root), include_comments=False, include_formatting=False, **mode)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, AssertionError):
        return []  # a page that trips it is read whole
    body = getattr(extracted, "body", None)
    return blocks_of(body, everything=True) if body is not None else []


def _document(
    root: _Element | None,
    facts: Facts,
    blocks: tuple[Block, ...],
    report: Report,
    name: str,
    url: str | None,
    source: str,
) -> Document:
    if root is None:
        return Document(facts.kind, title_from_name(name), blocks, report, url=url)
    meta = _metadata(root, url)
    heading = next((block.text for block in blocks if block.role == "heading"), "")
    page_title = one_line(root.findtext(".//title"))
    first = _text(_first_heading(root, page_title))
    own = _without_site(meta.get("title"), one_line(meta.get("sitename")), [first, heading])
    candidates = [facts.name, own, first, page_title, heading]
    sites = {_text(one) for one in root.iter("h1")} - {first}
    if first and (own in sites or _says_the_same(page_title, first)):
        candidates = [facts.name, first, *candidates]
    elif own and _is_home(root, own) and (rest := _beside_site(page_title, own)):
        candidates = [facts.name, rest, *candidates]
    elif _is_of_the_site(own, page_title, next(meta_values(root, "og:title"), "")):
        candidates = [facts.name, _without_site(page_title, one_line(meta.get("sitename")), []), *candidates]
    title = next((good for one in candidates if (good := sensible_title(one, name))), title_from_name(name))
    above = _heading_of(root, title)
    above = above if above is not None else _first_heading(root, page_title)
    return Document(
        kind=facts.kind,
        title=title,
        blocks=blocks,
        report=report,
        authors=_authors(root, facts, meta, above),
        language=_language(root, meta),
        url=_canonical(root) or _absolute(meta.get("url")) or url,
        identifiers=_identifiers(root),
        summary=one_line(meta.get("description")) or None,
        site=one_line(meta.get("sitename")) or None,
        occasion=facts.occasion,
        **date_fields(dates_of_page(root, facts, blocks, meta.get("date"), source, above)),
    )


def _metadata(root: _Element, url: str | None) -> dict[str, Any]:
    from copy import deepcopy

    from trafilatura.metadata import extract_metadata

    try:
        # not extensive: a date from the page's own words about it, never one that merely stands somewhere in its text
        metadata = extract_metadata(deepcopy(root), url, extensive=False)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return {}
    fields = ("title", "author", "date", "sitename", "language", "description", "url")
    return {one: getattr(metadata, one, None) for one in fields}


def _without_site(title: str | None, site: str, headings: list[str]) -> str:
    """`Malaria vaccines - The Paradigm` as `Malaria vaccines`, when the site is called so or a heading says so."""
    text = one_line(title)
    parts = re.split(r"\s+[-|–—:»·]+\s+", text)
    if len(parts) < 2:
        return text
    for whole in headings:
        if whole and len(whole) >= 10 and whole.casefold() in text.casefold():
            return whole
    if site and parts[-1].casefold() in site.casefold():
        return text[: text.rfind(parts[-1])].rstrip(" -|–—:»·")
    return text


def _is_of_the_site(heading: str, page_title: str, declared: str) -> bool:
    """Whether a heading names the site that the page is on: no word of it is in the page's own, longer title."""
    one, other = (set(re.findall(r"\w{2,}", text.casefold())) for text in (heading, page_title))
    return heading != declared and len(other) >= 3 and not one & other


def _is_home(root: _Element, heading: str) -> bool:
    """Whether a heading of the first rank is a link to the start of the site."""
    return any(
        _text(one) == heading
        and any(re.fullmatch(r"(https?://[^/]+)?/?", link.get("href") or "-") for link in one.iter("a"))
        for one in root.iter("h1")
    )


def _beside_site(page_title: str, site: str) -> str:
    """`Two books` of `Two books - The Paradigm`; empty where the site's name is not at one of its ends."""
    parts = re.split(r"\s+[-|–—:»·]+\s+", page_title)
    if len(parts) > 1 and site in (parts[0], parts[-1]):
        return page_title.removeprefix(site).removesuffix(site).strip(" -|–—:»·")
    return ""


def _text(element: _Element | None) -> str:
    return one_line("".join(element.itertext())) if element is not None else ""


def _says_the_same(page_title: str, heading: str) -> bool:
    """Whether the page is called in its window as in its heading; then what it says of itself elsewhere is shorter."""
    one, other = _letters(heading), _letters(page_title)
    return len(one) >= _HEADING and other.startswith(one) and len(one) >= len(other) / 2


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _first_heading(root: _Element, page_title: str) -> _Element | None:
    """That of the article where the site has one of its own; of several the one that is in the title of the page."""
    headings = list(root.iter("h1"))
    own = [
        element
        for element in headings
        if not any(is_boilerplate(one) or (one.tag == "header" and one.getparent() is root.find("body"))
                   for one in element.iterancestors())
    ]  # fmt: skip
    if len(own) == 1:
        return own[0]
    same = [one for one in own or headings if _says_the_same(page_title, _text(one))]
    return same[0] if len(same) == 1 else None


def _heading_of(root: _Element, title: str) -> _Element | None:
    """The heading that stands above the article, whichever size it has."""
    return next((one for one in root.iter("h1", "h2", "h3") if _text(one) == title), None)


def _authors(root: _Element, facts: Facts, meta: dict[str, Any], heading: _Element | None) -> tuple[Author, ...]:
    """Those that the page declares, and those of its byline where it says more or another."""
    cited = _cited(root)
    if cited and not facts.authors:
        return tuple(Author(author) for author in cited)
    declared = facts.authors or _named(root, meta)
    printed, says_by = printed_authors(heading)
    known = {author.name.casefold(): author for author in declared}
    both = known.keys() & {name.casefold() for name in printed}
    if not printed or len(both) == len(printed) or (known and not says_by and len(both) < len(known)):
        return declared
    site = one_line(meta.get("sitename")).casefold()
    return tuple(known.get(name.casefold(), Author(name)) for name in printed if name.casefold() not in site)


def _cited(root: _Element) -> list[str]:
    declared = meta_values(
        root, "citation_author", "citation_authors", "bepress_citation_author", "dc.creator.personalname", "dc.creator",
        "dcterms.creator", "eprints.creators_name"
    )  # fmt: skip
    cited = [_turned(part.strip()) for value in declared for part in value.split(";") if part.strip()]
    return list(dict.fromkeys(cited))


def _named(root: _Element, meta: dict[str, Any]) -> tuple[Author, ...]:
    site = one_line(meta.get("sitename")).casefold()
    named = [author for part in str(meta.get("author") or "").split(";") for author in names_in(part)]
    named += [author for value in meta_values(root, "author") for author in names_at_head(value) if not named]
    if not named:
        named = [_turned(value) for value in meta_values(root, "author") if is_declared(value)]
    return tuple(Author(author) for author in dict.fromkeys(named) if author.casefold() not in site)


def _turned(name: str) -> str:
    """`Souza, Ana` as `Ana Souza`."""
    return as_shown(name) if looks_like_a_name(name) else name


def _language(root: _Element, meta: dict[str, Any]) -> str | None:
    declared = (root.get("lang"), root.get("xml:lang"), meta.get("language"))
    for value in (*declared, *meta_values(root, "og:locale", "content-language", "dc.language")):
        if match := re.match(r"([a-z]{2})(?:[-_]|$)", str(value or "").strip().lower()):
            return match[1]
    return None


def _canonical(root: _Element) -> str | None:
    """The page's own address where it is relative to its base."""
    base = next((one.get("href") or "" for one in root.iter("base")), "")
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return _absolute(urljoin(base, (link.get("href") or "").strip()))
    return None


def _absolute(url: str | None) -> str | None:
    parts = urlsplit(url) if url else None
    return url if parts and parts.scheme in ("http", "https") and parts.hostname else None


def _identifiers(root: _Element) -> dict[str, str]:
    for value in meta_values(
        root, "citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "bepress_citation_doi"
    ):
        if doi := doi_in(value):
            return {"doi": doi}
    for node in filter(is_about, linked_data(root)):
        if doi := doi_in(" ".join(str(node.get(key)) for key in ("identifier", "@id", "sameAs", "doi"))):
            return {"doi": doi}
    return {}
