"""The small Markdown of papers and slides as plain values: blocks, and inlines: stretches of text in one style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from eval.archive.source import ArchiveSource

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = [
    "Block",
    "Heading",
    "Inline",
    "Inlines",
    "Items",
    "MarkdownParagraph",
    "Quote",
    "Table",
    "blocks",
    "inlines",
    "parser",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Inline:
    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None


Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    inlines: Inlines
    line: int = 0


@dataclass(frozen=True, slots=True)
class MarkdownParagraph:
    inlines: Inlines
    line: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item is how deep it is nested, from 0, and what it says."""

    ordered: bool
    items: tuple[tuple[int, Inlines], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The first row is the head."""

    rows: tuple[tuple[Inlines, ...], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, a paragraph an entry."""

    paragraphs: tuple[Inlines, ...]
    line: int = 0


Block = Heading | MarkdownParagraph | Items | Table | Quote


def parser() -> MarkdownIt:
    """CommonMark with pipe tables; HTML in it is text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("html_block")


def plain(parts: Inlines) -> str:
    return "".join(part.text for part in parts)


def inlines(text: str) -> Inlines:
    return _inlines(parser().parseInline(text)[0].children or [])


def blocks(source: ArchiveSource[Any], body: str | None = None, first_line: int = 0) -> list[Block]:
    """The blocks of `body`, by default the source's. Raises SourceError for what has no place: code, rules, images."""
    tokens = parser().parse(source.body if body is None else body)
    parsed: list[Block] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        line = first_line + (token.map[0] if token.map else 0)
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        try:
            if token.type == "heading_open":
                parsed.append(Heading(int(token.tag[1:]), _inlines(inside[0].children or []), line))
            elif token.type == "paragraph_open":
                parsed.append(MarkdownParagraph(_inlines(inside[0].children or []), line))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                parsed.append(Items(token.type.startswith("ordered"), tuple(_items(inside)), line))
            elif token.type == "blockquote_open":
                quoted = [_inlines(one.children or []) for one in inside if one.type == "inline"]
                if any(one.nesting == 1 and one.type != "paragraph_open" for one in inside):
                    raise ValueError("a quote has paragraphs only")
                parsed.append(Quote(tuple(quoted), line))
            elif token.type == "table_open":
                parsed.append(_table(inside, line))
            else:
                raise ValueError(f"no place for a {token.type.removesuffix('_open')} here")
        except ValueError as error:
            raise source.fault(str(error), line) from error
        at = end + 1
    return parsed


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where what opens at `at` closes."""
    if tokens[at].nesting != 1:
        return at
    return next(
        i for i in range(at + 1, len(tokens)) if tokens[i].nesting == -1 and tokens[i].level == tokens[at].level
    )


def _items(tokens: Sequence[Token]) -> list[tuple[int, Inlines]]:
    items: list[tuple[int, Inlines]] = []
    depth = 0
    for token in tokens:
        if token.type.endswith("list_open"):
            depth += 1
        elif token.type.endswith("list_close"):
            depth -= 1
        elif token.type == "inline":
            items.append((depth, _inlines(token.children or [])))
        elif token.nesting == 1 and token.type not in ("list_item_open", "paragraph_open"):
            raise ValueError(f"no place for a {token.type.removesuffix('_open')} in a list")
        elif token.type in ("fence", "code_block", "hr"):
            raise ValueError(f"no place for a {token.type} in a list")
    return items


def _table(tokens: Sequence[Token], line: int) -> Table:
    rows: list[list[Inlines]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inlines(token.children or []))
    return Table(tuple(tuple(row) for row in rows), line)


def _inlines(tokens: Sequence[Token]) -> Inlines:
    style, parts = Inline(""), list[Inline]()
    for token in tokens:
        if token.type in ("text", "code_inline", "softbreak", "hardbreak"):
            text = token.content if token.type in ("text", "code_inline") else " "
            parts.append(replace(style, text=text, code=token.type == "code_inline"))
        elif token.type in ("strong_open", "strong_close"):
            style = replace(style, bold=token.nesting == 1)
        elif token.type in ("em_open", "em_close"):
            style = replace(style, italic=token.nesting == 1)
        elif token.type in ("link_open", "link_close"):
            style = replace(style, link=str(token.attrGet("href")) if token.nesting == 1 else None)
        else:
            raise ValueError(f"no place for an {token.type} in a line of text")
    return tuple(inline for inline in parts if inline.text)
