"""A repository as a source: its records, each with the text that it names where that is to be had."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from ingest.extract.jats.extractor import local, parse_xml
from ingest.sources.full_text import full_text
from ingest.sources.kept import Kept
from ingest.sources.oai.harvest import Harvested, Repository, Selection
from ingest.sources.protocol import Fetched, Listed, Setup, Source
from ingest.sources.records.dublin_core import described
from ingest.sources.records.record import Record, page_of
from ingest.sources.web.address import address
from ingest.sources.web.protocol import UNKNOWN, Validators
from searchsvc.errors import GoneError, QueryError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["OaiKind"]

_OURS = ("metadataPrefix", "set", "from", "until", "text")
_NAME = re.compile(r"[^\w.-]+")


class OaiKind:
    """As the group `searchsvc.sources` of entry points names it."""

    name = "oai"
    location = "the address of an OAI-PMH repository, with ?set=NAME and ?metadataPrefix=NAME where wanted"
    help = "The records of a repository, with their texts where it links to them, and what it takes out again."
    of_machine = False

    def located(self, given: str) -> str:
        base, asked = _parted(address(given))
        if asked.get("text", "yes") not in ("yes", "no"):
            raise QueryError("`text` in the address of a repository is yes or no.")
        kept = urlencode({name: asked[name] for name in _OURS if asked.get(name)})
        return f"{base}{'&' if urlsplit(base).query else '?'}{kept}" if kept else base

    def build(self, setup: Setup) -> Source:
        return _Oai(setup)


class _Oai:
    complete = True

    def __init__(self, setup: Setup) -> None:
        base, asked = _parted(setup.location)
        self.name = setup.name
        self._web = setup.web
        self._repository = Repository(setup.web, base)
        self._selection = Selection(
            asked.get("metadataPrefix", "oai_dc"), asked.get("set", ""), asked.get("from", ""), asked.get("until", "")
        )
        self._since = setup.since
        self._follows = asked.get("text", "yes") == "yes"
        self._kept = Kept(setup.scratch)

    def list(self) -> Iterator[Listed]:
        selection = self._selected()
        self.complete = selection == self._selection
        for harvested in self._repository.records(selection):
            uri = self._repository.address_of(harvested.identifier, self._selection.prefix)
            if harvested.gone:
                yield Listed(uri, harvested.datestamp, "", uri, harvested.identifier, gone=True)
            elif harvested.metadata is not None:
                self._kept.put(uri, _bytes(harvested.metadata))
                yield self._listed(harvested, harvested.metadata, uri)

    def fetch(self, listed: Listed, known: Validators = UNKNOWN) -> Fetched | None:
        data, identifier = self._kept.get(listed.uri), _identifier(listed.uri)
        metadata = parse_xml(data) if data else self._asked_again(identifier)
        if _is_article(metadata):
            return Fetched(io.BytesIO(_bytes(metadata)), f"{_slug(identifier)}.xml")
        record = _record(metadata, identifier)
        if self._follows and record.links:
            found = full_text(self._web, record.links, known)
            if found is None or isinstance(found, Fetched):
                return found
        return Fetched(io.BytesIO(page_of(record)), f"{_slug(identifier)}.html")

    def _listed(self, harvested: Harvested, metadata: _Element, uri: str) -> Listed:
        identifier, stamp = harvested.identifier, harvested.datestamp
        if _is_article(metadata):
            return Listed(uri, stamp, f"{_slug(identifier)}.xml", uri, identifier)
        record = _record(metadata, identifier)
        name, shown = f"{_slug(identifier)}.html", record.stated.title or identifier
        return Listed(uri, f"{stamp} {record.digest}", name, record.stated.url or uri, shown, stated=record.said)

    def _selected(self) -> Selection:
        """What changed since the last visit, and on the day before, where the repository tells what it takes out."""
        if not self._since or self._selection.until:
            return self._selection
        identity = self._repository.identify()
        if identity.deletions != "persistent":
            return self._selection
        day = (datetime.fromisoformat(self._since).astimezone(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
        since = f"{day}T00:00:00Z" if identity.by_second else day
        return replace(self._selection, since=max(since, self._selection.since))

    def _asked_again(self, identifier: str) -> _Element:
        """Of a list that was read by another process."""
        found = self._repository.record(identifier, self._selection.prefix)
        if found.metadata is None:
            raise GoneError("the repository took it out.")
        return found.metadata


def _identifier(uri: str) -> str:
    """Of a record, from the address that it is listed under."""
    return dict(parse_qsl(urlsplit(uri).query)).get("identifier", uri)


def _parted(location: str) -> tuple[str, Mapping[str, str]]:
    """The address of the repository, and what of it is wanted. A query that the repository itself needs stays."""
    parts = urlsplit(location)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    own = [pair for pair in pairs if pair[0] not in (*_OURS, "verb", "resumptionToken", "identifier")]
    base = parts._replace(query=urlencode(own), fragment="").geturl()
    return base, {name: value for name, value in pairs if name in _OURS}


def _is_article(metadata: _Element) -> bool:
    return local(metadata) == "article"


def _record(metadata: _Element, identifier: str) -> Record:
    from ingest.sources.protocol import Stated

    return described(metadata, identifier) or Record(identifier, Stated(title=identifier))


def _bytes(element: _Element) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(element, encoding="utf-8", xml_declaration=True, with_tail=False)
    return written


def _slug(identifier: str) -> str:
    return _NAME.sub("-", identifier.rpartition(":")[2]).strip("-.")[-100:] or "record"
