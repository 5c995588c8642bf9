"""Presentations (PPTX) with python-pptx: all that a reader of the slides sees, and the notes below them."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import (
    check_characters,
    one_line,
    report_of,
    sensible_title,
    title_from_name,
    unit_report,
)
from ingest.extract.dating import date_fields, printed_dates
from ingest.extract.names import as_shown, looks_like_a_name, name_and_place, names_in
from ingest.extract.opc import mended
from ingest.extract.packed import reading, refuse_unsafe
from ingest.extract.pptx.shapes import (
    comments_of,
    date_place,
    largest_text,
    notes_of,
    read_shapes,
    resolve_alternates,
    title_of,
)
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import PPTX
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Author, Block, Dated, DateKind, Document, Kind, Locator, Report, UnitReport
from searchsvc.text.dates import dates_in

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

__all__ = ["PptxExtractor", "opened", "slide_list"]

_FEW_WORDS = 6  # in a line where a year stands for the date
_TITLE_SLIDE_WORDS = 60  # with more than that the first slide is no title slide
_SECTIONS = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
_MACRO_TYPES = tuple(
    f"application/vnd.ms-powerpoint.{kind}.macroEnabled.main+xml" for kind in ("slideshow", "template")
)


@dataclass(frozen=True, slots=True)
class _Read:
    """One slide."""

    blocks: tuple[Block, ...]
    report: UnitReport


@dataclass(frozen=True, slots=True)
class _NoProperties:
    title: str = ""
    author: str = ""
    subject: str = ""
    language: str = ""
    modified: datetime | None = None
    created: datetime | None = None


class PptxExtractor:
    """`Extractor` for PPTX, and for shows, templates and files with macros, which differ in their content type only."""

    types: tuple[FileType, ...] = (PPTX,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        old = "this is not a PPTX file but one of PowerPoint 97-2003"
        refuse_unsafe(data, limits, what="the presentation", old=old)
        presentation = opened(data)
        with reading("the presentation"):
            document = _read(presentation, name, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def opened(data: bytes) -> Presentation:
    """The presentation in a file that `refuse_unsafe` lets pass. Raises DamagedError.

    Not by `pptx.Presentation`, which refuses what is not of the content type of a PPTX or PPTM.
    """
    from pptx.opc.package import PartFactory
    from pptx.package import Package
    from pptx.parts.presentation import PresentationPart

    PartFactory.part_type_for.update(dict.fromkeys(_MACRO_TYPES, PresentationPart))
    with reading("the presentation"):
        part = Package.open(io.BytesIO(mended(data))).main_document_part
    if not isinstance(part, PresentationPart):
        raise DamagedError("the file looks like a presentation, but there is none in it")
    presentation: Presentation = part.presentation
    return presentation


def _read(presentation: Presentation, name: str, limits: ExtractLimits) -> Document:
    import pptx

    listed = slide_list(presentation)
    if len(listed) > limits.max_pages:
        raise LimitError(f"has {len(listed):,} slides, more than {limits.max_pages:,}")
    sections, starts = sections_of(presentation), set[str]()
    read: list[_Read] = []
    warnings: list[str | Doubt] = []
    slides: list[Slide] = []
    characters = 0
    for number, entry in enumerate(listed, start=1):
        section = sections.get(str(entry.get("id")), "")
        opens = section if section and section not in starts else ""
        starts.add(section)
        try:
            # Not by `presentation.slides`, which fails for all slides when one is missing.
            slide = presentation.part.related_slide(entry.rId)
            one = read_slide(slide, number, section=opens, title_level=2 if section else 1)
            slides.append(slide)
        except (KeyError, AttributeError, ValueError, TypeError, IndexError) as error:
            warnings.append(f"slide {number} could not be read: {type(error).__name__}")
            one = _Read((), unit_report(f"slide {number}", (), [Doubt("unit_damaged")]))
        read.append(one)
        characters += one.report.characters
        if characters > limits.max_characters:
            break
    blocks = tuple(block for one in read for block in one.blocks)
    check_characters(blocks, limits)
    if not blocks:
        needs_ocr = any("no text: needs OCR" in one.report.notes for one in read)
        warnings.append("no slide has text: needs OCR" if needs_ocr else Doubt("no_text"))
    report = report_of(f"python-pptx {pptx.__version__}", [one.report for one in read], warnings)
    return _document(presentation, slides, blocks, report, name)


def slide_list(presentation: Presentation) -> list[Any]:
    """The entries of its slides, in order."""
    slide_list = presentation.part._element.sldIdLst
    return list(slide_list) if slide_list is not None else []


def sections_of(presentation: Presentation) -> dict[str, str]:
    """The section of each slide, by the slide's id. Empty when the presentation has none or one without meaning."""
    section_of: dict[str, str] = {}
    for section in presentation.part._element.iter(f"{_SECTIONS}section"):
        label = one_line(section.get("name"))
        if re.match(r"(?i)^(default section|untitled section|standardabschnitt|section par défaut)?$", label):
            continue
        for slide in section.iter(f"{_SECTIONS}sldId"):
            section_of[str(slide.get("id"))] = label
    return section_of


