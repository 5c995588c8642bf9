"""Documents to passages, along their structure: pages, slides, headings, paragraphs, sentences. Pure and linear.

Every character that is not white space ends up in a passage, but for headings, which stand in the heading path of what
is below them. A passage with its context never has more tokens than the encoder reads, so nothing is silently cut off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.context import Contexts
from ingest.pieces import TokenLengths, cut_long, sentence_continues, unit_spans
from searchsvc.encode.load import Counter
from searchsvc.model import Block, Document, Passage
from searchsvc.text.prose import is_references_heading, matter_of

__all__ = ["CHUNKER", "chunk"]

# Part of the index's fingerprint: change it whenever other passages come out.
# tests/packaging/test_fingerprints.py tells when.
CHUNKER = "structure-2"

MAX_TOKENS = 256
TARGET_TOKENS = 200  # leaves room for the context, and for a section that is a little longer to stay whole
TINY_TOKENS = 20  # too little to be found by its meaning; joins its neighbour on the same page
LONG_HEADING_TOKENS = 24  # probably a paragraph in bold: passed on as text as well

_REFERENCES = "References"
_Path = tuple[tuple[int, str], ...]  # (offset, text) of each heading above


@dataclass(frozen=True, slots=True)
class _Place:
    """What no passage crosses."""

    kind: str
    number: int | None
    heading: str | None
    hidden: bool
    reference: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, table row or reference: [start, end) of the document's text. `path` has what stands above."""

    start: int
    end: int
    block: int
    place: _Place
    path: _Path
    bare: bool = False  # a heading with nothing below it


def chunk(
    document: Document, counter: Counter, *, max_tokens: int | None = None, target_tokens: int = TARGET_TOKENS
) -> tuple[Passage, ...]:
    """The passages of `document` in order, none overlapping, none blank.

    max_tokens: of a passage with context and special tokens; at most what the encoder reads, which is also the default
    (but not above 256). target_tokens: what passages of a long section have, about. Raises ValueError below 32.
    """
    limit = min(max_tokens or MAX_TOKENS, counter.max_tokens)
    if limit < 32:
        raise ValueError(f"passages of {limit} tokens are too short to carry their context; use at least 32")
    return _Chunker(document, counter, limit, min(target_tokens, limit)).passages()


