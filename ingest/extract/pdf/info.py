"""What a PDF says about itself: document information and outline. Read with pdfium, or pypdf where pdfium gives up."""

from __future__ import annotations

import ctypes
import io
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line
from searchsvc.text.dates import compact_date

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

__all__ = ["DocumentInfo", "info_from_pdfium", "info_from_pypdf", "opened_by_pypdf"]

_MAX_OUTLINE = 5000
_KEYS = ("DOI", "Doi", "doi", "WPS-ARTICLEDOI", "Title", "Author", "Subject", "Producer", "Creator", "CreationDate")


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """`outline`: (depth from 1, title) in order. `created`: ISO 8601, to the day where it is known."""

    title: str = ""
    author: str = ""
    subject: str = ""
    doi: str = ""
    producers: tuple[str, ...] = ()
    created: str | None = None
    language: str | None = None
    outline: tuple[tuple[int, str], ...] = ()


def opened_by_pypdf(data: bytes) -> PdfReader:
    """Raises whatever pypdf raises on a damaged file, which is nearly anything."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    return reader


def info_from_pypdf(reader: PdfReader) -> DocumentInfo:
    """Raises whatever pypdf raises on a damaged file, which is nearly anything."""
    raw: Any = reader.metadata or {}
    values = {str(key).lstrip("/").casefold(): one_line(str(raw[key])) for key in list(raw) if raw.get(key) is not None}
    root = reader.root_object
    return _info(values, one_line(str(root.get("/Lang") or "")), _outline(reader))


def info_from_pdfium(document: PdfDocument) -> DocumentInfo:
    values: dict[str, str] = {}
    for key in _KEYS:
        if value := one_line(document.get_metadata_value(key)):
            values.setdefault(key.casefold(), value)
    outline: list[tuple[int, str]] = []
    for bookmark in document.get_toc(max_depth=6):
        outline.append((bookmark.level + 1, one_line(bookmark.get_title())))
        if len(outline) >= _MAX_OUTLINE:
            break
    return _info(values, _language(document), outline)


def _language(document: PdfDocument) -> str:
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return one_line(buffer.raw[: size - 2].decode("utf-16-le", errors="replace"))


def _info(values: Mapping[str, str], language: str, outline: Iterable[tuple[int, str]]) -> DocumentInfo:
    match = re.match(r"([a-zA-Z]{2})(?:[-_].*)?$", language)
    doi = values.get("doi") or values.get("wps-articledoi") or ""
    return DocumentInfo(
        title=values.get("title", ""),
        author=values.get("author", ""),
        subject=values.get("subject", ""),
        doi=doi,
        producers=tuple(values[key] for key in ("producer", "creator") if values.get(key)),
        created=compact_date(values.get("creationdate", "")),
        language=match[1].lower() if match else None,
        outline=tuple((depth, title) for depth, title in outline if title),
    )


def _outline(reader: PdfReader) -> list[tuple[int, str]]:
    entries: list[tuple[int, str]] = []

    def walk(items: Any, depth: int) -> None:
        for item in items:
            if len(entries) >= _MAX_OUTLINE:
                return
            if isinstance(item, list):
                walk(item, depth + 1)
            else:
                entries.append((depth, one_line(str(item.title or ""))))

    try:
        walk(reader.outline, 1)
    except Exception:  # an outline is a convenience, and broken ones are common
        return entries
    return entries
