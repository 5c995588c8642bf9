"""The body of a document of Word as blocks, in the order in which a reader meets them.

What was inserted is taken and what was deleted is not, as if every change had been accepted. Notes, comments, text
boxes and alternative texts stand after the paragraph or table that they belong to, endnotes at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingest.extract.clean import tidy
from ingest.extract.docx.styles import Styles, W, is_on, with_paragraph, with_run
from ingest.extract.formulas import formula_text
from ingest.extract.pptx.shapes import alternative_of, chart_words, diagram_words
from ingest.extract.protocol import ExtractLimits
from ingest.extract.writer import Line, Look, Writer

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Body", "Parts"]

_VML = "{urn:schemas-microsoft-com:vml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_THROUGH = frozenset(
    f"{W}{tag}" for tag in ("ins", "moveTo", "hyperlink", "fldSimple", "smartTag", "customXml", "dir", "bdo", "sdt",
                            "sdtContent", "rubyBase")
)  # fmt: skip
_GONE = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "delText", "instrText", "rt", "sectPr", "pPr", "rPr"))
_NOTE_KINDS = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the body refers to. notes, ends, comments: by id. related: the XML of a part, by the id of its relation."""

    notes: Mapping[str, _Element] = field(default_factory=dict)
    ends: Mapping[str, _Element] = field(default_factory=dict)
    comments: Mapping[str, _Element] = field(default_factory=dict)
    related: Callable[[str], _Element | None] = lambda _: None


class Body:
    """Reads block after block; `writer` has what was read."""

    def __init__(self, root: _Element, styles: Styles, parts: Parts, limits: ExtractLimits) -> None:
        self._styles, self._parts = styles, parts
        has_headings = any(self._look(one).level for one in root.iter(f"{W}p"))
        self.writer = Writer(has_headings=has_headings, usual_size=styles.base.size, limits=limits)
        self._blocks(root)
        self.writer.end()

    # blocks

    def _blocks(self, root: _Element) -> None:
        for element in root:
            tag = element.tag
            if tag == f"{W}p":
                self._paragraph(element)
            elif tag == f"{W}tbl":
                self._table(element)
            elif tag == f"{W}sdt":
                if not _is_contents(element) and not _is_placeholder(element):
                    self._blocks(element)
            elif tag in _THROUGH:
                self._blocks(element)
            elif tag in (f"{W}altChunk", f"{W}subDoc"):
                self.writer.skip("embedded_document")
            elif tag == f"{_MC}AlternateContent":
                self._blocks(_choice(element))
            elif tag in (f"{W}oMathPara", f"{_M}oMathPara", f"{_M}oMath"):
                self.writer.flow.say(formula_text(element))

    def _paragraph(self, element: _Element) -> None:
        look = self._look(element)
        line = Line()
        self._inline(element, look, line)
        self.writer.paragraph(line, look)

    def _table(self, table: _Element) -> None:
        rows = list(_rows(table))
        nested = next(table.iterdescendants(f"{W}tbl"), None) is not None
        if not nested and self.writer.table(lambda: [self._row(row) for row in rows]):
            return
        for row in rows:
            for cell in _cells(row):
                self._blocks(cell)

    def _row(self, row: _Element) -> list[str]:
        texts: list[str] = []
        before = row.find(f"{W}trPr/{W}gridBefore")
        texts += [""] * _number(before)
        for cell in _cells(row):
            properties = cell.find(f"{W}tcPr")
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            goes_on = merged is not None and merged.get(f"{W}val", "continue") == "continue"
            texts.append("" if goes_on else self.writer.cell(lambda cell=cell: self._blocks(cell)))  # type: ignore[misc]
            span = properties.find(f"{W}gridSpan") if properties is not None else None
            texts += [""] * (_number(span) - 1)
        return texts

    # inline

    def _inline(self, element: _Element, look: Look, line: Line) -> None:
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == f"{W}r":
                self._run(child, look, line)
            elif tag == f"{W}sdt":
                if not _is_placeholder(child):
                    self._inline(child, look, line)
            elif tag in _THROUGH:
                self._inline(child, look, line)
            elif tag in (f"{_M}oMath", f"{_M}oMathPara"):
                line.say(formula_text(child), look)
            elif tag == f"{_MC}AlternateContent":
                self._inline(_choice(child), look, line)

    def _run(self, run: _Element, look: Look, line: Line) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            style = properties.find(f"{W}rStyle")
            if style is not None:
                look = self._styles.of(style.get(f"{W}val"), look)
            look = with_run(look, properties)
        align = properties.find(f"{W}vertAlign") if properties is not None else None
        if align is not None and align.get(f"{W}val") == "superscript":
            look = replace(look, raised=True)
        for child in run:
            self._piece(child, look, line)

    def _piece(self, child: _Element, look: Look, line: Line) -> None:
        match child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "":
            case "t":
                line.say(child.text or "", look)
            case "tab" | "ptab":
                line.say("\t", look)
            case "br" | "cr":
                line.say("\n", look)
            case "noBreakHyphen":
                line.say("-", look)
            case "sym":
                code = child.get(f"{W}char") or ""
                if re.fullmatch(r"[0-9A-Fa-f]{4}", code) and not code.upper().startswith(("F0", "D8", "DC")):
                    line.say(chr(int(code, 16)), look)
            case "footnoteReference":
                self._note(self._parts.notes, child, look)
            case "endnoteReference":
                self.writer.endnote(self._text_of(self._parts.ends.get(child.get(f"{W}id") or "")))
            case "commentReference":
                self.writer.aside("notes", self._text_of(self._parts.comments.get(child.get(f"{W}id") or "")))
            case "drawing" | "pict":
                line.say(" ", look)  # what stands on either side of a picture is not one word
                self._drawing(child, look)
            case "object":
                self.writer.skip("embedded_object")
                self._drawing(child, look)
            case "ruby":
                self._inline(child, look, line)
            case "AlternateContent":
                for one in _choice(child):
                    self._piece(one, look, line)

    def _note(self, notes: Mapping[str, _Element], reference: _Element, look: Look) -> None:
        self.writer.aside("text", self._text_of(notes.get(reference.get(f"{W}id") or "")), hidden=look.hidden)

    def _text_of(self, root: _Element | None) -> str:
        """The paragraphs of a note or comment, one a line."""
        if root is None or root.get(f"{W}type") in _NOTE_KINDS:
            return ""
        return self.writer.note(lambda: self._blocks(root))

    def _drawing(self, drawing: _Element, look: Look) -> None:
        for box in drawing.iter(f"{W}txbxContent"):
            if not _is_inside(box, drawing):
                self.writer.box(lambda box=box: self._blocks(box))  # type: ignore[misc]
        for art in drawing.iter(f"{_VML}textpath"):
            self.writer.aside("text", tidy(art.get("string") or ""), hidden=look.hidden)
        for reference in drawing.iter("{*}chart", "{*}relIds"):
            is_chart = reference.tag.endswith("}chart")
            key = next((value for name, value in reference.items() if name.endswith("}id" if is_chart else "}dm")), "")
            root = self._parts.related(key) if key else None
            if root is not None:
                words = chart_words(root) if is_chart else diagram_words(root)
                self.writer.aside("text", words, hidden=look.hidden)
        said = [alternative_of(one) for one in drawing.iter("{*}docPr", "{*}cNvPr", f"{_VML}shape")]
        pictures = sum(1 for _ in drawing.iter("{*}blip", f"{_VML}imagedata"))
        self.writer.pictured(pictures, said, hidden=look.hidden)

    def _look(self, paragraph: _Element) -> Look:
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        look = self._styles.of(style.get(f"{W}val") if style is not None else None)
        return with_paragraph(look, properties)


