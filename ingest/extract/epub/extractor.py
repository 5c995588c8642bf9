"""Books (EPUB): the chapters in the order of the spine, each read as the page that it is.

The zip and its package file are read with zipfile and lxml, the pages with the blocks of web pages; the library for
EPUB that is kept, EbookLib, is under the AGPL.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.extract.clean import (
    check_characters,
    one_line,
    report_of,
    sensible_title,
    unit_report,
)
from ingest.extract.dating import date_fields
from ingest.extract.epub.package import Book, Chapter, open_book
from ingest.extract.html.blocks import is_unseen, pieces_of
from ingest.extract.html.facts import is_declared
from ingest.extract.html.tree import decode_page, page_tree
from ingest.extract.names import as_shown, looks_like_a_name
from ingest.extract.packed import reading, refuse_unsafe
from ingest.extract.pdf.facts import readable_name
from ingest.extract.pptx.shapes import alternative_of
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.publication.printed import isbn_in
from ingest.extract.types import EPUB
from searchsvc.doubts import Doubt
from searchsvc.errors import LimitError
from searchsvc.model import Author, Block, Dated, DateKind, Document, Kind, Locator, Publication, UnitReport, WorkType
from searchsvc.text.dates import iso_date
from searchsvc.text.identifiers import doi_in

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["EpubExtractor"]

_OPF = "{http://www.idpf.org/2007/opf}"
_CHANGED = "dcterms:modified"
_WHEN_PUBLISHED = ("publication", "original-publication", "", "creation")  # events of a date in EPUB 2
_FLOWING = frozenset(("body", "div", "section", "article", "main", "figure", "blockquote"))  # what paragraphs stand in
_NO_AUTHORS = ("trl", "edt", "ill", "bkp", "bkd", "pbl", "cov", "nrt")  # roles, MARC relators


class EpubExtractor:
    """`Extractor` for EPUB 2 and 3."""

    types: tuple[FileType, ...] = (EPUB,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        refuse_unsafe(data, limits, what="the book", old="this is not an EPUB file")
        with reading("the book"), zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _read(open_book(archive), name, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def _read(book: Book, name: str, limits: ExtractLimits) -> Document:
    from lxml import etree

    if len(book.chapters) > limits.max_pages:
        raise LimitError(f"has {len(book.chapters):,} chapters, more than {limits.max_pages:,}")
    blocks: list[Block] = []
    units: list[UnitReport] = []
    pictures, lost, characters = book.pictures, 0, 0
    for number, chapter in enumerate(book.chapters, start=1):
        if chapter.page is None:
            lost += 1
            continue
        read, without_text = _chapter(chapter)
        pictures += without_text
        label = next((block.text for block in read if block.role == "heading"), chapter.label) or f"part {number}"
        notes = [Doubt("picture_without_text", without_text)] if without_text else []
        units.append(unit_report(label, read, notes))
        blocks += read
        characters += units[-1].characters
        if characters > limits.max_characters:
            break
    check_characters(blocks, limits)
    doubts = [Doubt("part_missing", lost)] if lost else []
    if not any(block.role != "alt" for block in blocks):
        doubts.insert(0, Doubt("no_text_pictures", pictures) if pictures else Doubt("no_text"))
    report = report_of(f"lxml {etree.__version__}", units, doubts)
    return _document(book.metadata, tuple(blocks), report, name)


def _chapter(chapter: Chapter) -> tuple[list[Block], int]:
    """The blocks of a chapter below its heading, and how many pictures say nothing."""
    root = page_tree(decode_page(chapter.page or b""))
    body = root.find("body") if root is not None else None
    if body is None:
        return [], 0
    pictures = _with_alternatives(body)
    pieces = pieces_of(body, skip=_is_left_out)
    blocks = [replace(one.block, role="alt") if one.box.get("data-alt") else one.block for one in pieces]
    label = chapter.label
    if not label or any(block.role == "heading" for block in blocks) or not blocks:
        return blocks, pictures
    if _plain(blocks[0].text) == _plain(label):
        blocks = blocks[1:]
    heading = Block(label, Locator("heading", heading=label), "heading", 1)
    return [heading, *(replace(one, locator=Locator("heading", heading=label)) for one in blocks)], pictures


def _is_left_out(element: _Element) -> bool:
    """What is unseen, and the numbers of printed pages."""
    said = f"{element.get('epub:type') or ''} {element.get('role') or ''}"
    return is_unseen(element) or "pagebreak" in said


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _with_alternatives(body: _Element) -> int:
    """Puts the alternative text of every picture below the paragraph that it is in; counts pictures without one."""
    from lxml import etree

    silent = 0
    for picture in list(body.iter("img", "image")):
        text = alternative_of(picture)
        if not text:
            silent += picture.get("alt") is None and picture.get("role") != "presentation"
            continue
        at = picture
        while (above := at.getparent()) is not None and above.tag not in _FLOWING:
            at = above
        if above is None:
            continue
        said = etree.Element("p")
        said.set("data-alt", "1")
        said.text = text
        after, at.tail = at.tail, None
        at.addnext(said)  # which looks at no other picture, unlike a place by number
        said.tail = after
    return silent


def _document(metadata: _Element | None, blocks: tuple[Block, ...], report: object, name: str) -> Document:
    said = {tag: list(_said(metadata, tag)) for tag in ("title", "language", "publisher", "identifier", "type")}
    first = next((block.text for block in blocks if block.role == "heading"), "")
    titles = [_title(metadata), *said["title"], first]
    language = re.match(r"([a-z]{2})(?:[-_]|$)", next(iter(said["language"]), "").lower())
    publisher = next(iter(said["publisher"]), None)
    description = re.sub(r"<[^>]{0,500}>", " ", next(_said(metadata, "description"), ""))
    identifiers = {
        "isbn": next((one for value in said["identifier"] if (one := isbn_in(value, bare=True))), None),
        "doi": next((one for value in said["identifier"] if (one := doi_in(value))), None),
    }
    return Document(
        kind=Kind.PAPER,
        title=next((good for one in titles if (good := sensible_title(one, name))), "") or readable_name(name),
        blocks=blocks,
        report=report,  # type: ignore[arg-type]
        authors=tuple(Author(one) for one in dict.fromkeys(_authors(metadata))),
        language=language[1] if language else None,
        identifiers={scheme: value for scheme, value in identifiers.items() if value},
        summary=one_line(description) or None,
        publication=Publication(WorkType.BOOK, publisher=publisher),
        **date_fields(_dates(metadata)),
    )


def _said(metadata: _Element | None, tag: str) -> Iterator[str]:
    for element in metadata.iter(f"{{*}}{tag}") if metadata is not None else ():
        if text := one_line("".join(element.itertext())):
            yield text


def _dates(metadata: _Element | None) -> Iterator[Dated]:
    """Publication first, as EPUB 2 says what happened on a date; then when the file was made or changed."""
    if metadata is None:
        return
    dates = [(one.get(f"{_OPF}event") or "", iso_date(one.text)) for one in metadata.iter("{*}date")]
    dates += [("changed", iso_date(one.text)) for one in metadata.iter("{*}meta") if one.get("property") == _CHANGED]
    known = [(event.casefold(), iso) for event, iso in dates if iso]
    for wanted in _WHEN_PUBLISHED:
        yield from (Dated(iso) for event, iso in known if event == wanted)
    yield from (Dated(iso, DateKind.MODIFIED) for event, iso in known if event not in _WHEN_PUBLISHED)


def _title(metadata: _Element | None) -> str:
    """The main title with its subtitle, where the package says which is which."""
    if metadata is None:
        return ""
    kinds = {(one.get("refines") or "").lstrip("#"): one_line(one.text) for one in metadata.iter("{*}meta")
             if one.get("property") == "title-type"}  # fmt: skip
    named = {kinds.get(one.get("id") or "", ""): one_line("".join(one.itertext())) for one in metadata.iter("{*}title")}
    main, sub = named.get("main", ""), named.get("subtitle", "")
    return f"{main}: {sub}" if main and sub and not main.endswith((":", "?", "!")) else f"{main} {sub}".strip()


def _authors(metadata: _Element | None) -> Iterator[str]:
    if metadata is None:
        return
    refined = {(one.get("refines") or "").lstrip("#"): one_line(one.text) for one in metadata.iter("{*}meta")
               if one.get("property") == "role"}  # fmt: skip
    for one in metadata.iter("{*}creator"):
        role = one.get(f"{_OPF}role") or refined.get(one.get("id") or "", "")
        if role.casefold() in _NO_AUTHORS:
            continue
        for named in re.split(r"\s*;\s*|\s+(?:and|&)\s+", one_line("".join(one.itertext()))):
            if looks_like_a_name(named):
                yield as_shown(named)
            elif is_declared(named):
                yield named
