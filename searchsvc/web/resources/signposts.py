"""Links in the header `Link`, by which programs find their way from a page to the work (https://signposting.org)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from searchsvc.text.identifiers import doi_url, orcid_url
from searchsvc.web.resources.citations import Cited
from searchsvc.web.resources.metadata import schema_type

__all__ = ["described", "signposts"]

_MOST_AUTHORS = 50  # so that the header stays within what proxies take
_ADDRESS = ":/?#[]@!$&'()*+,;=%~"


def signposts(cited: Cited, *, file: str, descriptions: Iterable[tuple[str, str]]) -> str:
    """Of the page of a resource: how to cite it, who wrote it, what it is, its file, and what describes it.

    file: the address of the original. descriptions: address and media type.
    """
    resource = cited.resource
    doi = resource.identifiers.get("doi")
    orcids = [author.orcid for author in resource.shown_authors if author.orcid][:_MOST_AUTHORS]
    return ", ".join(
        [
            _link(doi_url(doi) if doi else cited.page, "cite-as"),
            *(_link(orcid_url(one), "author") for one in orcids),
            _link("https://schema.org/AboutPage", "type"),
            _link(f"https://schema.org/{schema_type(resource)}", "type"),
            _link(file, "item", resource.media_type),
            *(_link(address, "describedby", media_type) for address, media_type in descriptions),
        ]
    )


def described(page: str) -> str:
    """Of a reference to a resource: what it describes."""
    return _link(page, "describes", "text/html")


def _link(address: str, relation: str, media_type: str = "") -> str:
    kind = f'; type="{media_type.partition(";")[0].strip()}"' if media_type else ""
    return f'<{quote(address, safe=_ADDRESS)}>; rel="{relation}"{kind}'
