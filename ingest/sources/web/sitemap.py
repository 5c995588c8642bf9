"""A site by its sitemap: https://www.sitemaps.org/protocol.html, also an index of sitemaps, packed, or a plain list."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml import etree

from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.web.address import address
from ingest.sources.web.page import fetch_page, listed_page
from ingest.sources.web.protocol import UNKNOWN, Answer, Validators
from ingest.sources.web.unpack import unpacked
from searchsvc.errors import DamagedError, GoneError, IngestError, LimitError, QueryError

__all__ = ["SitemapKind"]

_MOST_BYTES = 52_428_800  # of one sitemap, unpacked, as the protocol says
_MOST_SITEMAPS = 2000
_MOST_ADDRESSES = 500_000
_ACCEPT = "application/xml,text/xml,text/plain,*/*"


class SitemapKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "sitemap"
    location = "the address of a sitemap, or of a site that has one"
    help = "All pages of a site that its sitemap lists."
    of_machine = False

    def located(self, given: str) -> str:
        return address(given)

    def build(self, setup: Setup) -> Source:
        return _Sitemap(setup)


class _Sitemap:
    """Pages of other sites in it are left out, and so is what it lists twice."""

    complete = True

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._web = setup.web
        self._site = _site(setup.location)
        self._location = setup.location

    def list(self) -> Iterator[Listed]:
        """A sitemap of an index that cannot be read ends the list: what stands in it is not known to be gone."""
        waiting, seen = deque(self._beginnings()), set[str]()
        read = set(waiting)
        while waiting:
            for tag, url, modified in self._entries(waiting.popleft()):
                try:
                    there = address(url)
                except QueryError:
                    continue
                if tag == "sitemap":
                    if there not in read and _site(there) == self._site:
                        read.add(there)
                        waiting.append(there)
                        if len(read) > _MOST_SITEMAPS:
                            raise LimitError(f"the index has more than {_MOST_SITEMAPS} sitemaps.")
                elif there not in seen and _site(there) == self._site:
                    seen.add(there)
                    if len(seen) > _MOST_ADDRESSES:
                        raise LimitError(f"the sitemap has more than {_MOST_ADDRESSES} addresses.")
                    yield listed_page(there, revision=modified)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        return fetch_page(self._web, listed, known)

    def _beginnings(self) -> Sequence[str]:
        """Of an address without a path: what robots.txt names, or else /sitemap.xml."""
        parts = urlsplit(self._location)
        if parts.path not in ("", "/"):
            return [self._location]
        site = f"{parts.scheme}://{parts.netloc}"
        try:
            with self._web.get(f"{site}/robots.txt", robots=False) as answer:
                lines = answer.read().decode("utf-8", "replace").splitlines()
        except GoneError:
            lines = []
        named = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("sitemap:")]
        return [one for one in dict.fromkeys(named) if _site(one) == self._site] or [f"{site}/sitemap.xml"]

    def _entries(self, url: str) -> Iterator[tuple[str, str, str]]:
        """(`url` or `sitemap`, address, when it changed last as it says) of one sitemap."""
        try:
            with self._web.get(url, accept=_ACCEPT, robots=False, max_bytes=_MOST_BYTES) as answer:
                yield from _read(answer)
        except IngestError as error:
            raise type(error)(f"the sitemap {url} {error}") from None


def _read(answer: Answer) -> Iterator[tuple[str, str, str]]:
    data = answer.read()
    if data[:2] == b"\x1f\x8b":
        data = _whole(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        yield from (
            ("url", line.strip(), "") for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()
        )
        return
    found = False
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, huge_tree=False
        )
        for _, element in events:
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if tag in ("urlset", "sitemapindex"):
                found = True
            if tag in ("url", "sitemap"):
                found = True
                values = {etree.QName(one).localname: (one.text or "").strip() for one in element.iterchildren("{*}*")}
                if values.get("loc"):
                    yield tag, values["loc"], values.get("lastmod", "")
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"cannot be read as XML: {error.msg}.") from None
    if not found:
        raise DamagedError("is no sitemap.")


def _whole(data: bytes) -> bytes:
    pieces, size = [], 0
    for piece in unpacked([data], "gzip"):
        size += len(piece)
        if size > _MOST_BYTES:
            raise LimitError(f"has more than {_MOST_BYTES // 1_000_000} MB.")
        pieces.append(piece)
    return b"".join(pieces)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")
