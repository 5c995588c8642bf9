"""The body of a text of OpenDocument, in the order in which a reader meets it.

What was deleted stands in a part of its own, which is left out; insertions stand in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line
from ingest.extract.formulas import formula_text
from ingest.extract.odt.styles import TEXT, Styles
from ingest.extract.pptx.shapes import alternative_text
from ingest.extract.protocol import ExtractLimits
from ingest.extract.writer import Line, Look, Writer

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Body"]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_LEFT_OUT = frozenset(
    [f"{TEXT}{tag}" for tag in ("tracked-changes", "table-of-content", "illustration-index", "table-index",
                                "object-index", "user-index", "alphabetical-index", "note-citation", "ruby-text",
                                "sequence-decls", "variable-decls", "user-field-decls")]
    + [f"{_OFFICE}{tag}" for tag in ("forms", "event-listeners", "annotation-end", "scripts")]
    + [f"{_SVG}title", f"{_SVG}desc"]
)  # fmt: skip
_MOST_REPEATED = 63  # cells: what is repeated more often is empty space


class Body:
    """`writer` has what was read."""

    def __init__(
        self, root: _Element, styles: Styles, part: Callable[[str], _Element | None], limits: ExtractLimits
    ) -> None:
        """part: the XML of what the body refers to by its address in the zip."""
        self._part = part
        has_headings = next(root.iter(f"{TEXT}h"), None) is not None
        self.writer = Writer(has_headings=has_headings, usual_size=styles.base.size, limits=limits)
        self._styles = styles
        self._controls = {one.get(f"{_FORM}id") or "": _said_by(one) for one in root.iter(f"{_FORM}*")}
        self._blocks(root, listed=False, hidden=False)
        self.writer.end()

    def _blocks(self, root: _Element, *, listed: bool, hidden: bool) -> None:
        for element in root:
            tag = element.tag
            if tag in _LEFT_OUT or not isinstance(tag, str):
                continue
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                self._paragraph(element, listed=listed, hidden=hidden)
            elif tag in (f"{TEXT}list", f"{TEXT}list-item", f"{TEXT}list-header"):
                self._blocks(element, listed=True, hidden=hidden)
            elif tag == f"{TEXT}section":
                unseen = element.get(f"{TEXT}display") == "none"
                self._blocks(element, listed=listed, hidden=hidden or unseen)
            elif tag == f"{_TABLE}table":
                self._table(element)
            elif tag.startswith(_DRAW):
                self._drawn(element, self._styles.base)
                self.writer.flush()
            elif tag == f"{_OFFICE}annotation":
                self._comment(element)
            else:
                self._blocks(element, listed=listed, hidden=hidden)

    def _paragraph(self, element: _Element, *, listed: bool, hidden: bool) -> None:
        look = self._styles.of(element.get(f"{TEXT}style-name"))
        if element.tag == f"{TEXT}h":
            level = element.get(f"{TEXT}outline-level") or "1"
            look = replace(look, level=min(int(level), 9) if level.isdecimal() else 1, rank="heading")
        line = Line()
        self._inline(element, replace(look, hidden=look.hidden or hidden), line)
        self.writer.paragraph(line, replace(look, listed=listed))

    def _inline(self, element: _Element, look: Look, line: Line) -> None:
        line.say(" ".join(element.text.split("\n")) if element.text else "", look)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                self._piece(child, look, line)
            line.say(" ".join(child.tail.split("\n")) if child.tail else "", look)

    def _piece(self, child: _Element, look: Look, line: Line) -> None:
        tag = child.tag
        if tag == f"{TEXT}s":
            line.say(" ", look)
        elif tag == f"{TEXT}tab":
            line.say("\t", look)
        elif tag == f"{TEXT}line-break":
            line.say("\n", look)
        elif tag == f"{TEXT}note":
            self._note(child, look)
        elif tag == f"{_OFFICE}annotation":
            self._comment(child)
        elif tag in (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"):
            line.say(child.get(f"{TEXT}string-value") or child.text or "", replace(look, hidden=True))
        elif tag.startswith(_DRAW):
            if formula := self._formula(child):
                line.say(formula, look)
            else:
                line.say(" ", look)  # what stands on either side of a picture is not one word
                self._drawn(child, look)
        elif tag == f"{_MATH}math":
            line.say(formula_text(child), look)
        else:
            name = child.get(f"{TEXT}style-name") if tag == f"{TEXT}span" else None
            self._inline(child, self._styles.of(name, look) if name else look, line)

    def _note(self, note: _Element, look: Look) -> None:
        body = note.find(f"{TEXT}note-body")
        if body is None:
            return
        text = self.writer.note(lambda: self._blocks(body, listed=False, hidden=False))
        if note.get(f"{TEXT}note-class") == "endnote":
            self.writer.endnote(text)
        else:
            self.writer.aside("text", text, hidden=look.hidden)

    def _comment(self, comment: _Element) -> None:
        paragraphs = (one_line("".join(one.itertext())) for one in comment.iter(f"{TEXT}p"))
        self.writer.aside("notes", "\n".join(text for text in paragraphs if text))

    def _drawn(self, drawn: _Element, look: Look) -> None:
        """A frame, shape or group with all that is in it."""
        for box in drawn.iter(f"{_DRAW}text-box"):
            if not any(above.tag == f"{_DRAW}text-box" and _is_within(above, drawn) for above in box.iterancestors()):
                self.writer.box(lambda box=box: self._blocks(box, listed=False, hidden=look.hidden))  # type: ignore[misc]
        if next(drawn.iter(f"{_DRAW}text-box"), None) is None and next(drawn.iter(f"{TEXT}p"), None) is not None:
            self.writer.box(lambda: self._blocks(drawn, listed=False, hidden=look.hidden))
        said = [alternative_text(one.findtext(f"{_SVG}desc") or "", one.findtext(f"{_SVG}title") or "")
                for one in drawn.iter() if isinstance(one.tag, str) and one.tag.startswith(_DRAW)]  # fmt: skip
        if drawn.tag == f"{_DRAW}control":
            self.writer.aside("text", self._controls.get(drawn.get(f"{_DRAW}control") or "", ""), hidden=look.hidden)
        is_object = next(drawn.iter(f"{_DRAW}object", f"{_DRAW}object-ole"), None)
        pictures = 0 if is_object is not None else sum(1 for _ in drawn.iter(f"{_DRAW}image"))
        self.writer.pictured(pictures, said, hidden=look.hidden)
        if is_object is not None:
            if formula := self._formula(drawn):
                self.writer.aside("text", formula, hidden=look.hidden)
            else:
                self.writer.skip("embedded_object")

    def _formula(self, drawn: _Element) -> str:
        """What a frame says whose object is a formula."""
        held = drawn.find(f"{_DRAW}object")
        if held is None:
            return ""
        formula = held.find(f"{_MATH}math")
        if formula is None:
            address = (held.get("{http://www.w3.org/1999/xlink}href") or "").removeprefix("./").strip("/")
            root = self._part(f"{address}/content.xml") if address else None
            formula = root if root is not None and root.tag == f"{_MATH}math" else None
        return one_line(formula_text(formula)) if formula is not None else ""

    def _table(self, table: _Element) -> None:
        rows = list(_rows(table))
        nested = next(table.iterdescendants(f"{_TABLE}table"), None) is not None
        if not nested and self.writer.table(lambda: [self._row(row) for row in rows]):
            return
        for row in rows:
            for cell in row:
                if cell.tag == f"{_TABLE}table-cell":
                    self._blocks(cell, listed=False, hidden=False)

    def _row(self, row: _Element) -> list[str]:
        texts: list[str] = []
        for cell in row:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            text = self.writer.cell(lambda cell=cell: self._blocks(cell, listed=False, hidden=False))  # type: ignore[misc]
            repeated = cell.get(f"{_TABLE}number-columns-repeated") or "1"
            many = int(repeated) if repeated.isdecimal() and len(repeated) < 6 else _MOST_REPEATED
            times = max(1, min(many, _MOST_REPEATED))
            self.writer.make_room(len(text) * (times - 1))
            texts += [text] * times
        return texts


def _said_by(control: _Element) -> str:
    """The label of a form's control with what is filled in or chosen."""
    label = one_line(control.get(f"{_FORM}label"))
    value = one_line(control.get(f"{_FORM}current-value"))
    chosen = [one_line(one.get(f"{_FORM}label")) for one in control.iter(f"{_FORM}option")
              if one.get(f"{_FORM}current-selected") == "true"]  # fmt: skip
    return ": ".join(text for text in (label, ", ".join(filter(None, chosen)) or value) if text)


def _rows(table: _Element) -> Iterator[_Element]:
    for element in table:
        if element.tag == f"{_TABLE}table-row":
            yield element
        elif element.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
            yield from _rows(element)


def _is_within(element: _Element, outer: _Element) -> bool:
    return element is outer or any(one is outer for one in element.iterancestors())
