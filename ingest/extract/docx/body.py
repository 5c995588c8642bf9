"""The body of a document of Word as blocks, in the order in which a reader meets them.

What was inserted is taken and what was deleted is not, as if every change had been accepted. Notes, comments, text
boxes and alternative texts stand after the paragraph or table that they belong to, endnotes at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.extract.clean import superscript, tidy
from ingest.extract.cover import FIRST_PARAGRAPHS, Shown
from ingest.extract.docx.styles import Look, Styles, W, is_on, with_paragraph, with_run
from ingest.extract.flow import Flow, in_one_line, is_layout
from ingest.extract.pdf.pages import RAISED
from ingest.extract.pptx.shapes import alternative_of, chart_words, diagram_words
from searchsvc.model import Role

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Body", "Parts"]

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_THROUGH = frozenset(
    f"{W}{tag}" for tag in ("ins", "moveTo", "hyperlink", "fldSimple", "smartTag", "customXml", "dir", "bdo", "sdt",
                            "sdtContent", "rubyBase")
)  # fmt: skip
_GONE = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "delText", "instrText", "rt", "sectPr", "pPr", "rPr"))
_LIKE_A_HEADING = 100  # characters of a bold paragraph that may be a heading
_NOTE_KINDS = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the body refers to. notes, ends, comments: by id. related: the XML of a part, by the id of its relation."""

    notes: Mapping[str, _Element] = field(default_factory=dict)
    ends: Mapping[str, _Element] = field(default_factory=dict)
    comments: Mapping[str, _Element] = field(default_factory=dict)
    related: Callable[[str], _Element | None] = lambda _: None


@dataclass(slots=True)
class _Line:
    """The text of a paragraph as it grows."""

    seen: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)
    bold: Counter[bool] = field(default_factory=Counter)

    def say(self, text: str, look: Look, *, raised: bool = False) -> None:
        if look.hidden:
            self.unseen.append(text)
        elif raised:
            self.raised.append(text)
        else:
            self.end_raised()
            self.seen.append(text)
            self.marked.append(text)
            letters = len(text.strip())
            self.sizes[look.size] += letters
            self.bold[look.bold] += letters

    def end_raised(self) -> None:
        if self.raised:
            text, before = "".join(self.raised), "".join(self.seen)
            self.raised.clear()
            self.seen.append(superscript(before, text))
            mark = text.strip()
            self.marked.append(f"{mark}{RAISED}" if not before or before[-1].isspace() else f"{RAISED}{mark} ")


