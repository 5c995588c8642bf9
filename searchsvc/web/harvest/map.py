"""For robots: the pages that there are (https://www.sitemaps.org/protocol.html), and what to leave alone (RFC 9309)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from searchsvc.model import Resource

__all__ = ["MOST", "index", "robots", "urls"]

MOST = 49_999  # resources in one file, which may have 50,000 addresses
_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Searches, their exports and what is computed for whoever looks; pages of who works with the archive. Longer rules win.
_LEFT_ALONE = (
    "/?*", "/search.", "/opensearch.json", "/v1/", "/mcp", "/resources/*?*", "/resources/*/read",
    "/resources/*/slides/", "/resources/*/pages/", "/*/meet", "/network", "/gaps", "/duplicates", "/introductions",
    "/desk", "/signin", "/account", "/audit",
)  # fmt: skip
_ALLOWED = ("/v1/resources/*/file",)  # what `citation_pdf_url` names


def urls(resources: Sequence[Resource], base: str, *, home: bool) -> str:
    """One file of pages. base: the address that people use. home: whether the first page is among them."""
    lines = [f"<url><loc>{escape(base)}/</loc></url>\n"] if home else []
    for one in resources:
        day = f"<lastmod>{escape(one.updated_at[:10])}</lastmod>" if one.updated_at else ""
        lines.append(f"<url><loc>{escape(base)}/resources/{escape(one.id)}</loc>{day}</url>\n")
    return f'{_HEAD}<urlset xmlns="{_XMLNS}">\n{"".join(lines)}</urlset>\n'


def index(resources: Sequence[Resource], base: str) -> str:
    """The parts, with the day on which something of each changed last."""
    lines = []
    for number, at in enumerate(range(0, len(resources), MOST), 1):
        day = max(one.updated_at for one in resources[at : at + MOST])[:10]
        told = f"<lastmod>{escape(day)}</lastmod>" if day else ""
        lines.append(f"<sitemap><loc>{escape(base)}/sitemap-{number}.xml</loc>{told}</sitemap>\n")
    return f'{_HEAD}<sitemapindex xmlns="{_XMLNS}">\n{"".join(lines)}</sitemapindex>\n'


def robots(base: str, *, everybody: bool) -> str:
    """everybody: whether the archive is open to who is not signed in; else there is nothing for a robot."""
    if not everybody:
        return "User-agent: *\nDisallow: /\n"
    rules = [*(f"Allow: {one}" for one in _ALLOWED), *(f"Disallow: {one}" for one in _LEFT_ALONE)]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {base}/sitemap.xml", ""])