def read_slide(slide: Slide, number: int, *, section: str, title_level: int) -> _Read:
    """`section` is given on the first slide of a section only: there it is a heading above the title."""
    lost = resolve_alternates(slide)
    title = title_of(slide)
    where = Locator("slide", number, title or None)
    hidden = slide._element.get("show") in ("0", "false")
    blocks: list[Block] = []
    if section:
        blocks.append(Block(section, where, "heading", level=1, hidden=hidden))
    if title:
        blocks.append(Block(title, where, "heading", level=title_level, hidden=hidden))
    shapes = read_shapes(slide)
    shapes.skipped.update(lost)
    blocks += [Block(text, where, role, hidden=hidden) for role, text in shapes.texts]
    if notes := notes_of(slide):
        blocks.append(Block(notes, where, "notes", hidden=hidden))
    blocks += [Block(comment, where, "notes", hidden=hidden) for comment in comments_of(slide)]
    remarks: list[str | Doubt] = [*(["hidden"] if hidden else []), *shapes.remarks()]
    visible = [block for block in blocks if block.role != "notes" and block.text != section]
    if not visible:
        remarks.append(Doubt("slide_without_text") if shapes.pictures else "no text")
    return _Read(tuple(blocks), unit_report(f"slide {number}", blocks, remarks))


def _document(
    presentation: Presentation, slides: list[Slide], blocks: tuple[Block, ...], report: Report, name: str
) -> Document:
    core = _core_properties(presentation)
    opening = next((block.locator.number for block in blocks if not block.hidden), 1)  # nobody sees what is before it
    opener = slides[min(opening, len(slides)) - 1] if slides and opening else None
    first = [block for block in blocks if block.locator.number == opening]
    titles = [block for block in blocks if block.role == "heading" and block.text == block.locator.heading]
    own_title = next((good for b in first if b in titles and (good := sensible_title(b.text, name))), "")
    lines = [line for block in first if block.role == "text" for line in block.text.split("\n")]
    is_title_slide = sum(len(line.split()) for line in lines) <= _TITLE_SLIDE_WORDS
    if not own_title and is_title_slide and opener is not None:
        own_title = sensible_title(largest_text(opener), name)
    later = (good for b in titles if (good := sensible_title(b.text, name)))
    title = own_title or sensible_title(core.title, name) or next(later, "") or title_from_name(name)
    lines = [line for line in lines if line not in title]
    days = [*lines, date_place(opener)] if opener is not None else lines
    return Document(
        kind=Kind.PRESENTATION,
        title=title,
        blocks=blocks,
        report=report,
        authors=tuple(Author(author) for author in _authors(core.author, lines if is_title_slide else [])),
        language=_language(core.language),
        summary=one_line(core.subject) or None,
        **date_fields(_dates(core, one_line(title), days if is_title_slide else [])),
    )


def _core_properties(presentation: Presentation) -> Any:
    """python-pptx makes up properties with today's date where a file has none; then these are empty ones."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    try:
        presentation.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return _NoProperties()
    return presentation.core_properties


def _authors(core_author: str | None, lines: list[str]) -> list[str]:
    """The speakers on the first slide; else who is named in the file, unless that is an account or an application."""
    found = [author for line in lines if len(line) < 200 for author in names_in(line) or name_and_place(line)]
    if found:
        return list(dict.fromkeys(found))
    named = [one_line(part) for part in re.split(r"[;]", core_author or "")]
    return [as_shown(author) for author in named if looks_like_a_name(author)]


def _dates(core: Any, title: str, lines: list[str]) -> list[Dated]:
    """Those on the first slide, of a title the day or month only; then when the file was last changed or made."""
    printed = printed_dates(lines, otherwise=DateKind.PRESENTED) + printed_dates(
        [title], otherwise=DateKind.PRESENTED, years=False
    )
    alone = [
        Dated(one.iso, DateKind.PRESENTED)
        for line in lines
        for one in dates_in(line)[-1:]
        if one.bare and len(line.split()) <= _FEW_WORDS
    ]
    stored = [
        Dated(str(stamp.date().isoformat()), DateKind.MODIFIED)
        for stamp in (core.modified, core.created)
        # 2013-01-27 is the date of python-pptx's own template, which files made with it keep.
        if stamp is not None and 1990 <= stamp.year <= 2100 and stamp.date().isoformat() != "2013-01-27"
    ]
    return [*printed, *alone, *stored]


def _language(declared: str | None) -> str | None:
    match = re.match(r"([a-z]{2})(?:[-_].*)?$", (declared or "").strip().lower())
    return match[1] if match else None
