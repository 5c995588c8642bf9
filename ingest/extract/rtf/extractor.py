"""Texts in the Rich Text Format, read by `reader` and told of by the rules for documents that flow."""

from __future__ import annotations

import time
from dataclasses import replace

from ingest.extract.clean import check_characters, report_of, unit_report
from ingest.extract.cover import cover_of, named_in
from ingest.extract.dating import date_fields
from ingest.extract.packed import reading
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.rtf.reader import read_rtf
from ingest.extract.types import RTF
from searchsvc.doubts import Doubt
from searchsvc.errors import LimitError
from searchsvc.model import Document, Kind

__all__ = ["RtfExtractor"]


class RtfExtractor:
    """`Extractor` for RTF."""

    types: tuple[FileType, ...] = (RTF,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        if len(data) > limits.max_unpacked_bytes:
            raise LimitError(f"has {len(data) / 1e6:,.0f} MB, more than {limits.max_unpacked_bytes / 1e6:,.0f} MB")
        with reading("the document"):
            read = read_rtf(data.decode("latin-1"), limits)
        writer = read.writer
        blocks = tuple(writer.flow.blocks)
        check_characters(blocks, limits)
        doubts = [*([] if read.whole else [Doubt("cut_off")]), *writer.doubts()]
        info = DocumentInfo(
            title=read.said.get("title", ""), author=named_in(read.said.get("author", "")), created=read.changed
        )
        cover = cover_of(writer.shown, info, name)
        duration_ms = (time.perf_counter() - started) * 1000
        return Document(
            kind=Kind.PAPER,
            title=cover.title,
            blocks=blocks,
            report=replace(report_of("searchsvc", [unit_report("document", blocks)], doubts), duration_ms=duration_ms),
            authors=cover.authors,
            identifiers=cover.identifiers,
            **date_fields(cover.dates),
        )
