"""Captions of a talk or webinar, as a presentation whose passages know when they are said."""

from __future__ import annotations

import time

from ingest.extract.captions.cues import captions
from ingest.extract.captions.paragraphs import paragraphs, speakers
from ingest.extract.captions.remarks import remarks_in
from ingest.extract.captions.rolling import unrolled
from ingest.extract.clean import check_characters, decode, report_of, unit_report
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import SRT, VTT
from searchsvc.doubts import Doubt
from searchsvc.errors import DamagedError, LimitError
from searchsvc.model import Author, Block, DateKind, Document, Kind, Locator

__all__ = ["CaptionsExtractor"]


class CaptionsExtractor:
    """`Extractor` for WebVTT and SubRip."""

    types: tuple[FileType, ...] = (VTT, SRT)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        if len(data) > 8 * limits.max_characters:
            raise LimitError(f"has more than {limits.max_characters:,} characters of text")
        text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        found = captions(text)
        is_vtt = text.startswith("WEBVTT")
        if not found.cues and not is_vtt:
            raise DamagedError("the file holds no captions")
        said = paragraphs(unrolled(found.cues))
        blocks = tuple(Block(one.shown, Locator("time", int(one.start_s))) for one in said)
        check_characters(blocks, limits)
        about = remarks_in(found.remarks, name)
        report = report_of(
            "WebVTT" if is_vtt else "SubRip",
            [unit_report("captions", blocks)],
            () if blocks else (Doubt("no_text"),),
            (time.perf_counter() - started) * 1000,
        )
        return Document(
            kind=Kind.PRESENTATION,
            title=about.title,
            blocks=blocks,
            report=report,
            authors=tuple(map(Author, about.speakers or speakers(said))),
            date=about.date,
            date_kind=DateKind.PRESENTED,
            language=about.language or None,
            url=about.url or None,
            summary=about.summary or None,
        )
