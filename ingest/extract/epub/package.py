"""The zip of a book: its package file, the chapters in the order in which they are read, and what they are called."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.extract.clean import one_line
from ingest.extract.packed import part_of, xml_of
from searchsvc.errors import DamagedError, EncryptedError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Book", "Chapter", "open_book"]

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the spine. label: what the table of contents calls it. page: None where it is missing or damaged."""

    name: str
    label: str
    page: bytes | None


@dataclass(frozen=True, slots=True)
class Book:
    """metadata: the `metadata` element of the package. pictures: parts of the spine that are no pages."""

    metadata: _Element | None
    chapters: tuple[Chapter, ...]
    pictures: int


def open_book(archive: zipfile.ZipFile) -> Book:
    """Raises DamagedError, EncryptedError, and what `zipfile` and lxml raise."""
    names = {name.casefold(): name for name in archive.namelist()}
    _refuse_protected(archive)
    place = _package_name(archive, names)
    package = xml_of(archive.read(place))
    folder = posixpath.dirname(place)
    manifest = {str(one.get("id")): one for one in package.iterfind("{*}manifest/{*}item")}
    labels = _labels(archive, names, manifest.values(), folder)
    chapters: list[Chapter] = []
    pictures, known = 0, set[str]()
    for reference in package.iterfind("{*}spine/{*}itemref"):
        item = manifest.get(reference.get("idref") or "")
        if item is None:
            chapters.append(Chapter(reference.get("idref") or "", "", None))
            continue
        if "nav" in (item.get("properties") or "").split():
            continue
        name = _resolved(folder, item.get("href") or "")
        if (item.get("media-type") or "").strip() not in (*_PAGES, ""):
            pictures += 1
            continue
        if name.casefold() in known:  # or a small file would hold thousands of large chapters
            continue
        known.add(name.casefold())
        chapters.append(Chapter(name, labels.get(name.casefold(), ""), _content(archive, names, name)))
    if not chapters and not pictures:
        raise DamagedError("the book is damaged: it has no chapters")
    metadata = package.find("{*}metadata")
    return Book(metadata, tuple(chapters), pictures)


def _package_name(archive: zipfile.ZipFile, names: Mapping[str, str]) -> str:
    container = part_of(archive, "META-INF/container.xml")
    if container is not None:
        for one in container.iter("{*}rootfile"):
            if found := names.get(posixpath.normpath(unquote(one.get("full-path") or "")).casefold()):
                return found
    if found := next((name for name in names.values() if name.casefold().endswith(".opf")), None):
        return found
    raise DamagedError("the book is damaged: its package file is missing")


def _refuse_protected(archive: zipfile.ZipFile) -> None:
    """Publishers' locks encrypt chapters; obfuscated fonts are none."""
    encryption = part_of(archive, "META-INF/encryption.xml")
    if encryption is None:
        return
    for data in encryption.iter("{*}EncryptedData"):
        method = data.find("{*}EncryptionMethod")
        if method is None or method.get("Algorithm") not in _FONT_ALGORITHMS:
            raise EncryptedError("the book is locked by its publisher (DRM); hand in a copy without the lock")


def _resolved(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0]))).lstrip("/")


def _content(archive: zipfile.ZipFile, names: Mapping[str, str], name: str) -> bytes | None:
    found = names.get(name.casefold())
    try:
        return archive.read(found) if found else None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        return None


def _labels(
    archive: zipfile.ZipFile, names: Mapping[str, str], items: Iterable[_Element], folder: str
) -> Mapping[str, str]:
    """What the table of contents of EPUB 3, or 2 where there is none, calls each file; by its name in small letters."""
    labels: dict[str, str] = {}
    for item in sorted(items, key=lambda one: "nav" not in (one.get("properties") or "").split()):
        is_nav = "nav" in (item.get("properties") or "").split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        name = names.get(_resolved(folder, item.get("href") or "").casefold())
        root = part_of(archive, name) if name else None
        if root is None or labels:
            continue
        base = posixpath.dirname(name or "")
        for href, label in _links(root) if is_nav else _points(root):
            if text := one_line(label):
                labels.setdefault(_resolved(base, href).casefold(), text)
    return labels


def _links(root: _Element) -> Iterator[tuple[str, str]]:
    for nav in root.iter("{*}nav"):
        if nav.get("{http://www.idpf.org/2007/ops}type", "toc") == "toc":
            yield from ((one.get("href") or "", "".join(one.itertext())) for one in nav.iter("{*}a"))


def _points(root: _Element) -> Iterator[tuple[str, str]]:
    for point in root.iter("{*}navPoint"):
        content = point.find("{*}content")
        if content is not None:
            yield content.get("src") or "", point.findtext("{*}navLabel/{*}text") or ""
