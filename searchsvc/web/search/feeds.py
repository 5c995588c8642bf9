"""What is new, for programs that come back: Atom (RFC 4287), and the description of the search (OpenSearch 1.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from searchsvc.model import Resource

__all__ = ["ATOM", "OPENSEARCH", "SUGGESTIONS", "FeedEntry", "atom", "opensearch"]

ATOM = "application/atom+xml; charset=utf-8"
OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"
SUGGESTIONS = "application/x-suggestions+json"
_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NEVER = "1970-01-01T00:00:00+00:00"  # of a feed without entries
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """excerpt: plain text."""

    resource: Resource
    page: str
    excerpt: str


def atom(entries: Sequence[FeedEntry], *, title: str, page: str, address: str, language: str, author: str) -> bytes:
    """page: of the search for people. address: of the feed itself. Both are whole addresses."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    updated = max((entry.resource.updated_at for entry in entries), default="") or _NEVER
    for name, text in (("id", address), ("title", title), ("updated", updated), ("generator", "searchsvc")):
        _add(feed, name, text)
    _add(_add(feed, "author"), "name", author)
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    for entry in entries:
        resource = entry.resource
        element = _add(feed, "entry")
        _add(element, "id", entry.page)
        _add(element, "title", resource.title)
        _add(element, "link", rel="alternate", type="text/html", href=entry.page)
        _add(element, "published", resource.added_at or _NEVER)
        _add(element, "updated", resource.updated_at or _NEVER)
        for person in resource.shown_authors:
            _add(_add(element, "author"), "name", person.name)
        _add(element, "category", term=str(resource.kind))
        if entry.excerpt:
            _add(element, "summary", entry.excerpt)
    return _xml(feed)


def opensearch(
    *, name: str, description: str, template: str, feed_template: str, suggest_template: str, icon: str, language: str
) -> bytes:
    """So that browsers can add the archive to their search engines. The templates hold `{searchTerms}`."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    _add(root, "ShortName", name[:16])
    _add(root, "Description", description[:1024])
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "Language", language)
    _add(root, "Image", icon, width="32", height="32", type="image/svg+xml")
    _add(root, "Url", type="text/html", method="get", template=template)
    _add(root, "Url", type="application/atom+xml", method="get", template=feed_template)
    _add(root, "Url", type=SUGGESTIONS, rel="suggestions", method="get", template=suggest_template)
    return _xml(root)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, {key: _NOT_XML.sub("", value) for key, value in attributes.items()})
    element.text = None if text is None else _NOT_XML.sub("", text)
    return element


def _xml(root: ElementTree.Element) -> bytes:
    found: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return found
