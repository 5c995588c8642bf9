"""Documents of Word (DOCX): opened with python-docx, which knows the package, then read in the order of the text."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import check_characters, report_of, unit_report
from ingest.extract.cover import cover_of
from ingest.extract.dating import date_fields
from ingest.extract.docx.body import Body, Parts
from ingest.extract.docx.styles import Styles, W
from ingest.extract.opc import info_of, mended
from ingest.extract.packed import reading, refuse_unsafe, xml_of
from ingest.extract.pdf.info import DocumentInfo
from ingest.extract.protocol import ExtractLimits, FileType
from ingest.extract.types import DOCX
from searchsvc.errors import DamagedError
from searchsvc.model import Document, Kind

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart
    from lxml.etree import _Element

__all__ = ["DocxExtractor"]

_OTHER_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)


class DocxExtractor:
    """`Extractor` for DOCX, and for templates and files with macros, which differ in their content type only."""

    types: tuple[FileType, ...] = (DOCX,)

    def extract(self, data: bytes, *, name: str, limits: ExtractLimits) -> Document:
        started = time.perf_counter()
        refuse_unsafe(
            data, limits, what="the document",
            old="this is not a DOCX file but one of Word 97-2003; save it as DOCX or PDF",
        )  # fmt: skip
        with reading("the document"):
            document = _read(_opened(data), name, limits)
        duration_ms = (time.perf_counter() - started) * 1000
        return replace(document, report=replace(document.report, duration_ms=duration_ms))


def _opened(data: bytes) -> DocumentPart:
    """Not by `docx.Document`, which refuses what is not of the content type of a DOCX."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    PartFactory.part_type_for.update(dict.fromkeys(_OTHER_TYPES, DocumentPart))
    part = Package.open(io.BytesIO(mended(data))).main_document_part
    if not isinstance(part, DocumentPart):
        raise DamagedError("the file looks like a document of Word, but there is none in it")
    return part


def _read(part: DocumentPart, name: str, limits: ExtractLimits) -> Document:
    import docx

    root = part.element.find(f"{W}body")
    if root is None:
        raise DamagedError("the document is damaged: it has no body")
    related = _Related(part)
    styles = Styles(related.of_kind("styles"))
    notes = _by_id(related.of_kind("footnotes"), "footnote")
    ends = _by_id(related.of_kind("endnotes"), "endnote")
    comments = _by_id(related.of_kind("comments"), "comment")
    writer = Body(root, styles, Parts(notes, ends, comments, related.by_key), limits).writer
    blocks = tuple(writer.flow.blocks)
    check_characters(blocks, limits)
    info = _info(part)
    cover = cover_of(writer.shown, info, name, _margins(related, styles, limits))
    return Document(
        kind=Kind.PAPER,
        title=cover.title,
        blocks=blocks,
        report=report_of(f"python-docx {docx.__version__}", [unit_report("document", blocks)], writer.doubts()),
        authors=cover.authors,
        language=info.language,
        identifiers=cover.identifiers,
        **date_fields(cover.dates),
    )


class _Related:
    """The parts that the document refers to; one that is damaged is as good as not there."""

    def __init__(self, part: DocumentPart) -> None:
        self._rels = part.rels

    def by_key(self, key: str) -> _Element | None:
        relation = self._rels.get(key)
        return self._root(relation) if relation is not None and not relation.is_external else None

    def of_kind(self, kind: str) -> _Element | None:
        return next(iter(self.all_of(kind)), None)

    def all_of(self, kind: str) -> list[_Element]:
        found = (one for one in self._rels.values() if not one.is_external and one.reltype.endswith(f"/{kind}"))
        return [root for one in found if (root := self._root(one)) is not None]

    @staticmethod
    def _root(relation: Any) -> _Element | None:
        from lxml.etree import XMLSyntaxError

        part = relation.target_part
        element = getattr(part, "element", None)
        try:
            return element if element is not None else xml_of(part.blob)
        except (XMLSyntaxError, ValueError):
            return None


def _by_id(root: _Element | None, tag: str) -> Mapping[str, _Element]:
    return {} if root is None else {str(one.get(f"{W}id")): one for one in root.iter(f"{W}{tag}")}


def _margins(related: _Related, styles: Styles, limits: ExtractLimits) -> list[str]:
    """Lines of headers and footers, where a journal, date or identifier may stand; they are no text of the document."""
    lines: list[str] = []
    for kind in ("header", "footer"):
        for root in related.all_of(kind)[:3]:
            lines += [
                line
                for block in Body(root, styles, Parts(), limits).writer.flow.blocks
                for line in block.text.split("\n")
            ]
    return lines[:20]


def _info(part: DocumentPart) -> DocumentInfo:
    """Not by `core_properties`, which makes up some with today's date where a file has none."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        core: Any = part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
        return info_of(xml_of(core.blob))
    except (KeyError, ValueError, SyntaxError):
        return DocumentInfo()
