"""A tree of elements as blocks: HTML as it comes, or the simplified tree that trafilatura makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.extract.clean import one_line, superscript, tidy
from ingest.extract.grid import in_columns, span, table_lines
from searchsvc.model import Block, Locator, Role

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "Piece",
    "blocks_of",
    "is_boilerplate",
    "is_inline",
    "is_unseen",
    "pieces_of",
    "rows_of",
    "visible_text",
    "without_repeats",
]

# HTML on the left, trafilatura's names for the same on the right.
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "head": 0}
_ITEMS = frozenset(("li", "dt", "dd", "item"))
_ROWS = ("tr", "row")
_CELLS = frozenset(("td", "th", "cell"))
_LISTS = frozenset(("ul", "ol", "dl", "list"))
_BREAKS = frozenset(("br", "lb", "hr"))
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
     "var", "wbr", "hi", "ref", "label", "nobr", "code", "bdo")
)  # fmt: skip
_DROPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
     "nav", "aside", "footer", "form", "button", "input", "select", "textarea", "dialog", "menu", "graphic", "img",
     "picture", "map", "title", "meta", "link")
)  # fmt: skip
_UNSEEN_TAGS = _DROPPED_TAGS - {"nav", "aside", "footer", "form", "menu", "dialog", "math"}
_DROPPED_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar")
)
_DROPPED_NAMES = re.compile(
    r"(?i)(^|[\s_-])(cookie|consent|gdpr|onetrust|didomi|navbar|nav|menu|breadcrumbs?|sidebar|social|share|sharing|"
    r"related|newsletter|subscribe|advert(isement)?|ads?|sponsored|popup|modal|skip-link|screen-reader-text|"
    r"comments?|footer|pagination|toolbar)([\s_-]|$|bar|list|links|box|banner|notice)"
)
# What a page puts beside its words for those who work on it or cannot see: [edit], the numbers of lines of code.
_TOOL_NAMES = re.compile(
    r"(?i)(^|[\s_-])(editsection|headerlink|gutter|lineno(s|div)?|line-?numbers?|blob-num|cite-backlink|katex-html"
    r"|sr-only|visually-?hidden|screen-reader-text)([\s_-]|$)"
)
_NOTE_NAMES = re.compile(r"(?i)noteref|footnote|reference|endnote|\bfn")
_NOTE_MARK = re.compile(r"\[?\(?(?:\d{1,3}|[ivx]{1,4}|[*†‡§¶]+)\)?\]?")
_REPEATED = 200  # characters: shorter repetitions, such as a refrain or a disclaimer, may be meant
_LOOKED_THROUGH = 400_000  # characters: on longer pages the search for repetitions takes seconds
_SET_IN_LINE = re.compile(r"(?i)display\s*:\s*inline\s*(?:;|!|$)")
_DISPLAY_NONE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


def is_boilerplate(element: _Element) -> bool:
    """Whether nothing in `element` belongs to what the page says: navigation, notices, what nobody sees."""
    tag = element.tag
    if not isinstance(tag, str) or (tag in _DROPPED_TAGS and not _is_in_text(element)):
        return True
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true" or get("role") in _DROPPED_ROLES:
        return True
    if tag in ("body", "html", "main", "article", *_HEADINGS):
        return False
    names = f"{get('class') or ''} {get('id') or ''}"
    return bool(_DROPPED_NAMES.search(names) or _TOOL_NAMES.search(names) or _DISPLAY_NONE.search(get("style") or ""))


def is_unseen(element: _Element) -> bool:
    """Whether nobody sees the text in `element`, or it is what a control of the page says."""
    if (element.tag in _UNSEEN_TAGS and not _is_in_text(element)) or element.get("hidden") is not None:
        return True
    return bool(_DISPLAY_NONE.search(element.get("style") or "") or _TOOL_NAMES.search(element.get("class") or ""))


def _is_in_text(element: _Element) -> bool:
    """Whether a control is a word of a sentence, which goes on after it, or a footer says whom a quotation is of."""
    if element.tag == "button":
        return bool((element.tail or "").strip())
    return element.tag == "footer" and any(one.tag in ("blockquote", "figure") for one in element.iterancestors())


def _is_nothing(element: _Element) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with where it comes from. box: the element whose text or children it is. linked: its characters that
    are links, roughly."""

    block: Block
    box: _Element
    linked: int = 0


@dataclass(slots=True)
class _Writer:
    """Collects inline text and turns it into a block at every edge of a block-level element."""

    box: _Element
    pieces: list[Piece] = field(default_factory=list)
    links: int = 0  # how many links are open
    linked: int = 0  # characters in links since the last block
    heading: str | None = None
    inline: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    lists: int = 0  # how many lists are open
    level: int = 0  # of the open heading

    def say(self, text: str) -> None:
        self.inline.append(text)
        if self.links:
            self.linked += len(text.strip())

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

    def add_table(self, text: str, linked: int) -> None:
        self.flush()
        self.end_list()
        if text:
            self.linked = linked
            self._add(text, "table")

    def _add(self, text: str, role: Role, level: int = 0) -> None:
        if level:
            self.end_list()
            self.heading = text
        block = Block(text, Locator("heading", heading=self.heading), role, level)
        self.pieces.append(Piece(block, self.box, self.linked))
        self.linked = 0


def blocks_of(root: _Element, *, everything: bool = False) -> list[Block]:
    """The text below `root` in order. Without `everything`, what `is_boilerplate` names is left out."""
    return [piece.block for piece in pieces_of(root, skip=_is_nothing if everything else is_boilerplate)]


