"""Texts of OpenDocument (ODT): content, styles and properties are XML in a zip, which zipfile and lxml read.

Of the library that is kept, odfdo, hidden text is text as any other, and paragraphs that were deleted are among its
paragraphs.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ingest.extract.clean import check_characters, one_line, report_of, unit_report
from ingest.extract.cover import cover_of, named_in
from ingest.extract.dating import date_fields, stored_date
from ingest.extract.odt.body import Body
from ingest.extract.odt.styles import Styles
from ingest.extract.packed import part_of, reading, refuse_unsafe, xml_of
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import ODT
from searchsvc.errors import DamagedError, EncryptedError
from searchsvc.model import Document, Kind

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["OdtExtractor"]


class OdtExtractor:
    """`Extractor` for ODT and its templates."""

    types: tuple[FileType, ...] = (ODT,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        refuse_unsafe(data, limits, what="the document", old="this is not an ODT file")
        with reading("the document"), zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _read(archive, name, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def _read(archive: zipfile.ZipFile, name: str, limits: ExtractLimits) -> Document:
    from lxml import etree

    manifest = part_of(archive, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise EncryptedError("the document is protected by a password")
    content = xml_of(archive.read("content.xml"))
    root = content.find("{*}body/{*}text")
    if root is None:
        raise DamagedError("the document is damaged: it has no text")
    styles = part_of(archive, "styles.xml")
    writer = Body(root, Styles([styles, content]), partial(part_of, archive), limits).writer
    blocks = tuple(writer.flow.blocks)
    check_characters(blocks, limits)
    info = _info(part_of(archive, "meta.xml"))
    cover = cover_of(writer.shown, info, name, _margins(styles))
    return Document(
        kind=Kind.PAPER,
        title=cover.title,
        blocks=blocks,
        report=report_of(f"lxml {etree.__version__}", [unit_report("document", blocks)], writer.doubts()),
        authors=cover.authors,
        language=info.language,
        identifiers=cover.identifiers,
        **date_fields(cover.dates),
    )


def _margins(styles: _Element | None) -> list[str]:
    """Lines of headers and footers, where a journal, date or identifier may stand; they are no text of the document."""
    margins = styles.iter("{*}header", "{*}footer") if styles is not None else ()
    lines = (one_line("".join(line.itertext())) for one in margins for line in one.iter("{*}p", "{*}h"))
    return [line for line in lines if line][:20]


def _info(meta: _Element | None) -> DocumentInfo:
    if meta is None:
        return DocumentInfo()
    tags = ("title", "initial-creator", "creator", "language", "date", "creation-date")
    said = {tag: one_line(next((one.text for one in meta.iter(f"{{*}}{tag}")), "")) for tag in tags}
    language = re.match(r"([a-z]{2})(?:[-_].*)?$", said["language"].lower())
    return DocumentInfo(
        title=said["title"],
        author=named_in(said["initial-creator"]) or named_in(said["creator"]),
        created=stored_date(said["date"], said["creation-date"]),
        language=language[1] if language else None,
    )
