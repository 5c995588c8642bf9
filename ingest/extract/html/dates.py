"""The dates of a page: what it declares for machines, what it prints of itself, when it was changed or saved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line
from ingest.extract.dating import printed_dates
from ingest.extract.html.facts import Facts, is_about, linked_data, meta_values
from searchsvc.model import Block, Dated, DateKind, Kind
from searchsvc.text.dates import compact_date, dates_in, iso_date

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["dates_of_page"]

_SCHOLARLY = (
    "citation_publication_date", "citation_date", "citation_online_date", "prism.publicationdate", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dc.date", "dcterms.date", "eprints.date",
)  # fmt: skip
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publishdate",
    "publish-date",
    "pubdate", "publication_date", "date_published", "sailthru.date", "parsely-pub-date", "article.published",
    "originalpublicationdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dc.date.modified", "dcterms.modified",
    "last-modified", "lastmod",
    "revision_date", "article.updated",
)  # fmt: skip
_LINE = 160  # characters: what says when a page was published is no paragraph
_FIRST = 12  # blocks, where a page says when it was published
_SHORT = 80  # characters of a piece of text that a byline has
_SOON = 80  # elements after the heading
_DATES_READ = 40
_READ = (
    "span",
    "time",
    "div",
    "p",
    "li",
    "a",
    "strong",
    "b",
    "em",
    "i",
    "small",
    "td",
    "section",
    "header",
    "h4",
    "h5",
    "h6",
    "abbr",
)
_HEADINGS = ("h1", "h2", "h3")
_UNIVERSAL = re.compile(r"T\d\d:?\d\d\S*?(?:Z|[+-]00:?00)$|\bGMT(?:[+-]00:?00)?\b")
_ZONED = re.compile(r"T\d\d:?\d\d\S*?[+-]\d\d:?\d\d$")
_HEAD = 4000  # characters
_COMMENT = re.compile(r"<!--(.{0,2000}?)-->", re.S)
_SAVED = re.compile(
    r"(?i)(?:mirrored from|saved from|saved date|page saved with|archived?|captured|retrieved"
    r"|crawled)[^\n]{0,400}(?:\n[^\n]{0,200}){0,4}"
)


def dates_of_page(
    root: _Element, facts: Facts, blocks: Sequence[Block], found: str | None, source: str, heading: _Element | None
) -> list[Dated]:
    """The best first. found: what a library takes for its date, published or changed. source: the page's own text.

    heading: of the article; above it pages say which day it is.
    """
    nodes = [node for node in linked_data(root) if is_about(node)]
    published = [
        *meta_values(root, *_SCHOLARLY), *_linked(nodes, "datePublished"), *meta_values(root, *_PUBLISHED),
        *_marked(root),
    ]  # fmt: skip
    changed = [iso for one in (*_linked(nodes, "dateModified"), *meta_values(root, *_MODIFIED)) if (iso := _iso(one))]
    if not any(map(_iso, published)):
        published += _stamped(heading)
    library = iso_date(found)
    if library and (library not in changed or any(_iso(one) == library for one in published)):
        published.append(library)
    lines = [line for block in blocks[:_FIRST] for line in block.text.split("\n") if len(line) <= _LINE]
    printed = printed_dates(lines, labelled=True, years=False)
    return [
        *_held(root, facts, lines), *(Dated(iso) for iso in _local(published, root, heading)),
        *(one for one in printed if one.is_public),
        *(Dated(iso, DateKind.MODIFIED) for iso in changed), *(one for one in printed if not one.is_public),
        *_saved(source),
    ]  # fmt: skip


def _held(root: _Element, facts: Facts, lines: Sequence[str]) -> list[Dated]:
    """When an event starts; what a funding opportunity declares is when it came out."""
    if facts.date or facts.kind is not Kind.EVENT:
        kind = DateKind.HELD if facts.kind is Kind.EVENT else DateKind.PUBLISHED
        return [Dated(facts.date, kind)] if facts.date else []
    starts = meta_values(root, "event:start_time", "og:start_time", "startdate")
    printed = printed_dates(lines, otherwise=DateKind.HELD, years=False)
    return [
        *(Dated(iso, DateKind.HELD) for one in starts if (iso := _iso(one))),
        *(one for one in printed if one.kind is DateKind.HELD),
    ]


def _iso(value: str) -> str | None:
    return compact_date(value) if re.match(r"\s*\d{4}-\d", value) else iso_date(value)


def _linked(nodes: Sequence[Mapping[str, Any]], key: str) -> Iterator[str]:
    return (one_line(node[key]) for node in nodes if isinstance(node.get(key), str))


def _local(declared: Sequence[str], root: _Element, heading: _Element | None) -> list[str]:
    """Of a moment in universal time the day that the page has: by another time zone, else as people read it there."""
    dates = [(one, iso) for one in declared if (iso := _iso(one))]
    days = [iso for _, iso in dates]
    if not dates or not _UNIVERSAL.search(dates[0][0]) or len(days[0]) < 10:
        return days
    day = date.fromisoformat(days[0])
    near = [(day + timedelta(days=by)).isoformat() for by in (-1, 0, 1)]
    zoned = [iso for one, iso in dates if iso in near and _ZONED.search(one) and not _UNIVERSAL.search(one)]
    texts = (one for one in _texts(root, heading) if len(one) <= _SHORT and any(map(str.isdigit, one)))
    read = (one.iso for text in texts for one in dates_in(one_line(text)))
    chosen = zoned[:1] or [iso for iso in islice(read, _DATES_READ) if iso in near][:1]
    return [*chosen, *days]


def _marked(root: _Element) -> Iterator[str]:
    """What `<time>` and the like say that is marked as the day of publication."""
    for one in root.iter("time", "span", "abbr", "meta"):
        if (
            "pubdate" in one.attrib
            or one.get("itemprop") == "datePublished"
            or "published" in (one.get("class") or "").split()
        ):
            value = one.get("datetime") or one.get("content") or one.get("title") or "".join(one.itertext())
            if len(value) <= _LINE:
                yield one_line(value)


def _stamped(heading: _Element | None) -> list[str]:
    """The moment that the first `<time>` after the heading has, where it is of the byline and not of a change."""
    if heading is None:
        return []
    for one in islice(heading.xpath("following::*"), _SOON):
        if one.tag == "p" and len("".join(one.itertext())) > _LINE:
            return []
        if one.tag == "time" and one.get("datetime"):
            said = f"{one.get('class') or ''} {one.get('itemprop') or ''} {''.join(one.itertext())}".casefold()
            return [] if re.search(r"updat|modif|edited", said) else [one.get("datetime") or ""]
    return []


def _saved(source: str) -> Iterator[Dated]:
    """What programs that save pages note in a comment at its start."""
    for comment in _COMMENT.findall(source[:_HEAD]):
        if (match := _SAVED.search(comment)) and (iso := iso_date(match[0], year_alone=False)):
            yield Dated(iso, DateKind.RETRIEVED)
            return


def _texts(root: _Element, heading: _Element | None) -> Iterator[str]:
    """Pieces of text, those after the heading first."""
    body = root.find("body")
    elements = list((body if body is not None else root).iter(*_READ, *_HEADINGS))
    at = next((at for at, one in enumerate(elements) if one is heading), 0)
    return (text for element in (*elements[at:], *elements[:at]) for text in (element.text, element.tail) if text)
