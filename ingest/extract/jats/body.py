"""The text of a JATS article as blocks: sections, captions, tables, references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.extract.clean import one_line, superscript, tidy
from ingest.extract.formulas import formula_text
from ingest.extract.grid import in_columns, span, table_lines
from searchsvc.model import Block, Locator, Role

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Body"]

_CONTAINERS = frozenset(("sec", "ack", "app", "boxed-text", "notes", "glossary", "bio"))
_FLOATS = frozenset(("fig", "table-wrap", "supplementary-material", "media", "chem-struct-wrap", "scheme"))
_GROUPS = frozenset(
    ("fig-group", "table-wrap-group", "app-group", "disp-quote", "fn-group", "sec-meta", "statement", "speech")
)
_LISTS = frozenset(("list", "def-list"))
_LEFT_OUT = frozenset(("object-id", "label", "title", "graphic", "inline-graphic", "alternatives", "permissions"))
# In running text: what is no word of the sentence.
_NOT_INLINE = frozenset(
    ("fn", "inline-graphic", "graphic", "tex-math", "object-id", "institution-id", "private-char", "fig", "table-wrap")
)
_PARTING = _FLOATS | _LISTS | _GROUPS  # what stands within a paragraph and parts its words
_MAX_DEPTH = 60


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Body:
    """Collects blocks; every block's locator names the nearest heading above it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._heading: str | None = None

    def heading(self, text: str, level: int) -> None:
        self._heading = text = text.rstrip(" :")
        self.add(text, "heading", min(6, max(1, level)))

    def add(self, text: str, role: Role = "text", level: int = 0) -> None:
        if text:
            self.blocks.append(Block(text, Locator("heading", heading=self._heading), role, level))

    def section(self, element: _Element, level: int, fallback: str = "") -> None:
        """A section with its heading at `level`; `fallback` is the heading of one without title."""
        label, title = (one_line(self.inline(element.find(f"{{*}}{tag}"))) for tag in ("label", "title"))
        text = " ".join(part for part in (label if re.match(r"[\dIVX.]+$", label) else "", title) if part) or fallback
        if text:
            self.heading(text, level)
        self.children(element, level)

    def unheaded(self, element: _Element, title: str) -> None:
        """What stands in `element` before its first section is of the whole paper, not of the heading above it."""
        first = next((tag for child in element if (tag := _local(child)) and tag not in _LEFT_OUT), "")
        if title and self._heading and first and first not in _CONTAINERS:
            self.heading(title, 1)

    def children(self, element: _Element, level: int) -> None:
        """All that stands directly in `element`, sections one level below `level`."""
        if level > _MAX_DEPTH:
            self.add(one_line(self.inline(element)))
            return
        for child in element:
            tag = _local(child)
            if tag in _CONTAINERS:
                self.section(child, level + 1, {"ack": "Acknowledgements"}.get(tag, ""))
            elif tag == "p" or tag == "verse-group":
                self._paragraph(child, level)
            elif tag in _FLOATS:
                self._float(child)
            elif tag in _LISTS:
                self.add(self._list(child))
            elif tag in _GROUPS:
                self.children(child, level)
            elif tag in ("disp-formula", "preformat", "code"):
                self.add(tidy(self.inline(child)))
            elif tag not in _LEFT_OUT and tag not in ("ref-list", "fn") and tag:
                self.add(one_line(self.inline(child)))
            elif tag == "fn":
                self.children(child, level)

    def back(self, element: _Element) -> None:
        """Acknowledgements, appendices and notes, then the references."""
        rest = [child for child in element if _local(child) != "ref-list"]
        for child in rest:
            tag = _local(child)
            if tag in _CONTAINERS:
                self.section(child, 1, {"ack": "Acknowledgements"}.get(tag, ""))
            elif tag in _GROUPS:
                self.children(child, 0)
        references = [text for one in element.iter("{*}ref") if (text := self._reference(one))]
        if references:
            self.heading("References", 1)
        for text in references:
            self.add(text, "reference")

    def _paragraph(self, paragraph: _Element, level: int) -> None:
        """A paragraph may hold notes, lists, figures and tables, which follow it."""
        inside = [child for child in paragraph if _local(child) in _FLOATS | _LISTS | _GROUPS | {"boxed-text"}]
        self.add(one_line(self.inline(paragraph, skip=_FLOATS | _LISTS | _GROUPS | {"boxed-text"})))
        for note in paragraph.iter("{*}fn"):
            if not any(_local(above) in _FLOATS | {"boxed-text"} for above in note.iterancestors()):
                self.children(note, level)
        for child in inside:
            tag = _local(child)
            if tag in _LISTS:
                self.add(self._list(child))
            elif tag in _FLOATS:
                self._float(child)
            else:
                self.children(child, level)

    def _list(self, element: _Element) -> str:
        items = (one_line(self.inline(item)) for item in element if _local(item) in ("title", "list-item", "def-item"))
        return "\n".join(item for item in items if item)

    def _float(self, element: _Element) -> None:
        label = one_line(self.inline(element.find("{*}label"))).rstrip(".:")
        parts = [one_line(self.inline(part)) for caption in element.findall("{*}caption") for part in caption]
        caption = " ".join(part for part in parts if part)
        if caption:
            self.add(f"{label}. {caption}" if label else caption, "caption")
        for table in element.iter("{*}table"):
            self.add(table_lines(in_columns(map(self._cells, table.iter("{*}tr")))), "table")
        for foot in element.findall("{*}table-wrap-foot"):
            self.add(one_line(" ".join(foot.itertext())), "caption")

    def _cells(self, row: _Element) -> list[tuple[str, int, int]]:
        return [
            (one_line(self.inline(cell)), span(cell.get("rowspan")), span(cell.get("colspan")))
            for cell in row
            if _local(cell) in ("td", "th")
        ]

    def _reference(self, reference: _Element) -> str:
        cited = next((child for child in reference.iter() if "citation" in _local(child)), None)
        if cited is None:
            return one_line(self.inline(reference))
        names = []
        for name in cited.iter("{*}name", "{*}string-name", "{*}collab"):
            given, surname = (one_line(self.inline(name.find(f"{{*}}{tag}"))) for tag in ("given-names", "surname"))
            names.append(f"{surname} {given}".strip() if surname else one_line(self.inline(name)))
        fields = {tag: one_line(self.inline(cited.find(f"{{*}}{tag}"))) for tag in ("article-title", "source", "year")}
        if not names and not fields["article-title"]:
            return one_line(self.inline(cited))
        if _local(cited) == "mixed-citation" and (cited.text or "").strip():
            return one_line(self.inline(cited))
        parts = [", ".join(name for name in names if name), fields["article-title"], fields["source"], fields["year"]]
        return ". ".join(part.rstrip(".") for part in parts if part)

    @staticmethod
    def inline(element: _Element | None, skip: frozenset[str] = frozenset()) -> str:
        """The words in `element`; spaces stand between what are blocks, none are put into words."""
        return "" if element is None else "".join(_pieces(element, _NOT_INLINE | skip))


