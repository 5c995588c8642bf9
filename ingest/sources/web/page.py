"""A web address as the resource of a source: what every kind that lists addresses does with one of them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

from ingest.sources.protocol import Fetched, Listed
from ingest.sources.web.protocol import Answer, Validators, Web
from searchsvc.errors import RefusedError

__all__ = ["ACCEPT", "fetch_page", "listed_page", "name_of"]

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5"
_NEVER = ("audio", "video", "image", "font", "model")  # types of which nothing is read
_EXTENSIONS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/markdown": ".md", "application/xml": ".xml", "text/xml": ".xml", "application/json": ".json",
    "application/epub+zip": ".epub", "application/rtf": ".rtf",
}  # fmt: skip
_LONGEST_NAME = 150
_HEAD = 200_000  # bytes of a page in which it may say where it stands
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_REL = re.compile(r'<([^>]*)>\s*;[^,<]*\brel="?([^",;]*)', re.IGNORECASE)


def listed_page(url: str, *, revision: str = "", fault: str = "", **given: object) -> Listed:
    """An address that a source lists. given: the rest of `Listed`."""
    return Listed(url, revision, _last_part(url), url, url, fault, **given)  # type: ignore[arg-type]


def fetch_page(web: Web, listed: Listed, known: Validators) -> Fetched | None:
    """What `Source.fetch` gives for an address of the web. Raises what `Web.get` raises."""
    answer = web.get(listed.uri, accept=ACCEPT, known=known)
    if answer.unchanged:
        answer.stream.close()
        return None
    if answer.media_type.partition("/")[0] in _NEVER:
        answer.stream.close()
        raise RefusedError(f"is {answer.media_type}, of which nothing is read.")
    return Fetched(answer.stream, name_of(answer), _canonical(answer), answer.validators)


def name_of(answer: Answer) -> str:
    """As the server calls the file, or as its address ends, with an ending that tells its type."""
    told = re.search(r'filename="?([^";]+)', answer.headers.get("content-disposition", ""), re.IGNORECASE)
    name = _CONTROL.sub("_", told[1].rpartition("/")[2].strip()) if told else _last_part(answer.url)
    ending = _EXTENSIONS.get(answer.media_type)
    path = PurePosixPath(name)
    if ending and not told and path.suffix.lower() != ending and (ending == ".html" or not path.suffix):
        return f"{name}{ending}"
    return name


def _last_part(url: str) -> str:
    parts = urlsplit(url)
    last = _CONTROL.sub("_", unquote(parts.path.rstrip("/").rpartition("/")[2])).strip(" .")
    suffix = PurePosixPath(last).suffix[:12]
    return (last if len(last) <= _LONGEST_NAME else last[:_LONGEST_NAME] + suffix) or parts.hostname or "page"


def _canonical(answer: Answer) -> str:
    """Where it says that it stands, when that is the same site; elsewhere it could take another's place."""
    for target, relation in _REL.findall(answer.headers.get("link", "")):
        if relation.strip().lower() == "canonical" and (there := _of_same_site(answer.url, target)):
            return there
    if answer.media_type not in ("text/html", "application/xhtml+xml"):
        return answer.url
    answer.stream.seek(0)
    head = answer.stream.read(_HEAD)
    answer.stream.seek(0)
    try:
        links = html.document_fromstring(head).xpath('//link[contains(@rel, "canonical")]/@href')
    except (ValueError, html.etree.ParserError):
        return answer.url
    return (_of_same_site(answer.url, str(links[0])) if len(links) == 1 else "") or answer.url


def _of_same_site(url: str, target: str) -> str:
    """The target as a whole address without a fragment; empty when it is of another site."""
    try:
        there = urlsplit(urljoin(url, target.strip()))._replace(fragment="")
        same = _site(there.hostname) == _site(urlsplit(url).hostname) and there.scheme in ("http", "https")
        return there.geturl() if same and "@" not in there.netloc else ""
    except ValueError:
        return ""


def _site(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")
