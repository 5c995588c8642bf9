"""A web page as readable blocks: headings, lists, tables, quotations, links. What runs in the sandbox.

Which of the page's blocks are its article was decided when it was taken in: only those are given whose words stand in
the text that was read then. Pictures are given where they are in the file itself; of others what they show.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingest.extract.clean import one_line
from ingest.extract.html.blocks import is_boilerplate, is_inline, is_unseen, rows_of
from ingest.extract.html.tree import decode_page, page_tree
from ingest.extract.packed import reading
from ingest.extract.pptx.shapes import alternative_text
from ingest.extract.protocol import ExtractLimits
from ingest.extract.unwrap import unwrapped
from ingest.facsimile.pictures import Budget
from ingest.facsimile.values import Part, Span

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["page"]

_TOO_LARGE = 4_000_000  # bytes of a page that is shown as its text only
_PICTURES = 3_000_000  # bytes
_MOST_PARTS = 20_000
_SHINGLE = 4  # words
_FOUND = 0.5  # of a block's shingles
_STRONG = 40  # characters: shorter blocks stand by chance in another place as well
_FOUND_IN_JUNK = 0.85  # of those of a block in what looks like a menu
_COVERED = 0.7  # of the shingles of the text; with less the page is shown as its text only
_LONGEST_LINK = 2000
_BOLD, _ITALIC, _CODE = ("b", "strong"), ("i", "em", "cite", "dfn", "var"), ("code", "kbd", "samp", "tt")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol", "menu", "dir")
_DATA = re.compile(r"data:image/[a-z0-9.+-]+;base64,(.*)", re.I | re.S)


def page(path: str, known: tuple[str, str], limits: ExtractLimits) -> tuple[Part, ...]:
    """The blocks of the article in the page at `path`; none where they are not most of what was read of it.

    known: where it was published, or nothing; and the text that was read. Raises IngestError.
    """
    url, text = known
    data, _ = unwrapped(Path(path).read_bytes(), "", max_bytes=limits.max_unpacked_bytes)
    if len(data) > _TOO_LARGE:
        return ()
    with reading("the page"):
        root = page_tree(decode_page(data))
        if root is None:
            return ()
        base = next((one.get("href") or "" for one in root.iter("base")), "")
        body = root.find("body")
        writer = _Writer(urljoin(url, base))
        try:
            writer.walk(body if body is not None else root, Span(""), _Place())
        except RecursionError:
            return ()
        writer.flush(_Place())
        return _article(writer.found, text)


@dataclass(frozen=True, slots=True)
class _Place:
    """What an element stands in. depth: of lists."""

    kind: Any = "text"
    level: int = 0
    depth: int = 0
    preformatted: bool = False
    junk: bool = False


class _Writer:
    """Collects spans, and makes a part of them at every edge of a block. found: parts, and whether they are junk."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._spans: list[Span] = []
        self._marker: int | None = None
        self._items: dict[_Element, int] = {}  # numbered list -> the number of its last item
        self._budget = Budget(_PICTURES)
        self.found: list[tuple[Part, bool]] = []

    def walk(self, element: _Element, style: Span, place: _Place) -> None:
        """The text in an element, without what follows it."""
        tag = element.tag
        place = replace(place, junk=place.junk or is_boilerplate(element))
        if tag == "br":
            self._spans.append(replace(style, text="\n"))
        elif tag == "hr":
            self._block(Part("rule"), place)
        elif tag == "table" and (rows := rows_of(element)) is not None:
            self._table(element, rows, style, place)
        elif is_inline(element):
            self._children(element, self._styled(element, style), place)
        else:
            self.flush(place)
            inner = self._inside(element, place)
            self._children(element, replace(style, bold=True) if tag == "dt" else style, inner)
            self.flush(inner)
            if tag == "li":
                self._marker = None

    def _inside(self, element: _Element, place: _Place) -> _Place:
        tag = element.tag
        if tag in _HEADINGS:
            return replace(place, kind="heading", level=int(tag[1]))
        if tag in _LISTS:
            return replace(place, depth=place.depth + 1)
        if tag == "li":
            self._marker = self._number(element)
            return replace(place, kind="item", depth=max(1, place.depth))
        if tag == "pre":
            return replace(place, kind="code", preformatted=True)
        if tag in ("blockquote", "figcaption", "caption"):
            return replace(place, kind="quote" if tag == "blockquote" else "caption")
        return place

    def _number(self, item: _Element) -> int | None:
        """Of an item of a numbered list."""
        above = item.getparent()
        if above is None or above.tag != "ol":
            return None
        start = above.get("start") or ""
        before = self._items.get(above, int(start) - 1 if re.fullmatch(r"\d{1,6}", start) else 0)
        self._items[above] = before + 1
        return before + 1

    def _children(self, element: _Element, style: Span, place: _Place) -> None:
        self._say(element.text, style, place)
        for child in element:
            if child.tag == "img":
                self._picture(child, place)
            elif isinstance(child.tag, str) and not is_unseen(child):
                self.walk(child, style, place)
            self._say(child.tail, style, place)

    def _say(self, text: str | None, style: Span, place: _Place) -> None:
        if text:
            self._spans.append(replace(style, text=text if place.preformatted else re.sub(r"\s+", " ", text)))

    def _styled(self, element: _Element, style: Span) -> Span:
        match element.tag:
            case tag if tag in _BOLD:
                return replace(style, bold=True)
            case tag if tag in _ITALIC:
                return replace(style, italic=True)
            case tag if tag in _CODE:
                return replace(style, code=True)
            case "sup" | "sub":
                return replace(style, raised=1 if element.tag == "sup" else -1)
            case "a":
                return replace(style, href=self._address(element.get("href") or ""))
        return style

    def _address(self, href: str) -> str:
        """Absolute, of the web; else nothing."""
        if not href.strip() or href.strip().startswith("#"):
            return ""
        try:
            whole = urljoin(self._base, href.strip())
            parts = urlsplit(whole)
        except ValueError:
            return ""
        if parts.scheme not in ("http", "https") or not parts.hostname or len(whole) > _LONGEST_LINK:
            return ""
        return whole

    def _picture(self, image: _Element, place: _Place) -> None:
        inside = _DATA.match(image.get("src") or "")
        shown = None
        if inside and not place.junk:
            try:
                shown = self._budget.take(b64decode(inside[1]))
            except (binascii.Error, ValueError):
                shown = None
        words = alternative_text(image.get("alt") or "", "")
        if shown or words:
            self._block(Part("picture", (Span(words),) if words else (), picture=shown), place)

    def _table(self, element: _Element, rows: list[list[str]], style: Span, place: _Place) -> None:
        for caption in element.iterchildren("caption"):
            self.walk(caption, style, place)
        lines = list(element.iter("tr"))
        heads = [all(cell.tag == "th" for cell in line) or line.getparent().tag == "thead" for line in lines]
        head = next((at for at, one in enumerate(heads) if not one), len(heads))
        wide = max(len(row) for row in rows)
        kept = [(at, row) for at, row in enumerate(rows) if any(row)]
        made = tuple((*row, *[""] * (wide - len(row))) for _, row in kept)
        self._block(Part("table", rows=made, head=sum(at < head for at, _ in kept)), place)

    def _block(self, part: Part, place: _Place) -> None:
        self.flush(place)
        self.found.append((part, place.junk))

    def flush(self, place: _Place) -> None:
        spans, self._spans = _tidied(self._spans, place.preformatted), []
        if spans:
            level = place.level if place.kind == "heading" else place.depth if place.kind == "item" else 0
            marker = self._marker if place.kind == "item" else None
            self.found.append((Part(place.kind, spans, level, marker), place.junk))
            self._marker = None


