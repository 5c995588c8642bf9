"""A web page as its blocks, with passages found in them and words marked. Pure; the templates escape all text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.facsimile.values import Part, Picture, Span
from searchsvc.catalogue import StoredPassage
from searchsvc.text.folding import folded
from searchsvc.web.search.highlight import Piece, pieces
from searchsvc.web.search.views import Mark

__all__ = ["PageBlock", "PageGroup", "PageText", "page_text"]

_PROBES = (60, 30, 16)  # letters of a passage's beginning or end that are looked for
_HIGHEST, _LOWEST = 2, 6  # headings; the first is the title's
_LEAST_CONTENTS, _MOST_CONTENTS = 3, 40  # headings
_LEAST_FOUND = 0.5  # of a passage's letters, else it is shown by itself

Veil = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PageSpan:
    pieces: tuple[Piece, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class PageBlock:
    """part: for its kind, level and marker. anchors: ids of the passages that begin in it. within: of all that
    stand in it. anchor: of a heading. current: of the passage asked for. picture: an address of data."""

    part: Part
    level: int = 0
    spans: tuple[PageSpan, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    anchors: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    anchor: str = ""
    current: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Blocks in a row: items of one list, or one other block. numbered: a list with numbers."""

    blocks: tuple[PageBlock, ...]
    items: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """contents: headings of the two highest levels, where there are some.

    beside: ids of the passages that are not in the page's own words, such as what it declares of itself.
    """

    groups: tuple[PageGroup, ...]
    beside: frozenset[str]
    contents: tuple[PageBlock, ...] = ()


def page_text(
    parts: Sequence[Part], passages: Sequence[StoredPassage], *, title: str, current: str | None, mark: Mark, veil: Veil
) -> PageText:
    """title: of the resource, not to be said again. current: a passage. veil: hides names, and keeps the length."""
    texts = [veil(part.text) for part in parts]
    places, beside = _places(texts, passages)
    begins: dict[int, list[str]] = {}
    for one, (first, _) in places.items():
        begins.setdefault(first, []).append(one)
    within: dict[int, list[str]] = {}
    for one, (first, last) in places.items():
        for at in range(first, last + 1):
            within.setdefault(at, []).append(one)
    named = next((at for at, part in enumerate(parts[:3]) if _says(part, title)), None)
    level, blocks, carried = _HIGHEST - 1, list[PageBlock](), list[str]()
    for at, part in enumerate(parts):
        carried += begins.get(at, ())
        if at == named:
            continue
        if part.kind == "heading":
            level = min(max(_HIGHEST, part.level), level + 1, _LOWEST)
        block = _block(part, texts[at], level, mark, veil, tuple(carried), tuple(within.get(at, ())), current)
        blocks.append(replace(block, anchor=f"part-{at}") if part.kind == "heading" else block)
        carried = []
    contents = [one for one in blocks if one.part.kind == "heading" and one.level <= _HIGHEST + 1][:_MOST_CONTENTS]
    enough = len(contents) >= _LEAST_CONTENTS
    return PageText(tuple(_groups(blocks)), frozenset(beside), tuple(contents) if enough else ())


def _says(part: Part, title: str) -> bool:
    return part.kind == "heading" and folded(part.text) == folded(title)


def _block(
    part: Part, text: str, level: int, mark: Mark, veil: Veil, anchors: tuple[str, ...], within: tuple[str, ...],
    current: str | None,
) -> PageBlock:  # fmt: skip
    spans, at = [], 0
    marks = mark(text) if part.spans else ()
    for span in part.spans:
        end = at + len(span.text)
        inside = [(max(a, at) - at, min(b, end) - at) for a, b in marks if a < end and b > at]
        spans.append(PageSpan(pieces(text[at:end], inside), span))
        at = end
    rows = tuple(tuple(_cell(cell, mark, veil) for cell in row) for row in part.rows)
    picture = _address(part.picture) if part.picture else ""
    here = current in within
    return PageBlock(part, level, tuple(spans), rows, anchors, within, current=here, picture=picture)


def _cell(text: str, mark: Mark, veil: Veil) -> tuple[Piece, ...]:
    shown = veil(text)
    return pieces(shown, mark(shown))


def _address(picture: Picture) -> str:
    if picture.media_type not in ("image/png", "image/jpeg"):
        return ""
    return f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"


def _groups(blocks: Sequence[PageBlock]) -> Iterator[PageGroup]:
    def kind(block: PageBlock) -> tuple[bool, bool]:
        return block.part.kind == "item", block.part.marker is not None

    for (items, numbered), some in groupby(blocks, key=kind):
        if items:
            yield PageGroup(tuple(some), True, numbered)
        else:
            yield from (PageGroup((one,)) for one in some)


def _places(texts: Sequence[str], passages: Sequence[StoredPassage]) -> tuple[Mapping[str, tuple[int, int]], set[str]]:
    """passage -> the first and the last block that it stands in; and those that stand in none."""
    whole, owner = "", list[int]()
    for at, text in enumerate(texts):
        letters = _letters(text)
        whole += letters
        owner += [at] * len(letters)
    found: dict[str, tuple[int, int]] = {}
    beside = set()
    after = 0
    for stored in passages:
        span = _stretch(whole, _letters(stored.passage.text), after)
        if span is None:
            beside.add(stored.id)
        else:
            found[stored.id] = owner[span[0]], owner[span[1] - 1]
            after = span[0]
    return found, beside


def _stretch(whole: str, wanted: str, after: int) -> tuple[int, int] | None:
    """Where a passage stands, by its beginning and its end where something within it was left out."""
    if not wanted or not whole:
        return None
    for start in (after, 0):
        if (at := whole.find(wanted, start)) >= 0:
            return at, at + len(wanted)
    for size in _PROBES:
        if size > len(wanted) * _LEAST_FOUND:
            continue
        first, last = whole.find(wanted[:size], after), whole.find(wanted[-size:], after)
        if first >= 0 and first <= last <= first + 3 * len(wanted):
            return first, last + size
        middle = wanted[len(wanted) // 2 :][:size]
        if last >= 0 and (half := whole.find(middle, max(0, last - len(wanted)))) >= 0 and half <= last:
            return half, last + size
        if first >= 0 and (half := whole.find(middle, first)) >= 0 and half <= first + len(wanted):
            return first, min(len(whole), half + size)
    return None


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum() or one == "█")
