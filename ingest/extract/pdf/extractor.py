"""PDF: text, places and outline with pdfium, forms and files inside with pypdf, the rest on plain values.

    the file -> pages (`parsers`, `pages`, `directions`)
        -> without what is no text (`page_parts`, `running`) -> regions and rows (`layout`)
        -> paragraphs (`paragraphs`, `tables`) -> blocks (`structure`), joined over columns and pages (`flow`)
    first page and document information (`info`) -> title, date, identifiers (`front`, `facts`), authors (`authors`)
    files inside it (`attached`, `portfolio`); pages that are pictures (`seen`)

pdfium is not thread-safe: one process reads one file at a time, as the sandbox does.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.extract.clean import check_characters, one_line, report_of, unit_report
from ingest.extract.dating import date_fields
from ingest.extract.pdf.front import front_of
from ingest.extract.pdf.layout import body_size, regions_of
from ingest.extract.pdf.page_parts import with_labels_aside, with_text_alone
from ingest.extract.pdf.pages import PageText
from ingest.extract.pdf.paragraphs import Joiner, Paragraph
from ingest.extract.pdf.parsers import Source, opened, with_pdfium, with_pypdf
from ingest.extract.pdf.portfolio import with_files
from ingest.extract.pdf.running import without_running
from ingest.extract.pdf.seen import page_picture, unseen_pages
from ingest.extract.pdf.structure import ReferenceSections, blocks_of, drafts_of, plain
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import PDF
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, IngestError
from searchsvc.model import Block, Document, Kind, Locator, Report, Seen, UnitReport

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PdfExtractor"]

_COVER = re.compile(
    r"(?i)\bthis is (?:a|an|the) (?:[\w’'-]+ ){0,5}(?:copy|version|manuscript|post-?print|pre-?print) of\b"
    r"|\bis the (?:author.{0,3}s|accepted|peer.reviewed) (?:[\w-]+ ){0,3}(?:version|manuscript)\b"
)
_LONGEST_COVER = 3000  # characters
_MAX_PLACEHOLDER = 1500  # characters of a page that stands in for what its program would show


class PdfExtractor:
    """`Extractor` for PDF."""

    types: tuple[FileType, ...] = (PDF,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        return self.extract_seen(data, name=name, limits=limits, seen={})

    def picture(self, data: bytes, place: str) -> Image:
        """`Sighted`: a page as it is shown."""
        import pypdfium2

        number = place.removeprefix("page ")
        with opened(data) as document:
            if not number.isdecimal() or not 0 < int(number) <= len(document):
                raise DamagedError(f"the PDF has no {place}")
            try:
                return page_picture(document, int(number))
            except pypdfium2.PdfiumError as error:
                raise DamagedError(f"{place} cannot be drawn: {one_line(str(error))}") from error

    def extract_seen(self, data: bytes, *, name: str, limits: ExtractLimits, seen: Mapping[str, Seen]) -> Document:
        started = time.perf_counter()
        if not data.strip(b"\0 \t\r\n"):
            raise DamagedError("the file is empty")
        try:
            document = _read(data, name, limits, seen)
        except (IngestError, MemoryError, RecursionError):
            raise
        except Exception as error:  # both parsers raise nearly anything on odd files
            raise DamagedError(f"the PDF is damaged: {type(error).__name__}: {one_line(str(error))}") from error
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def _read(data: bytes, name: str, limits: ExtractLimits, seen: Mapping[str, Seen]) -> Document:
    try:
        source = with_pdfium(data, limits, seen)
    except DamagedError as error:
        source = with_pypdf(data, limits, error)
    return with_files(_document(_without_placeholder(source), name, limits), source, limits)


def _without_placeholder(source: Source) -> Source:
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


# the document


def _document(source: Source, name: str, limits: ExtractLimits) -> Document:
    info, body = source.info, body_size(source.pages)
    printed = [with_text_alone(page, body) for page in source.pages]
    pages = list(map(with_labels_aside, without_running(printed, body)))
    paragraphs = _paragraphs(pages, body)
    joiner = Joiner(row.text for paragraph, _ in paragraphs for row in paragraph.rows)
    drafts = drafts_of(paragraphs, joiner)
    first = next(
        (
            replace(page, asides=left.asides)
            for page, left in zip(printed, pages, strict=True)
            if left.spans and not (page.number == 1 and len(pages) > 1 and _is_added(page))
        ),
        None,
    )
    front = front_of(drafts, first, info, name, body)
    outline = {plain(text): depth for depth, text in reversed(info.outline) if len(plain(text)) > 2}
    blocks = _with_asides(blocks_of(drafts, front.title_drafts, front.byline, outline, body, joiner), pages)
    if source.names:
        blocks = [replace(one, locator=source.at(one.locator.number or 0, one.locator.heading)) for one in blocks]
    check_characters(blocks, limits)
    return Document(
        kind=Kind.PAPER,
        title=front.title,
        blocks=tuple(blocks),
        report=_report(source, blocks),
        authors=front.authors,
        language=info.language,
        identifiers=front.identifiers,
        summary=None,
        unseen=unseen_pages(source.pages) if source.can_be_drawn else (),
        **date_fields(front.dates),
    )


def _is_added(page: PageText) -> bool:
    """Whether an archive put the page before the paper, to say what it is a copy of."""
    text = " ".join(span.text for span in page.spans)
    return len(text) < _LONGEST_COVER and bool(_COVER.search(text))


def _paragraphs(pages: Sequence[PageText], body: float) -> list[tuple[Paragraph, bool]]:
    """In reading order, each with whether it is a reference."""
    sections = ReferenceSections(body)
    paragraphs: list[tuple[Paragraph, bool]] = []
    for page in pages:
        regions = (region for sheet in (page, *page.turned) for region in regions_of(sheet.spans))
        for place, region in enumerate(regions):
            paragraphs += sections.paragraphs(region, page.number, place)
    return paragraphs


def _with_asides(blocks: list[Block], pages: Sequence[PageText]) -> list[Block]:
    """Labels that are turned, notes and form fields at the end of their page. What comes back, as stamps do, once."""
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


def _report(source: Source, blocks: Sequence[Block]) -> Report:
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
    if not blocks and not any(doubt.code == "ocr_nothing" for unit in units for doubt in unit.doubts):
        needs_ocr = any("needs OCR" in note for unit in units for note in unit.notes)
        warnings.append("no page has text: needs OCR" if needs_ocr else Doubt("no_text"))
    return report_of(source.extractor, units, warnings)