def pieces_of(root: _Element, *, skip: Callable[[_Element], bool]) -> list[Piece]:
    """The blocks below `root` without the elements that `skip` names, each with the element that it stands in.

    Walks without recursion, so depth does not matter.
    """
    from lxml import etree

    out = _Writer(root)
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped: Any = None
    for event, element in walk:
        if event in ("comment", "pi"):
            out.say(element.tail or "")
        elif event == "start":
            if element.tag == "svg":
                out.say(_drawn(element))
            if element is not root and (not isinstance(element.tag, str) or skip(element)):
                skipped = element
                walk.skip_subtree()
            elif (raised := _raised(element, out)) is not None:
                out.say(raised)
                skipped = element
                walk.skip_subtree()
            elif element.tag == "table" and (text := _table(element)) is not None:
                out.flush()
                out.box = element
                for caption in element.iterchildren("caption"):
                    out.say("".join(_texts(caption)))
                out.add_table(text, sum(len("".join(link.itertext())) for link in element.iter("a")))
                skipped = element
                walk.skip_subtree()
            else:
                _open(element, out)
        else:
            if element is not skipped:
                _close(element, out)
            if element is not root:
                out.say(_spaced(element.tail or "", element.getparent()))
    out.flush()
    out.end_list()
    return out.pieces


def _spaced(text: str, parent: _Element | None) -> str:
    return text if parent is not None and parent.tag in ("pre", "code") else re.sub(r"\s+", " ", text)


def _raised(element: _Element, out: _Writer) -> str | None:
    """What stands for a superscript or a linked mark of a note: see `superscript`. None for any other element.

    The readings beside signs (`<ruby>`) would part the words that these are: they are left out.
    """
    tag, before = element.tag, out.inline[-1] if out.inline else ""
    if tag in ("rt", "rp", "rtc"):
        return ""
    if tag == "sup":
        is_mark = next(element.iterdescendants("a"), None) is not None or bool(
            _NOTE_NAMES.search(f"{element.get('class') or ''} {element.get('role') or ''}")
        )
        return superscript(before, "".join(element.itertext()), is_mark=is_mark or bool(out.links))
    if tag == "a" and before and not before[-1].isspace() and (element.get("href") or "").startswith("#"):
        return "" if _NOTE_MARK.fullmatch("".join(element.itertext()).strip()) else None
    return None


def _open(element: _Element, out: _Writer) -> None:
    tag = element.tag
    if tag in _BREAKS:
        out.say("\n" if not out.level and not out.lists else " ")
        return
    if not is_inline(element):
        out.flush()
        if tag in _LISTS:
            if not out.lists:
                out.box = element
            out.lists += 1
        elif tag in _HEADINGS:
            out.level = _HEADINGS[tag] or _level(element.get("rend"))
        if not out.lists:
            out.box = element
    elif tag == "a":
        out.links += not out.level or _leads_away(element)
    out.say(_spaced(element.text or "", element))


def _close(element: _Element, out: _Writer) -> None:
    tag = element.tag
    if is_inline(element) or tag in _BREAKS:
        out.links -= tag == "a" and out.links > 0 and (not out.level or _leads_away(element))
        return
    out.flush()
    if tag in _LISTS:
        out.lists = max(0, out.lists - 1)
        if not out.lists:
            out.end_list()
    elif tag in _HEADINGS:
        out.level = 0
    if not out.lists and (parent := element.getparent()) is not None:
        out.box = parent


def is_inline(element: _Element) -> bool:
    """Whether its text goes on in the line that it stands in."""
    return element.tag in _INLINE or bool(_SET_IN_LINE.search(element.get("style") or ""))


def _leads_away(link: _Element) -> bool:
    """Not a heading's address of its own, nor a link without one."""
    return not (link.get("href") or "#").startswith("#")


def _drawn(picture: _Element) -> str:
    """The words in a drawing of a figure."""
    if not any(one.tag == "figure" for one in picture.iterancestors()):
        return ""
    words = (one_line("".join(text.itertext())) for text in picture.iter("text"))
    return "\n".join(one for one in words if re.search(r"[^\W\d_]{2}", one)) + "\n"


def _level(rend: str | None) -> int:
    return int(rend[1]) if rend and re.fullmatch(r"h[1-6]", rend) else 2


def _table(table: _Element) -> str | None:
    """Rows as lines, cells joined by ` | `; None where `rows_of` is."""
    rows = rows_of(table)
    return None if rows is None else table_lines(rows)


def rows_of(table: _Element) -> list[list[str]] | None:
    """The cells of each row. None for a table that only places things, which is then read through."""
    rows = _rows(table)
    if max((len(row) for row in rows), default=0) < 2 or next(table.iterdescendants("table"), None) is not None:
        return None
    return None if any(len(cell) > 1500 for row in rows for cell in row) else rows


def _rows(table: _Element) -> list[list[str]]:
    return in_columns(
        (
            (one_line(" ".join(_texts(cell))), span(cell.get("rowspan")), span(cell.get("colspan")))
            for cell in row
            if cell.tag in _CELLS and not _TOOL_NAMES.search(cell.get("class") or "")
        )
        for row in table.iter(*_ROWS)
    )


def _texts(element: _Element) -> Iterator[str]:
    """The words of a cell, a semicolon between the items of a list in it."""
    for text in element.itertext():
        parent = text.getparent() if hasattr(text, "getparent") else None
        if parent is None or not text.is_text or parent.tag not in ("script", "style"):
            is_next = parent is not None and text.is_text and parent.tag == "li" and parent.getprevious() is not None
            yield f"; {text}" if is_next else text


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
