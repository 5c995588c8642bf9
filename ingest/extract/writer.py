"""What all documents that flow have in common: paragraphs as they look become headings, items and text, in order.

A format's reader walks through its file and tells a Writer what it meets. Notes, comments, text boxes and alternative
texts stand after the paragraph or table that they belong to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.extract.clean import one_line, superscript, tidy, too_long
from ingest.extract.cover import FIRST_PARAGRAPHS, Shown
from ingest.extract.flow import Flow, in_one_line, is_layout
from ingest.extract.pdf.pages import RAISED
from ingest.extract.protocol import ExtractLimits
from searchsvc.doubts import Doubt
from searchsvc.model import Role

__all__ = ["Line", "Look", "Writer"]

_LIKE_A_HEADING = 100  # characters of a bold paragraph that may be a heading
_BULLETS = "•▪‣◦●○■□➢✓"  # what people type before an item, who make no list
_LARGER = 1.15  # times the usual letters


@dataclass(frozen=True, slots=True)
class Look:
    """level: 1-9 of a heading, 0 otherwise. size: in points. rank: title, subtitle, heading, caption, contents or
    nothing. listed: an item of a list."""

    level: int = 0
    size: float = 10.0
    bold: bool = False
    hidden: bool = False
    listed: bool = False
    rank: str = ""
    raised: bool = False


@dataclass(slots=True)
class Line:
    """The text of a paragraph as it grows: what is seen, and what is hidden."""

    seen: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)
    bold: Counter[bool] = field(default_factory=Counter)

    def say(self, text: str, look: Look) -> None:
        if look.hidden:
            self.unseen.append(text)
        elif look.raised:
            self.raised.append(text)
        else:
            self._end_raised()
            self.seen.append(text)
            self.marked.append(text)
            letters = len(text.strip())
            self.sizes[look.size] += letters
            self.bold[look.bold] += letters

    def text(self) -> str:
        self._end_raised()
        return tidy("".join(self.seen))

    def marks(self) -> str:
        """With RAISED at raised signs; lines without the space around, the parts between tabs apart."""
        self._end_raised()
        parts = "".join(self.marked).split("\n")
        lines = ["\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in parts]
        return "\n".join(line.strip() for line in lines if line.strip())

    def _end_raised(self) -> None:
        if self.raised:
            text, before = "".join(self.raised), "".join(self.seen[-20:])
            self.raised.clear()
            self.seen.append(superscript(before, text))
            mark = text.strip()
            self.marked.append(f"{mark}{RAISED}" if not before or before[-1].isspace() else f"{RAISED}{mark} ")


class Writer:
    """`flow` has the blocks; `shown` are the first paragraphs as they look."""

    def __init__(self, *, has_headings: bool, usual_size: float, limits: ExtractLimits) -> None:
        self.flow = Flow()
        self._limits, self._room = limits, limits.max_characters
        self.shown: list[Shown] = []
        self._skipped: Counter[tuple[str, str]] = Counter()
        self._heading = ""
        self.pictures = 0
        self.has_headings = has_headings
        self._usual = usual_size
        self._after: list[tuple[Role, str, bool]] = []
        self._boxes: list[Callable[[], None]] = []
        self._ends: list[str] = []
        self._within = 0

    def paragraph(self, line: Line, look: Look) -> None:
        """Raises LimitError, as all that writes: a part that is referred to often would make a large text of a small
        file.
        """
        text = "" if look.rank == "contents" else line.text()
        bold = line.bold[True] > line.bold[False]
        size = max(line.sizes, key=lambda one: (line.sizes[one], one), default=look.size)
        if text[:1] in _BULLETS and text[1:2].isspace():
            text, look = text[2:].lstrip(), replace(look, listed=True)
        level = look.level or (1 if look.rank == "title" and not self._within else 0)
        if text and not level and not self.has_headings and self._is_like_a_heading(text, look, size, line):
            level = 1 if size >= _LARGER * self._usual else 2
        self.make_room(len(text))
        if text:
            if len(self.shown) < FIRST_PARAGRAPHS:
                self.shown.append(Shown(text, line.marks(), size, bold, look.rank))
            if level and not self._within:
                self.flow.head(text, level)
                self._heading = one_line(text)
            elif look.listed and not level:
                self.flow.item(text)
            else:
                self.flow.say(text, "caption" if look.rank == "caption" else "text")
        if unseen := tidy("".join(line.unseen)):
            self.aside("text", unseen, hidden=True)
        self.flush()

    def _is_like_a_heading(self, text: str, look: Look, size: float, line: Line) -> bool:
        """Where nobody used styles: a short paragraph in bold or larger letters."""
        if self._within or look.listed or look.rank or len(text) > _LIKE_A_HEADING or "\n" in text:
            return False
        is_bold = line.bold[True] and not line.bold[False]
        return bool(is_bold or size >= _LARGER * self._usual) and not re.search(r"[.;,]$", text)

    def table(self, rows: Callable[[], Sequence[Sequence[str]]]) -> bool:
        """Whether `rows`, read by it, made a table. If not, it only places text, and nothing of it was written."""
        before = (len(self.shown), self._skipped.copy(), self.pictures, len(self._ends), len(self._after),
                  len(self._boxes), self._room)  # fmt: skip
        self._within += 1
        texts = rows()
        self._within -= 1
        if is_layout(texts):
            shown, self._skipped, self.pictures, ends, after, boxes, self._room = before
            del self.shown[shown:], self._ends[ends:], self._after[after:], self._boxes[boxes:]
            return False
        self.flow.table(texts)
        self.flush()
        return True

    def cell(self, read: Callable[[], None]) -> str:
        """What `read` writes, on one line."""
        return in_one_line(self._apart(read).blocks)

    def note(self, read: Callable[[], None]) -> str:
        """What `read` writes, a paragraph a line; nothing of it is of the first page, and it has no notes itself."""
        shown, after, boxes, room = len(self.shown), self._after, self._boxes, self._room
        self._after, self._boxes = [], []
        self._within += 1
        text = "\n".join(block.text for block in self._apart(read).blocks)
        self._within -= 1
        self._after, self._boxes, self._room = after, boxes, room  # it counts where it is written
        del self.shown[shown:]
        return text

    def _apart(self, read: Callable[[], None]) -> Flow:
        outer, self.flow = self.flow, Flow()
        read()
        self.flow.end_list()
        inner, self.flow = self.flow, outer
        return inner

    def aside(self, role: Role, text: str, *, hidden: bool = False) -> None:
        """To be written after the paragraph or table."""
        if text:
            self.make_room(len(text))
            self._after.append((role, text, hidden))

    def box(self, read: Callable[[], None]) -> None:
        """To be read after the paragraph or table."""
        self._boxes.append(read)

    def endnote(self, text: str) -> None:
        if text:
            self.make_room(len(text))
            self._ends.append(text)

    def make_room(self, characters: int) -> None:
        """For what is about to be written. Raises LimitError."""
        self._room -= characters
        if self._room < 0:
            raise too_long(self._limits)

    def skip(self, code: str, many: int = 1) -> None:
        """Something that cannot be read, below the present heading."""
        self._skipped[code, self._heading] += many

    def doubts(self) -> list[Doubt]:
        """What could not be read, by kind and heading; that there is no text at all before it."""
        found = [Doubt(code, many, place) for (code, place), many in self._skipped.items()]
        if any(block.role != "alt" for block in self.flow.blocks):
            return found
        return [Doubt("no_text_pictures", self.pictures) if self.pictures else Doubt("no_text"), *found]

    def pictured(self, pictures: int, said: Iterable[str], *, hidden: bool = False) -> None:
        """Pictures with their alternative texts."""
        texts = list(dict.fromkeys(filter(None, said)))
        for text in texts:
            self.aside("alt", text, hidden=hidden)
        self.pictures += pictures
        if pictures and not texts:
            self.skip("picture_without_text", pictures)

    def flush(self) -> None:
        if self._within:
            return
        after, self._after = self._after, []
        boxes, self._boxes = self._boxes, []
        if after or boxes:
            self.flow.end_list()
        for role, text, hidden in after:
            self.flow.say(text, role, hidden=hidden)
        for read in boxes:
            read()

    def end(self) -> None:
        self.flush()
        self.flow.end_list()
        if self._ends:
            self.flow.head("Endnotes", 1)
            for text in self._ends:
                self.flow.say(text)
