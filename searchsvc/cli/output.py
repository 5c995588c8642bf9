"""What people and programs read: tables, passages with their words marked, JSON.

What stands in the archive was written by strangers: it reaches a terminal without control characters.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape as _escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from searchsvc.api.resources.schemas import ResourceBody
    from searchsvc.api.schemas import NamedBody, PassageBody

__all__ = [
    "as_json",
    "band_mark",
    "console",
    "escape",
    "named",
    "plain",
    "said",
    "shorten",
    "show_passage",
    "show_resource",
    "show_rows",
    "with_ids",
]

_AROUND = 320  # characters of a passage that are shown around its first marked word
_BANDS = {"strong": "green", "fair": "yellow", "weak": "dim"}
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\ufffd") | dict.fromkeys(map(ord, "\t\n\r"), " ")
_READABLE = 100  # columns; longer lines are hard to read
_HANGING = 3  # columns
_NARROW = 20  # columns; less is not filled
_PIPE = 1_000_000  # columns of what is no terminal: one line for one thing


class _Screen(Console):
    """A line that is too long goes on further right than it began, so that where things begin can be seen."""

    def print(self, *objects: Any, **options: Any) -> None:
        if self.soft_wrap or options or len(objects) != 1 or not isinstance(objects[0], str):
            super().print(*objects, **options)
            return
        for line in self.render_str(objects[0]).split("\n", allow_blank=True):
            super().print(self._hung(line))

    def _hung(self, line: Text) -> Text:
        if line.cell_len <= self.width:
            return line
        before = len(line.plain) - len(line.plain.lstrip())
        after = before + (2 if before else _HANGING)
        first, *others = line[before:].wrap(self, max(self.width - after, _NARROW))
        return Text("\n").join([Text(" " * before) + first, *(Text(" " * after) + other for other in others)])


@cache
def console(*, to_errors: bool = False) -> Console:
    """Lines are wrapped at a terminal, and where COLUMNS asks for it."""
    wraps = (sys.stderr if to_errors else sys.stdout).isatty() or "COLUMNS" in os.environ
    return _Screen(stderr=to_errors, highlight=False, soft_wrap=not wraps, width=None if wraps else _PIPE)


def as_json(body: Any) -> None:
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(body, sys.stdout, ensure_ascii=not unicode, indent=2)
    sys.stdout.write("\n")


def plain(text: str) -> str:
    """Of the same length, with nothing that moves a cursor or changes a colour."""
    return text.translate(_CONTROLS)


def escape(text: str) -> str:
    """Fit to stand in what rich prints: neither control characters nor markup."""
    return _escape(plain(text))


def band_mark(band: str) -> str:
    """How relevant something is, in a colour."""
    return f"[{_BANDS.get(band, 'dim')}]{band}[/]"


def named(values: Sequence[NamedBody]) -> str:
    return ", ".join(value.name for value in values)


def with_ids(values: Sequence[NamedBody]) -> str:
    """As other commands want them."""
    return ", ".join(f"{value.name} [{value.id}]" for value in values)


def shorten(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def said(markup: str, *, at: int = 3) -> None:
    """One thing. at: the column where it begins."""
    console().print(" " * at + markup)


def show_rows(rows: Sequence[Sequence[str]]) -> None:
    """What is bold, what it is called, and the rest of it; as a table at a terminal. Each cell may have markup."""
    out = console()
    if out.soft_wrap:
        for row in rows:
            out.print("  ".join(cell for cell in row if cell))
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for _ in rows[0] if rows else ():
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def show_resource(resource: ResourceBody, *, number: int | None = None, band: str | None = None) -> None:
    """Two lines: title; kind, authors, year and id."""
    head = f"[bold]{number}.[/] " if number is not None else ""
    mark = f"  {band_mark(band)}" if band else ""
    console().print(f"{head}[bold]{escape(resource.title)}[/]{mark}")
    authors = [author.name for author in resource.authors]
    who = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
    facts = [resource.kind, who or resource.site, _dated(resource)]
    if resource.language not in (None, "en"):
        facts.append(f"in {resource.language}")
    line = " · ".join(str(fact) for fact in facts if fact)
    _indented(Text(plain(f"{line} · id {resource.id}"), style="dim"))


def _dated(resource: ResourceBody) -> str | None:
    if resource.date is None or resource.date_kind in ("published", "held"):
        return resource.date
    presented = resource.date_kind == "presented"
    return f"presented {resource.date}" if presented else f"as of {resource.date} ({resource.date_kind})"


def show_passage(passage: PassageBody, *, label: str = "") -> None:
    """The part of the passage around its marked words, and where it stands."""
    where = " · ".join(part for part in (label, plain(passage.locator.label)) if part)
    text = Text()
    if where:
        text.append(f"{where}: ", style="cyan")
    read = passage.reading or passage
    text.append_text(_excerpt(plain(read.text), read.highlights, read.answer))
    _indented(text)
    if passage.media_href:
        _indented(Text(plain(passage.media_href), style="dim"))


def _indented(text: Text) -> None:
    out = console()
    if out.soft_wrap:
        out.print(Text("   ").append_text(text))
    else:
        out.print(Padding(text, (0, 0, 0, 3), expand=False), width=min(out.width, _READABLE))


def _excerpt(full: str, highlights: Sequence[Sequence[int]], answer: Sequence[int] | None = None) -> Text:
    """From the sentence that answers, where one does and the passage is long."""
    start = max(0, highlights[0][0] - _AROUND // 4) if highlights else 0
    if answer is not None:
        start = answer[0] if len(full) > _AROUND else 0
    while 0 < start < len(full) and not full[start - 1].isspace():
        start -= 1
    end = min(len(full), start + _AROUND)
    while end < len(full) and not full[end].isspace():
        end += 1
    shown = Text(("…" if start else "") + full[start:end] + ("…" if end < len(full) else ""))
    shift = (1 if start else 0) - start
    if answer is not None:
        shown.stylize("underline", answer[0] + shift, min(answer[1], end) + shift)
    for left, right in highlights:
        if left >= start and right <= end:
            shown.stylize("bold yellow", left + shift, right + shift)
    return shown