_SPACED = frozenset((
    "p", "title", "sec", "list-item", "list", "td", "th", "tr", "break", "def", "term", "label", "institution",
    "country", "verse-line", "attrib", "speaker",
))  # fmt: skip


def _pieces(root: _Element, skip: frozenset[str]) -> list[str]:
    """Without recursion, since nothing limits how deep publishers nest."""
    from lxml import etree

    pieces: list[str] = []
    skipped = None
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = _local(element)
        if event == "start":
            raised = tag in ("sup", "math") and element is not root
            if tag == "math" and raised:
                pieces.append(formula_text(element))
            elif raised:
                before = next((one for one in reversed(pieces) if one), "")
                pieces.append(superscript(before, "".join(element.itertext()), is_mark=_is_mark(element)))
            if raised or (element is not root and (tag in skip or not tag)):
                pieces.append(" " if tag in _PARTING else "")
                skipped = element
                walk.skip_subtree()
                continue
            pieces.append(f" {element.text or ''}" if tag in _SPACED else element.text or "")
        elif event == "end" and element is not skipped and tag in _SPACED:
            pieces.append(" ")
        if event != "start" and element is not root:
            pieces.append(element.tail or "")
    return pieces


def _is_mark(raised: _Element) -> bool:
    """The number of a reference or note, which would become part of the word before it; not the 2 of an area."""
    parent = raised.getparent()
    return (parent is not None and _local(parent) == "xref") or any(_local(child) == "xref" for child in raised)
