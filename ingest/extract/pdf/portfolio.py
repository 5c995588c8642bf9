"""Files inside a PDF, read each by its own extractor."""

from __future__ import annotations

from dataclasses import replace

from ingest.extract.clean import check_characters, one_line, unit_report
from ingest.extract.pdf.parsers import HEADER_WITHIN, Source
from ingest.extract.pdf.structure import plain
from ingest.extract.protocol import ExtractLimits
from searchsvc.doubts import Doubt
from searchsvc.errors import IngestError
from searchsvc.model import Block, Document

__all__ = ["with_files"]


def with_files(document: Document, source: Source, limits: ExtractLimits) -> Document:
    """With the text of the files in a portfolio, each below its name, at the place of the first page."""
    if not source.attached.files:
        return document
    from ingest.extract.registry import extract

    blocks, lost = list(document.blocks), list[Doubt]()
    units = list(document.report.units)
    for name, data in source.attached.files:
        if data.find(b"/Collection", 0) >= 0 and data.find(b"%PDF-", 0, HEADER_WITHIN) >= 0:
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
