"""From what a record links to, its text: a file that is named, or the one that a page about the work names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from lxml import html

from ingest.sources.protocol import Fetched
from ingest.sources.web.page import name_of
from ingest.sources.web.protocol import Answer, Validators, Web
from searchsvc.errors import GoneError, LimitError, RefusedError

__all__ = ["Nowhere", "full_text"]

_ACCEPT = "application/pdf,text/html;q=0.9,*/*;q=0.5"
_PAGES = ("text/html", "application/xhtml+xml")
_FILES = ("application/pdf", "application/epub+zip", "application/rtf", "application/vnd.", "application/msword")
_NAMED_BY = ("citation_pdf_url", "bepress_citation_pdf_url", "eprints.document_url")
_HEAD = 400_000  # bytes of a page in which it names its file
_MOST_LINKS = 4  # of a record that are tried


class Nowhere:
    """None of the links leads to a text."""


def full_text(web: Web, links: Sequence[str], known: Validators) -> Fetched | Nowhere | None:
    """The first text that is to be had behind `links`, the best first; None when it is that of the last visit.

    A page about the work is no text of it. What is refused or gone is passed over; raises UnreachableError when a site
    does not answer now, so that the next visit tries again.
    """
    known = replace(known, modified="")  # the date of one address says nothing of another
    for link in links[:_MOST_LINKS]:
        with contextlib.suppress(RefusedError, GoneError, LimitError):
            answer = web.get(link, accept=_ACCEPT, known=known)
            if answer.unchanged or _is_file(answer):
                return _taken(answer)
            with answer:
                named = list(_named(answer)) if answer.media_type in _PAGES else []
            for there in named[:_MOST_LINKS]:
                with contextlib.suppress(RefusedError, GoneError, LimitError):
                    file = web.get(there, accept=_ACCEPT, known=known)
                    if file.unchanged or _is_file(file):
                        return _taken(file)
                    file.stream.close()
    return Nowhere()


def _taken(answer: Answer) -> Fetched | None:
    if answer.unchanged:
        answer.stream.close()
        return None
    return Fetched(answer.stream, name_of(answer), validators=answer.validators)


def _is_file(answer: Answer) -> bool:
    return answer.media_type.startswith(_FILES)


def _named(answer: Answer) -> Iterator[str]:
    """As pages say it for Google Scholar, and by a link to what belongs to them."""
    answer.stream.seek(0)
    try:
        root = html.document_fromstring(answer.stream.read(_HEAD))
    except (ValueError, html.etree.ParserError):
        return
    for name in _NAMED_BY:
        for one in root.iterfind(".//meta[@name]"):
            if (one.get("name") or "").lower() == name and one.get("content"):
                yield urljoin(answer.url, one.get("content").strip())
    for one in root.iterfind(".//link[@type='application/pdf']"):
        if one.get("href"):
            yield urljoin(answer.url, one.get("href").strip())