def _rows(table: _Element) -> Iterator[_Element]:
    """Without rows that were deleted."""
    for element in table:
        if element.tag == f"{W}tr":
            properties = element.find(f"{W}trPr")
            if properties is None or properties.find(f"{W}del") is None:
                yield element
        elif element.tag in _THROUGH:
            yield from _rows(element)


def _cells(row: _Element) -> Iterator[_Element]:
    for element in row:
        if element.tag == f"{W}tc":
            yield element
        elif element.tag in _THROUGH:
            yield from _cells(element)


def _number(element: _Element | None) -> int:
    """Of columns; what says more than anybody has counts as one."""
    value = (element.get(f"{W}val") or "") if element is not None else ""
    return int(value) if value.isdecimal() and int(value) <= 63 else 0


def _choice(alternate: _Element) -> _Element:
    """What newer programs show; that there is just one of them read keeps text boxes from coming twice."""
    return next((one for one in alternate if isinstance(one.tag, str)), alternate)


def _is_inside(box: _Element, drawing: _Element) -> bool:
    """Whether a text box is in another one, which is read with it."""
    for above in box.iterancestors():
        if above is drawing:
            return False
        if above.tag in (f"{W}txbxContent", f"{_MC}Fallback"):
            return True
    return False


def _is_contents(control: _Element) -> bool:
    """A table of contents, which repeats the headings."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _is_placeholder(control: _Element) -> bool:
    """What a program shows where nothing was filled in."""
    return bool(is_on(control.find(f"{W}sdtPr"), "showingPlcHdr"))
