"""Blocks from a document that flows: headings, paragraphs, lists and tables, written down one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.extract.clean import one_line, tidy
from searchsvc.model import Block, Locator, Role

__all__ = ["Flow", "in_one_line", "is_layout", "row_text"]

_LONGEST_CELL = 1500  # characters: a table with more in a cell places text


@dataclass(slots=True)
class Flow:
    """A list, however deep, becomes one block with an item a line; a table one with a row a line."""

    blocks: list[Block] = field(default_factory=list)
    heading: str | None = None
    _items: list[str] = field(default_factory=list)
    _hidden_items: bool = False

    def head(self, text: str, level: int, *, hidden: bool = False) -> None:
        self.end_list()
        if text := one_line(text):
            self.heading = text
            self._add(text, "heading", min(max(level, 1), 6), hidden)

    def say(self, text: str, role: Role = "text", *, hidden: bool = False) -> None:
        self.end_list()
        if text := tidy(text):
            self._add(text, role, 0, hidden)

    def item(self, text: str, *, hidden: bool = False) -> None:
        if self._items and hidden != self._hidden_items:
            self.end_list()
        if text := one_line(text):
            self._hidden_items = hidden
            self._items.append(text)

    def table(self, rows: Iterable[Sequence[str]], *, hidden: bool = False) -> None:
        self.end_list()
        if text := "\n".join(line for row in rows if (line := row_text(row))):
            self._add(text, "table", 0, hidden)

    def end_list(self) -> None:
        if self._items:
            items, self._items = self._items, []
            self._add("\n".join(items), "text", 0, self._hidden_items)

    def _add(self, text: str, role: Role, level: int, hidden: bool) -> None:
        self.blocks.append(Block(text, Locator("heading", heading=self.heading), role, level, hidden))


def row_text(cells: Sequence[str]) -> str:
    """A row of a table as all extractors write it."""
    return " | ".join(cells).rstrip(" |") if any(cells) else ""


def in_one_line(blocks: Iterable[Block]) -> str:
    """The text of a cell: a semicolon between what stood on lines of their own in it."""
    return "; ".join(one_line(line) for block in blocks for line in block.text.split("\n"))


def is_layout(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table only places text, which is then read through, cell by cell."""
    return max(map(len, rows), default=0) < 2 or any(len(cell) > _LONGEST_CELL for row in rows for cell in row)
