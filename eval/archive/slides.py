"""The text of a presentation as slides: titles, bullets, tables, boxes, pictures and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from eval.archive.markdown import Inlines, Items, MarkdownParagraph, Table, blocks, inlines, plain
from eval.archive.source import ArchiveSource, PresentationFront

__all__ = ["Boxes", "Slide", "SlidePicture", "SlideText", "read_slides"]

_DIRECTIVE = re.compile(r"^(hidden|section):\s*(.*)$")
_BLOCK = re.compile(r"^:::\s*(\w+)\s*(.*)$")


@dataclass(frozen=True, slots=True)
class SlideText:
    """Lines in the body of a slide. A line's level: None for a line without bullet, 0 and 1 for bullets."""

    lines: tuple[tuple[int | None, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlidePicture:
    alternative: str


@dataclass(slots=True)
class Slide:
    title: str
    hidden: bool = False
    section: str | None = None
    notes: str = ""
    parts: list[SlideText | Table | Boxes | SlidePicture] = field(default_factory=list)


def read_slides(source: ArchiveSource[PresentationFront]) -> list[Slide]:
    """The slides of the body. Raises SourceError: no title, a block that does not end, what has no place on a slide."""
    slides: list[Slide] = []
    chunk: list[str] = []
    start = 0
    lines = source.body.split("\n")
    for number, line in enumerate([*lines, "---"]):
        if line.rstrip() != "---":
            chunk.append(line)
            continue
        if any(one.strip() for one in chunk):
            slides.append(_slide(source, chunk, start))
        chunk, start = [], number + 1
    return slides


def _slide(source: ArchiveSource[PresentationFront], lines: list[str], start: int) -> Slide:
    at = next(number for number, line in enumerate(lines) if line.strip())
    if not lines[at].startswith("# "):
        raise source.fault("a slide begins with `# Title`", start + at)
    slide = Slide(plain(inlines(lines[at][2:].strip())))
    at += 1
    while at < len(lines) and (match := _DIRECTIVE.match(lines[at])):
        if match[1] == "section" and match[2].strip():
            slide.section = match[2].strip()
        elif match[1] == "hidden" and match[2].strip() in ("true", "false"):
            slide.hidden = match[2].strip() == "true"
        else:
            raise source.fault(f"{match[1]}: {match[2]} means nothing", start + at)
        at += 1
    pending: list[str] = []
    pending_start = at
    while at < len(lines):
        if not lines[at].startswith(":::"):
            if _DIRECTIVE.match(lines[at]):
                raise source.fault("hidden: and section: stand directly below the title", start + at)
            pending.append(lines[at])
            at += 1
            continue
        _flow(source, slide, pending, start + pending_start)
        at = _block(source, slide, lines, at, start)
        pending, pending_start = [], at
    _flow(source, slide, pending, start + pending_start)
    return slide


def _block(source: ArchiveSource[PresentationFront], slide: Slide, lines: list[str], at: int, start: int) -> int:
    """Reads a `:::` block into `slide`; returns where the next line is."""
    match = _BLOCK.match(lines[at])
    if not match or match[1] not in ("group", "notes", "alt"):
        raise source.fault(f"{lines[at].strip()} opens nothing: there are :::group, :::notes and :::alt", start + at)
    if match[1] == "alt":
        if not match[2].strip():
            raise source.fault(":::alt is followed by the alternative text on the same line", start + at)
        slide.parts.append(SlidePicture(match[2].strip()))
        closed = at + 1 < len(lines) and lines[at + 1].strip() == ":::"
        return at + (2 if closed else 1)
    if match[2].strip():
        raise source.fault(f"the text of :::{match[1]} begins on the next line", start + at)
    end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith(":::")), None)
    if end is None or lines[end].strip() != ":::":
        raise source.fault(f":::{match[1]} is not closed by a line :::", start + at)
    inside = [line.strip() for line in lines[at + 1 : end]]
    if match[1] == "group":
        texts = tuple(plain(inlines(re.sub(r"^[-*]\s+", "", line))) for line in inside if line)
        if not 2 <= len(texts) <= 12:
            raise source.fault(f"a group has 2 to 12 boxes, this one {len(texts)}", start + at)
        slide.parts.append(Boxes(texts))
    else:
        paragraphs = re.split(r"\n{2,}", "\n".join(inside).strip())
        slide.notes = "\n".join(plain(inlines(" ".join(one.split()))) for one in paragraphs)
    return end + 1


def _flow(source: ArchiveSource[PresentationFront], slide: Slide, lines: list[str], first_line: int) -> None:
    """Bullets, lines and tables between the `:::` blocks."""
    gathered: list[tuple[int | None, Inlines]] = []
    for block in blocks(source, "\n".join(lines), first_line):
        if isinstance(block, MarkdownParagraph):
            gathered.append((None, block.inlines))
        elif isinstance(block, Items):
            if block.ordered or any(depth > 1 for depth, _ in block.items):
                raise source.fault("slides have bullets of two levels, without numbers", block.line)
            gathered += block.items
        elif isinstance(block, Table):
            if gathered:
                slide.parts.append(SlideText(tuple(gathered)))
            gathered = []
            slide.parts.append(block)
        else:
            raise source.fault(f"no place for a {type(block).__name__.lower()} below a slide's title", block.line)
    if gathered:
        slide.parts.append(SlideText(tuple(gathered)))