class _Chunker:
    def __init__(self, document: Document, counter: Counter, limit: int, target: int) -> None:
        self.text, self.blocks, self.offsets = document.text, document.blocks, document.block_offsets
        self.counter, self.limit, self.target = counter, limit, target
        self.lengths = TokenLengths(self.text, counter)
        self.contexts = Contexts(document.title, counter, limit)

    def passages(self) -> tuple[Passage, ...]:
        drafts: list[_Unit] = []
        for units in self._groups(self._joined(self._units())):
            drafts += self._pack(units)
        made = [self._passage(draft) for draft in self._without_tiny(drafts)]
        return tuple(
            replace(passage, ordinal=at, matter=matter_of(passage.text, passage.heading_path))
            for at, passage in enumerate(self._fitting(made))
        )

    # units

    def _units(self) -> list[_Unit]:
        paths = self._paths()
        spoken_for = {
            offset
            for block, path in zip(self.blocks, paths, strict=True)
            if (block.role != "heading" or block.locator.kind == "slide") and block.text.strip()
            for offset, _ in path
        }
        stretches = _stretches(self.blocks)
        units: list[_Unit] = []
        for at, (block, offset, path) in enumerate(zip(self.blocks, self.offsets, paths, strict=True)):
            where, place = block.locator, _place(block, stretches[at])
            bare = False
            if block.role == "heading" and where.kind != "slide":
                long = self.lengths.tokens(offset, offset + len(block.text)) > LONG_HEADING_TOKENS
                if offset in spoken_for and not long:
                    continue
                bare = offset not in spoken_for
                path = path if long and not bare else path[:-1]
                place = replace(place, heading=None) if bare else place
            elif block.role == "reference" and not any(is_references_heading(heading) for _, heading in path):
                path = (*path, (-1, _REFERENCES))
            for start, end in unit_spans(block.text, block.role):
                units.append(_Unit(offset + start, offset + end, at, place, path, bare))
        return units

    def _paths(self) -> list[_Path]:
        """The headings above each block; a heading's own path ends with itself. A slide's title holds for its slide."""
        paths: list[_Path] = []
        above: list[tuple[int, Block, int]] = []
        for block, offset in zip(self.blocks, self.offsets, strict=True):
            here = (block.locator.kind, block.locator.number)
            above = [entry for entry in above if not _is_title_of_another_slide(entry[1], here)]
            if block.role == "heading" and block.text.strip():
                level = block.level or 1
                above = [entry for entry in above if entry[0] < level] + [(level, block, offset)]
            paths.append(tuple((offset, " ".join(heading.text.split())) for _, heading, offset in above))
        return paths

    def _joined(self, units: Sequence[_Unit]) -> list[_Unit]:
        """The rest of a sentence that a page break cuts goes to the page where it starts."""
        joined: list[_Unit] = []
        for unit in units:
            if joined and self._goes_on(joined[-1], unit):
                joined[-1] = replace(joined[-1], end=unit.end)
            else:
                joined.append(unit)
        return joined

    def _goes_on(self, before: _Unit, after: _Unit) -> bool:
        if before.place.kind != "page" or after.place.kind != "page" or before.path != after.path:
            return False
        if (
            before.place.number == after.place.number
            or before.place.hidden != after.place.hidden
            or before.bare
            or after.bare
        ):
            return False
        if self.blocks[before.block].role != "text" or self.blocks[after.block].role != "text":
            return False
        ends, begins = self.text[max(before.start, before.end - 8) : before.end], self.text[after.start]
        return sentence_continues(ends, begins) and self.lengths.cost(before.start, after.end) <= self._room(
            before.path
        )

    def _groups(self, units: Sequence[_Unit]) -> Iterable[list[_Unit]]:
        """Units that may share a passage. A slide whose text and notes do not fit together gives its notes apart."""
        for (place, _), members in groupby(units, key=lambda u: (u.place, None if u.place.kind == "slide" else u.path)):
            group = list(members)
            if place.kind == "slide" and self.lengths.cost(group[0].start, group[-1].end) > self._room(group[-1].path):
                for _, part in groupby(group, key=lambda unit: self.blocks[unit.block].role == "notes"):
                    yield list(part)
            else:
                yield group

    # passages

    def _pack(self, group: list[_Unit]) -> list[_Unit]:
        """Passages of about equal length near the target, each a run of whole units where they fit."""
        cost = self.lengths.cost
        room = self._room(max((unit.path for unit in group), key=len))
        total = cost(group[0].start, group[-1].end)
        if total <= room:
            return [_spanning(group)]
        target = min(self.target, room)
        goal = min(room, math.ceil(total / math.ceil(total / target)))
        short = [piece for unit in group for piece in self._short(unit, room)]
        packed: list[list[_Unit]] = [[short[0]]]
        for unit in short[1:]:
            start = packed[-1][0].start
            now, joined = cost(start, packed[-1][-1].end), cost(start, unit.end)
            overshoots = joined > goal and joined - goal > goal - now
            paragraph = unit.block != packed[-1][-1].block and now >= 0.75 * goal and joined > 0.9 * goal
            if joined > room or overshoots or paragraph:
                packed.append([unit])
            else:
                packed[-1].append(unit)
        return [_spanning(units) for units in packed]

    def _short(self, unit: _Unit, room: int) -> list[_Unit]:
        if self.lengths.cost(unit.start, unit.end) <= room:
            return [unit]
        return [
            replace(unit, start=start, end=end) for start, end in cut_long(self.lengths, unit.start, unit.end, room)
        ]

    def _without_tiny(self, drafts: Sequence[_Unit]) -> list[_Unit]:
        """Tiny passages join what is before or after them on the same page; headings between then stand in the text."""
        kept: list[_Unit] = []
        at = 0
        while at < len(drafts):
            draft = drafts[at]
            following = drafts[at + 1] if at + 1 < len(drafts) else None
            if self.lengths.cost(draft.start, draft.end) >= TINY_TOKENS:
                kept.append(draft)
            elif kept and kept[-1].path == draft.path and self._together(kept[-1], draft, kept[-1].path):
                kept[-1] = replace(kept[-1], end=draft.end)
            elif (
                following and _is_above(draft.path, following.path) and self._together(draft, following, following.path)
            ):
                kept.append(replace(following, start=draft.start, block=draft.block))
                at += 1
            elif kept and self._together(kept[-1], draft, kept[-1].path):
                kept[-1] = replace(kept[-1], end=draft.end)
            else:
                kept.append(draft)
            at += 1
        return kept

    def _together(self, one: _Unit, other: _Unit, path: _Path) -> bool:
        return one.place == other.place and self.lengths.cost(one.start, other.end) <= self._room(path)

    def _passage(self, draft: _Unit) -> Passage:
        return Passage(
            ordinal=0,
            text=self.text[draft.start : draft.end],
            start=draft.start,
            end=draft.end,
            locator=self.blocks[draft.block].locator,
            heading_path=tuple(heading for _, heading in draft.path),
            context=self.contexts.of(tuple(heading for offset, heading in draft.path if offset < draft.start)),
            hidden=draft.place.hidden,
        )

    def _fitting(self, passages: Sequence[Passage]) -> list[Passage]:
        """Cut in half what the encoder counts as too long after all, since tokens of parts do not always add up."""
        fitting: list[Passage] = []
        counts = self.counter.count([passage.encoder_input for passage in passages])
        for passage, count in zip(passages, counts, strict=True):
            if count <= self.limit:
                fitting.append(passage)
            elif passage.end - passage.start == 1:
                fitting.append(replace(passage, context=""))
            else:
                half = max(1, math.ceil(self.lengths.cost(passage.start, passage.end) / 2))
                spans = cut_long(self.lengths, passage.start, passage.end, half)
                if len(spans) == 1:
                    middle = (passage.start + passage.end) // 2
                    spans = [(passage.start, middle), (middle, passage.end)]
                parts = [
                    replace(passage, text=self.text[start:end], start=start, end=end)
                    for start, end in spans
                    if self.text[start:end].strip()
                ]
                fitting += self._fitting(parts)
        return fitting

    def _room(self, path: _Path) -> int:
        return self.contexts.room(tuple(heading for _, heading in path))


