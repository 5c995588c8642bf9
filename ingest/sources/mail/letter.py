"""What one letter brings: the links in its text, and its attachments. Pure; nothing of it is run or asked for."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.extract.clean import one_line
from ingest.sources.mail.targets import is_to_be_read, target_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Enclosed", "Letter", "Link", "letter"]

_MOST_PARTS = 200
_MOST_LINKS = 300
_MOST_TEXT = 5_000_000  # characters
_URL = re.compile(r"https?://[^\s<>\"'\]\[{}|\\^`]+", re.I)
_SIGNATURE = re.compile(r"^(?:-- ?|_{20,}|-{20,})$")
_NOT_READ = frozenset((".ics", ".vcf", ".p7s", ".p7m", ".asc", ".sig", ".gif", ".png", ".jpg", ".jpeg", ".bmp", ".svg",
                       ".webp", ".dat", ".eml", ".mp3", ".wav", ".mp4", ".mov"))  # fmt: skip
_QUOTED = frozenset(("gmail_quote", "yahoo_quoted", "moz-cite-prefix"))


@dataclass(frozen=True, slots=True)
class Link:
    """words: what it is called in the letter; may be empty."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """number: which of the letter's attachments, from 1. uri: RFC 2392."""

    number: int
    uri: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """id: what it is called everywhere, without brackets. sender: the address. date: as it says, in ISO 8601."""

    id: str
    sender: str
    subject: str
    date: str | None
    links: tuple[Link, ...]
    enclosed: tuple[Enclosed, ...]


def letter(data: bytes) -> Letter:
    """The letter in `data`, however damaged; then what can be read of it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    own = one_line(_header(message, "Message-ID")).strip("<> ")
    id_ = own or hashlib.sha256(data).hexdigest()
    unwanted = {
        url for url in (target_of(one) for one in re.findall(r"<(https?://[^<>\s]+)>", _listing(message))) if url
    }
    links = {link.url: link for link in reversed(list(_links(message))) if link.url not in unwanted}
    return Letter(
        id=id_,
        sender=parseaddr(_header(message, "From"))[1].lower(),
        subject=one_line(_header(message, "Subject")),
        date=_date(message),
        links=tuple(reversed(links.values()))[:_MOST_LINKS],
        enclosed=tuple(_enclosed(message, id_)),
    )


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name) or "")
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):  # of a letter that is damaged
        return ""


def _listing(message: Message) -> str:
    names = ("Unsubscribe", "Help", "Subscribe", "Owner", "Archive", "Post")
    return " ".join(_header(message, f"List-{name}") for name in names)


def _date(message: Message) -> str | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# -- attachments ------------------------------------------------------------------------------------------------------


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _enclosed(message: Message, id_: str) -> Iterator[Enclosed]:
    number = 0
    for part in _parts(message):
        name = _name(part)
        if (
            not name
            or PurePosixPath(name).suffix.lower() in _NOT_READ
            or part.get_content_maintype() in ("image", "audio")
        ):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            number += 1
            yield Enclosed(number, f"mid:{quote(id_, safe='@')}/{quote(f'{number}-{name}', safe='')}", name, data)


def _name(part: Message) -> str:
    try:
        given = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return ""
    return one_line(given.replace("\\", "/").rpartition("/")[2])[-150:]


# -- links ------------------------------------------------------------------------------------------------------------


def _links(message: Message) -> Iterator[Link]:
    """Of the HTML where there is some, since it says what each is called; else of the plain text."""
    texts = [part for part in _parts(message) if part.get_content_maintype() == "text" and not _name(part)]
    pages = [part for part in texts if part.get_content_subtype() == "html"]
    for part in pages or texts:
        text = _text(part)
        for url, words in _of_page(text) if part in pages else _of_text(text):
            target = target_of(url)
            if target and is_to_be_read(target, words):
                yield Link(target, words)


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(charset)[:_MOST_TEXT]
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")[:_MOST_TEXT]


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    """Without what is quoted, and without the signature and what a list puts below every letter."""
    for line in text.splitlines():
        if _SIGNATURE.match(line.strip()):
            return
        if not line.startswith(">"):
            for found in _URL.finditer(line):
                yield _balanced(found[0]), one_line(line[: found.start()])[-200:]


def _balanced(url: str) -> str:
    """Without the bracket that closes around it."""
    url = url.rstrip(".,;:!?'*_")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1]
    return url


def _of_page(source: str) -> Iterator[tuple[str, str]]:
    from lxml import etree, html

    try:
        root = html.document_fromstring(source)
    except (ValueError, etree.ParserError):
        return
    for one in root.iter("a"):
        url = one.get("href") or ""
        if url.lower().startswith(("http://", "https://")) and not _is_quoted(one):
            yield url, one_line("".join(one.itertext()))[:300]


def _is_quoted(element: _Element) -> bool:
    return any(
        (one.tag == "blockquote" and one.get("type") == "cite") or _QUOTED & set((one.get("class") or "").split())
        for one in element.iterancestors()
    )
