"""A tree of elements as blocks: HTML as it comes, or the simplified tree that trafilatura makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line, tidy
from searchsvc.model import Block, Locator, Role

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["blocks_of", "is_boilerplate", "visible_text", "without_repeats"]

# HTML on the left, trafilatura's names for the same on the right.
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "head": 0}
_ITEMS = frozenset(("li", "dt", "dd", "item"))
_ROWS = ("tr", "row")
_CELLS = frozenset(("td", "th", "cell"))
_LISTS = frozenset(("ul", "ol", "dl", "list"))
_BREAKS = frozenset(("br", "lb", "hr"))
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
     "var", "wbr", "hi", "ref", "label", "nobr")
)  # fmt: skip
_DROPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
     "nav", "aside", "footer", "form", "button", "input", "select", "textarea", "dialog", "menu", "graphic", "img",
     "picture", "map", "title", "meta", "link")
)  # fmt: skip
_DROPPED_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar")
)
_DROPPED_NAMES = re.compile(
    r"(?i)(^|[\s_-])(cookie|consent|gdpr|onetrust|didomi|navbar|nav|menu|breadcrumbs?|sidebar|social|share|sharing|"
    r"related|newsletter|subscribe|advert(isement)?|ads?|sponsored|popup|modal|skip-link|screen-reader-text|"
    r"comments?|footer|pagination|toolbar)([\s_-]|$|bar|list|links|box|banner|notice)"
)
_REPEATED = 200  # characters: shorter repetitions, such as a refrain or a disclaimer, may be meant
_LOOKED_THROUGH = 400_000  # characters: on longer pages the search for repetitions takes seconds
_DISPLAY_NONE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


def is_boilerplate(element: _Element) -> bool:
    """Whether nothing in `element` belongs to what the page says: navigation, notices, what nobody sees."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED_TAGS:
        return True
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true" or get("role") in _DROPPED_ROLES:
        return True
    if tag in ("body", "html", "main", "article", *_HEADINGS):
        return False
    names = f"{get('class') or ''} {get('id') or ''}"
    return bool(_DROPPED_NAMES.search(names) or _DISPLAY_NONE.search(get("style") or ""))


@dataclass(slots=True)
class _Writer:
    """Collects inline text and turns it into a block at every edge of a block-level element."""

    blocks: list[Block] = field(default_factory=list)
    heading: str | None = None
    inline: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    lists: int = 0  # how many lists are open
    level: int = 0  # of the open heading

    def flush(self) -> None:
        text = tidy("".join(self.inline))
        self.inline.clear()
        if not text:
            return
        if self.level:
            self._add(one_line(text), "heading", self.level)
        elif self.lists:
            self.items.append(one_line(text))
        else:
            self._add(text, "text")

    def end_list(self) -> None:
        if self.items:
            self._add("\n".join(self.items), "text")
            self.items = []

    def add_table(self, text: str) -> None:
        self.flush()
        self.end_list()
        if text:
            self._add(text, "table")

    def _add(self, text: str, role: Role, level: int = 0) -> None:
        if level:
            self.end_list()
            self.heading = text
        self.blocks.append(Block(text, Locator("heading", heading=self.heading), role, level))


def blocks_of(root: _Element, *, everything: bool = False) -> list[Block]:
    """The text below `root` in order. Without `everything`, what `is_boilerplate` names is left out.

    Walks without recursion, so depth does not matter.
    """
    from lxml import etree

    out = _Writer()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: Any = None
    for event, element in walk:
        if event in ("comment", "pi"):
            out.inline.append(element.tail or "")
        elif event == "start":
            if element is not root and (
                not isinstance(element.tag, str) or (not everything and is_boilerplate(element))
            ):
                skipped = element
                walk.skip_subtree()
            elif element.tag == "table" and (text := _table(element)) is not None:
                out.add_table(text)
                skipped = element
                walk.skip_subtree()
            else:
                _open(element, out)
        else:
            if element is not skipped:
                _close(element, out)
            if element is not root:
                out.inline.append(element.tail or "")
    out.flush()
    out.end_list()
    return out.blocks


def _open(element: _Element, out: _Writer) -> None:
    tag = element.tag
    if tag in _BREAKS:
        out.inline.append("\n" if not out.level and not out.lists else " ")
        return
    if tag not in _INLINE:
        out.flush()
        if tag in _LISTS:
            out.lists += 1
        elif tag in _HEADINGS:
            out.level = _HEADINGS[tag] or _level(element.get("rend"))
    text = element.text or ""
    out.inline.append(text if tag in ("pre", "code") else re.sub(r"\s+", " ", text))


def _close(element: _Element, out: _Writer) -> None:
    tag = element.tag
    if tag in _INLINE or tag in _BREAKS:
        return
    out.flush()
    if tag in _LISTS:
        out.lists = max(0, out.lists - 1)
        if not out.lists:
            out.end_list()
    elif tag in _HEADINGS:
        out.level = 0


def _level(rend: str | None) -> int:
    return int(rend[1]) if rend and re.fullmatch(r"h[1-6]", rend) else 2


def _table(table: _Element) -> str | None:
    """Rows as lines, cells joined by ` | `. None for a table that only places things, which is then read through."""
    rows = list(_rows(table))
    if max((len(row) for row in rows), default=0) < 2 or next(table.iterdescendants("table"), None) is not None:
        return None
    if any(len(cell) > 1500 for row in rows for cell in row):
        return None
    return "\n".join(line for row in rows if (line := " | ".join(row).strip(" |")))


def _rows(table: _Element) -> Iterator[list[str]]:
    for row in table.iter(*_ROWS):
        yield [one_line(" ".join(_texts(cell))) for cell in row if cell.tag in _CELLS]


def _texts(element: _Element) -> Iterator[str]:
    for text in element.itertext():
        parent = text.getparent() if hasattr(text, "getparent") else None
        if parent is None or not text.is_text or parent.tag not in ("script", "style"):
            yield text


def visible_text(root: _Element) -> str:
    """All text outside scripts and navigation, to judge how much of a page an extraction found."""
    return "\n".join(block.text for block in blocks_of(root))


def without_repeats(blocks: list[Block]) -> list[Block]:
    """`blocks` without long texts that stood above: pages repeat them for phones, printers, search engines."""
    if sum(len(block.text) for block in blocks) > _LOOKED_THROUGH:
        return blocks
    kept, above = [], ""
    for block in blocks:
        letters = "".join(block.text.split())
        if len(letters) < _REPEATED or letters not in above:
            kept.append(block)
            above += letters
    return kept