def _stretches(blocks: Sequence[Block], *, silence_s: int = 120) -> list[int]:
    """Of each block of speech, which stretch without a long silence it belongs to: what is said flows on.

    silence_s: between the beginnings of two paragraphs, which last half a minute.
    """
    stretches, stretch, before = [], 0, 0
    for block in blocks:
        second = block.locator.number or 0
        stretch += block.locator.kind == "time" and second - before > silence_s
        before = second
        stretches.append(stretch)
    return stretches


def _place(block: Block, stretch: int) -> _Place:
    where = block.locator
    heading = where.heading if where.kind == "heading" else None
    number = stretch if where.kind == "time" else where.number
    return _Place(where.kind, number, heading, block.hidden, block.role == "reference")


def _spanning(units: Sequence[_Unit]) -> _Unit:
    """From the first to the last; the path of the first that is more than a heading of its slide."""
    path = next((unit.path for unit in units if not unit.path or unit.path[-1][0] != unit.start), units[-1].path)
    return replace(units[0], end=units[-1].end, path=path)


def _is_above(path: _Path, other: _Path) -> bool:
    return other[: len(path)] == path


def _is_title_of_another_slide(heading: Block, here: tuple[str, int | None]) -> bool:
    where = heading.locator
    if where.kind != "slide" or (where.kind, where.number) == here:
        return False
    return where.heading is None or where.heading == heading.text
