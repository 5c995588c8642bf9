"""The body of a Rich Text as it grows: lines become paragraphs, cells become tables, notes stand behind both."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.extract.clean import one_line
from ingest.extract.flow import Flow
from ingest.extract.protocol import ExtractLimits
from ingest.extract.writer import Line, Look, Writer

__all__ = ["Body", "united"]


@dataclass(slots=True)
class _Paragraph:
    """What holds until `\\pard`."""

    look: Look
    in_table: bool = False


class Body:
    """The reader of control words says what it meets; `writer` has what was read."""

    def __init__(self, base: Look, usual_size: float, limits: ExtractLimits) -> None:
        """base: what a paragraph looks like that nothing was said of."""
        self.writer = Writer(has_headings=False, usual_size=usual_size, limits=limits)
        self._base = base
        self._paragraph = _Paragraph(base)
        self._line = Line()
        self._outer: list[tuple[Line, _Paragraph, Flow]] = []  # around a note, comment or box
        self._cell: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []

    @property
    def look(self) -> Look:
        """Of the paragraph."""
        return self._paragraph.look

    @look.setter
    def look(self, look: Look) -> None:
        self._paragraph.look = look

    def say(self, text: str, look: Look) -> None:
        self._line.say(text, look)

    # paragraphs

    def begin_paragraph(self) -> None:
        self._paragraph = _Paragraph(self._base)

    def is_list_item(self) -> None:
        self.look = replace(self.look, listed=True)

    def is_in_table(self) -> None:
        self._paragraph.in_table = True

    def end_paragraph(self) -> None:
        if self._paragraph.in_table:
            self.keep_in_cell()
        else:
            self._write_paragraph()

    def _write_paragraph(self) -> None:
        line = self._taken_line()
        if self._outer:  # it is written when the note or box ends
            self.writer.flow.say(line.text())
        else:
            self._end_table()
            self.writer.paragraph(line, self.look)

    def _taken_line(self) -> Line:
        line, self._line = self._line, Line()
        _unite(line)
        return line

    def end(self) -> None:
        if self._paragraph.in_table:  # cut off in the middle of a cell
            self.keep_in_cell()
        self._write_paragraph()
        self.writer.end()

    # tables

    def keep_in_cell(self) -> None:
        if text := one_line(self._taken_line().text()):
            self._cell.append(text)

    def end_cell(self, *, only_if_filled: bool = False) -> None:
        self.keep_in_cell()
        if self._cell or not only_if_filled:
            self._row.append("; ".join(self._cell))
            self._cell = []

    def end_row(self) -> None:
        self.end_cell(only_if_filled=True)
        self._rows.append(self._row)
        self._row = []

    def _end_table(self) -> None:
        if self._cell or self._row:
            self.end_row()
        rows, self._rows = self._rows, []
        if rows and not self.writer.table(lambda: rows):
            for row in rows:
                for text in row:
                    self.writer.flow.say(text)

    # notes, comments and text boxes, with paragraphs of their own

    def begin_part(self) -> None:
        self._outer.append((self._line, self._paragraph, self.writer.flow))
        self._line, self._paragraph, self.writer.flow = Line(), _Paragraph(self._base), Flow()

    def end_part(self, kind: str) -> None:
        """kind: footnote, endnote, annotation or box."""
        self._write_paragraph()
        self.writer.flow.end_list()
        text = "\n".join(block.text for block in self.writer.flow.blocks)
        self._line, self._paragraph, self.writer.flow = self._outer.pop()
        if kind == "endnote":
            self.writer.endnote(text)
        else:
            self.writer.aside("notes" if kind == "annotation" else "text", text)


def _unite(line: Line) -> None:
    """Two halves of a sign beyond the first plane make one; a lone half is none."""
    for parts in (line.seen, line.marked, line.unseen, line.raised):
        whole = "".join(parts)
        if re.search("[\ud800-\udfff]", whole):
            parts[:] = [united(whole)]


def united(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
