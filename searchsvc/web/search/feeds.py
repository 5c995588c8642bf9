"""What is new, for programs that come back: Atom (RFC 4287), and the description of the search (OpenSearch 1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searchsvc.model import Resource
from searchsvc.text.xml import add, root, written

__all__ = ["ATOM", "OPENSEARCH", "SUGGESTIONS", "FeedEntry", "atom", "opensearch"]

ATOM = "application/atom+xml; charset=utf-8"
OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"
SUGGESTIONS = "application/x-suggestions+json"
_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NEVER = "1970-01-01T00:00:00+00:00"  # of a feed without entries


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """excerpt: plain text."""

    resource: Resource
    page: str
    excerpt: str


def atom(entries: Sequence[FeedEntry], *, title: str, page: str, address: str, language: str, author: str) -> bytes:
    """page: of the search for people. address: of the feed itself. Both are whole addresses."""
    feed = root("feed", xmlns=_ATOM, xml_lang=language)
    updated = max((entry.resource.updated_at for entry in entries), default="") or _NEVER
    for name, text in (("id", address), ("title", title), ("updated", updated), ("generator", "searchsvc")):
        add(feed, name, text)
    add(add(feed, "author"), "name", author)
    add(feed, "link", rel="self", type="application/atom+xml", href=address)
    add(feed, "link", rel="alternate", type="text/html", href=page)
    for entry in entries:
        resource = entry.resource
        element = add(feed, "entry")
        add(element, "id", entry.page)
        add(element, "title", resource.title)
        add(element, "link", rel="alternate", type="text/html", href=entry.page)
        add(element, "published", resource.added_at or _NEVER)
        add(element, "updated", resource.updated_at or _NEVER)
        for person in resource.shown_authors:
            add(add(element, "author"), "name", person.name)
        add(element, "category", term=str(resource.kind))
        if entry.excerpt:
            add(element, "summary", entry.excerpt)
    return written(feed)


def opensearch(
    *, name: str, description: str, template: str, feed_template: str, suggest_template: str, icon: str, language: str
) -> bytes:
    """So that browsers can add the archive to their search engines. The templates hold `{searchTerms}`."""
    described = root("OpenSearchDescription", xmlns=_OPENSEARCH)
    add(described, "ShortName", name[:16])
    add(described, "Description", description[:1024])
    add(described, "InputEncoding", "UTF-8")
    add(described, "Language", language)
    add(described, "Image", icon, width="32", height="32", type="image/svg+xml")
    add(described, "Url", type="text/html", method="get", template=template)
    add(described, "Url", type="application/atom+xml", method="get", template=feed_template)
    add(described, "Url", type=SUGGESTIONS, rel="suggestions", method="get", template=suggest_template)
    return written(described)