def _tidied(spans: list[Span], preformatted: bool) -> tuple[Span, ...]:
    """Neighbours in one style joined, no space at the ends nor two in a row."""
    joined: list[Span] = []
    for span in spans:
        text = span.text
        if not preformatted:
            before = joined[-1].text if joined else " "
            text = text.lstrip(" ") if before.endswith((" ", "\n")) else text
        if not text:
            continue
        if joined and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + text)
        else:
            joined.append(replace(span, text=text))
    while joined and not joined[-1].text.rstrip():
        joined.pop()
    while joined and not joined[0].text.strip():
        joined.pop(0)
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def _article(found: list[tuple[Part, bool]], text: str) -> tuple[Part, ...]:
    """Those whose words stand in `text`, with the pictures and rules among them."""
    if len(found) > _MOST_PARTS:
        return ()
    words = _words(text)
    wanted, whole = set(_runs(words)), f" {' '.join(words)} "
    of_each = [_words(part.text) for part, _ in found]
    shares = [_share(one, wanted, whole) for one in of_each]
    strong = [at for at, (part, _) in enumerate(found) if len(part.text) >= _STRONG and shares[at] >= _FOUND]
    if not strong:
        return ()
    kept = []
    for at, (part, junk) in enumerate(found):
        is_within = strong[0] <= at <= strong[-1] or (part.kind == "heading" and at < strong[0])
        if part.kind in ("picture", "rule", "caption"):
            if is_within and not junk:
                kept.append(at)
        elif shares[at] >= (_FOUND_IN_JUNK if junk else _FOUND) and (
            len(part.text) >= _STRONG or (is_within and not junk)
        ):
            kept.append(at)
    covered = {run for at in kept for run in _runs(of_each[at])}
    across = set(_runs([word for at in kept for word in of_each[at]]))
    if len(wanted & (covered | across)) < _COVERED * len(wanted):
        return ()
    return tuple(found[at][0] for at in kept)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", one_line(text).casefold())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]


def _share(words: list[str], wanted: set[tuple[str, ...]], whole: str) -> float:
    runs = _runs(words)
    if not runs:
        return float(bool(words) and f" {' '.join(words)} " in whole)
    return sum(run in wanted for run in runs) / len(runs)