class Body:
    """Reads block after block. `skipped` counts what cannot be read; `shown` are the first paragraphs as they look."""

    def __init__(self, root: _Element, styles: Styles, parts: Parts) -> None:
        self.flow = Flow()
        self.shown: list[Shown] = []
        self.skipped: Counter[str] = Counter()
        self.pictures = 0
        self._styles, self._parts = styles, parts
        self._after: list[tuple[Role, str, bool]] = []
        self._boxes: list[_Element] = []
        self._ends: list[str] = []
        self._in_table = 0
        self._has_headings = any(self._look(one).level for one in root.iter(f"{W}p"))
        self._blocks(root)
        self.flow.end_list()
        if self._ends:
            self.flow.head("Endnotes", 1)
            for text in self._ends:
                self.flow.say(text)

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
                self.skipped["embedded_document"] += 1
            elif tag == f"{_MC}AlternateContent":
                self._blocks(_choice(element))
            elif tag in (f"{W}oMathPara", f"{_M}oMathPara", f"{_M}oMath"):
                self.flow.say("".join(one.text or "" for one in element.iter(f"{_M}t")))

    def _paragraph(self, element: _Element) -> None:
        look = self._look(element)
        line = _Line()
        self._inline(element, look, line)
        line.end_raised()
        text = tidy("".join(line.seen))
        if look.rank == "contents":
            text = ""
        bold = line.bold[True] > line.bold[False]
        size = max(line.sizes, key=lambda one: (line.sizes[one], one), default=look.size)
        level = look.level if look.level else 1 if look.rank == "title" and not self._in_table else 0
        if text and not level and not self._has_headings and self._is_like_a_heading(text, look, size, line):
            level = 2 if size < 1.15 * self._styles.base.size else 1
        if text:
            self._note_look(Shown(text, _marked(line.marked), size, bold, look.rank))
            if level and not self._in_table:
                self.flow.head(text, level)
            elif look.listed and not level:
                self.flow.item(text)
            else:
                self.flow.say(text, "caption" if look.rank == "caption" else "text")
        if unseen := tidy("".join(line.unseen)):
            self._after.append(("text", unseen, True))
        self._flush()

    def _is_like_a_heading(self, text: str, look: Look, size: float, line: _Line) -> bool:
        """Where nobody used styles: a short paragraph in bold or larger letters."""
        if self._in_table or look.listed or look.rank or len(text) > _LIKE_A_HEADING or "\n" in text:
            return False
        is_bold = line.bold[True] and not line.bold[False]
        return bool(is_bold or size >= 1.15 * self._styles.base.size) and not re.search(r"[.;,]$", text)

    def _note_look(self, shown: Shown) -> None:
        if len(self.shown) < FIRST_PARAGRAPHS:
            self.shown.append(shown)

    def _table(self, table: _Element) -> None:
        rows = list(_rows(table))
        nested = next((one for one in table.iterdescendants(f"{W}tbl")), None) is not None
        if not nested:
            before = (len(self.shown), self.skipped.copy(), self.pictures, len(self._ends))
            self._in_table += 1
            texts = [self._row(row) for row in rows]
            self._in_table -= 1
            if not is_layout(texts):
                self.flow.table(texts)
                self._flush()
                return
            self._after.clear()
            self._boxes.clear()
            shown, self.skipped, self.pictures, ends = before
            del self.shown[shown:], self._ends[ends:]
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
            texts.append("" if goes_on else self._cell(cell))
            span = properties.find(f"{W}gridSpan") if properties is not None else None
            texts += [""] * (_number(span) - 1)
        return texts

    def _cell(self, cell: _Element) -> str:
        outer, self.flow = self.flow, Flow()
        self._blocks(cell)
        self.flow.end_list()
        inner, self.flow = self.flow, outer
        return in_one_line(inner.blocks)

    def _flush(self) -> None:
        """What belongs to the paragraph or table before."""
        if self._in_table:
            return
        after, self._after = self._after, []
        boxes, self._boxes = self._boxes, []
        if after or boxes:
            self.flow.end_list()
        for role, text, hidden in after:
            self.flow.say(text, role, hidden=hidden)
        for box in boxes:
            self._blocks(box)

    # inline

    def _inline(self, element: _Element, look: Look, line: _Line) -> None:
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
                line.say("".join(one.text or "" for one in child.iter(f"{_M}t")), look)
            elif tag == f"{_MC}AlternateContent":
                self._inline(_choice(child), look, line)

    def _run(self, run: _Element, look: Look, line: _Line) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            style = properties.find(f"{W}rStyle")
            if style is not None:
                look = self._styles.of(style.get(f"{W}val"), look)
            look = with_run(look, properties)
        align = properties.find(f"{W}vertAlign") if properties is not None else None
        raised = align is not None and align.get(f"{W}val") == "superscript"
        for child in run:
            self._piece(child, look, line, raised)

    def _piece(self, child: _Element, look: Look, line: _Line, raised: bool) -> None:
        match child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "":
            case "t":
                line.say(child.text or "", look, raised=raised)
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
                self._ends += filter(None, [self._text_of(self._parts.ends.get(child.get(f"{W}id") or ""))])
            case "commentReference":
                if text := self._text_of(self._parts.comments.get(child.get(f"{W}id") or "")):
                    self._after.append(("notes", text, False))
            case "drawing" | "pict":
                self._drawing(child, look)
            case "object":
                self.skipped["embedded_object"] += 1
                self._drawing(child, look)
            case "ruby":
                self._inline(child, look, line)
            case "AlternateContent":
                for one in _choice(child):
                    self._piece(one, look, line, raised)

    def _note(self, notes: Mapping[str, _Element], reference: _Element, look: Look) -> None:
        if text := self._text_of(notes.get(reference.get(f"{W}id") or "")):
            self._after.append(("text", text, look.hidden))

    def _text_of(self, root: _Element | None) -> str:
        """The paragraphs of a note or comment, one a line."""
        if root is None or root.get(f"{W}type") in _NOTE_KINDS:
            return ""
        outer, self.flow = self.flow, Flow()
        kept, self._after = self._after, []
        boxes, self._boxes = self._boxes, []
        shown = len(self.shown)
        self._in_table += 1
        self._blocks(root)
        self._in_table -= 1
        self.flow.end_list()
        inner, self.flow = self.flow, outer
        self._after, self._boxes = kept, boxes
        del self.shown[shown:]
        return "\n".join(block.text for block in inner.blocks)

    def _drawing(self, drawing: _Element, look: Look) -> None:
        self._boxes += [box for box in drawing.iter(f"{W}txbxContent") if not _is_inside(box, drawing)]
        for art in drawing.iter("{urn:schemas-microsoft-com:vml}textpath"):
            if words := tidy(art.get("string") or ""):
                self._after.append(("text", words, look.hidden))
        for reference in drawing.iter("{*}chart", "{*}relIds"):
            is_chart = reference.tag.endswith("}chart")
            key = next((value for name, value in reference.items() if name.endswith("}id" if is_chart else "}dm")), "")
            root = self._parts.related(key) if key else None
            if root is not None and (words := chart_words(root) if is_chart else diagram_words(root)):
                self._after.append(("text", words, look.hidden))
        alternatives = [
            alternative_of(one) for one in drawing.iter("{*}docPr", "{*}cNvPr", "{urn:schemas-microsoft-com:vml}shape")
        ]
        said = list(dict.fromkeys(filter(None, alternatives)))
        self._after += [("alt", text, look.hidden) for text in said]
        pictures = sum(1 for _ in drawing.iter("{*}blip", "{urn:schemas-microsoft-com:vml}imagedata"))
        self.pictures += pictures
        if pictures and not said:
            self.skipped["picture_without_text"] += pictures

    def _look(self, paragraph: _Element) -> Look:
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        look = self._styles.of(style.get(f"{W}val") if style is not None else None)
        return with_paragraph(look, properties)


def _marked(parts: Iterable[str]) -> str:
    """Lines with RAISED in them, the parts between tabs apart."""
    lines = ["\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in "".join(parts).split("\n")]
    return "\n".join(line.strip() for line in lines if line.strip())


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
    return int(value) if value.isdigit() and int(value) <= 63 else 0


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
