"""A file to pages and what it says of itself: with pdfium, or with pypdf where pdfium gives up."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line
from ingest.extract.pdf.attached import Attached, attached_of, fields_of, has_more
from ingest.extract.pdf.info import DocumentInfo, info_from_pdfium, info_from_pypdf, opened_by_pypdf
from ingest.extract.pdf.labels import labels_of, page_names
from ingest.extract.pdf.layers import hidden_layers
from ingest.extract.pdf.pages import LIGATURES, PageText, TextSpan, read_page
from ingest.extract.pdf.seen import place_of, with_seen
from ingest.extract.protocol import ExtractLimits
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError
from searchsvc.model import Locator, Seen

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["HEADER_WITHIN", "Source", "opened", "with_pdfium", "with_pypdf"]

HEADER_WITHIN = 1024  # bytes; what may stand before `%PDF-`
_NOTHING_ATTACHED = Attached()


@dataclass(frozen=True, slots=True)
class Source:
    """What the parsers gave."""

    pages: tuple[PageText, ...]
    info: DocumentInfo
    extractor: str
    warnings: tuple[str | Doubt, ...]
    attached: Attached = _NOTHING_ATTACHED
    names: Mapping[int, str] = field(default_factory=dict)  # what pages are called, where that is not their number
    can_be_drawn: bool = True

    def at(self, page: int, heading: str | None = None) -> Locator:
        return Locator("page", page, heading, self.names.get(page))


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument]:
    """Raises EncryptedError, DamagedError."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
        if not len(document):
            document.close()
            raise DamagedError("the PDF has no pages")
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedError("the PDF is protected by a password") from error
        if code == raw.FPDF_ERR_SECURITY:
            raise EncryptedError("the PDF is protected in a way that cannot be opened") from error
        if data.find(b"%PDF-", 0, HEADER_WITHIN) < 0:
            raise DamagedError("this is not a PDF file") from error
        raise DamagedError("the PDF is truncated or damaged: it cannot be opened") from error
    try:
        yield document
    finally:
        document.close()


def with_pdfium(data: bytes, limits: ExtractLimits, seen: Mapping[str, Seen]) -> Source:
    """seen: pages as OCR saw them, by their place."""
    import pypdfium2
    from pypdfium2.version import PYPDFIUM_INFO

    warnings: list[str | Doubt] = []
    pages: list[PageText] = []
    characters = 0
    with opened(data) as document:
        _check_pages(len(document), limits)
        names = page_names(labels_of(document))
        hidden = hidden_layers(data)
        for number in range(1, len(document) + 1):
            try:
                page = read_page(document, number, hidden)
            except pypdfium2.PdfiumError:
                warnings.append(f"page {number} could not be read")
                page = PageText(number, 0, 0, (), notes=(Doubt("unit_damaged"),))
            if (looked := seen.get(place_of(page))) is not None:
                page = with_seen(page, document.get_page_size(number - 1), looked)
            pages.append(page)
            characters += sum(len(span.text) for span in page.spans)
            if characters > limits.max_characters:
                raise LimitError(f"has more than {limits.max_characters:,} characters of text")
        info, attached = info_from_pdfium(document), _NOTHING_ATTACHED
        if has_more(document) or any(page.has_fields for page in pages):
            try:
                reader = opened_by_pypdf(data)
                attached = attached_of(reader, limits.max_unpacked_bytes)
                for at, page in enumerate(pages):
                    if page.has_fields and (filled := fields_of(reader, page.number)):
                        pages[at] = replace(page, remarks=(*filled, *page.remarks))
            except Exception as error:  # pypdf raises nearly anything on a damaged file
                what = f"{type(error).__name__}: {one_line(str(error))[:200]}"
                warnings.append(Doubt("properties_unread", what=what))
    return Source(tuple(pages), info, f"pypdfium2 {PYPDFIUM_INFO.version}", tuple(warnings), attached, names)


def with_pypdf(data: bytes, limits: ExtractLimits, refused: DamagedError) -> Source:
    """The last resort: lines without places. Raises EncryptedError, or `refused` when pypdf fails or finds nothing."""
    import pypdf
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[PageText] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedError("the PDF is protected by a password")
        _check_pages(len(reader.pages), limits)
        characters = 0
        for number, page in enumerate(reader.pages, start=1):
            text = page.extract_text()
            characters += len(text)
            if characters > limits.max_characters:
                raise LimitError(f"has more than {limits.max_characters:,} characters of text")
            lines = [line.strip().translate(LIGATURES) for line in text.splitlines()]
            usual = median([len(line) for line in lines if line] or [0])
            spans = tuple(  # lines of about the usual length count as full, so that paragraphs can be told
                TextSpan(line, 0.0, 500.0 if len(line) > 0.8 * usual else 5.0 * len(line), 12.0 * at, 10.0, False)
                for at, line in enumerate(lines, start=1)
                if line
            )
            notes = () if spans else (Doubt("unit_without_text") if len(page.images) else "empty page",)
            pages.append(PageText(number, 600.0, 12.0 * len(lines) + 12, spans, notes=notes))
        info = info_from_pypdf(reader)
    except FileNotDecryptedError as error:
        raise EncryptedError("the PDF is protected by a password") from error
    except (IngestError, MemoryError, RecursionError):
        raise
    except Exception:
        raise refused from None
    if not any(page.spans for page in pages):
        raise refused
    warnings = (Doubt("read_roughly", what=str(refused)),)
    return Source(tuple(pages), info, f"pypdf {pypdf.__version__}", warnings, can_be_drawn=False)


def _check_pages(count: int, limits: ExtractLimits) -> None:
    if count > limits.max_pages:
        raise LimitError(f"has {count:,} pages, more than {limits.max_pages:,}; split it or raise the limit")
