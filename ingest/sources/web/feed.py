"""RSS and Atom: what is new at a site. A feed lists its newest entries, so one that it no longer lists is not gone."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import feedparser

from ingest.sources.protocol import Fetched, Listed, Setup, Source, Stated
from ingest.sources.web.address import address, is_address
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import DamagedError, QueryError
from searchsvc.model import Author

__all__ = ["FeedKind"]

_ACCEPT = "application/atom+xml,application/rss+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"
_MOST_BYTES = 20_000_000
_MOST_AUTHORS = 50


class FeedKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "feed"
    location = "the address of an RSS or Atom feed"
    help = "The pages and files that a feed announces, with what it says of them."
    of_machine = False

    def located(self, given: str) -> str:
        return address(given)

    def build(self, setup: Setup) -> Source:
        return _Feed(setup)


class _Feed:
    complete = False

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._web = setup.web
        self._location = setup.location

    def list(self) -> Iterator[Listed]:
        with self._web.get(self._location, accept=_ACCEPT, robots=False, max_bytes=_MOST_BYTES) as answer:
            data, url = answer.read(), answer.url
        feed = feedparser.parse(
            io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False,
            response_headers={"content-type": answer.headers.get("content-type", ""), "content-location": url},
        )  # fmt: skip
        if not feed.version and not feed.entries:
            raise DamagedError(f"{self._location} is no feed.")
        seen = set()
        for entry in map(dict, feed.entries):  # the package's own reads one date for another, with a warning
            link = _link(entry)
            try:
                there = address(urljoin(url, link)) if link else ""
            except (QueryError, ValueError):
                continue
            if there and there not in seen:
                seen.add(there)
                revision = str(entry.get("updated") or entry.get("published") or "")
                yield listed_page(there, revision=revision, stated=_stated(entry))

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        return fetch_page(self._web, listed, known)


def _link(entry: Mapping[str, Any]) -> str:
    """Of the page that an entry announces; an identifier counts only where it is an address."""
    links = [dict(one) for one in entry.get("links") or [] if isinstance(one, Mapping)]
    shown = [str(one.get("href") or "") for one in links if one.get("rel", "alternate") == "alternate"]
    given = str(entry.get("link") or "")
    return next((one.strip() for one in shown if one.strip()), given.strip() if is_address(given) else "")


def _stated(entry: Mapping[str, Any]) -> Stated:
    names = [str(one.get("name") or "").strip() for one in entry.get("authors") or [] if isinstance(one, Mapping)]
    moment: time.struct_time | None = entry.get("published_parsed") or entry.get("updated_parsed")
    return Stated(
        title=_text(entry.get("title")),
        authors=tuple(Author(name) for name in dict.fromkeys(names[:_MOST_AUTHORS]) if name),
        date=f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}" if moment else None,
    )


def _text(markup: object) -> str | None:
    from lxml import html

    given = str(markup or "").strip()
    if "<" in given or "&" in given:
        given = str(html.fragment_fromstring(given, create_parent="div").text_content())
    return " ".join(given.split()) or None
