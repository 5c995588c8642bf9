"""PDF: text and its places with pdfium, document information and outline with pypdf, the rest on plain values.

    `pages` -> without running heads (`running`) -> regions and rows (`layout`)
        -> paragraphs (`paragraphs`) -> blocks (`structure`), joined over columns and pages (`flow`)
    first page and document information (`info`) -> title, date, identifiers (`facts`), authors (`authors`)

pdfium is not thread-safe: one process reads one file at a time, as the sandbox does.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from ingest.extract.clean import check_characters, one_line, report_of, unit_report
from ingest.extract.dating import date_fields
from ingest.extract.pdf.attached import Attached, attached_of, fields_of
from ingest.extract.pdf.authors import Line, authors_of
from ingest.extract.pdf.facts import dates_of, identifiers_of, readable_name, title_of, title_on_page
from ingest.extract.pdf.flow import BlockDraft
from ingest.extract.pdf.info import DocumentInfo, info_from_pdfium, info_from_pypdf, opened_by_pypdf
from ingest.extract.pdf.labels import labels_of, page_names
from ingest.extract.pdf.layout import body_size, regions_of, rows_of
from ingest.extract.pdf.page_parts import with_labels_aside, with_text_alone
from ingest.extract.pdf.pages import LIGATURES, PageText, TextSpan, read_page
from ingest.extract.pdf.paragraphs import Joiner, Paragraph
from ingest.extract.pdf.running import without_running
from ingest.extract.pdf.structure import ReferenceSections, blocks_of, drafts_of, plain
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import PDF
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, EncryptedError, IngestError, LimitError
from searchsvc.model import Block, Document, Kind, Locator, Report, UnitReport

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["PdfExtractor"]

_NOTHING_ATTACHED = Attached()
_MAX_PLACEHOLDER = 1500  # characters of a page that stands in for what its program would show
_HEADER_WITHIN = 1024  # bytes; what may stand before `%PDF-`


class PdfExtractor:
    """`Extractor` for PDF."""

    types: tuple[FileType, ...] = (PDF,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        if not data.strip(b"\0 \t\r\n"):
            raise DamagedError("the file is empty")
        try:
            document = _read(data, name, limits)
        except (IngestError, MemoryError, RecursionError):
            raise
        except Exception as error:  # both parsers raise nearly anything on odd files
            raise DamagedError(f"the PDF is damaged: {type(error).__name__}: {one_line(str(error))}") from error
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


@dataclass(frozen=True, slots=True)
class _Source:
    """What the parsers gave."""

    pages: tuple[PageText, ...]
    info: DocumentInfo
    extractor: str
    warnings: tuple[str | Doubt, ...]
    attached: Attached = _NOTHING_ATTACHED
    names: Mapping[int, str] = field(default_factory=dict)  # what pages are called, where that is not their number

    def at(self, page: int, heading: str | None = None) -> Locator:
        return Locator("page", page, heading, self.names.get(page))


def _read(data: bytes, name: str, limits: ExtractLimits) -> Document:
    try:
        source = _with_pdfium(data, limits)
    except DamagedError as error:
        source = _with_pypdf(data, limits, error)
    return _with_files(_document(_without_placeholder(source), name, limits), source, limits)


def _without_placeholder(source: _Source) -> _Source:
    """Without the page that says `Please wait` in the place of a form, or names the program that opens a portfolio."""
    printed = sum(len(span.text) for page in source.pages for span in page.spans)
    if len(source.pages) > 1 or printed > _MAX_PLACEHOLDER:
        return source
    [page] = source.pages
    if source.attached.unread_form:
        empty = replace(page, spans=(), asides=(), notes=(*page.notes, Doubt("form_unread")))
        warning = "a form that is only in XFA was not read; open it in its program and print it to a PDF"
        return replace(source, pages=(empty,), warnings=(*source.warnings, warning))
    if source.attached.files:
        return replace(source, pages=(replace(page, spans=(), asides=(), notes=("cover of a portfolio",)),))
    return source


def _with_files(document: Document, source: _Source, limits: ExtractLimits) -> Document:
    """With the text of the files in a portfolio, each below its name, at the place of the first page."""
    if not source.attached.files:
        return document
    from ingest.extract.registry import extract

    blocks, lost = list(document.blocks), list[Doubt]()
    units = list(document.report.units)
    for name, data in source.attached.files:
        if data.find(b"/Collection", 0) >= 0 and data.find(b"%PDF-", 0, _HEADER_WITHIN) >= 0:
            lost.append(Doubt("part_unread", what=f"{name} in the portfolio was not read: a portfolio itself"))
            continue
        try:
            inner = extract(data, name, limits)
        except IngestError as error:
            lost.append(Doubt("part_unread", what=f"{name} in the portfolio was not read: {error}"))
            continue
        blocks.append(Block(one_line(inner.title) or name, source.at(1, name), "heading", 1))
        same = plain(inner.title)
        read = [block for block in inner.blocks if not (block.role == "heading" and plain(block.text) == same)]
        blocks += [replace(block, locator=source.at(1, block.locator.heading or name)) for block in read]
        notes = tuple(
            dict.fromkeys([*inner.report.warnings, *(note for one in inner.report.units for note in one.notes)])
        )
        inside = tuple(replace(doubt, place=name) for doubt in inner.report.all_doubts)
        units.append(replace(unit_report(name, read, notes), doubts=inside))
        check_characters(blocks, limits)
    before = document.report
    nothing = str(Doubt("no_text"))
    warnings = [
        one for one in before.warnings if not (blocks and (one.startswith("no page has text") or one == nothing))
    ]
    doubts = [doubt for doubt in before.doubts if not (blocks and doubt.code == "no_text")]
    report = replace(
        before, units=tuple(units), warnings=(*warnings, *map(str, lost)), doubts=(*doubts, *lost)
    )  # fmt: skip
    return replace(document, blocks=tuple(blocks), report=report)


# the parsers


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
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
        if data.find(b"%PDF-", 0, _HEADER_WITHIN) < 0:
            raise DamagedError("this is not a PDF file") from error
        raise DamagedError("the PDF is truncated or damaged: it cannot be opened") from error
    try:
        yield document
    finally:
        document.close()


def _with_pdfium(data: bytes, limits: ExtractLimits) -> _Source:
    import pypdfium2
    from pypdfium2.version import PYPDFIUM_INFO

    warnings: list[str | Doubt] = []
    pages: list[PageText] = []
    characters = 0
    with _opened(data) as document:
        _check_pages(len(document), limits)
        names = page_names(labels_of(document))
        for number in range(1, len(document) + 1):
            try:
                page = read_page(document, number)
            except pypdfium2.PdfiumError:
                warnings.append(f"page {number} could not be read")
                page = PageText(number, 0, 0, (), notes=(Doubt("unit_damaged"),))
            pages.append(page)
            characters += sum(len(span.text) for span in page.spans)
            if characters > limits.max_characters:
                raise LimitError(f"has more than {limits.max_characters:,} characters of text")
        try:
            reader = opened_by_pypdf(data)
            info = info_from_pypdf(reader)
            attached = attached_of(reader, limits.max_unpacked_bytes)
            for at, page in enumerate(pages):
                if page.has_fields and (filled := fields_of(reader, page.number)):
                    pages[at] = replace(page, remarks=(*filled, *page.remarks))
        except Exception as error:  # pypdf raises nearly anything on a damaged file
            what = f"{type(error).__name__}: {one_line(str(error))[:200]}"
            warnings.append(Doubt("properties_unread", what=what))
            info, attached = info_from_pdfium(document), _NOTHING_ATTACHED
    return _Source(tuple(pages), info, f"pypdfium2 {PYPDFIUM_INFO.version}", tuple(warnings), attached, names)


def _with_pypdf(data: bytes, limits: ExtractLimits, refused: DamagedError) -> _Source:
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
    return _Source(tuple(pages), info, f"pypdf {pypdf.__version__}", warnings)


def _check_pages(count: int, limits: ExtractLimits) -> None:
    if count > limits.max_pages:
        raise LimitError(f"has {count:,} pages, more than {limits.max_pages:,}; split it or raise the limit")


# the document


def _document(source: _Source, name: str, limits: ExtractLimits) -> Document:
    pages, info = source.pages, source.info
    body = body_size(pages)
    pages = tuple(map(with_labels_aside, without_running([with_text_alone(page, body) for page in pages], body)))
    sections = ReferenceSections(body)
    paragraphs: list[tuple[Paragraph, bool]] = []
    for page in pages:
        regions = (region for sheet in (page, *page.turned) for region in regions_of(sheet.spans))
        for place, region in enumerate(regions):
            paragraphs += sections.paragraphs(region, page.number, place)
    joiner = Joiner(row.text for paragraph, _ in paragraphs for row in paragraph.rows)
    drafts = drafts_of(paragraphs, joiner)
    first = next((page for page in pages if page.spans), None)
    on_first = [draft for draft in drafts if first is not None and draft.paragraph.page == first.number]
    on_page = title_on_page(on_first, body, first.height) if first else []
    first_lines = [row.text for row in rows_of(first.spans)] if first else []
    title = title_of(info, name, on_page, " ".join(draft.text for draft in on_first), body)
    title_drafts = _title_drafts(on_first, on_page, title)
    near_top = _near_top(on_first, first)
    second = [
        row.text
        for draft in drafts
        if first and draft.paragraph.page == first.number + 1
        for row in draft.paragraph.rows
    ]
    authors = authors_of(info, _lines(_below(on_first, title_drafts)), [*first_lines, *second], body)
    names = [plain(author.name) for author in authors]
    byline = [
        draft for draft in _below(on_first, title_drafts)[:12] if any(name in plain(draft.text) for name in names)
    ]
    outline = {plain(text): depth for depth, text in reversed(info.outline) if len(plain(text)) > 2}
    blocks = _with_asides(blocks_of(drafts, title_drafts, byline, outline, body, joiner), pages)
    if source.names:
        blocks = [replace(one, locator=source.at(one.locator.number or 0, one.locator.heading)) for one in blocks]
    check_characters(blocks, limits)
    text_lines = [draft.text for draft in on_first if draft.role != "reference"]
    return Document(
        kind=Kind.PAPER,
        title=title or readable_name(name),
        blocks=tuple(blocks),
        report=_report(source, blocks),
        authors=authors,
        language=info.language,
        identifiers=identifiers_of(info, near_top, [*text_lines, *first_lines]),
        summary=None,
        **date_fields(dates_of(info, near_top)),
    )


def _title_drafts(drafts: Sequence[BlockDraft], on_page: list[BlockDraft], title: str) -> list[BlockDraft]:
    """The drafts that are the title. One that the file declares may stand in other letters than the largest."""
    if plain(" ".join(draft.text for draft in on_page)) == plain(title):
        return on_page
    same = [draft for draft in drafts if plain(draft.text) == plain(title)]
    return same[:1] or (on_page if plain(title) in plain(" ".join(draft.text for draft in on_page)) else [])


def _below(drafts: Sequence[BlockDraft], title: Sequence[BlockDraft]) -> list[BlockDraft]:
    at = [index for index, draft in enumerate(drafts) if any(draft is one for one in title)]
    return [draft for draft in drafts[max(at) + 1 :] if draft.role != "reference"] if at else []


def _lines(drafts: Sequence[BlockDraft]) -> list[Line]:
    return [Line(row.cells, row.size, row.bold) for draft in drafts for row in draft.paragraph.rows]


def _near_top(drafts: Sequence[BlockDraft], first: PageText | None) -> list[str]:
    """Lines of the first page where a date or an identifier of the document is printed: head, foot, title block."""
    if first is None:
        return []
    rows = rows_of(first.spans)
    edge = 0.1 * first.height
    margins = [row.text for row in rows if row.base < edge or row.base > first.height - edge]
    title_block: list[str] = []
    for draft in drafts:
        if len(draft.text) > 400 or plain(draft.text)[:8] == "abstract":
            break
        title_block += [row.text for row in draft.paragraph.rows]
    return list(dict.fromkeys([*first.asides, *title_block[:40], *margins]))


def _with_asides(blocks: list[Block], pages: Sequence[PageText]) -> list[Block]:
    """Labels that are turned, notes and form fields at the end of their page. Stamps and watermarks, which come back, once."""
    seen: set[str] = set()
    asides: dict[int, list[Block]] = {}
    for page in pages:
        new: list[str] = []
        for text in map(one_line, page.asides):
            if text and text not in seen:
                new.append(text)
                if any(map(str.isalpha, text)):  # a number may stand for another thing each time
                    seen.add(text)
        if new:
            asides[page.number] = [Block(" ".join(new), Locator("page", page.number))]
        if page.remarks:
            printed = plain(" ".join(span.text for span in page.spans))
            # What was marked is often the note's own text.
            notes = [
                text for text in map(one_line, page.remarks) if text and not (plain(text) and plain(text) in printed)
            ]
            asides.setdefault(page.number, []).extend(Block(text, Locator("page", page.number)) for text in notes)
    if not asides:
        return blocks
    by_page: dict[int, list[Block]] = {}
    for block in blocks:
        by_page.setdefault(block.locator.number or 0, []).append(block)
    return [block for page in pages for block in (*by_page.get(page.number, []), *asides.get(page.number, []))]


def _report(source: _Source, blocks: Sequence[Block]) -> Report:
    by_page: dict[int, list[Block]] = {}
    for block in blocks:
        by_page.setdefault(block.locator.number or 0, []).append(block)
    units: list[UnitReport] = []
    for page in source.pages:
        on_page, notes = by_page.get(page.number, []), page.notes
        if not on_page and not notes:  # nothing but page numbers and what comes back on every page
            notes = (Doubt("unit_without_text") if page.pictures else "no text of its own",)
        units.append(unit_report(source.at(page.number).label, on_page, notes))
    warnings = list(source.warnings)
    if not blocks:
        needs_ocr = any("needs OCR" in note for unit in units for note in unit.notes)
        warnings.append("no page has text: needs OCR" if needs_ocr else Doubt("no_text"))
    return report_of(source.extractor, units, warnings)
